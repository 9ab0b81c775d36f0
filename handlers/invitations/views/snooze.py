"""Words and buttons for snoozing invitations and muting producers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from handlers.core.button_values import ButtonValue
from handlers.core.places import ImageRef, ProducerRef
from handlers.core.replies import Block
from handlers.ui.blocks import button, code, named

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
    """The value of what snoozes an invitation."""

    place: ImageRef
    span: SnoozeLength


_LENGTHS = {SnoozeLength.DAY: timedelta(days=1), SnoozeLength.WEEK: timedelta(weeks=1)}
_LABELS: Mapping[SnoozeLength, str] = {
    SnoozeLength.DAY: "for 1 day",
    SnoozeLength.WEEK: "for 1 week",
    SnoozeLength.CHANGE: "until it changes",
}


def choices(
    place: ImageRef, producer: str, *, snoozed: bool = False, muted: bool = False
) -> Sequence[Block]:
    """What to do about an invitation besides an answer, for its ⋮ menu."""
    unsnooze = [button("Unsnooze", UNSNOOZE, place.value())]
    silence = unsnooze if snoozed else [_snooze_button(place, span) for span in SnoozeLength]
    if not producer:
        return silence
    owner = ProducerRef(place.account_id, producer)
    mute = button(f"Mute {producer}", MUTE, owner.value())
    return [*silence, unmute_button(owner) if muted else mute]


def _snooze_button(place: ImageRef, span: SnoozeLength) -> Block:
    return button(f"Snooze {_LABELS[span]}", SNOOZE, Snooze(place, span).value())


def unmute_button(producer: ProducerRef) -> Block:
    return button(f"Unmute {producer.number}", UNMUTE, producer.value())


def snoozed(name: str, span: SnoozeLength) -> str:
    """Say that it was snoozed."""
    return f"Snoozed {named(name)} {_LABELS[span]}. It is still pending."


def unsnoozed(name: str) -> str:
    return f"{named(name)} is no longer snoozed."


def muted(producer: str) -> str:
    return f"Muted account {code(producer)}. Its invitations are still in `/images invitations`."


def unmuted(producer: str) -> str:
    return f"Unmuted account {code(producer)}."
