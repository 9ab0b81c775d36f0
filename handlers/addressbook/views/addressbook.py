"""Words about the address book, and how messages call the accounts in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from handlers.core.button_values import ButtonValue
from handlers.core.replies import Block, Message
from handlers.ui.blocks import (
    button,
    code,
    context,
    counted,
    date,
    named,
    section,
    sentences,
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
    """The value of Next and Previous: through which linked account, and the page to show."""

    account_id: str
    page: int


@dataclass(frozen=True)
class Entry(ButtonValue):
    """The value of Forget: through which linked account, and the number that has a name."""

    account_id: str
    number: str


def book(account: Account, names: Sequence[Name], page: int = 1, result: str = "") -> Message:
    """All entries of the account's cloud, a page of them; *result* is what was just done."""
    held = f"has {counted(len(names), 'name')}" if names else "is empty"
    text = f"The address book {held}."
    listed = page_of(names, page, SHOWN)
    blocks = [section(result)] if result else []
    blocks += [section(text), *(_row(account, each) for each in listed.shown)]
    blocks += turns(listed, partial(BookPage, account.id), back=PAGE_BACK, on=PAGE)
    blocks.append(
        context(
            f"It is for everyone in this workspace, on the cloud of account "
            f"{code(account.project_id)}. Add one: `/images name 2200222 partner`. Share with it: "
            "`/images share IMAGE partner`."
        )
    )
    return Message(sentences([result, text]), tuple(blocks))


def name_changed(number: str, nickname: str, before: Name | None) -> str:
    was = f", no longer {named(before.nickname)}" if before else ""
    return f"Account {code(number)} is now called {named(nickname)}{was}."


def name_forgotten(number: str, before: Name | None) -> str:
    if before is None:
        return f"Account {code(number)} has no name."
    return f"Account {code(number)} is no longer called {named(before.nickname)}."


def changed_notice(by: str, nickname: str, number: str, now: str) -> Message:
    """For whoever gave a name, or has used it; *now* is the number it means, "" for none."""
    meant = f"{named(nickname)}, which meant account {code(number)},"
    what = f"{meant} now means {code(now)}" if now else f"{meant} means no account any more"
    text = f"<@{by}> changed the address book: {what}."
    return Message(text, (section(text), context("See it: `/images name`.")))


def _row(account: Account, name: Name) -> Block:
    by = f"by <@{name.named_by}>, {date(name.named_at)}"
    text = f"*{named(name.nickname)}* {code(name.number)}\n{by}"
    value = Entry(account.id, name.number).value()
    return section(text, button("Forget", FORGET, value, label=f"Forget {name.nickname}"))
