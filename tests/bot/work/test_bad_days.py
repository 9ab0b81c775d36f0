"""Nothing that comes from outside, and nothing that is away, breaks more than itself."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from bot.settings import Settings
from bot.slack import payloads
from bot.slack.answers import Answers
from bot.web.app import create_app
from bot.wiring import Runtime
from bot.work import deliver
from handlers import Message
from sandbox.slack import CHANNEL_ID, PEOPLE, TEAM_ID, SlackStandIn
from sandbox.slack.api import Reply, Trouble
from sandbox.slack.payloads import command
from sandbox.slack.signing import signed
from tests.bot.people import CONSUMER_A, CONSUMER_B, PRODUCER

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
EVENTS = "/slack/events"


def form(payload: Any) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


def interaction(kind: str, **more: Any) -> Mapping[str, Any]:
    who = {"user": {"id": PRODUCER, "team_id": TEAM_ID}, "team": {"id": TEAM_ID}}
    return {"type": kind, **who, "trigger_id": "1", **more}


CLICK_IN_MODAL = interaction(
    "block_actions",
    container={"type": "view", "view_id": "V1"},
    view={"id": "V1", "type": "modal"},
    response_url="",
    actions=[{"type": "button", "action_id": "images.show", "block_id": "b", "value": "x"}],
)
VIEW = {"id": "V1", "type": "modal", "callback_id": "images.update", "state": {"values": {}}}


@pytest.fixture
def web(runtime: Runtime) -> Iterator[FlaskClient]:
    with create_app(runtime).test_client() as client:
        yield client


@pytest.fixture
def many(environ: Mapping[str, str]) -> Iterator[Runtime]:
    """A bot for many workspaces."""
    given = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "made-up", "SLACK_BOT_TOKEN": ""}
    more = {"PUBLIC_URL": "https://bot.example.com"}
    runtime = Runtime.build(Settings.from_env({**environ, **given, **more}))
    yield runtime
    runtime.close()


def list_(slack: SlackStandIn) -> bytes:
    token = slack.workspace.tickets.response_url(PRODUCER, CHANNEL_ID)
    url = f"{slack.base_url}/commands/{token}"
    return urlencode(
        command(PEOPLE[0], "list", CHANNEL_ID, "cloud-images", url=url, trigger="1")
    ).encode()


def post(web: FlaskClient, slack: SlackStandIn, body: bytes, kind: str = FORM) -> int:
    headers = signed(slack.signing_secret, body, at=time.time(), content_type=kind)
    return web.post(EVENTS, data=body, headers=headers).status_code


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        *((b"payload={nope", FORM), (form([1]), FORM), (form(None), FORM), (form("x"), FORM)),
        *((b"{nope", JSON), (b"[]", JSON), (b"\xff\xfe", FORM), (b"", FORM)),
        (json.dumps({"type": "event_callback", "event": "x"}).encode(), JSON),
        (form(interaction("block_actions", container={}, actions=[])), FORM),
    ],
)
def test_anyone_s_nonsense_is_refused_before_it_is_logged(
    body: bytes, kind: str, web: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Bolt reads a body before it looks at the signature, and raises over a bad one."""
    status = web.post(EVENTS, data=body, headers={"Content-Type": kind}).status_code

    assert status in (400, 401)
    assert [record for record in caplog.records if record.exc_info] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (form(interaction("view_closed", view=VIEW)), 404),
        (form(interaction("shortcut", callback_id="x")), 404),
        (urlencode({"ssl_check": "1", "token": "made-up"}).encode(), 200),
    ],
)
def test_what_the_bot_has_no_use_for_is_not_found(
    body: bytes, status: int, web: FlaskClient, slack: SlackStandIn
) -> None:
    assert post(web, slack, body) == status


def test_a_click_in_a_modal_that_was_closed_is_acknowledged_and_breaks_nothing(
    web: FlaskClient, slack: SlackStandIn, runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    assert post(web, slack, form(CLICK_IN_MODAL)) == 200
    runtime.request_pool.finish()

    said = [r.getMessage() for r in caplog.records if r.name == "bot.slack.modals"]
    assert said == ["a modal for images.show was not shown: invalid_trigger_id"]
    assert [record for record in caplog.records if record.exc_info] == []


def test_a_form_of_another_version_is_answered_with_what_to_do(
    web: FlaskClient, slack: SlackStandIn
) -> None:
    body = form(interaction("view_submission", view={**VIEW, "callback_id": "images.old"}))
    headers = signed(slack.signing_secret, body, at=time.time(), content_type=FORM)

    answer = web.post(EVENTS, data=body, headers=headers)

    assert answer.status_code == 200
    assert answer.get_json()["response_action"] == "update"
    assert "out of date" in answer.text


def test_a_response_url_of_half_an_hour_ago_is_refused_and_the_answer_goes_to_the_person(
    runtime: Runtime, slack: SlackStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    token = slack.workspace.tickets.response_url(PRODUCER, CHANNEL_ID)
    url = f"{slack.base_url}/commands/{token}"
    body = command(PEOPLE[0], "list", CHANNEL_ID, "cloud-images", url=url, trigger="1")
    slack.workspace.clock = slack.workspace.tickets.clock = lambda: time.time() + 1801

    answers = Answers(runtime.settings, runtime.workspaces, runtime.store, runtime.clock)
    answers.say(payloads.command(body), Message("late"))

    [line] = [r.getMessage() for r in caplog.records if r.name == "bot.slack.answers"]
    assert line == "the answer to /images list was not sent: expired_url"
    assert token not in caplog.text
    assert runtime.store.outbox.waiting() == 1


def test_without_its_database_the_bot_still_says_that_something_is_wrong(
    web: FlaskClient, slack: SlackStandIn, runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    before = slack.workspace.version
    runtime.store.close()

    assert post(web, slack, list_(slack)) == 200

    assert "database is not responding" in slack.wait_for(PRODUCER, newer_than=before).text
    runtime.request_pool.finish()
    assert not [each for each in caplog.messages if each.endswith("broke")]


def test_that_holds_in_many_workspaces_whose_tokens_are_in_that_database(
    many: Runtime, slack: SlackStandIn
) -> None:
    before = slack.workspace.version
    many.store.close()

    with create_app(many).test_client() as web:
        assert post(web, slack, list_(slack)) == 200

    assert "database is not responding" in slack.wait_for(PRODUCER, newer_than=before).text


def test_a_workspace_in_which_the_app_is_not_installed_is_told_so(
    many: Runtime, slack: SlackStandIn
) -> None:
    before = slack.workspace.version

    with create_app(many).test_client() as web:
        assert post(web, slack, list_(slack)) == 200

    assert "install" in slack.wait_for(PRODUCER, newer_than=before).text


def test_a_notice_that_breaks_the_bot_keeps_no_other_waiting(
    runtime: Runtime, slack: SlackStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    """Slack has opened the conversation, and does not say which: nobody foresaw that."""
    slack.api.troubles.append(Trouble(1, Reply({"ok": True}), "conversations.open"))
    for user_id in (CONSUMER_A, CONSUMER_B):
        runtime.store.outbox.put(team_id=TEAM_ID, user_id=user_id, text="hello")

    deliver.run(runtime)

    sent = [m.text for each in (CONSUMER_A, CONSUMER_B) for m in slack.messages(each)]
    assert sent == ["hello"]
    assert runtime.store.outbox.waiting() == 1
    assert [r.exc_info is not None for r in caplog.records if r.name == "bot.work.deliver"][:1]
