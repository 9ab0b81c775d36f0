"""
What may be said of an account, a container or an object in headers of one's own.

Source: a Swift of today, measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.wrappers import Request

from sandbox.cloud.object_answers import PAGE, ObjectRefused

MOST, LONGEST_NAME, LONGEST_VALUE, MOST_TOGETHER = 90, 128, 256, 4096


@dataclass(frozen=True)
class Kind:
    """The headers of one kind of thing."""

    prefix: str
    """Of those that have any name."""
    others: tuple[str, ...] = ()


ACCOUNT = Kind("X-Account-Meta-")
CONTAINER = Kind(
    "X-Container-Meta-",
    ("X-Container-Read", "X-Container-Write", "X-Container-Sync-To", "X-Container-Sync-Key"),
)
OBJECT = Kind(
    "X-Object-Meta-",
    (
        *("Content-Disposition", "Content-Encoding", "Content-Language", "Cache-Control"),
        *("Expires", "X-Robots-Tag"),
    ),
)


def said(request: Request, kind: Kind) -> dict[str, str]:
    """
    What a request says; without a value it says nothing.

    Raises:
        ObjectRefused: 400, if it is too much.
    """
    _check({key: value for key, value in request.headers if key.startswith(kind.prefix)}, kind)
    return {key: value for key, value in request.headers if _is_of(key, kind) and value}


def changed(held: Mapping[str, str], request: Request, kind: Kind) -> dict[str, str]:
    """What holds from now on: what is not sent stays, unless X-Remove-… or no value is sent."""
    headers = {**held, **said(request, kind)}
    for key, value in request.headers:
        removed = f"X-{key.removeprefix('X-Remove-')}" if key.startswith("X-Remove-") else key
        if _is_of(removed, kind) and (removed != key or not value):
            headers.pop(removed, None)
    if "Referrers" in (wrong := _of_writers(headers.get("X-Container-Write", ""))):
        raise ObjectRefused(400, wrong, kind=PAGE)
    return headers


def _is_of(key: str, kind: Kind) -> bool:
    return key.startswith(kind.prefix) or key in kind.others


def _check(meta: Mapping[str, str], kind: Kind) -> None:
    for key, value in meta.items():
        name, shown = key.removeprefix(kind.prefix), kind.prefix.lower()
        if not name:
            raise ObjectRefused(400, "Metadata name cannot be empty")
        if len(name) > LONGEST_NAME:
            raise ObjectRefused(400, f"Metadata name too long: {shown}{name}")
        if len(value) > LONGEST_VALUE:
            raise ObjectRefused(400, f"Metadata value longer than {LONGEST_VALUE}: {shown}{name}")
    if len(meta) > MOST:
        raise ObjectRefused(400, f"Too many metadata items; max {MOST}")
    names = sum(len(key) - len(kind.prefix) for key in meta)
    if names + sum(map(len, meta.values())) > MOST_TOGETHER:
        raise ObjectRefused(400, f"Total metadata too large; max {MOST_TOGETHER}")


def _of_writers(sent: str) -> str:
    wrong = [each for each in sent.split(",") if each.strip().startswith(".r")]
    return f"Referrers not allowed in write ACL: {wrong[0]!r}" if wrong else ""
