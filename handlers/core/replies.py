"""Replies: blocks and fallback text as one value, so that neither is missing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handlers.core.chart import Figures
from storage import Drawing

Block = Mapping[str, Any]
"""One Block Kit block, as Slack's JSON."""

MAX_BLOCKS = 49
MAX_JSON = 12_000
"""Characters of blocks in one message. Slack answers `msg_blocks_too_long` near 13,200."""

BLOCKS_AROUND, JSON_AROUND = 2, 500
"""Room that `fitted` leaves for lines above and below, such as why it is a direct message."""

_KEPT_WITH_SECTION = frozenset({"actions", "context", "data_table"})


class PerSurface(dict[str, Any]):
    """A block of messages and the home tab, and the one that a window shows in its place."""

    def __init__(self, block: Block, in_window: Block) -> None:
        super().__init__(block)
        self.in_window = in_window


def for_window(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return the blocks as a window shows them."""
    return tuple(each.in_window if isinstance(each, PerSurface) else each for each in blocks)


@dataclass(frozen=True)
class Picture:
    """A chart to show with the message."""

    title: str
    alt: str
    """Alternative text for screen readers."""
    figures: Figures


@dataclass(frozen=True)
class Message:
    """
    What to say. It answers a command to the person alone, unless it is public.
    It replaces the message of a clicked button, unless it is a note; a message that others read
    is replaced only by what is public.
    """

    text: str
    """Plain words for notifications and screen readers; never empty."""
    blocks: tuple[Block, ...] = ()
    public: bool = False
    note: bool = False
    """Post it as a new message, and leave the clicked one as it is."""
    picture: Picture | None = None
    drawing: Drawing | None = None
    """How to draw it again when what it shows has changed; None if it stays as it is."""

    def as_note(self) -> Message:
        return replace(self, note=True)

    def drawn_by(self, drawing: Drawing) -> Message:
        return replace(self, drawing=drawing)


@dataclass(frozen=True)
class Modal:
    """A form to fill in; without a submit label, a page to read."""

    name: str
    """`<topic>.<verb>`, as in the routing table."""
    title: str
    """At most 24 characters."""
    blocks: tuple[Block, ...]
    submit: str | None = None
    """Label of the submit button."""
    value: str = ""
    """What comes back with it; a claim, like a button's value. At most 3,000 characters."""
    below: Drawing | None = None
    """How to draw the message with the clicked button again, when what it shows has changed."""


@dataclass(frozen=True)
class FieldErrors:
    """A form was not accepted. It stays open, with what was typed."""

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
What a handler returns.

A message is shown where the request came from: in a modal, as a page of it. A modal is
opened, or replaces the one that the request came from.
"""


def split(message: Message) -> tuple[Message, ...]:
    """
    Split a message into the parts that Slack's limits require, in order.

    Buttons, tables and small print stay with the section above them.
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


def fitted(build: Callable[[int], Message], most: int) -> Message:
    """
    Build a message of as many rows as fit one message of Slack's, 1 to *most*.

    What is drawn again when it changes must fit one: Slack does not tell where the second part of
    an answer is, so that could not be edited.

    Args:
        build: gives the message with so many rows.
    """
    for count in range(most, 1, -1):
        message = build(count)
        if _fits(message.blocks, BLOCKS_AROUND, JSON_AROUND):
            return message
    return build(1)


def _groups(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    group: list[Block] = []
    for block in blocks:
        if group and block["type"] not in _KEPT_WITH_SECTION:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _fits(blocks: Sequence[Block], spare_blocks: int = 0, spare_json: int = 0) -> bool:
    if len(blocks) > MAX_BLOCKS - spare_blocks:
        return False
    return len(json.dumps(blocks, ensure_ascii=False)) <= MAX_JSON - spare_json
