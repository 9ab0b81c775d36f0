"""Alerts and data tables: what Slack refuses, and where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sandbox.slack.limits import HOME, MESSAGE, MODAL, check_blocks

TEXT = {"type": "mrkdwn", "text": "Check it."}
ALERT = {"type": "alert", "level": "warning", "text": TEXT}


def cell(text: str = "x") -> dict[str, Any]:
    return {"type": "raw_text", "text": text}


RICH = {"type": "rich_text", "elements": []}
NUMBER = {"type": "raw_number", "value": 2.5, "text": "2.5 GB"}
HEAD = [cell("Region"), cell("Size")]
TABLE = {
    "type": "data_table",
    "caption": "Images by region",
    "rows": [HEAD, [cell("DFW"), NUMBER], [cell("ORD"), RICH]],
    "page_size": 2,
    "row_header_column_index": 1,
}


@pytest.mark.parametrize(
    ("block", "surfaces"),
    [(ALERT, {MODAL}), (TABLE, {MESSAGE, HOME})],
    ids=["alert", "data_table"],
)
def test_each_surface_takes_its_own(block: Mapping[str, Any], surfaces: set[str]) -> None:
    taken = {each for each in (MESSAGE, MODAL, HOME) if check_blocks([block], each) == []}

    assert taken == surfaces


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"text": None}, "missing required field: text [json-pointer:/blocks/0/text]"),
        ({"text": "Check it."}, "must be a text object [json-pointer:/blocks/0/text]"),
        ({"text": {**TEXT, "text": "x" * 201}}, "must be less than 201 characters"),
        ({"level": "loud"}, "must be one of default, info, warning, error, success"),
        ({"title": TEXT}, "invalid additional property: title"),
    ],
)
def test_an_alert_that_slack_refuses(change: Mapping[str, Any], problem: str) -> None:
    [found] = check_blocks([{**ALERT, **change}], MODAL)

    assert problem in found


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"caption": ""}, "missing required field: caption"),
        ({"rows": None}, "must provide an array [json-pointer:/blocks/0/rows]"),
        ({"rows": [HEAD]}, "no fewer than 2 items required"),
        ({"rows": [HEAD] * 202}, "no more than 201 items allowed"),
        ({"rows": [HEAD, "DFW"]}, "must provide an array [json-pointer:/blocks/0/rows/1]"),
        ({"rows": [HEAD, [cell()]]}, "all rows must have the same number of cells"),
        ({"rows": [[cell()] * 21] * 2}, "no more than 20 items allowed"),
        ({"rows": [HEAD, [cell(), cell("")]]}, "must be more than 0 characters"),
        ({"rows": [[cell(), RICH], HEAD]}, "unsupported type: rich_text"),
        ({"rows": [HEAD, [cell(), TEXT]]}, "unsupported type: mrkdwn"),
        ({"rows": [HEAD, [cell(), {**NUMBER, "value": "2"}]]}, "must be a number"),
        ({"rows": [HEAD, [cell(), {**cell(), "style": 1}]]}, "invalid additional property: style"),
        ({"rows": [HEAD, [cell(), cell("x" * 20_000)]]}, "must be less than 20001 characters"),
        ({"page_size": 0}, "must be an integer of 1 to 100"),
        ({"page_size": True}, "must be an integer of 1 to 100"),
        ({"row_header_column_index": 2}, "must be an integer of 0 to 1"),
        ({"columns": []}, "invalid additional property: columns"),
    ],
)
def test_a_table_that_slack_refuses(change: Mapping[str, Any], problem: str) -> None:
    found = check_blocks([{**TABLE, **change}])

    assert any(problem in each for each in found)


def test_the_cells_of_all_tables_of_a_message_are_counted_together() -> None:
    half = {**TABLE, "rows": [HEAD, [cell(), cell("x" * 10_000)]]}

    assert check_blocks([half]) == []
    assert check_blocks([half, half]) == [
        "[ERROR] cells of data tables must be less than 20001 characters [json-pointer:/blocks]"
    ]
