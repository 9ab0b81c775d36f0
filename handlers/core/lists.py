"""Lists as people write them: `a, b and c.`"""

from __future__ import annotations

import re
from collections.abc import Iterable

STOPS = ".,;:!?"
"""What ends a sentence or parts a list, and belongs to no word that it follows."""
JOINTS = frozenset({"and", "&", "+"})
_PARTS = re.compile(r"[,;]+")


def parts(word: str) -> list[str]:
    """What commas part in one word, without the full stop at its end."""
    found = (part.strip().rstrip(STOPS) for part in _PARTS.split(word))
    return [part for part in found if part]


def listed(words: Iterable[str]) -> list[str]:
    """All that the words list, without commas, `and` and a full stop."""
    return [part for word in words for part in parts(word) if part.casefold() not in JOINTS]
