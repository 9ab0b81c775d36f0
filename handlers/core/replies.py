"""An answer: its blocks and its fallback text as one value, so that none lacks the other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handlers.core.chart import Figures

Block = Mapping[str, Any]
"""One Block Kit block, as Slack's JSON."""

MAX_BLOCKS = 49
MAX_JSON = 12_000
"""Characters of blocks in one message. Slack answers `msg_blocks_too_long` near 13,200."""

_KEPT_WITH_SECTION = frozenset({"actions", "context"})


@dataclass(frozen=True)
class Picture:
    """What is drawn and shown beside the words."""

    title: str
    alt: str
    """What is to be seen on it, for those who cannot."""
    figures: Figures


@dataclass(frozen=True)
class Message:
    """
    What to say. To a command it is the answer, seen by the person alone unless public.
    To a click it redraws the message clicked, unless it is a note beside it.
    """

    text: str
    """Plain words for notifications and screen readers; never empty."""
    blocks: tuple[Block, ...] = ()
    public: bool = False
    note: bool = False
    """Say this beside the message that was clicked, which stays as it is."""
    picture: Picture | None = None

    def as_note(self) -> Message:
        return replace(self, note=True)


@dataclass(frozen=True)
class Modal:
    """A form to fill in, or with no word for submitting it, a page to read."""

    name: str
    """`<topic>.<verb>`, as in the routing table."""
    title: str
    """At most 24 characters."""
    blocks: tuple[Block, ...]
    submit: str | None = None
    """What the button says that sends it."""
    value: str = ""
    """What comes back with it; a claim, like a button's value. At most 3,000 characters."""


@dataclass(frozen=True)
class FieldErrors:
    """A form was not taken. It stays open, with what was typed."""

    errors: Mapping[str, str]
    """Plain words by block id; under "" those that concern the form as a whole."""


@dataclass(frozen=True)
class Option:
    """One choice of a menu."""

    text: str
    """At most 75 characters are shown."""
    value: str
    """At most 150 characters: Slack takes no more."""
    description: str = ""


Reply = Message | Modal | FieldErrors
"""
What a handler answers.

A message is said where the request came from: in a modal it is a page of it. A modal is
opened, or takes the place of the one that the request came from.
"""


def split(message: Message) -> tuple[Message, ...]:
    """
    The message in as many parts as Slack's limits ask for, in order.

    Buttons and small print stay with the section above them.
    """
    parts: list[list[Block]] = [[]]
    for group in _groups(message.blocks):
        if parts[-1] and not _fits([*parts[-1], *group]):
            parts.append([])
        parts[-1] += group
    if len(parts) == 1:
        return (message,)
    return tuple(
        replace(message, text=f"{message.text} ({i} of {len(parts)})", blocks=tuple(part))
        for i, part in enumerate(parts, 1)
    )


def _groups(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    group: list[Block] = []
    for block in blocks:
        if group and block["type"] not in _KEPT_WITH_SECTION:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _fits(blocks: Sequence[Block]) -> bool:
    return len(blocks) <= MAX_BLOCKS and len(json.dumps(blocks, ensure_ascii=False)) <= MAX_JSON
