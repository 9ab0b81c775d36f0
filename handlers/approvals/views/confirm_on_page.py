"""Words about changes that are confirmed on a page."""

from __future__ import annotations

from datetime import datetime

from handlers.core.operations import Operation
from handlers.core.replies import Message
from handlers.core.text import escape
from handlers.ui import facts_shown
from handlers.ui.blocks import code, context, date, section


def ask(operation: Operation, address: str, until: datetime) -> Message:
    """Where to confirm what a strict account is to do."""
    number, words = operation.account.project_id, operation.words
    text = f"Account {code(number)} is strict: confirm on a page of this bot that I shall {words}."
    shown = facts_shown.gist(operation.facts)
    return Message(
        text,
        (
            section(f"{text}\n*<{escape(address)}|Confirm it>*"),
            *([section(facts_shown.bullets(shown))] if shown else []),
            context(
                "The page asks for the password or key of the account, is for you alone, works "
                f"once, and ends {date(until)}. Nothing was done yet."
            ),
        ),
    )


def answered(words: str, answer: Message) -> Message:
    """What came of it, once it was confirmed."""
    text = f"Confirmed on the page: {words}."
    blocks = answer.blocks or (section(answer.text),)
    return Message(f"{text} {answer.text}", (section(text), *blocks))
