"""Pages of long lists: which items to show, and the buttons to the pages beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from handlers.core.button_values import ButtonValue
from handlers.core.replies import Block
from handlers.ui.blocks import button, buttons, context

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list."""

    shown: Sequence[T]
    number: int
    """From 1 on."""
    count: int
    """Pages there are; 1 for an empty list."""
    first: int
    """Position in the whole list of the first item shown, from 1 on."""


def page_of(items: Sequence[T], number: int, size: int) -> Page[T]:
    """
    Cut out page *number* of a list with *size* items on a page.

    A list may be shorter than when the button was made: a number beyond the last page is
    the last one, a number below 1 the first.
    """
    count = max(1, -(-len(items) // size))
    number = min(max(1, number), count)
    first = (number - 1) * size
    return Page(items[first : first + size], number, count, first + 1)


def turns(
    page: Page[Any],
    value: Callable[[int], ButtonValue],
    *,
    back: str,
    on: str,
    place: str = "",
) -> tuple[Block, ...]:
    """
    "Page n of m" and the buttons Previous and Next; nothing where all fits on one page.

    Args:
        value: what the button to that page number carries.

        back, on: action ids of Previous and Next.

        place: instead of "Page n of m".
    """
    if page.count == 1:
        return ()
    press = []
    if page.number > 1:
        press.append(button("Previous", back, value(page.number - 1).value()))
    if page.number < page.count:
        press.append(button("Next", on, value(page.number + 1).value()))
    return context(place or f"Page {page.number} of {page.count}."), buttons(*press)
