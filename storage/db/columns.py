"""How values are written to columns, and read from them."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin
from urllib.parse import urlsplit, urlunsplit


def to_column(value: Any) -> Any:
    """
    Encode a parameter of a statement.

    Text without what a database cannot hold (PostgreSQL takes no NUL, neither takes half a
    surrogate pair, and strangers name images); times as `to_text` writes them; a span of time as
    whole seconds; true as 1; mappings, lists and tuples as JSON.
    """
    match value:
        case str():
            return (
                value.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
            )
        case bool():
            return int(value)
        case datetime():
            return to_text(value)
        case date():
            return value.isoformat()
        case timedelta():
            return int(value.total_seconds())
        case Mapping():
            return json.dumps(dict(value))
        case list() | tuple():
            return json.dumps(value)
    return value


def column_reader(kind: Any) -> Callable[[Any], Any]:
    """
    Give the function that decodes what `to_column` has made of a value of this type.

    Args:
        kind: the annotation of a field, such as `datetime | None`.

    Raises:
        TypeError: no column holds such values.
    """
    if isinstance(kind, UnionType):
        [inner] = [each for each in get_args(kind) if each is not NoneType]
        read = column_reader(inner)
        return lambda held: None if held is None else read(held)
    if kind == tuple[str, ...]:
        return _texts
    kind = get_origin(kind) or kind
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if kind in _READERS:
        return _READERS[kind]
    raise TypeError(f"no column holds a {kind}")


def default_of(kind: Any) -> Any:
    """Give what a value of this type counts as that cannot be read; NOTHING if that is unsafe."""
    if isinstance(kind, UnionType):
        return None
    return _DEFAULTS.get(get_origin(kind) or kind, NOTHING)


def to_text(moment: datetime) -> str:
    """A time as text: UTC and always of one length, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def parse_time(text: str) -> datetime:
    """
    Raises:
        ValueError: it is no time as `to_text` writes it.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC)


def parse_time_or_none(text: str | None) -> datetime | None:
    return None if text is None else parse_time(text)


def new_id() -> str:
    """Unique over processes, and later ones sort after earlier ones."""
    return f"{time.time_ns():016x}{secrets.token_hex(4)}"


_VERSION = re.compile(r"/v\d+(\.\d+)?$")


def site(address: str) -> str:
    """
    One cloud, by whatever version of its Identity service one logs in.

    Or the same account, linked by v2.0 and by v3, would be two, with an admin each.
    """
    parts = urlsplit(address)
    path = _VERSION.sub("", parts.path.rstrip("/")).rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc.lower(), path, "", ""))


def _json(kind: type) -> Callable[[str], Any]:
    def read(held: str) -> Any:
        found = json.loads(held)
        if not isinstance(found, kind):
            raise ValueError(f"no {kind.__name__}")
        return found

    return read


_mapping, _list = _json(dict), _json(list)


def _texts(held: str) -> tuple[str, ...]:
    found = _list(held)
    if not all(isinstance(each, str) for each in found):
        raise ValueError("no texts")
    return tuple(found)


NOTHING = object()
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_DEFAULTS: dict[Any, Any] = {datetime: LONG_AGO, tuple: (), Sequence: (), Mapping: {}}
"""A time that cannot be read is long past: what waits for it is done now."""

_READERS: dict[Any, Callable[[Any], Any]] = {
    str: lambda held: held,
    int: lambda held: held,
    bool: bool,
    datetime: parse_time,
    date: date.fromisoformat,
    timedelta: lambda held: timedelta(seconds=held),
    tuple: lambda held: tuple(_list(held)),
    Sequence: _list,
    Mapping: _mapping,
}
