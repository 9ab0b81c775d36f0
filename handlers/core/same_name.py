"""Compare a typed word with a name, ignoring case and Slack's emoji names."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import TypeVar

import emoji

from handlers.core.lists import STOPS

T = TypeVar("T")
MOST = 3
"""Names that a misspelt one may mean."""
LONGEST = 255
"""Characters of a name that are compared."""


def folded(name: str) -> str:
    """
    Without capitals, and with the names of emoji: Slack sends `:rocket:` where one types 🚀.

    Names that differ in nothing else are the same to people.
    """
    plain = unicodedata.normalize("NFC", name[:LONGEST])
    return " ".join(emoji.demojize(plain, language="alias").casefold().split())


def same(word: str, each: Sequence[T], name: Callable[[T], str]) -> list[T]:
    """The items of that name; a full stop after the word may end a sentence."""
    wanted = {folded(word), folded(word.rstrip(STOPS))} - {""}
    return [one for one in each if folded(name(one)) in wanted]


def alike(word: str, each: Sequence[T], name: Callable[[T], str]) -> list[T]:
    """The few whose names are most like a misspelt one."""
    names = {one_folded: one for one in each if (one_folded := folded(name(one)))}
    near = get_close_matches(folded(word.rstrip(STOPS)), list(names), n=MOST, cutoff=0.6)
    return [names[each_near] for each_near in near]
