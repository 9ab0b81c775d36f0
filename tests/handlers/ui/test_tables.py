"""Tables in messages, and the same as lines in windows and in words."""

from __future__ import annotations

from bot.slack.modals import as_json, page
from handlers.core.replies import Message, split
from handlers.ui.blocks import section
from handlers.ui.tables import MAX_ROWS, Figure, Row, data_table, row_texts
from sandbox.gallery import aloud
from sandbox.slack.limits import complaints

COLUMNS = ("Region", "Images", "Size")
ROWS: list[Row] = [
    ("DFW", Figure(2, "2"), Figure(1500, "1.5 KB")),
    ("<!channel>\u202e", "", "none"),
]


def test_a_cell_is_text_or_a_number_that_sorts_as_one() -> None:
    table = data_table("Images by region", COLUMNS, ROWS)

    assert table["rows"][1:] == [
        [
            {"type": "raw_text", "text": "DFW"},
            {"type": "raw_number", "text": "2", "value": 2},
            {"type": "raw_number", "text": "1.5 KB", "value": 1500},
        ],
        [
            {"type": "raw_text", "text": "<!channel>"},
            {"type": "raw_text", "text": "–"},
            {"type": "raw_text", "text": "none"},
        ],
    ]


def test_a_window_which_takes_no_table_has_a_line_for_each_row() -> None:
    message = Message("x", (data_table("Images by region", COLUMNS, ROWS),))

    [block] = as_json(page(message))["blocks"]

    assert block["type"] == "rich_text"
    assert list(aloud(Message("x", (block,)))) == [
        "*DFW*: Images 2, Size 1.5 KB\n*<!channel>*: Images –, Size none"
    ]


def test_the_text_for_clients_that_draw_no_table_says_the_same() -> None:
    assert row_texts(COLUMNS, ROWS) == [
        "DFW: Images 2, Size 1.5 KB",
        "<!channel>: Images –, Size none",
    ]


def test_the_longest_table_fits_into_one_message() -> None:
    wide = ["x" * 300] * 5
    table = data_table("Longest", wide, [wide] * 500)

    [part] = split(Message("x", (section("Longest"), table)))

    assert len(table["rows"]) == MAX_ROWS + 1
    assert complaints({"text": part.text, "blocks": [dict(each) for each in part.blocks]}) == []


def test_a_table_stays_with_the_section_above_it() -> None:
    table = data_table("Images by region", COLUMNS, ROWS * 9)
    message = Message("x", (section("one"), table, section("two"), table) * 3)

    for part in split(message):
        assert [each["type"] for each in part.blocks] == ["section", "data_table"] * (
            len(part.blocks) // 2
        )
