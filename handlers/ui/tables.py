"""Tables of figures, for messages and the home tab; a window shows the same as lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.core.replies import Block, PerSurface
from handlers.core.text import clean, clip
from handlers.ui.blocks import rich_text, strong

MAX_ROWS = 20
"""Rows in one table, so that it fits into one message; Slack takes 200."""
MAX_CELL = 80
"""Characters shown in a cell."""


@dataclass(frozen=True)
class Figure:
    """A cell that is sorted as a number."""

    value: float
    shown: str


Cell = str | Figure
Row = Sequence[Cell]


def data_table(caption: str, columns: Sequence[str], rows: Sequence[Row]) -> Block:
    """
    Show at least one row of cells, of which nothing is parsed. The first names its row.

    It takes no buttons. A client that does not know such blocks shows the message's text, which
    needs the same figures: `row_texts`.

    Args:
        caption: what the table shows, for screen readers.

        rows: each as long as *columns*; at most MAX_ROWS are shown.
    """
    shown = rows[:MAX_ROWS]
    table = {
        "type": "data_table",
        "caption": caption,
        "rows": [[_cell(each) for each in row] for row in (columns, *shown)],
        "page_size": len(shown),
        "row_header_column_index": 0,
    }
    lines = [(strong(name), f": {cells}") for name, cells in _named_cells(columns, shown)]
    return PerSurface(table, rich_text(*lines))


def row_texts(columns: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """Return each row in plain words, for the text of a message and a picture's alternative."""
    return [f"{name}: {cells}" for name, cells in _named_cells(columns, rows[:MAX_ROWS])]


def _named_cells(columns: Sequence[str], rows: Sequence[Row]) -> list[tuple[str, str]]:
    """The name of each row, and its other cells with their columns' names."""
    return [
        (
            _text(row[0]),
            ", ".join(
                f"{column} {_text(cell)}" for column, cell in zip(columns[1:], row[1:], strict=True)
            ),
        )
        for row in rows
    ]


def _cell(cell: Cell) -> Block:
    shown = {"type": "raw_text", "text": _text(cell)}
    return (
        {**shown, "type": "raw_number", "value": cell.value} if isinstance(cell, Figure) else shown
    )


def _text(cell: Cell) -> str:
    text = cell.shown if isinstance(cell, Figure) else cell
    return clip(clean(text), MAX_CELL) or "–"
