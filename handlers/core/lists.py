"""Lists as people write them: `a, b and c.`"""

from __future__ import annotations

import re
from collections.abc import Iterable

STOPS = ".,;:!?"
"""What ends a sentence or parts a list, and belongs to no word that it follows."""
JOINTS = frozenset({"and", "&", "+"})
_PARTS = re.compile(r"(?:,|(?<!&lt)(?<!&gt)(?<!&amp);)+")
_ESCAPED = re.compile(r"&(?:lt|gt|amp);$")
"""What Slack writes for a `<`, `>` or `&`: its semicolon parts nothing."""


def parts(word: str) -> list[str]:
    """What commas part in one word, without the full stop at its end."""
    found = (_without_stop(part.strip()) for part in _PARTS.split(word))
    return [part for part in found if part]


def listed(words: Iterable[str]) -> list[str]:
    """All that the words list, without commas, `and` and a full stop."""
    return [part for word in words for part in parts(word) if part.casefold() not in JOINTS]


def _without_stop(part: str) -> str:
    return part if _ESCAPED.search(part) else part.rstrip(STOPS)
