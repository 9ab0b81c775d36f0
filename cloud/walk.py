"""
Read a listing page by page, and always end, whatever the service sends.

Services differ: some give shorter pages than asked, some say where the next page is and some do
not, some lose their order on the way. So a listing ends at a page that has nothing new.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from cloud import asking
from cloud.errors import (
    Forbidden,
    Invalid,
    NoSuchService,
    NotFound,
    Unavailable,
    UnexpectedAnswer,
)

RESTARTS = 5
"""How often a listing begins again because what its last page ended with is gone."""
PAGES = 2000
"""Pages of one listing at most: 2 million images, 20 million objects."""
LONGEST_S = 600.0
"""Seconds that a whole listing may take to be answered."""

Row = Mapping[str, Any]
Params = Sequence[tuple[str, str]]


@contextmanager
def present(service: str, region: str) -> Iterator[None]:
    """
    A service of which the list of all that it has is not there is not there itself.

    Raises:
        cloud.errors.NoSuchService: 404.
    """
    try:
        yield
    except NotFound as error:
        raise NoSuchService(service, region) from error


def walk(ask: Callable[[Params], Sequence[Row]], key: str, what: str) -> Iterator[Row]:
    """
    Each row once, asked for as they are read.

    What changes on the way is there or not, as it falls; nothing else is left out.

    Args:
        ask: the rows of a page, given what to add to its parameters; each has *key*.

    Raises:
        cloud.errors.UnexpectedAnswer: it does not end, or begins again for ever.

        cloud.errors.Unavailable: it takes too long, or nobody waits for it any longer.
    """
    seen: set[str] = set()
    bound = _Bound(what)
    for _ in range(RESTARTS):
        try:
            for row in _pages(ask, key, bound):
                if row[key] not in seen:
                    seen.add(row[key])
                    yield row
        except _MarkerGone:
            continue
        return
    raise UnexpectedAnswer(f"{what} are deleted faster than they can be listed")


class _MarkerGone(Exception):
    """What the last page ended with was deleted (400, 404), or is no longer shared (403)."""


class _Bound:
    """How much of a listing is asked for at most."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._pages = 0
        self._seconds = 0.0

    def ask(self, ask: Callable[[Params], Sequence[Row]], more: Params) -> Sequence[Row]:
        asking.check()
        if self._pages == PAGES:
            raise UnexpectedAnswer(f"the listing of {self._what} does not end")
        if self._seconds > LONGEST_S:
            raise Unavailable(asking.LATE)
        self._pages += 1
        started = time.monotonic()
        try:
            return ask(more)
        finally:
            self._seconds += time.monotonic() - started


def _pages(ask: Callable[[Params], Sequence[Row]], key: str, bound: _Bound) -> Iterator[Row]:
    passed: set[str] = set()
    rows = bound.ask(ask, ())
    while any(row[key] not in passed for row in rows):
        passed.update(row[key] for row in rows)
        yield from rows
        try:
            rows = bound.ask(ask, [("marker", rows[-1][key])])
        except (Invalid, Forbidden, NotFound) as error:
            raise _MarkerGone from error
