"""
The reference of a person's request, from the click through the log, jobs and messages.

It is a UUID. People and the log see its first eight digits; services of OpenStack that take a
request id of their caller are sent it whole, so that their logs have it beside their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar
from uuid import uuid4

T = TypeVar("T")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_current: ContextVar[str] = ContextVar("reference", default="")


def begin(known: str | None = None) -> None:
    """Have this thread work under a reference from now on: a known one, or a new one."""
    _current.set(known if known and _UUID.fullmatch(known) else str(uuid4()))


def current() -> str:
    """Return the reference; a new one if this thread has none yet."""
    if not _current.get():
        begin()
    return _current.get()


def short() -> str:
    """Return what people see of it."""
    return current()[:8]


def shown() -> str:
    """Return what the log shows: `-` where there is none."""
    return _current.get()[:8] or "-"


@contextmanager
def referring(known: str | None) -> Iterator[None]:
    """Within, work under this reference; under a new one if none is known."""
    token = _current.set("")
    try:
        begin(known)
        yield
    finally:
        _current.reset(token)


def carried(work: Callable[[], T]) -> Callable[[], T]:
    """Have *work* done under this thread's reference in whatever thread does it."""
    mine = _current.get()

    def under_it() -> T:
        token = _current.set(mine)
        try:
            return work()
        finally:
            _current.reset(token)

    return under_it


def headers(service: str) -> Mapping[str, str]:
    """
    Return the header by which a service learns our reference; none before there is one.

    Source: docs.openstack.org/api-guide/compute/faults.html, "Tracking Errors by Request ID";
    docs.openstack.org/api-ref/object-store, "X-Trans-Id-Extra".
    """
    if not (mine := _current.get()):
        return {}
    if service == "object-store":
        return {"X-Trans-Id-Extra": mine.replace("-", "")}
    return {"X-Openstack-Request-Id": f"req-{mine}"}
