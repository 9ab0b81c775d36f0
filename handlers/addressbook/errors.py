"""Errors about names and numbers that a person can correct, with their words."""

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
    """The word cannot be a nickname."""

    word: str


@words.register
def _(error: BadNickname) -> str:
    return (
        f"{typed(error.word)} can't be a name. Use up to {MAX_NICKNAME_LENGTH} letters, digits, "
        "dots, hyphens and underscores, with at least one letter, in one script; no ids, and no "
        "words such as `for`. The number comes first: `/images name 1100111 partner`. Nothing was "
        "changed."
    )


@dataclass(eq=False)
class NameTaken(UserError):
    """Another account already has this name."""

    nickname: str
    number: str


@words.register
def _(error: NameTaken) -> str:
    return (
        f"{named(error.nickname)} is already the name of account "
        f"{code(error.number or 'another')}. Choose another, or remove that one: `/images name`. "
        "Nothing was changed."
    )


@dataclass(eq=False)
class LooksLike(UserError):
    """Another account has a name that looks like this one."""

    nickname: str
    other: str
    number: str


@words.register
def _(error: LooksLike) -> str:
    return (
        f"{named(error.nickname)} looks like {named(error.other)}, the name of account "
        f"{code(error.number)}. Choose a name that can't be confused with it. Nothing was changed."
    )


@dataclass(eq=False)
class NoSuchName(UserError):
    """The word is neither an account number nor a name in the address book."""

    word: str
    suggestion: str | None


@words.register
def _(error: NoSuchName) -> str:
    return (
        f"{typed(error.word)} is neither an account number nor a name in the address book."
        + (f" Did you mean {named(error.suggestion)}?" if error.suggestion else "")
        + " See the names with `/images name`. Quote image names with spaces."
    )


@dataclass(eq=False)
class PlainMention(UserError):
    """A name after an @ that Slack did not turn into a mention."""

    word: str


@words.register
def _(error: PlainMention) -> str:
    return (
        f"I don't know who {named(error.word)} is. Pick the person from Slack's suggestions while "
        "you type, or use the account number."
    )


@dataclass(eq=False)
class NotOnePerson(UserError):
    """A mention of a user group or a channel, where one person is wanted."""

    word: str


@words.register
def _(_: NotOnePerson) -> str:
    return (
        "Channels and groups have no account to share with. Mention one person, or use the account "
        "number."
    )


@dataclass(eq=False)
class NobodysAccount(UserError):
    """The person mentioned has not linked an account of that cloud in this workspace."""

    user_id: str


@words.register
def _(error: NobodysAccount) -> str:
    return (
        f"<@{error.user_id}> has not linked an account of this cloud here. Ask them to run "
        "`/images link`, or ask for their account number."
    )


@dataclass(eq=False)
class SeveralAccounts(UserError):
    """The person mentioned has linked several; *commands* are the choices, by account number."""

    user_id: str
    commands: Sequence[tuple[str, str]]


@words.register
def _(error: SeveralAccounts) -> str:
    return f"<@{error.user_id}> has linked several accounts. Which one?"


@dataclass(eq=False)
class MeansAnother(UserError):
    """A name that meant another account until recently; *commands* are the choices, by number."""

    name: Name
    before: PastName
    commands: Sequence[tuple[str, str]]


@words.register
def _(error: MeansAnother) -> str:
    return (
        f"{named(error.name.nickname)} meant {code(error.before.number)} until "
        f"{date(error.before.ended_at)}; <@{error.name.named_by}> changed it to "
        f"{code(error.name.number)}. Which account do you mean? Nothing was changed."
    )


@dataclass(eq=False)
class PartedNumber(UserError):
    """A known number was written with spaces, which reads as several."""

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
        f"{typed(error.word)} is not an account number. Ask the other account for its number. "
        "Quote image names with spaces."
    )


@blocks_below.register
def _(error: SeveralAccounts) -> tuple[Block, ...]:
    return _choices(error.commands)


@blocks_below.register
def _(error: MeansAnother) -> tuple[Block, ...]:
    return _choices(error.commands)


def _choices(commands: Sequence[tuple[str, str]]) -> tuple[Block, ...]:
    """A button for each account, which repeats the command with its number."""
    return tuple(
        section(
            code(number), button("Choose", RUN, pack(command), label=f"Choose account {number}")
        )
        for number, command in commands
        if command
    )
