"""Reads the JSON of answers, and says so when it is not what is documented."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import orjson
import requests

from cloud.errors import UnexpectedAnswer
from cloud.refusals import request_id

T = TypeVar("T")


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
    try:
        return body[name]
    except (KeyError, TypeError) as error:
        raise UnexpectedAnswer(f"the answer has no field {name}") from error


def rows(body: Any, name: str) -> Sequence[Mapping[str, Any]]:
    """A list of things that each have an id."""
    found = part(body, name)
    if isinstance(found, list) and all(isinstance(row, dict) and "id" in row for row in found):
        return found
    raise UnexpectedAnswer(f"the answer is not a list of {name}")


def read(kind: Callable[[Any], T], body: Any, what: str) -> T:
    """One thing made of its JSON; *what* it is."""
    try:
        return kind(body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnexpectedAnswer(f"the answer is not {what}") from error


def text(value: Any) -> str:
    """A text, as it is, or a number as one; "" for all else. Databases take no NUL."""
    if isinstance(value, str):
        return value.replace("\0", "")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
