"""Words for the images whose ids are in a message."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.models import Image
from handlers.core.errors import Trouble
from handlers.core.replies import Message
from handlers.images.views.browse import row
from handlers.ui.blocks import code, context, counted, listed, section
from handlers.ui.error_words import trouble_notes
from storage import Account

LOOKUP = "images.lookup"
SHOWN = 20
"""Images in the list: the first characters of an id may match several."""


def no_ids() -> Message:
    return Message(
        "That message contains no image id. I look for whole ids, or for their first 8 characters "
        "or more, such as `1a2b3c4d`."
    )


def found(
    matches: Sequence[tuple[Account, Image]],
    missing: Sequence[str],
    not_looked_for: int,
    troubles: Sequence[Trouble],
) -> Message:
    """The images of the message that the person can see, and the ids that were not found."""
    images = counted(len(matches), "image") if matches else "No image"
    text = f"*{images}* from that message in your accounts."
    blocks = [section(text)]
    for account, image in matches[:SHOWN]:
        blocks += row(image, account)
    if len(matches) > SHOWN:
        blocks.append(context(f"…and {len(matches) - SHOWN} more. Use a longer id."))
    if missing:
        blocks.append(context(f"Not found: {listed([code(m) for m in missing])}."))
    if not_looked_for > 0:
        blocks.append(context(f"{counted(not_looked_for, 'more id')} in the message, not checked."))
    return Message(text, (*blocks, *trouble_notes(troubles)))
