"""The pages that a browser opens: nobody else's form, frame, script or address."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from bot.wiring import Runtime
from handlers import Person
from handlers.accounts import commands as accounts
from sandbox.slack import TEAM_ID, SlackStandIn
from tests.attacks.door import EVENTS, HOME, JSON, Door
from tests.bot.people import NUMBERS, PRODUCER

SCRIPT = "<script>alert(1)</script>"
LOGIN = {
    "kind": "rackspace_apikey",
    "cloud": "Rackspace",
    "username": f"user-{NUMBERS[PRODUCER]}",
    "api_key": "made-up-key",
}


@pytest.mark.parametrize("path", ["/link/x", "/confirm/x", "page"])
def test_no_page_stands_in_a_frame_or_runs_a_script(web: FlaskClient, page: str, path: str) -> None:
    headers = web.get(page if path == "page" else path).headers

    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("where", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_no_page_leads_to_another_site(web: FlaskClient, page: str, where: str) -> None:
    paths = [f"{page}?next={where}", f"/link/{where}", f"/confirm/{where}", f"/{where}"]
    answers = [web.get(path) for path in paths]
    answers.append(web.post(f"{page}?next={where}", data=LOGIN))

    for answer in answers:
        there = urlsplit(answer.headers.get("Location", "/"))
        assert there.netloc in ("", "localhost")
        assert 'href="https://evil' not in answer.text


def test_what_is_typed_into_the_form_runs_nowhere(web: FlaskClient, page: str) -> None:
    wrong = {**LOGIN, "username": f'"{SCRIPT}', "api_key": SCRIPT}

    shown = web.post(page, data=wrong)

    assert shown.status_code == 422
    assert "&lt;script&gt;" in shown.text
    assert "<script" not in shown.text


def test_a_slack_name_runs_nowhere(web: FlaskClient, page: str, slack: SlackStandIn) -> None:
    person = slack.workspace.people[PRODUCER]
    object.__setattr__(person, "name", SCRIPT)
    try:
        shown = web.get(page).text
    finally:
        object.__setattr__(person, "name", "Producer")

    assert "&lt;script&gt;" in shown
    assert "<script" not in shown


def test_a_form_of_many_fields_is_refused_and_spends_nothing(web: FlaskClient, page: str) -> None:
    many = {f"f{n}": "" for n in range(3_000)}

    answers = [
        web.post(page, data=many).status_code,
        web.post(page, data=many, content_type="multipart/form-data").status_code,
    ]

    assert set(answers) <= {410, 413, 422}
    assert 500 not in answers


def test_a_page_cannot_be_asked_for_another_person(
    web: FlaskClient, runtime: Runtime, page: str
) -> None:
    """Whose account is linked stands in the token, and in no field of the form."""
    web.post(page, data={**LOGIN, "user": "U0CONSUMERA", "team": "T9", "person": "U0CONSUMERA"})

    [account] = runtime.store.accounts.all()
    assert (account.team_id, account.user_id) == (TEAM_ID, PRODUCER)


def test_every_page_has_a_token_of_its_own_that_cannot_be_guessed(runtime: Runtime) -> None:
    person = Person(TEAM_ID, PRODUCER)
    made = {accounts.link_address(person, "", runtime.services) for _ in range(100)}

    tokens = {address.removeprefix(f"{HOME}/link/") for address in made}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 43  # 256 bits


@pytest.mark.parametrize("depth", [500, 5_000, 100_000])
@pytest.mark.parametrize("secret", ["", "not the secret"])
def test_deep_json_breaks_nothing(door: Door, depth: int, secret: str) -> None:
    deep = b"[" * depth + b"]" * depth
    body = b'{"type": "event_callback", "event": {"type": "x", "x": ' + deep + b"}}"

    assert 400 <= door.send(body, JSON, secret) < 500
    assert door.command(PRODUCER, "help")


@pytest.mark.parametrize("event", [[], "x", 1, None, {"type": []}, [[{}]], {"type": {}}])
@pytest.mark.parametrize("name", ["event", "team", "user", "authorizations", "enterprise"])
def test_a_body_of_another_shape_is_refused_before_it_is_looked_into(
    door: Door, name: str, event: object, caplog: pytest.LogCaptureFixture
) -> None:
    """Who cannot sign cannot reach what reads the body, nor fill the log with its errors."""
    body = json.dumps({"type": "event_callback", "team_id": TEAM_ID, name: event}).encode()

    assert 400 <= door.send(body, JSON, "not the secret") < 500
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"[]", b'"x"', b"payload=", b"payload={", b"payload=null", b"\xff"]
)
@pytest.mark.parametrize("kind", [JSON, "application/x-www-form-urlencoded", "text/plain", ""])
def test_a_body_that_is_nonsense_is_refused(door: Door, body: bytes, kind: str) -> None:
    assert 400 <= door.send(body, kind) < 500


def test_an_unsigned_event_ends_no_installation(web: FlaskClient, runtime: Runtime) -> None:
    runtime.store.installations.save(TEAM_ID, None, {"bot_token": "xoxb-kept-token"})
    event = {"type": "event_callback", "team_id": TEAM_ID, "event": {"type": "app_uninstalled"}}

    answer = web.post(EVENTS, data=json.dumps(event), content_type=JSON)

    assert answer.status_code == 401
    assert runtime.store.installations.find(TEAM_ID, None)


def test_an_event_of_another_workspace_ends_no_installation_but_its_own(
    door: Door, runtime: Runtime
) -> None:
    installations = runtime.store.installations
    installations.save(TEAM_ID, None, {"bot_token": "xoxb-kept-token"})
    installations.save("T9", None, {"bot_token": "xoxb-other-token"})
    event = {
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": "T9",
        "event": {"type": "app_uninstalled", "team_id": TEAM_ID},
    }

    assert door.send(json.dumps(event).encode(), JSON) == 200

    assert installations.find(TEAM_ID, None)
    assert installations.find("T9", None) is None
