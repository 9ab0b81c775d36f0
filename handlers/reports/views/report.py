"""Words for the report: everything that its picture shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from handlers.core.chart import Count, Figures
from handlers.core.errors import Trouble
from handlers.core.replies import Message, Picture
from handlers.core.text import escape
from handlers.ui.blocks import context, counted, listed, section, sentences, size
from handlers.ui.error_words import trouble_notes
from handlers.ui.labels import tally
from handlers.ui.tables import MAX_ROWS, Figure, Row, data_table, row_texts

TITLE = "Images by region, and shares by state"
WEEK, MONTH = 7, 30
COLUMNS = ("Region", "Images", "Size", "In a week", "In a month")


def report(figures: Figures, troubles: Sequence[Trouble] = ()) -> Message:
    total = figures.total
    text = f"You own {counted(total.images, 'image')}, {size(total.size)} in total."
    rows = [_row(figures, region) for region in figures.regions]
    shares = _shares(figures)
    blocks = [section(f"*{text}*")]
    if rows:
        blocks.append(data_table("Images by region", COLUMNS, rows))
    if len(rows) > MAX_ROWS:
        blocks.append(context(f"…and {counted(len(rows) - MAX_ROWS, 'more region')}."))
    blocks.append(section(shares))
    since = f"The chart starts {figures.days[0]:%d %b %Y}. "
    blocks.append(
        context(
            f"{since}Before my first daily count, it only includes images that still exist. Shares "
            "are those made with this bot."
        )
    )
    spoken = sentences([text, *(f"{each}." for each in row_texts(COLUMNS, rows)), shares])
    return Message(
        escape(spoken),
        (*blocks, *trouble_notes(troubles)),
        picture=Picture(TITLE, spoken, figures),
    )


def _row(figures: Figures, region: str) -> Row:
    now = figures.now(region)
    return (
        region,
        Figure(now.images, f"{now.images:,}"),
        Figure(now.size, size(now.size)),
        _change(now, figures.before(region, WEEK)),
        _change(now, figures.before(region, MONTH)),
    )


def _change(now: Count, before: Count) -> Figure:
    change = now.images - before.images
    return Figure(change, f"{change:+,d}" if change else "0")


def _shares(figures: Figures) -> str:
    states = list(Counter(figures.shares).elements())
    if not states:
        return "No active shares made with this bot."
    return f"{counted(len(states), 'share')}: {listed(tally(states))}."
