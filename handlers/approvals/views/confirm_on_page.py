"""Words about changes that are confirmed on a page."""

from __future__ import annotations

from datetime import datetime

from handlers.core.operations import Operation
from handlers.core.replies import Message
from handlers.core.text import escape
from handlers.ui import facts_shown
from handlers.ui.blocks import code, context, date, section


def ask(operation: Operation, address: str, until: datetime) -> Message:
    """Ask to confirm an operation of a strict account on the web page."""
    number, words = operation.account.project_id, operation.words
    text = f"Account {code(number)} is strict. Confirm on a secure page: {words}."
    shown = facts_shown.gist(operation.facts)
    return Message(
        text,
        (
            section(f"{text}\n*<{escape(address)}|Confirm>*"),
            *([section(facts_shown.bullets(shown))] if shown else []),
            context(
                "The page asks for the account's password or key. The link is for you only, works "
                f"once, and expires {date(until)}. Nothing has been done yet."
            ),
        ),
    )


def answered(words: str, answer: Message) -> Message:
    """The result, once it was confirmed."""
    text = f"Confirmed: {words}."
    blocks = answer.blocks or (section(answer.text),)
    return Message(f"{text} {answer.text}", (section(text), *blocks))
