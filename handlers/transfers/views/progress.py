"""What is said once something that takes long has begun."""

from __future__ import annotations

from handlers.core.replies import Message
from handlers.ui.blocks import command, context, text_message


def begun(
    doing: str, transfer_id: str, *, new: bool, then: str = "I tell you when it is done."
) -> Message:
    """
    Say that a transfer has begun; or, not *new*, that it was running already.

    Args:
        doing: as it follows "I was": `exporting web to the container exports`.

        then: what follows, in words.
    """
    now = f"{doing[0].upper()}{doing[1:]}. {then}"
    text = now if new else f"I was {doing} already. Nothing was begun twice."
    hint = f"How it goes: {command(f'task {transfer_id}')}"
    return text_message(text, context(hint))
