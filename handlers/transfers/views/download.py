"""Words for temporary links to objects. A link is shown once, to one person, and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from handlers.core.button_values import ButtonValue
from handlers.core.errors import TooLong
from handlers.core.replies import Block, Message
from handlers.core.text import escape
from handlers.ui.blocks import (
    MAX_SECTION,
    button,
    context,
    date,
    named,
    section,
    size,
    text_message,
)

LINK = "downloads.link"

LONGEST = MAX_SECTION - 20
"""Characters of an address."""


@dataclass(frozen=True)
class Stored(ButtonValue):
    """The value of the button: an object, where one linked account sees it."""

    account_id: str
    region: str
    container: str
    object: str


def link_button(stored: Stored) -> Block:
    return button("Download link", LINK, stored.value())


def link(stored: Stored, url: str, until: datetime, length: int) -> Message:
    """
    Show the URL to the person alone.

    It is not in the fallback text, which notifications show, and is never clipped.

    Raises:
        TooLong: the object's name is so long that Slack would cut the address.
    """
    address = escape(url)
    if len(address) > LONGEST:
        raise TooLong
    name = named(f"{stored.container}/{stored.object}", 200)
    text = f"Download link for {name} ({size(length)}), expires {date(until)}."
    exact = f"{until.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return text_message(
        text,
        section(f"<{address}|Download>"),
        context(
            f"Expires at {exact}; a download that is already running continues. Anyone with the "
            "link can read the object without a login, so don't pass it on. I don't store it."
        ),
    )


def of_result(account_id: str, region: str, result: Mapping[str, str | int]) -> Stored:
    """Read where the object is from the result of an export."""
    return Stored(account_id, region, str(result["container"]), str(result["object"]))
