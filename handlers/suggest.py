"""Did you mean?"""

from __future__ import annotations

import difflib
from collections.abc import Sequence


def like(word: str, known: Sequence[str]) -> str | None:
    """The known word most like a misspelt one, if any is like it."""
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.6)), None)
