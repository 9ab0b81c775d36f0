"""
What buttons, options and forms carry: strings, packed as one JSON list.

A value is a claim, never a permission: the person who presses it may have forged it. Messages
already sent contain values, so what was packed once has to stay readable.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar, Self, get_type_hints

from handlers.core.errors import BadButton, TooLong

MOST = 2000
"""Characters Slack takes as a button's value."""
HIGHEST = 2**62
"""Above any page, or place in the audit, and still a number to a database."""


class ButtonValue:
    """
    Base of frozen dataclasses that buttons, options and forms carry.

    Each field is one part of the packed list, in the order of the fields: `str`, `int`,
    `bool` ("1" or ""), an aware `datetime`, a `StrEnum`, or `str` and `datetime` with None
    for "". A field that is itself a ButtonValue gives its own parts; a `tuple[str, ...]`
    takes the rest where it is the last field, and is packed within one part elsewhere.

    So neither the order nor the types of fields may change.
    """

    most: ClassVar[int] = MOST

    @classmethod
    def read(cls, value: str) -> Self:
        """
        Read what `value` gave. Parts beyond the fields are ignored.

        An unknown member of a StrEnum is the field's default, where it has one, and so is a part
        that is not there: a field may be added at the end.

        Raises:
            BadButton: it is not such a value.
        """
        try:
            return cls._taken(iter(unpack(value)))
        except (StopIteration, ValueError, OverflowError) as error:
            raise BadButton from error

    def value(self) -> str:
        """
        Raises:
            TooLong: Slack would not take it.
        """
        return pack(*self.parts, most=self.most)

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(
            part
            for name, _, _, last in self._shape()
            for part in _written(getattr(self, name), last=last)
        )

    @classmethod
    def _taken(cls, parts: Iterator[str]) -> Self:
        return cls(
            *[_read(kind, default, parts, last=last) for _, kind, default, last in cls._shape()]
        )

    @classmethod
    def _shape(cls) -> _Shape:
        return _shape_of(cls)  # type: ignore[arg-type] # mypy takes a class for its instances here


def pack(*parts: str, most: int = MOST) -> str:
    """
    Pack strings as compact JSON.

    Raises:
        TooLong: that is more than *most* characters.
    """
    value = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    if len(value) > most:
        raise TooLong
    return value


def unpack(value: str, least: int = 0) -> tuple[str, ...]:
    """
    The parts of a packed value.

    Raises:
        BadButton: it is no packed value, or has fewer than *least* parts.
    """
    try:
        parts = json.loads(value)
    except (ValueError, RecursionError) as error:
        raise BadButton from error
    if not isinstance(parts, list) or len(parts) < least:
        raise BadButton
    if not all(isinstance(part, str) for part in parts):
        raise BadButton
    return tuple(parts)


def number(part: str) -> int:
    """
    A whole number, 0 or more.

    Raises:
        BadButton: it is no number, or above HIGHEST.
    """
    if not (part.isascii() and part.isdecimal()) or len(part) > len(str(HIGHEST)):
        raise BadButton
    if int(part) > HIGHEST:
        raise BadButton
    return int(part)


_Shape = tuple[tuple[str, Any, Any, bool], ...]
"""Name, type and default of each field, and whether it is the last."""


@cache
def _shape_of(cls: Any) -> _Shape:
    kinds, every = get_type_hints(cls), fields(cls)
    return tuple((f.name, kinds[f.name], f.default, f is every[-1]) for f in every)


def _written(held: object, *, last: bool) -> tuple[str, ...]:
    match held:
        case ButtonValue():
            return held.parts
        case tuple():
            return held if last else (pack(*held),)
        case None | False:
            return ("",)
        case True:
            return ("1",)
        case datetime():
            return (held.isoformat(),)
    return (str(held),)


def _read(kind: Any, default: Any, parts: Iterator[str], *, last: bool) -> Any:
    if isinstance(kind, type) and issubclass(kind, ButtonValue):
        return kind._taken(parts)
    if kind == tuple[str, ...]:
        return tuple(parts) if last else unpack(next(parts))
    part = next(parts, None)
    if part is None:
        if default is MISSING:
            raise StopIteration
        return default
    if kind in _READERS:
        return _READERS[kind](part)
    return default if default is not MISSING and part not in tuple(kind) else kind(part)


def _moment(part: str) -> datetime:
    return datetime.fromisoformat(part).astimezone(UTC)


_READERS: Mapping[Any, Callable[[str], Any]] = {
    str: str,
    int: number,
    bool: "1".__eq__,
    datetime: _moment,
    str | None: lambda part: part or None,
    datetime | None: lambda part: _moment(part) if part else None,
}
