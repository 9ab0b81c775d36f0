"""What a person can put right about names and numbers, with the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.accounts.views.accounts import RUN
from handlers.core.button_values import pack
from handlers.core.errors import UserError
from handlers.core.replies import Block
from handlers.ui.blocks import button, code, date, named, section, typed
from handlers.ui.error_words import blocks_below, words
from storage import Name, PastName

MAX_NICKNAME_LENGTH = 40
"""Characters of a nickname."""


@dataclass(eq=False)
class BadNickname(UserError):
    """Not what an account can be called."""

    word: str


@words.register
def _(error: BadNickname) -> str:
    return (
        f"{typed(error.word)} cannot be the name of an account. A name has up to "
        f"{MAX_NICKNAME_LENGTH} letters, digits, dots, hyphens and underscores, at least one "
        "letter among them, of one script, and is neither an id nor a word such as `for`. The "
        "number comes first: `/images name 1100111 partner`. Nothing was changed."
    )


@dataclass(eq=False)
class NameTaken(UserError):
    """Another account is called that already."""

    nickname: str
    number: str


@words.register
def _(error: NameTaken) -> str:
    return (
        f"Account {code(error.number or 'another')} is called {named(error.nickname)} already. "
        "Take another name, or forget that one: `/images name`. Nothing was changed."
    )


@dataclass(eq=False)
class LooksLike(UserError):
    """Another account has a name that people would take for this one."""

    nickname: str
    other: str
    number: str


@words.register
def _(error: LooksLike) -> str:
    return (
        f"{named(error.nickname)} looks like {named(error.other)}, which account "
        f"{code(error.number)} is called. Take a name that nobody mistakes for it. "
        "Nothing was changed."
    )


@dataclass(eq=False)
class NoSuchName(UserError):
    """The word is no account number, and nothing in the address book is called that."""

    word: str
    suggestion: str | None


@words.register
def _(error: NoSuchName) -> str:
    return (
        f"{typed(error.word)} is neither an account number nor a name in the address book."
        + (f" Did you mean {named(error.suggestion)}?" if error.suggestion else "")
        + " See the names with `/images name`, and put image names with spaces in quotes."
    )


@dataclass(eq=False)
class PlainMention(UserError):
    """A name after an @ that Slack did not make a mention of."""

    word: str


@words.register
def _(error: PlainMention) -> str:
    return (
        f"Slack did not tell me who {named(error.word)} is. Choose the person from what Slack "
        "suggests while you type, or give the account number."
    )


@dataclass(eq=False)
class NotOnePerson(UserError):
    """A mention of a user group or a channel, where one person is wanted."""

    word: str


@words.register
def _(_: NotOnePerson) -> str:
    return (
        "Images are shared with accounts, and a channel or a group has none. Name one person, or "
        "give the account number."
    )


@dataclass(eq=False)
class NobodysAccount(UserError):
    """The person mentioned has linked no account of that cloud in this workspace."""

    user_id: str


@words.register
def _(error: NobodysAccount) -> str:
    return (
        f"<@{error.user_id}> has not linked an account of this cloud here. Ask them to do it with "
        "`/images link`, or for their account number."
    )


@dataclass(eq=False)
class SeveralAccounts(UserError):
    """The person mentioned has linked several; *commands* are the choices, by account number."""

    user_id: str
    commands: Sequence[tuple[str, str]]


@words.register
def _(error: SeveralAccounts) -> str:
    return f"<@{error.user_id}> has linked these accounts. Which one?"


@dataclass(eq=False)
class MeansAnother(UserError):
    """A name that meant another account until lately; *commands* are the choices, by number."""

    name: Name
    before: PastName
    commands: Sequence[tuple[str, str]]


@words.register
def _(error: MeansAnother) -> str:
    return (
        f"{named(error.name.nickname)} meant {code(error.before.number)} until "
        f"{date(error.before.ended_at)}. <@{error.name.named_by}> gave it to "
        f"{code(error.name.number)}. Which account do you mean? Nothing was changed."
    )


@dataclass(eq=False)
class PartedNumber(UserError):
    """What reads as several numbers is one that is known here, with spaces in it."""

    words: str
    number: str


@words.register
def _(error: PartedNumber) -> str:
    return (
        f"{code(error.words)} would be several accounts. For account {code(error.number)} write "
        "the number without spaces. Nothing was changed."
    )


@dataclass(eq=False)
class NotAnAccount(UserError):
    """The word cannot be an account number."""

    word: str


@words.register
def _(error: NotAnAccount) -> str:
    return (
        f"{typed(error.word)} is not an account number. Images are shared with an account: "
        "ask its people for the number, and put image names with spaces in quotes."
    )


@blocks_below.register
def _(error: SeveralAccounts) -> tuple[Block, ...]:
    return _choices(error.commands)


@blocks_below.register
def _(error: MeansAnother) -> tuple[Block, ...]:
    return _choices(error.commands)


def _choices(commands: Sequence[tuple[str, str]]) -> tuple[Block, ...]:
    """A button for each account, which gives the command again with its number."""
    return tuple(
        section(code(number), button("This one", RUN, pack(command), label=f"Account {number}"))
        for number, command in commands
        if command
    )
