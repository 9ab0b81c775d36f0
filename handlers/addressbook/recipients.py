"""Resolve the recipients of a share: account numbers, nicknames and mentions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import timedelta

from handlers.addressbook.errors import (
    MeansAnother,
    NobodysAccount,
    NoSuchName,
    NotAnAccount,
    NotOnePerson,
    PartedNumber,
    PlainMention,
    SeveralAccounts,
)
from handlers.core import mentions
from handlers.core.interactions import Command, Person
from handlers.core.numbers import account_number
from handlers.core.presence import require_present
from handlers.core.services import Services
from handlers.core.suggestions import closest, likely_typos
from storage import Account, Name, PastName

ASKED_TWICE = timedelta(days=7)
"""How long one is asked twice about a name that means another account than before."""
MAX_SIMILAR = 3
"""Known numbers shown of which one may be a slip."""
_PLAIN = re.compile(r"[\w.-]{1,64}", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}( [0-9]{3})+")
_NUMBER = re.compile(
    r"[0-9]{1,64}|[0-9a-f]{16,64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)
"""What cannot be a slip in a name: digits, or an id as Keystone gives."""


def account_numbers(
    command: Command, account: Account, words: Sequence[str], services: Services
) -> list[str]:
    """
    The account numbers that the words mean, as `resolve_recipients` finds them.

    Raises:
        MeansAnother: a name meant another account until recently. To ask in another way, call
            `resolve_recipients`.
    """
    for word in words:
        _check_unchanged(command, account, word, services)
    return list(resolve_recipients(command, account, words, services))


def resolve_recipients(
    command: Command, account: Account, words: Sequence[str], services: Services
) -> Mapping[str, str]:
    """
    The accounts that the words mean, on the account's cloud: each with the id of the person
    who was mentioned, or "".

    Raises:
        NotAnAccount, NoSuchName, PlainMention, NotOnePerson, NobodysAccount: nobody knows
        whom a word means.

        SeveralAccounts: a person has more than one.

        PartedNumber: the words are the parts of one number.
    """
    _refuse_parted(account, words, services)
    found: dict[str, str] = {}
    for word in words:
        number, user_id = _resolve(command, account, word, services)
        found[number] = user_id or found.get(number, "")
    return found


def _refuse_parted(account: Account, words: Sequence[str], services: Services) -> None:
    """`2 200 222` is the account 2200222 as people write numbers, if that one is known here."""
    known = {*nicknames(account, services), *people_by_number(account, services)}
    for first in range(len(words)):
        for last in range(first + 2, len(words) + 1):
            group = words[first:last]
            whole = "".join(group)
            if whole in known and not known & {*group} and _GROUPED.fullmatch(" ".join(group)):
                raise PartedNumber(" ".join(group), whole)


def nicknames(account: Account, services: Services) -> Mapping[str, str]:
    """What the accounts of its cloud are called, by number."""
    known = services.store.names.of(account.team_id, account.cloud)
    return {each.number: each.nickname for each in known}


def people_by_number(account: Account, services: Services) -> Mapping[str, Sequence[str]]:
    """Who in this workspace has linked which account of its cloud, by number."""
    people: dict[str, list[str]] = {}
    for each in services.store.accounts.of_cloud(account.team_id, account.cloud):
        people.setdefault(each.project_id, []).append(each.user_id)
    return people


def unknown_numbers(numbers: Sequence[str], account: Account, services: Services) -> list[str]:
    """Those that nobody here has linked or named: they may be slips."""
    known = {*nicknames(account, services), *people_by_number(account, services)}
    return [number for number in numbers if number not in known]


def changed_names(
    numbers: Sequence[str], account: Account, services: Services
) -> Sequence[tuple[Name, PastName]]:
    """Names that got their number in the last week, and meant another before."""
    names, since = services.store.names, services.clock() - ASKED_TWICE
    found = []
    for number in numbers:
        now = names.by_number(account.team_id, account.cloud, number)
        if now is None or now.named_at < since:
            continue
        past = names.past(account.team_id, account.cloud, now.nickname)
        found += [(now, before) for before in past if before.number != number][:1]
    return found


def similar_numbers(number: str, account: Account, services: Services) -> list[str]:
    """Known numbers of which this one may be a slip."""
    known = {*nicknames(account, services), *people_by_number(account, services)}
    return likely_typos(number, sorted(known))[:MAX_SIMILAR]


def looks_like_number(word: str) -> bool:
    """Whether a word can only be an account's number or id."""
    return bool(_NUMBER.fullmatch(word))


def _resolve(command: Command, account: Account, word: str, services: Services) -> tuple[str, str]:
    if mentioned := mentions.person_with(word):
        return _account_of_person(command, account, *mentioned, services), mentioned[0]
    refuse_plain_mention(word)
    return _number(command, account, word, services), ""


def refuse_plain_mention(word: str) -> None:
    if mentions.group(word) or mentions.channel(word):
        raise NotOnePerson(word)
    if word.startswith(("@", "&lt;@")):  # the latter is typed by hand
        raise PlainMention(word.replace("&lt;", "<").replace("&gt;", ">"))


def _check_unchanged(command: Command, account: Account, word: str, services: Services) -> None:
    """Ask which one is meant, with a button for each that gives the command with its number."""
    now = _by_nickname(account, word, services)
    changed = changed_names([now.number], account, services) if now else ()
    for name, before in changed:
        numbers = (name.number, before.number)
        commands = [(each, _with_other_word(command, word, each)) for each in numbers]
        raise MeansAnother(name, before, commands)


def _by_nickname(account: Account, word: str, services: Services) -> Name | None:
    names = services.store.names
    forms = (unicodedata.normalize(form, word) for form in ("NFC", "NFKC"))
    found = (names.by_nickname(account.team_id, account.cloud, form) for form in forms)
    return next(filter(None, found), None)


def _with_other_word(command: Command, word: str, number: str) -> str:
    """The command with the number instead of the last such word: images come before accounts."""
    plain = command.text or " ".join((command.verb, *command.words))
    before, found, after = plain.rpartition(word)
    return f"{before}{number}{after}" if found else ""


def _number(command: Command, account: Account, word: str, services: Services) -> str:
    names = services.store.names
    if known := _by_nickname(account, word, services):
        names.used(account.team_id, account.cloud, known.nickname, command.person.user_id)
        return known.number
    number = account_number(word, people_by_number(account, services))
    if _NUMBER.fullmatch(number) or number in people_by_number(account, services):
        return number
    if not _PLAIN.fullmatch(word):
        raise NotAnAccount(word)
    suggestions = [each.nickname for each in names.of(account.team_id, account.cloud)]
    raise NoSuchName(word, closest(word, suggestions))


def _account_of_person(
    command: Command, account: Account, user_id: str, number: str, services: Services
) -> str:
    """The person's account on the same cloud; not the one that shares, if they have another."""
    require_present(Person(account.team_id, user_id), services)
    linked_here = [
        each.project_id
        for each in services.store.accounts.of(account.team_id, user_id)
        if each.cloud == account.cloud
    ]
    others = [each for each in linked_here if each != account.project_id] or linked_here
    if number in linked_here:
        return number
    if not others:
        raise NobodysAccount(user_id)
    if len(others) == 1 and not number:
        return others[0]
    plain = command.text or " ".join((command.verb, *command.words))
    raise SeveralAccounts(user_id, [(each, _with_number(plain, user_id, each)) for each in others])


def _with_number(text: str, user_id: str, number: str) -> str:
    """The command with the number after the first mention of them."""
    mention = rf"<@{user_id}(\|[^<>]*)?>(/[\w.-]*)?"
    return re.sub(mention, f"<@{user_id}>/{number}", text, count=1)
