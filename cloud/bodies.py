"""
Read the JSON of responses. An odd value in one row affects neither the others nor the rest of it.

A field of another type than is documented counts as one that is not there.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson
import requests

from cloud.errors import UnexpectedAnswer
from cloud.refusals import request_id

T = TypeVar("T")
log = logging.getLogger(__name__)

UNKNOWN = "unknown"
"""A status, or a visibility, that is not told."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""A time that is not told."""
LARGEST = 2**53
"""A count at most: 9 PB. Up to there JSON is exact everywhere, and no database is too small."""
LONGEST_KEY = 1024
"""Characters of an id or a name at most; Swift's names are the longest."""


def decoded(answer: requests.Response) -> Any:
    """The JSON of an answer; None if it is empty. What is nested too deep is none."""
    if not answer.content:
        return None
    try:
        return orjson.loads(answer.content)
    except ValueError as error:
        raise UnexpectedAnswer(
            "the answer is not JSON", status=answer.status_code, request_id=request_id(answer)
        ) from error


def part(body: Any, name: str) -> Any:
    """One field that must be there."""
    if isinstance(body, dict) and name in body:
        return body[name]
    raise UnexpectedAnswer(f"the answer has no field {name}")


def rows(listed: Any, name: str, key: str = "id") -> Sequence[Mapping[str, Any]]:
    """
    The rows of a list that say which they are; the others are left out, and the log says so.

    Args:
        key: the field that tells.

    Raises:
        cloud.errors.UnexpectedAnswer: it is no list, or none of its rows can be read.
    """
    if not isinstance(listed, list):
        raise UnexpectedAnswer(f"the answer is not a list of {name}")
    read = [{**row, key: known} for row in listed if (known := _key(row, key))]
    if len(read) < len(listed):
        log.warning("%d of %d %s cannot be read", len(listed) - len(read), len(listed), name)
        if not read:
            raise UnexpectedAnswer(f"the answer is not a list of {name}")
    return read


def one(body: Any, what: str, key: str = "id") -> Mapping[str, Any]:
    """Read a single object, which has an id; *what* names its kind for errors."""
    known = _key(body, key)
    if not known:
        raise UnexpectedAnswer(f"the answer is not {what}")
    return {**body, key: known}


def each(kind: Callable[[Mapping[str, Any]], T], read: Sequence[Mapping[str, Any]]) -> list[T]:
    return [kind(row) for row in read]


def text(value: Any) -> str:
    """A text, as it is, or a number as one; "" for all else. Databases take no NUL."""
    if isinstance(value, str):
        return value.replace("\0", "")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def texts(value: Any) -> tuple[str, ...]:
    return tuple(filter(None, map(text, value))) if isinstance(value, list) else ()


def whole(value: Any) -> int | None:
    """A count, also one that is written as a text; None for all else, below 0 or over LARGEST."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:20])
    if isinstance(value, float) and math.isfinite(value):
        value = int(value)
    counts = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST
    return value if counts else None


def fields(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def moment(value: Any) -> datetime:
    """An ISO-8601 time of the API as an aware datetime in UTC, also where its `Z` is missing."""
    with suppress(ValueError, OverflowError, TypeError):
        time = datetime.fromisoformat(value)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    return LONG_AGO


def _key(row: Any, key: str) -> str:
    known = text(row.get(key)) if isinstance(row, dict) else ""
    return known if len(known) <= LONGEST_KEY else ""
