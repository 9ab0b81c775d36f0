"""Words for the person who started a workflow, and for the outcomes of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from cloud.models import Image
from handlers.accounts.views.accounts import RUN
from handlers.core.button_values import pack
from handlers.core.command_line import quoted
from handlers.core.replies import Message
from handlers.core.text import clip
from handlers.ui.blocks import button, buttons, context, named, section
from handlers.ui.labels import Nicknames, duration, duration_code, number_label

DECLINE = "workflows.decline"
MAX_ERROR = 300
"""Characters of why a step failed: Slack shows it in one line."""
ENDED = "The image is no longer shared with that account."
UNLINKED = "The account that owns the image is no longer linked by the person who was asked."
INTERRUPTED = "The bot was interrupted. Nothing was shared: start the workflow again."
REFUSED = "The request for approval was not approved."
FAILED = "The request was approved, but sharing failed. The person who asked was told why."
NOBODY: Mapping[str, str] = {
    "share_image": "Nobody confirmed the share within 7 days.",
    "wait_for_answer": "The account did not answer within 30 days.",
}
"""By step."""


def asked(
    image: Image,
    number: str,
    nicknames: Nicknames,
    span: timedelta | None,
    because: str,
    run_id: str,
) -> Message:
    """Whether to share, as the workflow proposes."""
    how_long = f" for {duration(span)}" if span else ""
    text = (
        f"A workflow you started proposes to share {named(image.name or image.id)} with "
        f"{number_label(number, nicknames)}{how_long}."
    )
    share = f"share {image.id} {number}"
    if span:
        share += f" for {duration_code(span)}"
    if because:
        share += f" because {quoted(because)}"
    rows = [section(text)]
    if because:
        rows.append(context(f"Why: {named(because, 200)}"))
    return Message(
        text,
        (
            *rows,
            buttons(
                button("Review and share…", RUN, pack(share), style="primary"),
                button("Don't share", DECLINE, pack(run_id)),
            ),
        ),
    )


def declined(*, asked_for: bool = False) -> Message:
    """*asked_for*: the share was asked for, and a request for its approval is still open."""
    text = "Not shared. The workflow's step has ended."
    more = " Your request for approval is still open: withdraw it in `/images requests`."
    return Message(f"{text}{more}" if asked_for else text)


def declined_by(user_id: str) -> str:
    return f"<@{user_id}> chose not to share the image."


def failure(words: str) -> str:
    """Why a step failed, short enough for Slack."""
    return clip(words, MAX_ERROR)
