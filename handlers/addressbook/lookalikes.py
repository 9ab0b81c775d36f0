"""Recognise names that look alike: Unicode TR39's confusables, and tricks with plain letters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from confusable_homoglyphs import confusables

_DIGITS = str.maketrans("0134578", "oleastb")
"""Digits that are read as letters."""
_SAME = str.maketrans("ij", "ll")
"""Thin letters, which TR39 tells apart in small and not in capital letters."""
_SEPARATORS = "._-"


def skeleton(name: str) -> str:
    """
    The same for names that look alike: whatever the script, width, accents, separators, and digits
    in place of letters. For comparing only.
    """
    wide = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(_prototype(c) for c in wide if not unicodedata.combining(c))
    for separator in _SEPARATORS:
        plain = plain.replace(separator, "")
    return plain.casefold().translate(_DIGITS).translate(_SAME)


def mixes_scripts(name: str) -> bool:
    """Whether it mixes letters of several scripts that look alike."""
    return bool(confusables.is_dangerous(name))


@lru_cache(maxsize=4096)
def _prototype(character: str) -> str:
    """The ASCII letter that it looks like, if there is one."""
    if character.isascii():
        return character
    found = confusables.is_confusable(character, greedy=True, preferred_aliases=[])
    alike = [each["c"] for one in found or () for each in one["homoglyphs"]]
    return next((c for c in alike if c.isascii() and c.isalnum()), character)
