"""Suggestions for misspelt words and numbers."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


def closest(word: str, known: Sequence[str]) -> str | None:
    """Return the known word most similar to *word*; None if none is similar."""
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.6)), None)


def likely_typos(number: str, known: Sequence[str]) -> list[str]:
    """Return the known numbers of which this one may be a typo, the most similar first."""
    max_distance = min(2, len(number) // 3)
    distances = sorted((edit_distance(number, each), each) for each in known)
    return [each for distance, each in distances if 0 < distance <= max_distance]


def edit_distance(one: str, other: str) -> int:
    """Return how many characters to change, drop, add or swap (optimal string alignment)."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, c in enumerate(one):
        row = [i + 1]
        for j, d in enumerate(other):
            row.append(min(above[j] + (c != d), above[j + 1] + 1, row[j] + 1))
            if i and j and (c, d) == (other[j - 1], one[i - 1]):
                row[-1] = min(row[-1], before[j - 1] + 1)
        before, above = above, row
    return above[-1]
