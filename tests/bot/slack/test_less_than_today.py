"""Payloads with less than Slack sends today: answered, or said to be unreadable; never a 500."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.slack.listeners import UNREADABLE
from bot.web.app import create_app
from bot.wiring import Runtime
from handlers.images.views.message_shortcut import LOOKUP
from sandbox.slack import CHANNEL_ID, PEOPLE, SlackStandIn, payloads
from sandbox.slack.signing import signed
from sandbox.slack.state import Message, View
from tests.bot.people import PRODUCER
from tests.waiting import until

Json = dict[str, Any]
Path = tuple[str | int, ...]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
EVENTS = "/slack/events"
NEEDED = frozenset({"type", "command", "actions", "action_id", "callback_id", "event"})
"""By these Bolt finds who listens; Slack sends nothing without them."""
MESSAGE = Message("1767225600.000100", CHANNEL_ID, "card")
BUTTON = {
    "type": "button",
    "action_id": "images.show",
    "block_id": "b1",
    "text": {"type": "plain_text", "text": "Show"},
    "value": "a claim",
}
FIELD = {
    "type": "input",
    "block_id": "name",
    "label": {"type": "plain_text", "text": "Name"},
    "element": {"type": "plain_text_input", "action_id": "name"},
}
VIEW = View(
    "V01",
    PRODUCER,
    {
        "type": "modal",
        "callback_id": "updates.form",
        "title": {"type": "plain_text", "text": "Edit"},
        "submit": {"type": "plain_text", "text": "Save"},
        "private_metadata": f"{CHANNEL_ID}|a claim",
        "blocks": [FIELD],
    },
    "h1",
    "V01",
)


def recorded(url: str) -> Mapping[str, Json]:
    """One payload of each kind, as Slack sends it today."""
    person = PEOPLE[0]
    where: Json = {"url": url, "trigger": ""}
    pressed = payloads.action(BUTTON, 1.0)
    menu = {"type": "external_select", "action_id": "menus.image", "block_id": "m1"}
    return {
        "command": payloads.command(person, "help", CHANNEL_ID, "images", **where),
        "click": payloads.click(person, MESSAGE, "images", pressed, **where),
        "click in a window": payloads.click_in_view(person, VIEW, pressed, {}, trigger=""),
        "form": payloads.submission(person, VIEW, {"name": "db"}, trigger=""),
        "closing": payloads.closing(person, VIEW, cleared=False),
        "shortcut": payloads.shortcut(person, MESSAGE, "images", LOOKUP, **where),
        "options": payloads.suggestion(person, menu, "web", payloads.in_view(VIEW, {})),
        "spoken": payloads.spoken(person, MESSAGE, "help", ""),
        "changed": payloads.user_changed(person, 1.0, ""),
        "home": payloads.home_opened(person, None, 1.0, ""),
        "links": payloads.links_shared(
            person, MESSAGE, [], "Ev1", unfurl_id="u", member=True, shared=False
        ),
    }


KINDS = tuple(recorded(""))
EVENT_KINDS = frozenset({"spoken", "home", "links", "changed"})


@pytest.fixture
def web(runtime: Runtime) -> Iterator[FlaskClient]:
    with create_app(runtime).test_client() as client:
        yield client


@pytest.fixture
def send(web: FlaskClient, slack: SlackStandIn) -> Callable[[str, Json], Any]:
    def _send(kind: str, body: Json) -> Any:
        raw, content_type = _encoded(kind, body)
        headers = signed(slack.signing_secret, raw, at=time.time(), content_type=content_type)
        return web.post(EVENTS, data=raw, headers=headers)

    return _send


@pytest.fixture
def url(slack: SlackStandIn) -> str:
    return f"{slack.base_url}/actions/{slack.workspace.tickets.response_url(PRODUCER, CHANNEL_ID)}"


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_left_out_it_is_never_our_fault(
    kind: str, send: Callable[[str, Json], Any], url: str, caplog: pytest.LogCaptureFixture
) -> None:
    whole = recorded(url)[kind]
    optional = list(_optional(whole))

    @settings(
        max_examples=30,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.sets(st.sampled_from(optional), min_size=1, max_size=len(optional)))
    def try_without(paths: set[Path]) -> None:
        assert send(kind, _without(whole, paths)).status_code < 500

    for path in optional:
        assert send(kind, _without(whole, {path})).status_code < 500, path
    try_without()
    assert [r for r in caplog.records if r.getMessage() == "an answer broke"] == []


@pytest.mark.parametrize("odd", [None, "", "x", 5, True, [], [5], {}, {"a": []}], ids=repr)
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_of_another_type_it_is_never_our_fault(
    kind: str,
    odd: Any,
    send: Callable[[str, Json], Any],
    url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    whole = recorded(url)[kind]

    for path in _optional(whole):
        if not NEEDED & {*_keys(_at(whole, path))}:
            assert send(kind, _instead(whole, path, odd)).status_code < 500, path
    assert [r for r in caplog.records if r.getMessage() == "an answer broke"] == []


@pytest.mark.parametrize(
    "paths",
    [
        {("container",)},
        {("channel",)},
        {("container",), ("channel",)},
        {("team",)},
        {("user", "username"), ("user", "name")},
        {("message",), ("trigger_id",)},
    ],
    ids=lambda left_out: ",".join(sorted(map(".".join, left_out))),
)
def test_a_click_with_less_is_answered(
    paths: set[Path],
    send: Callable[[str, Json], Any],
    slack: SlackStandIn,
    url: str,
) -> None:
    assert send("click", _without(recorded(url)["click"], paths)).status_code == 200

    [answer] = until(lambda: slack.messages(PRODUCER))
    assert "out of date" in answer.text


def test_a_form_without_its_state_is_answered(send: Callable[[str, Json], Any], url: str) -> None:
    body = recorded(url)["form"]
    body["view"]["state"] = {}

    answer = send("form", body)

    assert answer.status_code == 200
    assert answer.get_json()["response_action"] in ("errors", "update")


def test_what_cannot_be_read_is_said(
    send: Callable[[str, Json], Any], slack: SlackStandIn, url: str
) -> None:
    nobody: set[Path] = {("user",), ("user_id",)}
    sent = {
        kind: send(kind, _without(recorded(url)[kind], nobody))
        for kind in ("command", "click", "form", "options")
    }

    assert {answer.status_code for answer in sent.values()} == {200}
    assert UNREADABLE in sent["command"].text
    assert UNREADABLE in json.dumps(sent["form"].get_json())
    assert sent["options"].get_json() == {"options": []}
    assert [m.text for m in until(lambda: slack.messages(PRODUCER))] == [UNREADABLE]


def _encoded(kind: str, body: Json) -> tuple[bytes, str]:
    if kind in EVENT_KINDS:
        return json.dumps(body).encode(), JSON
    if kind == "command":
        return urlencode(body).encode(), FORM
    return urlencode({"payload": json.dumps(body)}).encode(), FORM


def _keys(part: Any) -> Iterator[Any]:
    """Of an object and of those in it."""
    if isinstance(part, dict):
        yield from part
        yield from (key for each in part.values() for key in _keys(each))


def _instead(body: Json, path: Path, odd: Any) -> Json:
    changed = copy.deepcopy(body)
    _at(changed, path[:-1])[path[-1]] = odd
    return changed


def _at(part: Any, path: Path) -> Any:
    for key in path:
        part = part[key]
    return part


def _optional(part: Any, path: Path = ()) -> Iterator[Path]:
    """Where something stands that may be left out."""
    items = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in items:
        if key not in NEEDED and not isinstance(key, int):
            yield (*path, key)
        if isinstance(value, dict | list):
            yield from _optional(value, (*path, key))


def _without(body: Json, paths: set[Path]) -> Json:
    left = copy.deepcopy(body)
    for path in sorted(paths, key=len, reverse=True):
        holder = reduce(_in, path[:-1], left)
        if isinstance(holder, dict):
            holder.pop(str(path[-1]), None)
    return left


def _in(part: Any, key: str | int) -> Any:
    if isinstance(part, list):
        return part[key] if isinstance(key, int) else {}
    return part.get(key, {})
