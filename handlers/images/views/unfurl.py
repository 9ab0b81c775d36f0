"""Words below links to images."""

from __future__ import annotations

from cloud.models import Image
from handlers.core.replies import Message
from handlers.images.views.message_shortcut import LOOKUP
from handlers.ui.blocks import button, code, context, named, section, size


def card(image: Image) -> Message:
    """For a channel whose members have a role on the account."""
    text = f"Image {named(image.name)}"
    facts = [image.region, size(image.size), str(image.status), f"account {code(image.owner)}"]
    return Message(
        text,
        (
            section(f"*{text}*\n{' · '.join(facts)}", _look_up(image.id, "Details")),
            context(code(image.id[:8])),
        ),
    )


def link_only(image_id: str) -> Message:
    """For everywhere else: it tells no more than the link itself."""
    text = f"Image {code(image_id[:8])}"
    hint = "Only you will see it, if one of your accounts has access."
    return Message(text, (section(text, _look_up(image_id, "Look up")), context(hint)))


def _look_up(image_id: str, text: str) -> dict[str, object]:
    return dict(button(text, LOOKUP, image_id, label=f"{text} image {image_id[:8]}"))
