"""Words that ask which of several images is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.core.button_values import ButtonValue
from handlers.core.errors import Match, NoSuchImage, SeveralImages
from handlers.core.interactions import Command
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message
from handlers.images.views.browse import SHOWN
from handlers.ui.blocks import (
    button,
    code,
    context,
    counted,
    date,
    named,
    section,
    short_id,
    size,
    text_message,
)
from handlers.ui.error_words import trouble_notes, words

CHOOSE = "images.choose"


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
    blocks = []
    for match in matches[:SHOWN]:
        place = ImageRef(match.account_id, match.image.region, match.image.id)
        value = Choice(command.verb, place, tuple(rest)).value()
        blocks.append(
            section(
                _match(match),
                button(
                    "Choose",
                    CHOOSE,
                    value,
                    label=f"Choose {match.image.name} {short_id(place.image_id)}",
                ),
            )
        )
    return blocks


def _match(match: Match) -> str:
    image = match.image
    facts = [image.region, size(image.size), str(image.status), f"created {date(image.created_at)}"]
    owner = f"owner {code(image.owner)}" if image.owner else "owner unknown"
    return f"*{named(image.name)}* · {' · '.join(facts)}\n{code(short_id(image.id))} · {owner}"
