"""What many do with the same claims and tokens, at random, and what they got."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from storage import Store
from storage.db.locks_and_tokens import Once
from tests.storage.fixtures import START, HandClock

KEYS = ("k0", "k1")
KIND = "link"


class Span(NamedTuple):
    """A claim on a key: from when on, and until when, in seconds of a clock turned by hand."""

    key: str
    start: int
    end: int


class Visit(NamedTuple):
    key: str
    claims: bool
    """Whether it enters with a claim; or else it lets go of what it does not hold."""


class Use(NamedTuple):
    """Of a token: to look at it or to spend it, in time or too late, as its kind or another."""

    number: int
    spends: bool
    late: bool = False
    kind: str = KIND


def win(store: Store, wanted: Sequence[Span]) -> list[Span]:
    """Which of these claims were won, by a clock that runs as they say."""
    clock = HandClock()
    once = Once(store._db, clock)
    won = []
    for span in wanted:
        clock.now = START + timedelta(seconds=span.start)
        if once.claim(span.key, span.end - span.start):
            won.append(span)
    return won


def visit(store: Store, folder: Path, visits: Sequence[Visit]) -> list[tuple[str, bool]]:
    """
    Enter, with a claim, where only one may be: which key, and if nobody was there.

    That is told by a file which only one can create.
    """
    once = Once(store._db, HandClock())
    return [
        (each.key, alone) for each in visits if (alone := _visited(once, folder, each)) is not None
    ]


def use(store: Store, tokens: Sequence[str], uses: Sequence[Use]) -> list[bool]:
    """Whether the token was good, at each."""
    clock = HandClock()
    once = Once(store._db, clock)
    good = []
    for each in uses:
        clock.now = START + timedelta(seconds=60 if each.late else 59)
        do = once.redeem if each.spends else once.peek
        got = do(each.kind, tokens[each.number])
        assert got in (None, {"number": each.number})
        good.append(got is not None)
    return good


def win_spans(store: Store, names: Sequence[str]) -> list[Span]:
    """Which claims were won, of some at random by a seed. A task of a worker."""
    [seed] = names
    return win(store, spans_at_random(seed, 200))


def visit_places(store: Store, names: Sequence[str]) -> list[tuple[str, bool]]:
    """Enter at random, by a seed. A task of a worker."""
    seed, folder = names
    return visit(store, Path(folder), visits_at_random(seed, 150))


def spans_at_random(seed: str, count: int) -> list[Span]:
    chance = random.Random(seed)  # noqa: S311 - a schedule, not a secret
    starts = (chance.randrange(count) for _ in range(count))
    return [Span(chance.choice(KEYS), start, start + chance.randint(1, 20)) for start in starts]


def visits_at_random(seed: str, count: int) -> list[Visit]:
    chance = random.Random(seed)  # noqa: S311 - likewise
    return [Visit(chance.choice(KEYS), chance.random() < 0.75) for _ in range(count)]


def uses_at_random(seed: str, count: int, tokens: int) -> list[Use]:
    chance = random.Random(seed)  # noqa: S311 - likewise
    return [
        Use(
            chance.randrange(tokens),
            spends=chance.random() < 0.5,
            late=chance.random() < 0.25,
            kind=KIND if chance.random() < 0.75 else "undo",
        )
        for _ in range(count)
    ]


def _visited(once: Once, folder: Path, what: Visit) -> bool | None:
    if not what.claims:
        once.release(what.key)
        return None
    if not once.claim(what.key, 60):
        return None
    alone = _alone(folder / what.key)
    once.release(what.key)
    return alone


def _alone(place: Path) -> bool:
    try:
        os.close(os.open(place, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    os.sched_yield()
    with suppress(FileNotFoundError):  # where two are, one of them has cleared it
        place.unlink()
    return True
