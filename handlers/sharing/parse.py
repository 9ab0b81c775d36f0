"""Whom an image is to be shared with, how long and why, as a command says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers.addressbook.recipients import refuse_plain_mention
from handlers.core.errors import Usage
from handlers.core.lists import STOPS, listed
from handlers.sharing.durations import parse_duration
from handlers.sharing.errors import TooLongWhy, TooManyAccounts

LONGEST = 200
"""Characters of a reason: a button carries it."""


FOR, BECAUSE, WITH = "for", "because", "with"


MOST_ACCOUNTS = 10


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

        BadSpan, TooLongWhy, PlainMention, NotOnePerson, TooManyAccounts: as they say.
    """
    rest = list(words[1:] if words and words[0].casefold() == WITH else words)
    because = _after(rest, BECAUSE)
    lasting = _after(rest, FOR)
    rest = listed(rest)
    for word in rest:
        refuse_plain_mention(word)
    few(rest)
    if not rest or because == [] or lasting == []:
        raise Usage(form)
    why = " ".join(because or ())
    if len(why) > LONGEST:
        raise TooLongWhy(LONGEST)
    return Wanted(tuple(rest), _span(lasting) if lasting else None, why)


def _span(words: Sequence[str]) -> timedelta:
    return parse_duration(" ".join(words).rstrip(STOPS))


def few(words: Sequence[str]) -> list[str]:
    """
    Themselves.

    Raises:
        TooManyAccounts: so many may not be shared with at once.
    """
    if len(words) > MOST_ACCOUNTS:
        raise TooManyAccounts(MOST_ACCOUNTS)
    return list(words)


def _after(words: list[str], keyword: str) -> list[str] | None:
    """What follows the keyword, taken off the end; None if it is not there."""
    for at, word in enumerate(words):
        if word.casefold() == keyword:
            taken = words[at + 1 :]
            del words[at:]
            return taken
    return None
