"""Words and buttons for snoozing invitations and muting producers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from handlers.core.button_values import ButtonValue
from handlers.core.places import ImageRef, ProducerRef
from handlers.core.replies import Block
from handlers.ui.blocks import button, code, named, overflow

SNOOZE = "snoozes.snooze"
UNSNOOZE = "snoozes.unsnooze"
MORE = "snoozes.more"
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


class Choice(StrEnum):
    """An option of the menu of an invitation."""

    DAY = "1d"
    WEEK = "1w"
    CHANGE = "change"
    UNSNOOZE = "unsnooze"
    MUTE = "mute"
    UNMUTE = "unmute"


@dataclass(frozen=True)
class More(ButtonValue):
    """The value of an option of that menu."""

    most = 150  # characters that Slack takes of an option
    place: ImageRef
    choice: Choice
    producer: str
    """Account number, to mute it or end that; else ""."""


_LENGTHS = {SnoozeLength.DAY: timedelta(days=1), SnoozeLength.WEEK: timedelta(weeks=1)}
_LABELS: Mapping[SnoozeLength, str] = {
    SnoozeLength.DAY: "for 1 day",
    SnoozeLength.WEEK: "for 1 week",
    SnoozeLength.CHANGE: "until it changes",
}


_CHOICES: Mapping[Choice, str] = {
    **{Choice(span): f"Snooze {label}" for span, label in _LABELS.items()},
    Choice.UNSNOOZE: "Unsnooze",
    Choice.MUTE: "Mute {}",
    Choice.UNMUTE: "Unmute {}",
}


def more_menu(
    place: ImageRef, producer: str, *, snoozed: bool = False, muted: bool = False
) -> Block:
    """The ⋮ menu of an invitation: what to do about it besides an answer."""
    choices = [Choice.UNSNOOZE] if snoozed else [Choice(span) for span in SnoozeLength]
    if producer:
        choices.append(Choice.UNMUTE if muted else Choice.MUTE)
    return overflow(MORE, *(_option(place, choice, producer) for choice in choices))


def _option(place: ImageRef, choice: Choice, producer: str) -> tuple[str, str]:
    """Its label, and its value, which names the producer only where that is what it is about."""
    about = producer if choice in (Choice.MUTE, Choice.UNMUTE) else ""
    return _CHOICES[choice].format(producer), More(place, choice, about).value()


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
