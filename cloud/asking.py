"""The deadline of a person's request, after which no more calls are made for it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from cloud.errors import Unavailable

LATE = "no answer in time"
_until: ContextVar[float] = ContextVar("until", default=math.inf)


@contextmanager
def asking_for(seconds: float) -> Iterator[None]:
    """
    Ask the cloud, in this thread and block, for so long at most: requests, pages and pauses.

    Within another such block the shorter time counts.
    """
    token = _until.set(min(_until.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _until.reset(token)


def left() -> float:
    """Seconds that the caller still waits; infinite if they did not say."""
    return _until.get() - time.monotonic()


def check() -> None:
    """
    Raises:
        cloud.errors.Unavailable: nobody waits any longer.
    """
    if left() <= 0:
        raise Unavailable(LATE)
