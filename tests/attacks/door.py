"""Sending the bot what Slack could have sent, signed as it signs, and reading what it says."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient

from bot.wiring import Runtime
from sandbox.slack import TEAM_ID, SlackStandIn
from sandbox.slack.signing import signed
from tests.waiting import PATIENCE_S

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
EVENTS = "/slack/events"
HOME = "https://bot.example"


@dataclass(frozen=True)
class Door:
    """`/slack/events`, and the ears of whoever knocks."""

    web: FlaskClient
    runtime: Runtime
    slack: SlackStandIn

    def send(self, body: bytes, kind: str = FORM, secret: str = "") -> int:
        secret = secret or self.slack.signing_secret
        headers = signed(secret, body, at=time.time(), content_type=kind)
        status = self.web.post(EVENTS, data=body, headers=headers).status_code
        self._wait()
        return status

    def command(self, user_id: str, text: str, team_id: str = TEAM_ID) -> list[str]:
        """What the person is answered."""
        dm = self.slack.person(user_id).dm_channel
        url, trigger = self._way_back(user_id, dm)
        fields = {"command": "/images", "text": text, "team_id": team_id, "user_id": user_id}
        way = {"channel_id": dm, "response_url": url, "trigger_id": trigger}
        return self._heard(user_id, urlencode({**fields, **way}).encode())

    def press(self, user_id: str, action_id: str, value: str, team_id: str = TEAM_ID) -> list[str]:
        """What the person is answered to a button with that value, wherever they have it from."""
        dm = self.slack.person(user_id).dm_channel
        url, trigger = self._way_back(user_id, dm)
        action = {"action_id": action_id, "block_id": "b", "type": "button", "value": value}
        payload = {
            **_interaction("block_actions", user_id, team_id, trigger),
            "container": {"type": "message", "channel_id": dm, "message_ts": "1.0"},
            "channel": {"id": dm, "name": "directmessage"},
            "response_url": url,
            "actions": [action],
        }
        return self._heard(user_id, urlencode({"payload": json.dumps(payload)}).encode())

    def submit(self, user_id: str, name: str, value: str, fields: Mapping[str, Any]) -> str:
        """What Slack is told of a form with that value and those fields."""
        values = {k: {k: {"type": "plain_text_input", "value": v}} for k, v in fields.items()}
        blocks = [{"type": "input", "block_id": name, "element": {}} for name in fields]
        view = {"id": "V1", "type": "modal", "callback_id": name, "private_metadata": value}
        trigger = self.slack.workspace.tickets.trigger(user_id)
        payload = {
            **_interaction("view_submission", user_id, TEAM_ID, trigger),
            "view": {**view, "blocks": blocks, "state": {"values": values}, "title": {}},
        }
        body = urlencode({"payload": json.dumps(payload)}).encode()
        headers = signed(self.slack.signing_secret, body, at=time.time(), content_type=FORM)
        answer = self.web.post(EVENTS, data=body, headers=headers)
        assert answer.status_code == 200
        self._wait()
        return answer.text

    def _wait(self) -> None:
        """Until what was asked is done: there is one thread in each lane to do it."""
        for asks_cloud in (False, True):  # what is quick may hand on to what is not
            done = threading.Event()
            assert self.runtime.request_pool.take(done.set, asks_cloud=asks_cloud)
            assert done.wait(PATIENCE_S)

    def _heard(self, user_id: str, body: bytes) -> list[str]:
        before = self.slack.workspace.version
        assert self.send(body) == 200
        messages = self.slack.messages(user_id)
        return [written(m.text, m.blocks) for m in messages if m.version > before]

    def _way_back(self, user_id: str, channel: str) -> tuple[str, str]:
        tickets = self.slack.workspace.tickets
        token = tickets.response_url(user_id, channel)
        return f"{self.slack.base_url}/commands/{token}", tickets.trigger(user_id)


def written(text: str, blocks: Any) -> str:
    """All texts of a message that Slack formats."""
    return "\n".join([text, *_formatted(blocks)])


def _formatted(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if part.get("type") == "mrkdwn":
            yield part["text"]
        for each in part.values():
            yield from _formatted(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _formatted(each)


def _interaction(kind: str, user_id: str, team_id: str, trigger: str) -> dict[str, Any]:
    return {
        "type": kind,
        "user": {"id": user_id, "name": "x", "username": "x", "team_id": team_id},
        "team": {"id": team_id, "domain": "x"},
        "api_app_id": "A0CLOUDIMG",
        "token": "made-up",
        "is_enterprise_install": False,
        "trigger_id": trigger,
    }
