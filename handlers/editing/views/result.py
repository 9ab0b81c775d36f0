"""Words for what was changed of an image, with an Undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cloud.models import Image
from handlers.core.button_values import pack, unpack
from handlers.core.facts import Party
from handlers.core.replies import Block, Message
from handlers.ui.alerts import Level, callout
from handlers.ui.blocks import (
    button,
    buttons,
    context,
    listed,
    named,
    section,
    sentences,
    text_message,
)
from handlers.ui.labels import image_label
from handlers.ui.operation_words import parties

UNDO = "changes.undo"

SHOWN = 12
"""Changes listed one by one."""
MAX_SHOWN_VALUE = 60
"""Characters shown of a value."""
_UNDO_LIMITS = "You can undo once, within 10 minutes, unless someone changes the image again."

Values = Mapping[str, Any]
"""What an image has, by name; None for nothing."""


@dataclass(frozen=True)
class Access:
    """Members whose access a change of visibility has changed."""

    back: Sequence[Party] = ()
    """They have it again, or still."""
    lost: Sequence[Party] = ()


def changed(
    image: Image,
    before: Values,
    after: Values,
    token: str,
    discouraged: Sequence[str] = (),
    access: Access = Access(),
) -> Message:
    """What was changed, old and new; *token* undoes it."""
    text = f"Changed {image_label(image)}."
    blocks = [section(text), section(_change_lines(before, after))]
    if access.back:
        back = f"{parties(access.back)} can boot it again: it was shared with them before."
        blocks.append(section(f":key: {back}"))
    if access.lost:
        lost = f"{parties(access.lost)} can't boot it any more. Undo shares it again."
        blocks.append(callout(Level.WARNING, lost, section(f":no_entry: {lost}")))
    if discouraged:
        blocks.append(context(_discouraged(discouraged)))
    return Message(text, (*blocks, *undo(token)))


def unchanged(image: Image) -> Message:
    text = f"No change: {image_label(image)} already has these values."
    return text_message(text)


def undone(image: Image, before: Values, after: Values) -> Message:
    text = f"Undone: {image_label(image)} is back to its old values."
    return text_message(text, section(_change_lines(before, after)))


def undo(token: str) -> tuple[Block, ...]:
    """The Undo button. Its value is a one-time token."""
    return buttons(button("Undo", UNDO, pack(token))), context(_UNDO_LIMITS)


def read_undo(value: str) -> str:
    return unpack(value, 1)[0]


def _change_lines(before: Values, after: Values) -> str:
    lines = [_line(name, before.get(name), after.get(name)) for name in sorted(before)]
    left = len(lines) - SHOWN
    more = [f"…and {left} more"] if left > 0 else []
    return "\n".join(f"• {line}" for line in [*lines[:SHOWN], *more])


def _line(name: str, old: Any, new: Any) -> str:
    if name == "tags":
        return f"tags: {tags(old or (), new or ())}"
    if old is None:
        return f"{named(name)}: {value(new)} (new)"
    if new is None:
        return f"{named(name)}: {value(old)} removed"
    return f"{named(name)}: {value(old)} → {value(new)}"


def tags(old: Sequence[str], new: Sequence[str]) -> str:
    """`added a, removed b`."""
    added = [named(each, MAX_SHOWN_VALUE) for each in new if each not in old]
    removed = [named(each, MAX_SHOWN_VALUE) for each in old if each not in new]
    said = [_some("added", added), _some("removed", removed)]
    return ", ".join(filter(None, said)) or "the same"


def value(held: Any) -> str:
    if isinstance(held, bool):
        return "yes" if held else "no"
    return named(str(held), MAX_SHOWN_VALUE) if str(held) else "empty"


def _some(verb: str, names: Sequence[str]) -> str:
    left = [f"{len(names) - SHOWN} more"] if len(names) > SHOWN else []
    return f"{verb} {listed([*names[:SHOWN], *left])}" if names else ""


def _discouraged(names: Sequence[str]) -> str:
    return sentences(
        [
            f"{listed([named(name) for name in names])}:",
            "names that begin with `org.openstack` are reserved for the cloud. Use another name.",
        ]
    )
