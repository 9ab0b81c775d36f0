"""What Slack sends, over signed HTTP, and what it gets back."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from bot.settings import Settings
from bot.slack.listeners import BUSY
from bot.web.app import create_app
from bot.wiring import Runtime
from sandbox.slack import CHANNEL_ID, PEOPLE, TEAM_ID, SlackStandIn
from sandbox.slack.payloads import command
from sandbox.slack.signing import signed
from storage import Account
from tests.bot.people import CONSUMER_A, NUMBERS, PRODUCER
from tests.storage.fixtures import HandClock
from tests.waiting import PATIENCE_S, until

FORM = "application/x-www-form-urlencoded"
EVENTS = "/slack/events"


@pytest.fixture
def web(runtime: Runtime) -> Iterator[FlaskClient]:
    with create_app(runtime).test_client() as client:
        yield client


@pytest.fixture
def body(slack: SlackStandIn) -> bytes:
    """`/images help`, as Slack sends it."""
    url = f"{slack.base_url}/commands/nobody"
    fields = command(PEOPLE[0], "help", CHANNEL_ID, "cloud-images", url=url, trigger="1")
    return urlencode(fields).encode()


def post(web: FlaskClient, body: bytes, secret: str, *, age_s: float = 0) -> int:
    headers = signed(secret, body, at=time.time() - age_s, content_type=FORM)
    return web.post(EVENTS, data=body, headers=headers).status_code


def test_a_signed_command_is_acknowledged(
    web: FlaskClient, body: bytes, slack: SlackStandIn
) -> None:
    assert post(web, body, slack.signing_secret) == 200


def test_a_bad_signature_is_refused(web: FlaskClient, body: bytes, runtime: Runtime) -> None:
    assert post(web, body, "someone else's secret") == 401
    assert web.post(EVENTS, data=body, headers={"Content-Type": FORM}).status_code == 401
    assert "imagebot_requests_total{" not in runtime.metrics.page().decode()


def test_a_changed_body_is_refused(web: FlaskClient, body: bytes, slack: SlackStandIn) -> None:
    headers = signed(slack.signing_secret, body, at=time.time(), content_type=FORM)

    changed = body.replace(PRODUCER.encode(), CONSUMER_A.encode())

    assert web.post(EVENTS, data=changed, headers=headers).status_code == 401


def test_a_request_of_six_minutes_ago_is_refused(
    web: FlaskClient, body: bytes, slack: SlackStandIn
) -> None:
    assert post(web, body, slack.signing_secret, age_s=360) == 401


def test_without_a_signing_secret_nothing_is_taken_over_http(
    environ: dict[str, str], body: bytes
) -> None:
    """Socket Mode: whoever knows our source knows any secret we would put in its place."""
    environ = environ | {"SLACK_SIGNING_SECRET": "", "SLACK_APP_TOKEN": "xapp-made-up"}
    runtime = Runtime.build(Settings.from_env(environ))
    with create_app(runtime).test_client() as web:
        statuses = {post(web, body, guess) for guess in ("", "unused-in-socket-mode")}
    runtime.close()

    assert statuses == {404}


def test_a_command_that_is_not_ours_is_not_found(web: FlaskClient, slack: SlackStandIn) -> None:
    body = urlencode({"command": "/other", "team_id": TEAM_ID, "user_id": PRODUCER}).encode()

    assert post(web, body, slack.signing_secret) == 404


def test_a_body_that_is_too_large_is_refused(web: FlaskClient, slack: SlackStandIn) -> None:
    assert post(web, b"x" * 1_000_001, slack.signing_secret) == 413


def test_a_command_is_answered_to_its_person_alone(served: Runtime, slack: SlackStandIn) -> None:
    answer = slack.ask(PRODUCER, "help")

    assert "/images link" in json.dumps(answer.blocks)
    assert answer.only_for == PRODUCER
    served.request_pool.finish()
    assert served.store.people.get(TEAM_ID, PRODUCER)


def test_a_public_answer_is_for_the_channel(served: Runtime, slack: SlackStandIn) -> None:
    ack = slack.command(PRODUCER, "help --public", CHANNEL_ID)
    answer = slack.wait_for(CONSUMER_A, newer_than=ack.version)

    assert (answer.ephemeral, answer.channel_id) == (False, CHANNEL_ID)


def test_a_click_redraws_its_message_and_a_failed_one_leaves_it(
    served: Runtime,
    slack: SlackStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(PRODUCER)
    link(CONSUMER_A)
    invite("web-2026")
    asked = slack.ask(PRODUCER, f"share web-2026 {NUMBERS[CONSUMER_A]}")

    shared = slack.press(PRODUCER, asked, "sharing.confirm")
    assert (shared.ts, shared.edited) == (asked.ts, True)

    served.store.accounts.unlink(served.store.accounts.of(TEAM_ID, PRODUCER)[0].id)
    note = slack.press(PRODUCER, shared, "sharing.undo")
    assert note.ts != shared.ts
    assert slack.workspace.find(shared.channel_id, shared.ts) == shared


def test_when_too_many_wait_it_is_said_and_nothing_is_done(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account], invite: Callable[..., str]
) -> None:
    link(PRODUCER)
    invite("web-2026")
    asked = slack.ask(PRODUCER, f"share web-2026 {NUMBERS[CONSUMER_A]}")
    go_on = threading.Event()

    def wait() -> None:
        go_on.wait(PATIENCE_S)

    for asks_cloud in (False, True):
        while served.request_pool.take(wait, asks_cloud=asks_cloud):
            pass

    told = slack.ask(PRODUCER, "help")
    noted = slack.press(PRODUCER, asked, "sharing.confirm")
    go_on.set()

    assert (told.text, noted.text) == (BUSY, BUSY)
    assert noted.ts != asked.ts
    assert served.store.audit.recent() == []


def test_an_event_that_slack_repeats_is_acknowledged_and_done_once(
    served: Runtime, slack: SlackStandIn
) -> None:
    """Slack repeats an event whose acknowledgement it missed, for up to an hour."""
    store = served.store
    event = {
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": TEAM_ID,
        "event": {"type": "app_uninstalled"},
    }
    store.installations.save(TEAM_ID, None, {"bot_token": "xoxb-old"})

    assert slack.sender.event(event, 0).status == 200
    until(lambda: store.installations.find(TEAM_ID, None) is None)
    store.installations.save(TEAM_ID, None, {"bot_token": "xoxb-installed-again"})
    assert slack.sender.event(event, 0).status == 200
    served.request_pool.finish()

    assert store.installations.find(TEAM_ID, None) == {"bot_token": "xoxb-installed-again"}


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
def test_a_removal_told_late_leaves_what_was_installed_since(
    kind: str, served: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    store = served.store
    store.installations.save(TEAM_ID, None, {"bot_token": "xoxb-before"})
    clock.advance(minutes=5)
    removed_at = clock.now
    clock.advance(minutes=5)
    store.installations.save(TEAM_ID, "E0ORG", {"bot_token": "xoxb-after"})

    slack.sender.event(removal(kind, at=removed_at), 0)
    served.request_pool.finish()

    assert store.installations.find(TEAM_ID, None) is None
    assert store.installations.find_team(TEAM_ID) == {"bot_token": "xoxb-after"}


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
def test_a_workspace_that_has_joined_an_organisation_is_found_by_its_own_id(
    kind: str, served: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    served.store.installations.save(TEAM_ID, None, {"bot_token": "xoxb-before"})
    clock.advance(minutes=5)

    slack.sender.event(removal(kind, at=clock.now, enterprise_id="E0ORG"), 0)
    served.request_pool.finish()

    assert served.store.installations.find_team(TEAM_ID) is None


def test_removed_from_an_organisation_the_installation_of_a_workspace_stays(
    served: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    served.store.installations.save(TEAM_ID, "E0ORG", {"bot_token": "xoxb-own"})
    served.store.installations.save(None, "E0ORG", {"bot_token": "xoxb-everywhere"})
    everywhere = {"enterprise_id": "E0ORG", "team_id": None, "is_enterprise_install": True}

    event = removal("app_uninstalled", at=clock.now, enterprise_id="E0ORG")
    slack.sender.event({**event, "authorizations": [everywhere]}, 0)
    served.request_pool.finish()

    assert served.store.installations.find(None, "E0ORG") is None
    assert served.store.installations.find_team(TEAM_ID) == {"bot_token": "xoxb-own"}


def removal(kind: str, *, at: datetime, enterprise_id: str | None = None) -> dict[str, Any]:
    """Of the app, or of its token, as Slack tells it."""
    return {
        "type": "event_callback",
        "event_id": f"Ev{at:%H%M}",
        "event_time": int(at.timestamp()),
        "team_id": TEAM_ID,
        "enterprise_id": enterprise_id,
        "event": {"type": kind, "tokens": {"bot": ["U0IMAGEBOT"]}},
    }


def test_a_revoked_token_of_a_person_does_not_end_the_installation(
    served: Runtime, slack: SlackStandIn
) -> None:
    tokens = {"oauth": [PRODUCER], "bot": []}
    served.store.installations.save(TEAM_ID, None, {"bot_token": "xoxb-old"})

    slack.sender.event(
        {
            "type": "event_callback",
            "event_id": "Ev2",
            "team_id": TEAM_ID,
            "event": {"type": "tokens_revoked", "tokens": tokens},
        },
        0,
    )
    served.request_pool.finish()

    assert served.store.installations.find(TEAM_ID, None)


def test_slack_s_check_of_the_address_is_answered(served: Runtime, slack: SlackStandIn) -> None:
    ack = slack.sender.event({"type": "url_verification", "challenge": "c-1"}, 0)

    assert (ack.status, json.loads(ack.body)) == (200, {"challenge": "c-1"})
