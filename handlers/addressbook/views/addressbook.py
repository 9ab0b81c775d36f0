"""Words about the address book, and how messages call the accounts in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.accounts.views.accounts import RUN
from handlers.addressbook import nicknames as user
from handlers.core.replies import Block, Message
from handlers.ui.blocks import (
    button,
    buttons,
    code,
    context,
    counted,
    date,
    named,
    section,
    sentences,
)
from handlers.ui.button_values import number as whole
from handlers.ui.button_values import pack, unpack
from storage import Account, Name

FORGET = "names.forget"
PAGE = "names.page"
PAGE_BACK = "names.page_back"
SHOWN = 15
"""Entries on a page."""


WORDS: Mapping[type[Exception], str | Callable[[Any], str]] = {
    user.BadNickname: lambda e: (
        f"{named(e.word)} cannot be the name of an account. A name has up to {user.MOST} letters, "
        "digits, dots, hyphens and underscores, at least one letter among them, and is neither an "
        "id nor a word such as `for`. The number comes first: `/images name 1100111 partner`. "
        "Nothing was changed."
    ),
    user.NameTaken: lambda e: (
        f"Account {code(e.number or 'another')} is called {named(e.nickname)} already. Take "
        "another name, or forget that one: `/images name`. Nothing was changed."
    ),
    user.NoSuchName: lambda e: (
        f"{named(e.word)} is neither an account number nor a name in the address book."
        + (f" Did you mean {named(e.suggestion)}?" if e.suggestion else "")
        + " See the names with `/images name`, and put image names with spaces in quotes."
    ),
    user.PlainMention: lambda e: (
        f"Slack did not tell me who {named(e.word)} is. Choose the person from what Slack suggests "
        "while you type, or give the account number."
    ),
    user.NotOnePerson: (
        "Images are shared with accounts, and a channel or a group has none. Name one person, or "
        "give the account number."
    ),
    user.NobodysAccount: lambda e: (
        f"<@{e.user_id}> has linked no account of this cloud here. Ask them to do it with "
        "`/images link`, or for their account number."
    ),
    user.SeveralAccounts: lambda e: f"<@{e.user_id}> has linked these accounts. Which one?",
    user.TooLongWhy: lambda e: f"A reason has at most {e.most} characters. Make it shorter.",
}


def book(account: Account, names: Sequence[Name], at: int = 1, said: str = "") -> Message:
    """All entries of the account's cloud, a page of them; *said* is what was just done."""
    held = f"has {counted(len(names), 'name')}" if names else "is empty"
    text = f"The address book {held}."
    pages = max(1, -(-len(names) // SHOWN))
    at = min(max(1, at), pages)
    shown = names[(at - 1) * SHOWN : at * SHOWN]
    blocks = [section(said)] if said else []
    blocks += [section(text), *(_row(account, each) for each in shown)]
    if pages > 1:
        blocks += [context(f"Page {at} of {pages}."), buttons(*_turns(account, at, pages))]
    blocks.append(
        context(
            f"It is for everyone in this workspace, on the cloud of account "
            f"{code(account.project_id)}. Add one: `/images name 2200222 partner`. Share with it: "
            "`/images share IMAGE partner`."
        )
    )
    return Message(sentences([said, text]), tuple(blocks))


def named_now(number: str, nickname: str, before: Name | None) -> str:
    was = f", no longer {named(before.nickname)}" if before else ""
    return f"Account {code(number)} is now called {named(nickname)}{was}."


def forgotten(number: str, before: Name | None) -> str:
    if before is None:
        return f"Account {code(number)} has no name."
    return f"Account {code(number)} is no longer called {named(before.nickname)}."


def which(error: user.SeveralAccounts) -> tuple[Block, ...]:
    """A button for each account of the person, which gives the command again with its number."""
    return tuple(
        section(code(number), button("This one", RUN, pack(command), label=f"Account {number}"))
        for number, command in error.commands
    )


def read_forget(value: str) -> tuple[str, str]:
    """The bot's own id of an account, and the number of the entry."""
    account_id, number = unpack(value, 2)[:2]
    return account_id, number


def read_page(value: str) -> tuple[str, int]:
    account_id, at = unpack(value, 2)[:2]
    return account_id, whole(at)


def _row(account: Account, name: Name) -> Block:
    by = f"by <@{name.named_by}>, {date(name.named_at)}"
    text = f"*{named(name.nickname)}* {code(name.number)}\n{by}"
    value = pack(account.id, name.number)
    return section(text, button("Forget", FORGET, value, label=f"Forget {name.nickname}"))


def _turns(account: Account, at: int, pages: int) -> list[Block]:
    turns = []
    if at > 1:
        turns.append(button("Previous", PAGE_BACK, pack(account.id, str(at - 1))))
    if at < pages:
        turns.append(button("Next", PAGE, pack(account.id, str(at + 1))))
    return turns
