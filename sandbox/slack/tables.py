"""
Slack's rules for data tables.

Source: https://docs.slack.dev/reference/block-kit/blocks/data-table-block
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.slack import block_kit as limit
from sandbox.slack.check import Check, Json

KEYS = frozenset({"rows", "caption", "page_size", "row_header_column_index"})
"""Of a data table, besides those of every block."""
_CELL_KEYS: Mapping[str, frozenset[str]] = {
    "raw_text": frozenset({"type", "text"}),
    "raw_number": frozenset({"type", "text", "value"}),
    "rich_text": frozenset({"type", "elements", "block_id"}),
}


def data_table(check: Check, block: Json, pointer: str) -> None:
    """Check one table: its caption, its page, and that all rows are as long as its header."""
    if not isinstance(block.get("caption"), str) or not block["caption"]:
        check.wrong(pointer, "missing required field: caption")
    least, most = limit.DATA_TABLE_PAGE_SIZE_MIN, limit.DATA_TABLE_PAGE_SIZE_MAX
    _whole(check, block, "page_size", pointer, least, most)
    rows = block.get("rows")
    if not isinstance(rows, list | tuple):
        check.wrong(f"{pointer}/rows", "must provide an array")
        return
    _between(
        check,
        len(rows),
        f"{pointer}/rows",
        limit.DATA_TABLE_ROWS_MIN_ITEMS,
        limit.DATA_TABLE_ROWS_MAX_ITEMS,
    )
    for n, row in enumerate(rows):
        _row(check, row, f"{pointer}/rows/{n}", header=n == 0)
    widths = {len(row) for row in rows if isinstance(row, list | tuple)}
    if len(widths) > 1:
        check.wrong(f"{pointer}/rows", "all rows must have the same number of cells")
    _whole(check, block, "row_header_column_index", pointer, 0, max(widths, default=1) - 1)


def check_content(check: Check, blocks: object) -> None:
    """Check the characters of all tables together, in a message or a view."""
    everything = blocks if isinstance(blocks, list | tuple) else ()
    tables = [
        each.get("rows")
        for each in everything
        if isinstance(each, Mapping) and each.get("type") == "data_table"
    ]
    if _characters(tables) > limit.DATA_TABLE_CONTENT_MAX_LENGTH:
        most = limit.DATA_TABLE_CONTENT_MAX_LENGTH
        check.wrong("/blocks", f"cells of data tables must be less than {most + 1} characters")


def _row(check: Check, row: Any, pointer: str, *, header: bool) -> None:
    if not isinstance(row, list | tuple):
        check.wrong(pointer, "must provide an array")
        return
    least, most = limit.DATA_TABLE_COLUMNS_MIN_ITEMS, limit.DATA_TABLE_COLUMNS_MAX_ITEMS
    _between(check, len(row), pointer, least, most)
    for n, cell in enumerate(row):
        _cell(check, cell, f"{pointer}/{n}", header=header)


def _cell(check: Check, cell: Any, pointer: str, *, header: bool) -> None:
    kind = str(cell.get("type")) if isinstance(cell, Mapping) else ""
    if kind not in _CELL_KEYS or (header and kind == "rich_text"):
        check.wrong(f"{pointer}/type", f"unsupported type: {kind}")
        return
    check.only(cell, pointer, _CELL_KEYS[kind])
    if kind == "rich_text":
        return
    text = cell.get("text")
    if not isinstance(text, str) or len(text) < limit.DATA_TABLE_CELL_TEXT_MIN_LENGTH:
        check.wrong(f"{pointer}/text", "must be more than 0 characters")
    if kind == "raw_number" and not _is_number(cell.get("value")):
        check.wrong(f"{pointer}/value", "must be a number")


def _whole(check: Check, of: Json, key: str, pointer: str, least: int, most: int) -> None:
    value = of.get(key, least)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        check.wrong(f"{pointer}/{key}", f"must be an integer of {least} to {most}")


def _between(check: Check, count: int, pointer: str, least: int, most: int) -> None:
    if count < least:
        check.wrong(pointer, f"no fewer than {least} items required")
    if count > most:
        check.wrong(pointer, f"no more than {most} items allowed")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _characters(part: Any) -> int:
    if isinstance(part, Mapping):
        return sum(
            len(value) if key == "text" and isinstance(value, str) else _characters(value)
            for key, value in part.items()
        )
    return sum(map(_characters, part)) if isinstance(part, list | tuple) else 0
