"""Parse numbers wherever one is typed: account numbers, times, time spans and counts."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WHOLE = re.compile(r"[0-9]{1,10}")
"""`\\d`, `isdigit` and `int` take the digits of every script, and a cloud knows none of them."""
_PROJECT = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
"""A project's id as Keystone gives it: a UUID, which it writes without dashes."""


def whole(word: str) -> int | None:
    """A whole number, 0 or more, of at most ten digits; None if it is no such number."""
    return int(word) if _WHOLE.fullmatch(word) else None


def other_script(word: str) -> bool:
    """Whether it has digits that no cloud takes for some, as `٥` and `５`."""
    return any(c.isdecimal() and not c.isascii() for c in word)


def account_number(word: str, known: Iterable[str] = ()) -> str:
    """
    An account's number or id as the cloud writes it.

    One of the *known* accounts is meant whatever its capitals and dashes.
    """
    known = tuple(known)
    if word in known:
        return word
    same = [each for each in known if _compact(each) == _compact(word)]
    if len(same) == 1:
        return same[0]
    return _compact(word) if _PROJECT.fullmatch(word) else word


def _compact(word: str) -> str:
    return word.replace("-", "").casefold()
