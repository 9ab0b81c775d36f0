"""Words for the report: everything that its picture shows."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.core.chart import Count, Figures
from handlers.core.errors import Trouble
from handlers.core.replies import Message, Picture
from handlers.ui.blocks import context, counted, listed, section, size
from handlers.ui.error_words import trouble_notes

TITLE = "Images by region, and shares by state"
WEEK, MONTH = 7, 30
SHOWN = 20
"""Regions."""


def report(figures: Figures, troubles: Sequence[Trouble] = ()) -> Message:
    total = figures.total
    text = f"You own {counted(total.images, 'image')}, {size(total.size)} in total."
    lines = [_region(figures, region) for region in list(figures.regions)[:SHOWN]]
    shares = _shares(figures)
    blocks = [section(f"*{text}*")]
    if lines:
        blocks.append(section("\n".join(lines)))
    blocks.append(section(shares))
    since = f"The chart starts {figures.days[0]:%d %b %Y}. "
    blocks.append(
        context(
            f"{since}Before my first daily count, it only includes images that still exist. Shares "
            "are those made with this bot."
        )
    )
    alt = " ".join([text, *(line.replace("*", "") for line in lines), shares])
    return Message(text, (*blocks, *trouble_notes(troubles)), picture=Picture(TITLE, alt, figures))


def _region(figures: Figures, region: str) -> str:
    now = figures.now(region)
    week = _change(now, figures.before(region, WEEK))
    month = _change(now, figures.before(region, MONTH))
    return (
        f"• *{region}*: {counted(now.images, 'image')}, {size(now.size)}; "
        f"{week} in a week, {month} in a month"
    )


def _change(now: Count, before: Count) -> str:
    return f"{now.images - before.images:+d}" if now.images != before.images else "no change"


def _shares(figures: Figures) -> str:
    count = sum(figures.shares.values())
    if not count:
        return "No active shares made with this bot."
    states = [f"{n} {state}" for state, n in sorted(figures.shares.items())]
    return f"{counted(count, 'share')}: {listed(states)}."
