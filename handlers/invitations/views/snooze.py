"""Words and buttons for what a person does not want to hear of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from handlers.core.errors import BadButton
from handlers.core.places import ImageRef
from handlers.core.replies import Block
from handlers.ui.blocks import button, code, date, named
from handlers.ui.button_values import pack, unpack

SNOOZE = "snoozes.snooze"
UNSNOOZE = "snoozes.unsnooze"
MUTE = "snoozes.mute"
UNMUTE = "snoozes.unmute"

MOST = 150
"""Characters Slack takes as the value of an option."""


class Span(StrEnum):
    """How long an invitation is to be left out."""

    DAY = "1d"
    WEEK = "1w"
    CHANGE = "change"

    @property
    def length(self) -> timedelta | None:
        return _LENGTHS.get(self)


_LENGTHS = {Span.DAY: timedelta(days=1), Span.WEEK: timedelta(weeks=1)}
_LABELS: Mapping[Span, str] = {
    Span.DAY: "for 1 day",
    Span.WEEK: "for 1 week",
    Span.CHANGE: "until it changes",
}


def snooze_menu(place: ImageRef) -> Block:
    """Leave this one out for a while."""
    options = [
        {"text": _plain(label), "value": pack(*place.parts, span, most=MOST)}
        for span, label in _LABELS.items()
    ]
    element: dict[str, Any] = {
        "type": "static_select",
        "action_id": SNOOZE,
        "placeholder": _plain("Snooze"),
        "options": options,
    }
    return element


def read_snooze(value: str) -> tuple[ImageRef, Span]:
    account_id, region, image_id, span = unpack(value, 4)[:4]
    try:
        return ImageRef(account_id, region, image_id), Span(span)
    except ValueError as error:
        raise BadButton from error


def unsnooze_button(place: ImageRef) -> Block:
    return button("Unsnooze", UNSNOOZE, pack(*place.parts))


def read_unsnooze(value: str) -> ImageRef:
    return ImageRef(*unpack(value, 3)[:3])


def mute_button(account_id: str, producer: str) -> Block:
    return button(f"Mute {producer}", MUTE, pack(account_id, producer))


def unmute_button(account_id: str, producer: str) -> Block:
    return button(f"Unmute {producer}", UNMUTE, pack(account_id, producer))


def read_mute(value: str) -> tuple[str, str]:
    """The link through which the producer is seen, and the producer's number."""
    account_id, producer = unpack(value, 2)[:2]
    return account_id, producer


def snoozed(name: str, span: Span) -> str:
    """What was just done."""
    return f"I leave {named(name)} out of what I tell you {_LABELS[span]}. It still waits."


def unsnoozed(name: str) -> str:
    return f"{named(name)} is no longer snoozed."


def muted(producer: str) -> str:
    return (
        f"I tell you nothing more of what account {code(producer)} shares with you. It is still "
        "in `/images invitations`."
    )


def unmuted(producer: str) -> str:
    return f"I tell you again of what account {code(producer)} shares with you."


def until(moment: datetime | None) -> str:
    """As it follows "snoozed"."""
    return f"until {date(moment)}" if moment else "until it changes"


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}
