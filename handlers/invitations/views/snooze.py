"""Words and buttons for snoozing invitations and muting producers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from handlers.core.button_values import ButtonValue
from handlers.core.places import ImageRef, ProducerRef
from handlers.core.replies import Block
from handlers.ui.blocks import button, code, date, named

SNOOZE = "snoozes.snooze"
UNSNOOZE = "snoozes.unsnooze"
MUTE = "snoozes.mute"
UNMUTE = "snoozes.unmute"


class SnoozeLength(StrEnum):
    """How long an invitation is snoozed."""

    DAY = "1d"
    WEEK = "1w"
    CHANGE = "change"

    @property
    def length(self) -> timedelta | None:
        return _LENGTHS.get(self)


@dataclass(frozen=True)
class Snooze(ButtonValue):
    """The value of an option of the Snooze menu."""

    most = 150  # characters that Slack takes of an option
    place: ImageRef
    span: SnoozeLength


_LENGTHS = {SnoozeLength.DAY: timedelta(days=1), SnoozeLength.WEEK: timedelta(weeks=1)}
_LABELS: Mapping[SnoozeLength, str] = {
    SnoozeLength.DAY: "for 1 day",
    SnoozeLength.WEEK: "for 1 week",
    SnoozeLength.CHANGE: "until it changes",
}


def snooze_menu(place: ImageRef) -> Block:
    """The menu that snoozes an invitation."""
    options = [
        {"text": _plain(label), "value": Snooze(place, span).value()}
        for span, label in _LABELS.items()
    ]
    element: dict[str, Any] = {
        "type": "static_select",
        "action_id": SNOOZE,
        "placeholder": _plain("Snooze"),
        "options": options,
    }
    return element


def unsnooze_button(place: ImageRef) -> Block:
    return button("Unsnooze", UNSNOOZE, place.value())


def mute_button(producer: ProducerRef) -> Block:
    return button(f"Mute {producer.number}", MUTE, producer.value())


def unmute_button(producer: ProducerRef) -> Block:
    return button(f"Unmute {producer.number}", UNMUTE, producer.value())


def snoozed(name: str, span: SnoozeLength) -> str:
    """What was just done."""
    return f"Snoozed {named(name)} {_LABELS[span]}. It is still pending."


def unsnoozed(name: str) -> str:
    return f"{named(name)} is no longer snoozed."


def muted(producer: str) -> str:
    return f"Muted account {code(producer)}. Its invitations are still in `/images invitations`."


def unmuted(producer: str) -> str:
    return f"Unmuted account {code(producer)}."


def until(moment: datetime | None) -> str:
    """As it follows "snoozed"."""
    return f"until {date(moment)}" if moment else "until it changes"


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}
