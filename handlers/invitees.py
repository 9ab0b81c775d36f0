"""Whom an image is to be shared with, and for how long, as it is said in a command."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers import mentions
from handlers.errors import NotAnAccount, TooManyAccounts, Usage
from handlers.nicknames import NobodysAccount, NoSuchName, PlainMention, SeveralAccounts, TooLongWhy
from handlers.requests import Command
from handlers.services import Services
from handlers.spans import span as read_span
from handlers.suggest import like
from storage import Account

LONGEST = 200
"""Characters of a reason: a button carries it."""
FOR, BECAUSE, WITH = "for", "because", "with"
CLOSE = 0.8
"""How much alike two numbers are of which one may be a slip of the other."""

MOST_ACCOUNTS = 10
_PLAIN = re.compile(r"[\w.-]{1,64}", re.ASCII)
_NUMBER = re.compile(
    r"\d{1,64}|[0-9a-f]{16,64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)
"""What cannot be a slip in a name: digits, or an id as Keystone gives."""


@dataclass(frozen=True)
class Wanted:
    """What is said after the image."""

    words: tuple[str, ...]
    """Account numbers, names of the address book and mentions."""
    span: timedelta | None = None
    because: str = ""


def read(words: Sequence[str], form: str) -> Wanted:
    """
    `WITH… [for 7d] [because "…"]`.

    Raises:
        Usage: there is nobody to share with, or something is left over.

        BadSpan, TooLongWhy, PlainMention, TooManyAccounts: as they say.
    """
    rest = list(words[1:] if words and words[0].casefold() == WITH else words)
    because = _after(rest, BECAUSE)
    lasting = _after(rest, FOR)
    for word in rest:
        if word.startswith("@"):
            raise PlainMention(word)
    if len(rest) > MOST_ACCOUNTS:
        raise TooManyAccounts(MOST_ACCOUNTS)
    if not rest or because == [] or (lasting is not None and len(lasting) != 1):
        raise Usage(form)
    why = " ".join(because or ())
    if len(why) > LONGEST:
        raise TooLongWhy(LONGEST)
    return Wanted(tuple(rest), read_span(lasting[0]) if lasting else None, why)


def checked(words: Sequence[str]) -> list[str]:
    """
    Account numbers, each once. Whether such an account exists, no one can tell.

    Raises:
        NotAnAccount, TooManyAccounts: as they say.
    """
    for word in words:
        if not _PLAIN.fullmatch(word):
            raise NotAnAccount(word)
    numbers = list(dict.fromkeys(words))
    if len(numbers) > MOST_ACCOUNTS:
        raise TooManyAccounts(MOST_ACCOUNTS)
    return numbers


def numbers(
    command: Command, account: Account, words: Sequence[str], services: Services
) -> list[str]:
    """
    The account numbers that the words mean, on the account's cloud, each once.

    Raises:
        NoSuchName, PlainMention, NobodysAccount: nobody knows whom a word means.

        SeveralAccounts: a person has more than one.
    """
    found = [_number(command, account, word, services) for word in words]
    return checked(found)


def nicknames(account: Account, services: Services) -> Mapping[str, str]:
    """What the accounts of its cloud are called, by number."""
    known = services.store.names.of(account.team_id, account.cloud)
    return {each.number: each.nickname for each in known}


def linked(account: Account, services: Services) -> Mapping[str, Sequence[str]]:
    """Who in this workspace has linked which account of its cloud, by number."""
    people: dict[str, list[str]] = {}
    for each in services.store.accounts.all():
        if (each.team_id, each.cloud) == (account.team_id, account.cloud):
            people.setdefault(each.project_id, []).append(each.user_id)
    return people


def unknown(numbers: Sequence[str], account: Account, services: Services) -> list[str]:
    """Those that nobody here has linked or named: they may be slips."""
    known = {*nicknames(account, services), *linked(account, services)}
    return [number for number in numbers if number not in known]


def near(number: str, account: Account, services: Services) -> list[str]:
    """Known numbers of which this one may be a slip."""
    known = sorted({*nicknames(account, services), *linked(account, services)})
    return difflib.get_close_matches(number, known, n=2, cutoff=CLOSE)


def _after(words: list[str], keyword: str) -> list[str] | None:
    """What follows the keyword, taken off the end; None if it is not there."""
    for at, word in enumerate(words):
        if word.casefold() == keyword:
            taken = words[at + 1 :]
            del words[at:]
            return taken
    return None


def _number(command: Command, account: Account, word: str, services: Services) -> str:
    if user_id := mentions.person(word):
        return _persons(command, account, word, user_id, services)
    if not _PLAIN.fullmatch(word):
        raise NotAnAccount(word)
    names = services.store.names
    if known := names.by_nickname(account.team_id, account.cloud, word):
        return known.number
    if _NUMBER.fullmatch(word) or word in linked(account, services):
        return word
    suggestions = [each.nickname for each in names.of(account.team_id, account.cloud)]
    raise NoSuchName(word, like(word, suggestions))


def _persons(
    command: Command, account: Account, word: str, user_id: str, services: Services
) -> str:
    theirs = [
        each.project_id
        for each in services.store.accounts.of(account.team_id, user_id)
        if each.cloud == account.cloud
    ]
    match theirs:
        case []:
            raise NobodysAccount(user_id)
        case [one]:
            return one
    plain = command.text or " ".join((command.verb, *command.words))
    commands = [(number, _instead(plain, word, number)) for number in theirs]
    raise SeveralAccounts(user_id, commands)


def _instead(text: str, word: str, number: str) -> str:
    """The command with the number in place of the mention, with or without the name in it."""
    return re.sub(rf"{re.escape(word[:-1])}(\|[^>]*)?>", number, text)
