"""Words below links to images."""

from __future__ import annotations

from cloud.models import Image
from handlers.core.replies import Message
from handlers.images.views.message_shortcut import LOOKUP
from handlers.ui.blocks import button, code, context, named, section, size


def card(image: Image) -> Message:
    """For a channel in which everyone may look at the account."""
    text = f"Image {named(image.name)}"
    facts = [image.region, size(image.size), str(image.status), f"account {code(image.owner)}"]
    return Message(
        text,
        (
            section(f"*{text}*\n{' · '.join(facts)}", _look_up(image.id, "Details")),
            context(code(image.id)),
        ),
    )


def link_only(image_id: str) -> Message:
    """For everywhere else: it says no more than the link itself."""
    text = f"Image {code(image_id)}"
    hint = "Shown to you alone, if one of your accounts sees it."
    return Message(text, (section(text, _look_up(image_id, "Look up")), context(hint)))


def _look_up(image_id: str, text: str) -> dict[str, object]:
    return dict(button(text, LOOKUP, image_id, label=f"{text} {image_id}"))
