"""Words for shares that end by themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from handlers import spans as user
from handlers.views.blocks import code, counted, named

WORDS: Mapping[type[Exception], str | Callable[[Any], str]] = {
    user.BadSpan: lambda e: (
        f"{named(e.word)} is no time that an image can be shared for. Give whole hours, days or "
        "weeks, from `1h` to `365d`: `for 12h`, `for 7d`, `for 2w`. Nothing was changed."
    ),
    user.ShareOver: lambda e: (
        f"The time for which {named(e.name)} was shared with account {code(e.number)} is over, or "
        "the share was ended before. Nothing was extended. To share it again: "
        f"{code(again(e.image_id, e.number, e.span))}"
    ),
    user.NoEnd: lambda e: (
        f"{named(e.name)} is shared with account {code(e.number)} until somebody unshares it, so "
        "there is nothing to extend. Nothing was changed."
    ),
}


def again(image_id: str, number: str, span: timedelta | None) -> str:
    """The command that shares it once more, for as long as it was shared at first."""
    return f"/images share {image_id} {number} for {short(span or timedelta(days=7))}"


def spoken(span: timedelta) -> str:
    """`7 days`, `12 hours`."""
    hours = int(span.total_seconds()) // 3600
    return counted(hours // 24, "day") if hours % 24 == 0 else counted(hours, "hour")


def short(span: timedelta) -> str:
    """As a command takes it: `7d`, `12h`."""
    hours = int(span.total_seconds()) // 3600
    return f"{hours // 24}d" if hours % 24 == 0 else f"{hours}h"
