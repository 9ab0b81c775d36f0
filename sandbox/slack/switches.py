"""Trouble that is switched on, and lasts until it is switched off."""

from __future__ import annotations

from enum import StrEnum

from sandbox.slack.api import Reply
from sandbox.slack.losing import Loss

RETRY_AFTER_S = 5


class SlackTrouble(StrEnum):
    LIMITS = "slack-limits"
    """Messages are answered 429."""
    AWAY = "slack-away"
    """Whatever the app asks is answered 503."""
    LOST = "answer-lost"
    """Messages are posted, and the answers that say so get lost."""


class SlackSwitches:
    """Which trouble is on, and what it does to what the app asks."""

    def __init__(self) -> None:
        self._on: set[SlackTrouble] = set()

    def is_on(self, trouble: SlackTrouble) -> bool:
        return trouble in self._on

    def turn(self, trouble: SlackTrouble, *, on: bool) -> None:
        (self._on.add if on else self._on.discard)(trouble)

    def clear(self) -> None:
        self._on.clear()

    def refusal(self, where: str) -> Reply | None:
        """What is answered to a method of the Web API, or `response_url`, and nothing is done."""
        if self.is_on(SlackTrouble.AWAY):
            return Reply({"ok": False, "error": "service_unavailable"}, 503)
        if self.is_on(SlackTrouble.LIMITS) and where.startswith("chat."):
            return Reply({"ok": False, "error": "ratelimited"}, 429, RETRY_AFTER_S)
        return None

    def loss(self, where: str) -> Loss | None:
        """How the answer gets lost, once all is done."""
        lost = self.is_on(SlackTrouble.LOST) and where == "chat.postMessage"
        return Loss.GATEWAY if lost else None
