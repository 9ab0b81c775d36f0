"""Words that ask before an image is shared again with those whom it was shared with before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from cloud.models import Image
from handlers.core.button_values import ButtonValue
from handlers.core.errors import BadButton
from handlers.core.facts import Party
from handlers.core.places import ImageRef
from handlers.core.replies import Message
from handlers.editing import fields
from handlers.editing.parse import RequestedChanges
from handlers.ui.blocks import button, buttons, context, counted, section
from handlers.ui.labels import cancel_button, image_label
from handlers.ui.operation_words import parties
from storage import Account

WAKE = "updates.wake"


@dataclass(frozen=True)
class Wake(ButtonValue):
    """The value of the button: what is to be changed, and who was named."""

    place: ImageRef
    changes: str
    """As JSON: values, names to remove, tags to add and to remove."""
    numbers: tuple[str, ...] = ()

    @classmethod
    def of(cls, place: ImageRef, requested: RequestedChanges, numbers: Sequence[str]) -> Wake:
        parts = (requested.values, sorted(requested.removed), requested.tags, requested.untags)
        return cls(place, json.dumps(parts, separators=(",", ":")), tuple(numbers))

    def requested(self) -> RequestedChanges:
        """
        Read and check it, as if it were typed.

        Raises:
            BadButton: the value is none of ours.

            UserError: as `fields.value`, `fields.removal` and `fields.tag`.
        """
        try:
            values, removed, tags, untags = json.loads(self.changes)
            return RequestedChanges(
                {name: fields.value(name, _typed(held)) for name, held in values.items()},
                frozenset(map(fields.removal, removed)),
                tuple(map(fields.new_tag, tags)),
                tuple(map(fields.tag, untags)),
            )
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise BadButton from error


def _typed(held: object) -> str:
    """As people type a value."""
    if isinstance(held, bool):
        return "yes" if held else "no"
    return str(held)


def ask(
    image: Image, account: Account, woken: Sequence[Party], requested: RequestedChanges
) -> Message:
    """Ask before an image is made shared, naming who gets access again."""
    them = counted(len(woken), "account")
    text = f"Make {image_label(image)} shared? {them} can boot it again at once: {parties(woken)}."
    numbers = [each.number for each in woken]
    value = Wake.of(ImageRef.of(account, image), requested, numbers).value()
    yes = button("Make shared", WAKE, value, style="primary")
    return Message(
        text,
        (
            section(text),
            buttons(yes, cancel_button("share", image)),
            context(
                "The cloud keeps the members of a private image but does not list them, so other "
                "accounts may get access again, too, if it was shared without me."
            ),
        ),
    )
