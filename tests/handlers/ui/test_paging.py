"""Pages of long lists."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from handlers.invitations.views.inbox import InboxPage
from handlers.ui.paging import Page, page_of, turns


@pytest.mark.parametrize(
    ("items", "number", "page"),
    [
        ("", 1, Page("", 1, 1, 1)),
        ("", 7, Page("", 1, 1, 1)),
        ("abc", 1, Page("abc", 1, 1, 1)),
        ("abcd", 1, Page("abc", 1, 2, 1)),
        ("abcd", 2, Page("d", 2, 2, 4)),
        ("abcd", 9, Page("d", 2, 2, 4)),
        ("abcdef", 2, Page("def", 2, 2, 4)),
        ("abcd", 0, Page("abc", 1, 2, 1)),
        ("abcd", -5, Page("abc", 1, 2, 1)),
    ],
)
def test_a_page_is_cut_out_of_what_there_is_now(items: str, number: int, page: Page[str]) -> None:
    assert page_of(items, number, 3) == page


@pytest.mark.parametrize(
    ("number", "pressed"),
    [
        (1, [("Next", "next", InboxPage("U2", 2))]),
        (2, [("Previous", "back", InboxPage("U2", 1)), ("Next", "next", InboxPage("U2", 3))]),
        (3, [("Previous", "back", InboxPage("U2", 2))]),
    ],
)
def test_buttons_lead_to_the_pages_beside_it(number: int, pressed: list[Any]) -> None:
    place, row = turns(
        page_of("abcdefg", number, 3), partial(InboxPage, "U2"), back="back", on="next"
    )

    assert place["elements"][0]["text"] == f"Page {number} of 3."
    assert [
        (each["text"]["text"], each["action_id"], InboxPage.read(each["value"]))
        for each in row["elements"]
    ] == pressed


def test_what_fits_on_one_page_has_no_buttons() -> None:
    assert turns(page_of("abc", 1, 3), partial(InboxPage, "U2"), back="back", on="next") == ()
