"""What many write into one address book at random."""

from __future__ import annotations

import random
from collections.abc import Sequence

from storage import Store

BOOK = ("T1", "https://identity.example.com")
NUMBERS, NICKNAMES = 4, 5


def write_names(store: Store, names: Sequence[str]) -> list[tuple[str, str, bool]]:
    """
    Name few accounts with few names, and forget some: what was put, and if it was free.

    A task of a worker, by a seed, so many times.
    """
    seed, times = names
    chance = random.Random(seed)  # noqa: S311 - a schedule, not a secret
    put = []
    for _ in range(int(times)):
        number, nickname = str(chance.randrange(NUMBERS)), f"n{chance.randrange(NICKNAMES)}"
        if chance.random() < 0.05:
            store.names.forget(*BOOK, number)
        else:
            put.append((number, nickname, store.names.put(*BOOK, number, nickname, seed)))
    return put
