"""Warnings, errors and outcomes: Slack's alerts in windows, which alone take them."""

from __future__ import annotations

from enum import StrEnum

from handlers.core.replies import Block, PerSurface
from handlers.ui.blocks import context, section

MAX_ALERT = 200
"""Characters Slack takes in an alert."""


class Level(StrEnum):
    """How serious it is. The values are Slack's."""

    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


_SIGNS = {Level.SUCCESS: ":white_check_mark:", Level.WARNING: ":warning:", Level.ERROR: ":x:"}


def alert(level: Level, text: str) -> Block:
    """
    An alert for a form; text that is too long for one is a section with the sign of its level.

    Args:
        text: may be formatted; what strangers named is passed through `named`.
    """
    if len(text) > MAX_ALERT:
        return _signed(level, text)
    return {"type": "alert", "level": str(level), "text": {"type": "mrkdwn", "text": text}}


def callout(level: Level, text: str, in_messages: Block | None = None) -> Block:
    """
    An alert where the message is shown in a window.

    Args:
        in_messages: the block elsewhere; without it, a section with the sign of the level.
    """
    return PerSurface(in_messages or _signed(level, text), alert(level, text))


def field_error(text: str) -> Block:
    """
    An error for the place below its field, where Slack no longer takes one beside it.

    Args:
        text: plain words, of which nothing is parsed.
    """
    shown = {"type": "plain_text", "text": text, "emoji": False}
    if len(text) <= MAX_ALERT:
        return {"type": "alert", "level": str(Level.ERROR), "text": shown}
    return {"type": "context", "elements": [{**shown, "text": f"⚠ {text}"}]}


def is_error(block: Block) -> bool:
    """Whether it is the error of a field, of when the form was sent before."""
    return block.get("type") == "alert" and bool(block.get("level") == Level.ERROR)


def small_warning(text: str) -> Block:
    """A warning that is small print in messages."""
    return callout(Level.WARNING, text, context(f"{_SIGNS[Level.WARNING]} {text}"))


def _signed(level: Level, text: str) -> Block:
    return section(f"{_SIGNS[level]} {text}")
