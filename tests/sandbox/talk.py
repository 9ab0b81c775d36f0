"""What tests of the Slack stand-in share: its clock, and how they hear a refusal."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

Json = dict[str, Any]


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now

    def advance(self, *, seconds: float = 0, minutes: float = 0) -> None:
        self.now += seconds + minutes * 60


def refusal(call: Callable[[], Any]) -> str:
    """Slack's code for refusing a call of the Web API."""
    with pytest.raises(SlackApiError) as refused:
        call()
    return str(refused.value.response["error"])


def plain(text: str) -> Json:
    """A text without markup, as Slack takes it."""
    return {"type": "plain_text", "text": text}
