"""Words for a transfer that has started."""

from __future__ import annotations

from handlers.core.replies import Message
from handlers.ui.blocks import command, context, text_message


def begun(
    doing: str, transfer_id: str, *, new: bool, then: str = "I'll tell you when it is done."
) -> Message:
    """
    Say that a transfer has started; or, not *new*, that it was already running.

    Args:
        doing: as it follows "I was": `exporting web to container exports`.

        then: what follows, in words.
    """
    now = f"{doing[0].upper()}{doing[1:]}. {then}"
    text = now if new else f"Already {doing}. Nothing was started twice."
    hint = f"Progress: {command(f'task {transfer_id}')}"
    return text_message(text, context(hint))
