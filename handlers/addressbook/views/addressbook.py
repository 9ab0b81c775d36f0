"""Words about the address book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from handlers.core.button_values import ButtonValue
from handlers.core.replies import Block, Message
from handlers.ui import rows
from handlers.ui.blocks import (
    button,
    code,
    context,
    counted,
    moment,
    mono,
    named,
    section,
    sentences,
    strong,
    who,
)
from handlers.ui.paging import page_of, turns
from storage import Account, Name

FORGET = "names.forget"
PAGE = "names.page"
PAGE_BACK = "names.page_back"
SHOWN = 15
"""Entries on a page."""


@dataclass(frozen=True)
class BookPage(ButtonValue):
    """The value of Next and Previous: the linked account, and the page to show."""

    account_id: str
    page: int


@dataclass(frozen=True)
class Entry(ButtonValue):
    """The value of Remove: the linked account, and the number that has a name."""

    account_id: str
    number: str


def book(account: Account, names: Sequence[Name], page: int = 1, result: str = "") -> Message:
    """A page of the entries of the account's cloud; *result* is what was just done."""
    held = f"has {counted(len(names), 'name')}" if names else "is empty"
    text = f"The address book {held}."
    listed = page_of(names, page, SHOWN)
    blocks = [section(result)] if result else []
    blocks.append(section(text))
    for each in listed.shown:
        blocks += _row(account, each)
    blocks += turns(listed, partial(BookPage, account.id), back=PAGE_BACK, on=PAGE)
    blocks.append(
        context(
            f"For everyone in this workspace, on the cloud of account {code(account.project_id)}. "
            "Add a name: `/images name 2200222 partner` · Use it: `/images share IMAGE partner`"
        )
    )
    return Message(sentences([result, text]), tuple(blocks))


def name_changed(number: str, nickname: str, before: Name | None) -> str:
    was = f" (was {named(before.nickname)})" if before else ""
    return f"Account {code(number)} is now named {named(nickname)}{was}."


def name_forgotten(number: str, before: Name | None) -> str:
    if before is None:
        return f"Account {code(number)} has no name."
    return f"Removed the name {named(before.nickname)} from account {code(number)}."


def changed_notice(by: str, nickname: str, number: str, now: str) -> Message:
    """Notify those who set or used a name; *now* is the number it means, "" for none."""
    name, old = named(nickname), f"account {code(number)}"
    removed = f"removed {name} ({old}) from the address book"
    changed = f"changed {name} from {old} to account {code(now)} in the address book"
    text = f"<@{by}> {changed if now else removed}."
    return Message(text, (section(text), context("Address book: `/images name`")))


def _row(account: Account, name: Name) -> list[Block]:
    value = Entry(account.id, name.number).value()
    return rows.row(
        (strong(name.nickname), " ", mono(name.number)),
        ("added by ", who(name.named_by), ", ", moment(name.named_at)),
        [button("Remove", FORGET, value, label=f"Remove {name.nickname}")],
    )
