"""Waiting for what other threads and processes do. No test depends on how soon they do it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE_S = 120.0
"""Seconds after which a test that waits has failed: what it waits for will not come any more."""


def until(
    done: Callable[[], T | None],
    what: Callable[[], object] | str = "it did not come",
    patience_s: float = PATIENCE_S,
) -> T:
    """
    What *done* says once that is true.

    Args:
        what: what to say if it never is.
    """
    deadline = time.monotonic() + patience_s
    while not (result := done()):
        assert time.monotonic() < deadline, what() if callable(what) else what
        time.sleep(0.01)
    return result
