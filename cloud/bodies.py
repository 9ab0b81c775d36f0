"""Reads the JSON of answers, and says so when it is not what is documented."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from cloud.errors import UnexpectedAnswer

T = TypeVar("T")


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
