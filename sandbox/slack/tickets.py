"""
What Slack hands out for a short while: trigger ids and response URLs.

Source: docs.slack.dev, "Handling user interaction": a trigger id opens one view within
3 seconds; a response URL takes 5 messages within 30 minutes.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.slack.refusals import MethodRefused

Clock = Callable[[], float]
"""Unix seconds."""

TRIGGER_S = 3.0
RESPONSE_S = 30 * 60.0
RESPONSE_USES = 5


@dataclass
class Trigger:
    user_id: str
    expires_at: float
    used: bool = False


@dataclass
class ResponseUrl:
    """Where an app may answer a command (no `message_ts`) or a click."""

    user_id: str
    channel_id: str
    message_ts: str | None
    expires_at: float
    uses_left: int = RESPONSE_USES


@dataclass
class Tickets:
    clock: Clock
    _triggers: dict[str, Trigger] = field(default_factory=dict)
    _urls: dict[str, ResponseUrl] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def trigger(self, user_id: str) -> str:
        """A new trigger id for what this person has just done."""
        digits = secrets.randbelow(10**12)
        trigger_id = f"{digits:013d}.{secrets.randbelow(10**12):012d}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user_id, self.clock() + TRIGGER_S)
        return trigger_id

    def redeem(self, trigger_id: str) -> str:
        """The person whose trigger this is. Once, and within 3 seconds."""
        with self._lock:
            trigger = self._triggers.get(trigger_id)
            if trigger is None:
                raise MethodRefused("invalid_trigger_id")
            if trigger.used:
                raise MethodRefused("exchanged_trigger_id")
            if self.clock() > trigger.expires_at:
                raise MethodRefused("expired_trigger_id")
            trigger.used = True
        return trigger.user_id

    def response_url(self, user_id: str, channel_id: str, message_ts: str | None = None) -> str:
        """A new response URL's last part."""
        token = secrets.token_urlsafe(18)
        expires_at = self.clock() + RESPONSE_S
        self._urls[token] = ResponseUrl(user_id, channel_id, message_ts, expires_at)
        return token

    def answer(self, token: str) -> ResponseUrl:
        """Spend one of a response URL's five uses."""
        with self._lock:
            url = self._urls.get(token)
            if url is None:
                raise MethodRefused("invalid_url")
            if self.clock() > url.expires_at:
                raise MethodRefused("expired_url")
            if not url.uses_left:
                raise MethodRefused("used_url")
            url.uses_left -= 1
        return url
