"""Requests from Slack to the bot: signed, and given 3 seconds."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from sandbox.slack.signing import signed
from sandbox.slack.state import BOT_USER_ID, Json

ACK_S = 3.0
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Ack:
    """How the bot answered a request of Slack's."""

    status: int
    """HTTP status; 0 if there was no answer in time."""
    ms: float
    """How long it took, in milliseconds."""
    body: str = ""
    error: str = ""
    """What Slack calls it when it did not work."""
    version: int = 0
    """The workspace's version just before, to tell what came after."""

    @property
    def ok(self) -> bool:
        return not self.error

    @property
    def complaint(self) -> str:
        """What Slack shows a person whose click went wrong."""
        if self.error == "operation_timeout":
            return "Operation timed out. Apps need to respond within 3 seconds."
        if self.status:
            return f"This app responded with Status Code {self.status}."
        return "This app is not responding." if self.error else ""


class Sender:
    """The way to the bot's /slack/events."""

    def __init__(self, bot_url: str, signing_secret: str) -> None:
        self.bot_url = bot_url
        self.signing_secret = signing_secret
        self.organisation = ""
        """Id of the organisation in which the app is installed as a whole; "" for none."""

    def form(self, fields: Json, version: int) -> Ack:
        """Send a slash command."""
        if self.organisation:
            fields = fields | {
                "enterprise_id": self.organisation,
                "enterprise_name": "Organisation",
                "is_enterprise_install": "true",
            }
        return self._send(urlencode(fields).encode(), FORM, version)

    def payload(self, payload: Json, version: int) -> Ack:
        """
        Send an interaction: JSON in a form field.

        In an organisation's own installation Slack names no team but the person's.
        """
        if self.organisation:
            payload = payload | {
                "enterprise": {"id": self.organisation, "name": "Organisation"},
                "is_enterprise_install": True,
                "team": None,
            }
        return self._send(urlencode({"payload": json.dumps(payload)}).encode(), FORM, version)

    def event(self, body: Json, version: int) -> Ack:
        """Send an event or a URL verification."""
        if self.organisation:
            own = {
                "enterprise_id": self.organisation,
                "team_id": body.get("team_id"),
                "user_id": BOT_USER_ID,
                "is_bot": True,
                "is_enterprise_install": True,
            }
            body = body | {"enterprise_id": self.organisation, "authorizations": [own]}
        return self._send(json.dumps(body).encode(), "application/json", version)

    def _send(self, body: bytes, content_type: str, version: int) -> Ack:
        headers = signed(self.signing_secret, body, at=time.time(), content_type=content_type)
        started = time.monotonic()
        try:
            status, answer = self._post(body, headers)
        except TimeoutError:
            return Ack(0, _since(started), error="operation_timeout", version=version)
        except (OSError, http.client.HTTPException):
            return Ack(0, _since(started), error="dispatch_failed", version=version)
        error = "" if status == 200 else "dispatch_failed"
        return Ack(status, _since(started), answer, error, version)

    def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        url = urlsplit(self.bot_url)
        connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=ACK_S)
        try:
            connection.request("POST", (url.path.strip("/") and url.path) or EVENTS, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()


EVENTS = "/slack/events"


def _since(started: float) -> float:
    return (time.monotonic() - started) * 1000
