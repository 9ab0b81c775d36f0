"""Parse the arguments of `share`: the accounts, for how long, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers.addressbook.recipients import refuse_plain_mention
from handlers.core.errors import Usage
from handlers.core.lists import STOPS, listed
from handlers.sharing.durations import parse_duration
from handlers.sharing.errors import TooLongWhy, TooManyAccounts
from handlers.sharing.limits import MAX_ACCOUNTS, MAX_REASON_LENGTH

FOR, BECAUSE = "for", "because"
WITH = frozenset({"with", "to"})


@dataclass(frozen=True)
class ShareArguments:
    """The arguments of `share` after the image."""

    words: tuple[str, ...]
    """Account numbers, names of the address book and mentions."""
    span: timedelta | None = None
    because: str = ""


def parse_arguments(words: Sequence[str], form: str) -> ShareArguments:
    """
    Parse `WITH… [for 7d] [because "…"]`.

    Raises:
        Usage: there is nobody to share with, or something is left over.

        BadSpan, TooLongWhy, PlainMention, NotOnePerson, TooManyAccounts: as they say.
    """
    rest = list(words[1:] if words and words[0].casefold() in WITH else words)
    because = _take_after(rest, BECAUSE)
    duration_words = _take_after(rest, FOR)
    rest = listed(rest)
    for word in rest:
        refuse_plain_mention(word)
    check_count(rest)
    if not rest or because == [] or duration_words == []:
        raise Usage(form)
    why = " ".join(because or ())
    check_reason(why)
    return ShareArguments(tuple(rest), _span(duration_words) if duration_words else None, why)


def _span(words: Sequence[str]) -> timedelta:
    return parse_duration(" ".join(words).rstrip(STOPS))


def check_reason(why: str) -> None:
    """
    Raises:
        TooLongWhy: a button could not carry it.
    """
    if len(why) > MAX_REASON_LENGTH:
        raise TooLongWhy(MAX_REASON_LENGTH)


def check_count(words: Sequence[str]) -> list[str]:
    """
    Return the words.

    Raises:
        TooManyAccounts: there are more than MAX_ACCOUNTS.
    """
    if len(words) > MAX_ACCOUNTS:
        raise TooManyAccounts(MAX_ACCOUNTS)
    return list(words)


def _take_after(words: list[str], keyword: str) -> list[str] | None:
    """Cut off the keyword and the words after it, and return these; None if it is not there."""
    for at, word in enumerate(words):
        if word.casefold() == keyword:
            taken = words[at + 1 :]
            del words[at:]
            return taken
    return None
