"""Words that ask which of several images is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cloud.models import Image
from handlers.core.button_values import ButtonValue
from handlers.core.errors import Match, NoSuchImage, SeveralImages
from handlers.core.interactions import Command
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message
from handlers.ui import rows
from handlers.ui.blocks import (
    Part,
    button,
    context,
    counted,
    moment,
    mono,
    named,
    section,
    short_id,
    size,
    strong,
    text_message,
)
from handlers.ui.error_words import trouble_notes, words
from handlers.ui.rows import facts

CHOOSE = "images.choose"
SHOWN = 10
"""Matches in a choice."""


@dataclass(frozen=True)
class Choice(ButtonValue):
    """One of several images, and the command that it completes."""

    verb: str
    place: ImageRef
    other_words: tuple[str, ...]


def choice(several: SeveralImages) -> Message:
    """Ask which image was meant; each button runs the command with that image."""
    count = len(several.matches)
    text = f"{counted(count, 'image')} match {named(several.word)}. Which one?"
    blocks = [section(text), *_choices(several.command, several.word, several.matches)]
    if count > SHOWN:
        blocks.append(context(f"…and {count - SHOWN} more. Use the image's id instead."))
    return Message(text, (*blocks, *trouble_notes(several.troubles)))


def suggestion(missing: NoSuchImage, command: Command) -> Message:
    """Say that no image has this name, and offer those with a similar name."""
    text = words(missing)
    choices = _choices(command, missing.word, missing.near)
    return text_message(text, *choices, *trouble_notes(missing.troubles))


def _choices(command: Command, word: str, matches: Sequence[Match]) -> list[Block]:
    """A button for each, which repeats the command with that image."""
    rest = list(command.words)
    if word in rest:
        rest.remove(word)
    blocks: list[Block] = []
    for match in matches[:SHOWN]:
        place = ImageRef(match.account_id, match.image.region, match.image.id)
        value = Choice(command.verb, place, tuple(rest)).value()
        label = f"Choose {match.image.name} {short_id(place.image_id)}"
        blocks += _row(match.image, button("Choose", CHOOSE, value, label=label))
    return blocks


def _row(image: Image, choose: Block) -> list[Block]:
    owner: list[Part] = ["owner ", mono(image.owner)] if image.owner else ["owner unknown"]
    return rows.row(
        facts(strong(image.name), owner),
        facts(
            image.region,
            size(image.size),
            str(image.status),
            ["created ", moment(image.created_at)],
            mono(short_id(image.id)),
        ),
        [choose],
    )
