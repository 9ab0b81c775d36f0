"""Words for the images whose ids are in a message."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.models import Image
from handlers.core.errors import Trouble
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message
from handlers.images.views.browse import relation
from handlers.ui.blocks import button, code, context, counted, listed, named, section, size
from handlers.ui.error_words import trouble_notes
from handlers.ui.image_buttons import SHOW
from storage import Account

LOOKUP = "images.lookup"
SHOWN = 20
"""Images in the list: a beginning of an id may fit several."""


def no_ids() -> Message:
    return Message(
        "There is no image id in that message. I look for ids such as "
        "`1a2b3c4d-0000-4000-8000-000000000000`, or their first 8 characters or more."
    )


def found(
    matches: Sequence[tuple[Account, Image]],
    missing: Sequence[str],
    not_looked_for: int,
    troubles: Sequence[Trouble],
) -> Message:
    """The images of the message that the person may see, and the ids that none of them has."""
    images = counted(len(matches), "image") if matches else "No image"
    text = f"*{images}* of that message in your accounts."
    blocks = [section(text), *(_row(*match) for match in matches[:SHOWN])]
    if len(matches) > SHOWN:
        blocks.append(context(f"…and {len(matches) - SHOWN} more. Give a longer id."))
    if missing:
        blocks.append(context(f"Your accounts see no image {listed([code(m) for m in missing])}."))
    if not_looked_for > 0:
        blocks.append(
            context(f"{counted(not_looked_for, 'more id')} in the message: not looked for.")
        )
    return Message(text, (*blocks, *trouble_notes(troubles)))


def _row(account: Account, image: Image) -> Block:
    facts = [image.region, relation(image, account), size(image.size), str(image.status)]
    text = f"*{named(image.name)}*\n{' · '.join(facts)}\n{code(image.id)}"
    value = ImageRef.of(account, image).value()
    return section(text, button("Show", SHOW, value, label=f"Show {image.name}"))
