"""What attackers try at the bot's doors; docs/security.md has the whole list."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from bot.web.app import create_app
from bot.wiring import Runtime
from handlers import Person
from handlers.accounts import commands as accounts
from sandbox.cloud import CloudStandIn
from sandbox.slack import CHANNEL_ID, PEOPLE, TEAM_ID, SlackStandIn
from sandbox.slack.payloads import command
from sandbox.slack.signing import signed
from storage import Account
from tests.bot.people import NUMBERS, PRODUCER

FORM = "application/x-www-form-urlencoded"
EVENTS = "/slack/events"
HOME = "https://bot.example"


@pytest.fixture
def environ(environ: Mapping[str, str]) -> Mapping[str, str]:
    return {**environ, "PUBLIC_URL": HOME}


@pytest.fixture
def web(runtime: Runtime) -> Iterator[FlaskClient]:
    with create_app(runtime).test_client() as client:
        yield client


@pytest.fixture
def page(runtime: Runtime) -> str:
    """The path of a linking page for the producer."""
    address = accounts.link_address(Person(TEAM_ID, PRODUCER), "", runtime.services)
    return address.removeprefix(HOME)


def typed(slack: SlackStandIn, text: str) -> bytes:
    """A command, as Slack sends it."""
    url = f"{slack.base_url}/commands/nobody"
    trigger = slack.workspace.tickets.trigger(PRODUCER)
    fields = command(PEOPLE[0], text, CHANNEL_ID, "cloud-images", url=url, trigger=trigger)
    return urlencode(fields).encode()


def post(web: FlaskClient, body: bytes, secret: str, kind: str = FORM) -> int:
    headers = signed(secret, body, at=time.time(), content_type=kind)
    return web.post(EVENTS, data=body, headers=headers).status_code


def test_a_signed_request_that_is_sent_again_is_not_answered_again(
    web: FlaskClient,
    runtime: Runtime,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whoever has caught it could, for five minutes, have it done once more."""
    link(PRODUCER)
    cloud.add_image(NUMBERS[PRODUCER], name="web", region="DFW")
    body = typed(slack, "tag web blue")

    for _ in range(3):
        assert post(web, body, slack.signing_secret) == 200
    runtime.request_pool.finish()

    changes = [path for method, path, _ in cloud.requests if method == "PUT"]
    assert len(changes) == 1
    assert caplog.text.count("was sent twice") == 2


@pytest.mark.parametrize("kind", ["block_actions", "view_submission", "block_suggestion"])
def test_interactions_of_somebody_else_are_refused(
    web: FlaskClient, kind: str, runtime: Runtime
) -> None:
    payload = {"type": kind, "team": {"id": TEAM_ID}, "user": {"id": PRODUCER}}
    body = urlencode({"payload": json.dumps(payload)}).encode()

    assert post(web, body, "not the secret") == 401
    assert "imagebot_requests_total{" not in runtime.metrics.page().decode()


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_program_that_opens_links_by_itself_spends_none(
    web: FlaskClient, page: str, method: str
) -> None:
    for _ in range(3):
        web.open(page, method=method)

    assert web.get(page).status_code == 200


def test_a_page_is_not_changed_by_other_methods(web: FlaskClient, page: str) -> None:
    assert {web.open(page, method=m).status_code for m in ("PUT", "DELETE", "PATCH")} == {405}
    assert web.get(page).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-For": "1.2.3.4"},
    ],
)
def test_addresses_are_made_of_our_own_name_whatever_a_header_says(
    web: FlaskClient,
    runtime: Runtime,
    slack: SlackStandIn,
    page: str,
    headers: Mapping[str, str],
) -> None:
    shown = web.get(page, headers=headers).text
    said = accounts.link_address(Person(TEAM_ID, PRODUCER), "", runtime.services)

    assert "evil.example" not in shown
    assert said.startswith(f"{HOME}/link/")


@pytest.mark.parametrize(
    "token", ["", "x", "../healthz", "%2e%2e/healthz", "' or 1=1 --", "a" * 5000, "\u202e"]
)
def test_a_token_that_is_none_opens_nothing(web: FlaskClient, token: str) -> None:
    for door in ("link", "confirm"):
        answer = web.get(f"/{door}/{token}")
        assert answer.status_code in (404, 410)
        assert "password" not in answer.text.lower()


def test_a_token_of_one_page_does_not_open_the_other(web: FlaskClient, page: str) -> None:
    assert web.get(page.replace("/link/", "/confirm/")).status_code == 410
    assert web.get(page).status_code == 200


def test_a_form_of_a_megabyte_is_refused_before_it_is_read(web: FlaskClient, page: str) -> None:
    sent = web.post(page, data={"username": "x" * 1_100_000})

    assert sent.status_code == 413
    assert web.get(page).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        "show " + "x" * 100_000,
        "share " + "1 " * 20_000,
        "update web " + " ".join(f"k{n}=v" for n in range(5_000)),
        "list " + "--tag a " * 5_000,
        "audit --by <@U1> " * 500,
        "\x00\x1b[31m" * 1_000,
    ],
)
def test_words_without_end_are_answered_and_break_nothing(
    web: FlaskClient,
    runtime: Runtime,
    slack: SlackStandIn,
    link: Callable[..., Account],
    caplog: pytest.LogCaptureFixture,
    text: str,
) -> None:
    link(PRODUCER)

    assert post(web, typed(slack, text), slack.signing_secret) == 200
    runtime.request_pool.finish()

    assert "broke" not in caplog.text


@pytest.mark.parametrize("word", ["'; drop table accounts; --", '" or "1"="1', "%_%", "\\"])
def test_words_are_no_sql(
    web: FlaskClient,
    runtime: Runtime,
    slack: SlackStandIn,
    link: Callable[..., Account],
    word: str,
) -> None:
    account = link(PRODUCER)
    commands = (f"audit --image {word!r}", f"task {word!r}", f"approve {word!r}", f"use {word!r}")

    for each in commands:
        assert post(web, typed(slack, each), slack.signing_secret) == 200
    runtime.request_pool.finish()

    assert runtime.store.accounts.get(account.id) == account


@pytest.mark.parametrize("word", ["../../v2/users", "..%2f..%2fadmin", "a?b=c", "a#b", "//evil"])
def test_a_word_leads_nowhere_else_in_the_cloud(
    web: FlaskClient,
    runtime: Runtime,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    word: str,
) -> None:
    link(PRODUCER)
    post(web, typed(slack, f'show "{word}"'), slack.signing_secret)
    post(web, typed(slack, f'task "{word}"'), slack.signing_secret)
    runtime.request_pool.finish()

    asked = {"/".join(path.split("/")[:4]) for _, path, _ in cloud.requests}
    assert asked
    known = r"/v3/.*|/(DFW|ORD)/v2/(images|tasks|info|schemas)"
    assert [path for path in asked if not re.fullmatch(known, path)] == []
