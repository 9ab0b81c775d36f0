"""
The cloud's own ids of the changes that were made in it, for the audit log.

Every answer carries one. They are noted for the thread that asks, so that nothing has to be handed
through everything in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

SAFE = frozenset({"GET", "HEAD"})
"""Methods that change nothing."""


@dataclass
class Trace:
    request_id: str = ""
    """Of the last change that was asked for, whatever came of it; "" if none was."""


_open: ContextVar[Trace | None] = ContextVar("trace", default=None)


@contextmanager
def traced() -> Iterator[Trace]:
    """Note what this thread changes within; what is within another is within that one, too."""
    trace, outer = Trace(), _open.get()
    token = _open.set(trace)
    try:
        yield trace
    finally:
        _open.reset(token)
        if outer is not None:
            outer.request_id = trace.request_id or outer.request_id


def note(method: str, request_id: str | None) -> None:
    """An answer has come."""
    trace = _open.get()
    if trace is not None and request_id and method not in SAFE:
        trace.request_id = request_id
