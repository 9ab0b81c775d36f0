"""The stand-in's numbers are those that slackblocks' classes keep to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from slackblocks import (
    ActionsBlock,
    AlertBlock,
    Block,
    Button,
    CheckboxGroup,
    Confirm,
    ContextBlock,
    DataTableBlock,
    DividerBlock,
    ExternalSelectMenu,
    FileBlock,
    HeaderBlock,
    HomeTabView,
    ImageBlock,
    InputBlock,
    InvalidUsageError,
    MarkdownBlock,
    Message,
    ModalView,
    Option,
    OptionGroup,
    OverflowMenu,
    PlainText,
    PlainTextInput,
    RadioButtonGroup,
    RawText,
    SectionBlock,
    StaticMultiSelectMenu,
    StaticSelectMenu,
    TableBlock,
    Text,
    VideoBlock,
)

from sandbox.slack import block_kit

Builder = Callable[[int], object]
"""Builds something with a text that long, or with that many items."""

IMAGE = "https://example.com/i.png"


def text(build: Callable[[str], object]) -> Builder:
    return lambda n: build("x" * n)


def options(n: int) -> list[Option]:
    return [Option(PlainText(f"option {i}"), str(i)) for i in range(n)]


def dividers(n: int) -> list[Block]:
    return [DividerBlock() for _ in range(n)]


def table(rows: int = 2, columns: int = 1, page_size: int = 5) -> DataTableBlock:
    return DataTableBlock([[RawText("c")] * columns for _ in range(rows)], "t", page_size)


def confirm(**changed: str) -> Confirm:
    return Confirm(**{"title": "t", "text": "t", "confirm": "c", "deny": "d", **changed})


def modal(title: str = "t", **more: Any) -> ModalView:
    return ModalView(title, dividers(1), **more)


MOST: Mapping[str, Builder] = {
    "BLOCK_ID_MAX_LENGTH": text(lambda t: DividerBlock(block_id=t)),
    "ACTION_ID_MAX_LENGTH": text(lambda t: Button("b", action_id=t)),
    "TEXT_MAX_LENGTH": text(Text),
    "ACTIONS_ELEMENTS_MAX_ITEMS": lambda n: ActionsBlock([Button("b", f"a{i}") for i in range(n)]),
    "ALERT_TEXT_MAX_LENGTH": text(AlertBlock),
    "CONTEXT_ELEMENTS_MAX_ITEMS": lambda n: ContextBlock([Text("t") for _ in range(n)]),
    "DATA_TABLE_COLUMNS_MAX_ITEMS": lambda n: table(columns=n),
    "DATA_TABLE_CONTENT_MAX_LENGTH": lambda n: DataTableBlock(
        [[RawText("c")], [RawText("x" * (n - 1))]], "t"
    ),
    "DATA_TABLE_PAGE_SIZE_MAX": lambda n: table(page_size=n),
    "DATA_TABLE_ROWS_MAX_ITEMS": lambda n: table(rows=n),
    "HEADER_TEXT_MAX_LENGTH": text(HeaderBlock),
    "IMAGE_ALT_TEXT_MAX_LENGTH": text(lambda t: ImageBlock(IMAGE, t)),
    "IMAGE_IMAGE_URL_MAX_LENGTH": lambda n: ImageBlock(IMAGE.ljust(n, "x")),
    "IMAGE_TITLE_MAX_LENGTH": text(lambda t: ImageBlock(IMAGE, title=t)),
    "INPUT_HINT_MAX_LENGTH": text(lambda t: InputBlock("l", PlainTextInput(), hint=t)),
    "INPUT_LABEL_MAX_LENGTH": text(lambda t: InputBlock(t, PlainTextInput())),
    "SECTION_FIELDS_ITEM_MAX_LENGTH": text(lambda t: SectionBlock(fields=[t])),
    "SECTION_FIELDS_MAX_ITEMS": lambda n: SectionBlock(fields=["f"] * n),
    "SECTION_TEXT_MAX_LENGTH": text(SectionBlock),
    "BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH": text(lambda t: Button("b", accessibility_label=t)),
    "BUTTON_TEXT_MAX_LENGTH": text(Button),
    "BUTTON_URL_MAX_LENGTH": lambda n: Button("b", url=IMAGE.ljust(n, "x")),
    "BUTTON_VALUE_MAX_LENGTH": text(lambda t: Button("b", value=t)),
    "CHECKBOXES_OPTIONS_MAX_ITEMS": lambda n: CheckboxGroup("a", options(n)),
    "OVERFLOW_OPTIONS_MAX_ITEMS": lambda n: OverflowMenu("a", options(n)),
    "PLAIN_TEXT_INPUT_MAX_LENGTH_MAX": lambda n: PlainTextInput(max_length=n),
    "PLAIN_TEXT_INPUT_MIN_LENGTH_MAX": lambda n: PlainTextInput(min_length=n),
    "RADIO_BUTTONS_OPTIONS_MAX_ITEMS": lambda n: RadioButtonGroup("a", options(n)),
    "SELECT_OPTIONS_MAX_ITEMS": lambda n: StaticSelectMenu(options=options(n), placeholder="p"),
    "SELECT_OPTION_GROUPS_MAX_ITEMS": lambda n: StaticSelectMenu(
        option_groups=[OptionGroup(str(i), options(1)) for i in range(n)], placeholder="p"
    ),
    "SELECT_PLACEHOLDER_MAX_LENGTH": text(lambda t: ExternalSelectMenu("a", placeholder=t)),
    "CONFIRMATION_CONFIRM_MAX_LENGTH": text(lambda t: confirm(confirm=t)),
    "CONFIRMATION_DENY_MAX_LENGTH": text(lambda t: confirm(deny=t)),
    "CONFIRMATION_TEXT_MAX_LENGTH": text(lambda t: confirm(text=t)),
    "CONFIRMATION_TITLE_MAX_LENGTH": text(lambda t: confirm(title=t)),
    "OPTION_DESCRIPTION_MAX_LENGTH": text(lambda t: Option("o", "v", t)),
    "OPTION_GROUP_LABEL_MAX_LENGTH": text(lambda t: OptionGroup(t, options(1))),
    "OPTION_GROUP_OPTIONS_MAX_ITEMS": lambda n: OptionGroup("g", options(n)),
    "OPTION_TEXT_MAX_LENGTH": text(lambda t: Option(t, "v")),
    "OPTION_VALUE_MAX_LENGTH": text(lambda t: Option("o", t)),
    "MESSAGE_BLOCKS_MAX_ITEMS": lambda n: Message("C1", blocks=dividers(n)),
    "VIEW_BLOCKS_MAX_ITEMS": lambda n: HomeTabView(dividers(n)),
    "VIEW_CALLBACK_ID_MAX_LENGTH": text(lambda t: modal(callback_id=t)),
    "VIEW_CLOSE_MAX_LENGTH": text(lambda t: modal(close=t)),
    "VIEW_PRIVATE_METADATA_MAX_LENGTH": text(lambda t: modal(private_metadata=t)),
    "VIEW_SUBMIT_MAX_LENGTH": text(lambda t: modal(submit=t)),
    "VIEW_TITLE_MAX_LENGTH": text(lambda t: modal(title=t)),
}
LEAST: Mapping[str, Builder] = {
    "CHECKBOXES_OPTIONS_MIN_ITEMS": MOST["CHECKBOXES_OPTIONS_MAX_ITEMS"],
    "DATA_TABLE_CELL_TEXT_MIN_LENGTH": lambda n: DataTableBlock(
        [[RawText("c")], [RawText("x" * n)]], "t"
    ),
    "DATA_TABLE_COLUMNS_MIN_ITEMS": MOST["DATA_TABLE_COLUMNS_MAX_ITEMS"],
    "DATA_TABLE_PAGE_SIZE_MIN": MOST["DATA_TABLE_PAGE_SIZE_MAX"],
    "DATA_TABLE_ROWS_MIN_ITEMS": MOST["DATA_TABLE_ROWS_MAX_ITEMS"],
    "MULTI_SELECT_MAX_SELECTED_ITEMS_MIN": lambda n: StaticMultiSelectMenu(
        "a", options(1), max_selected_items=n, placeholder="p"
    ),
    "OVERFLOW_OPTIONS_MIN_ITEMS": MOST["OVERFLOW_OPTIONS_MAX_ITEMS"],
    "PLAIN_TEXT_INPUT_MAX_LENGTH_MIN": MOST["PLAIN_TEXT_INPUT_MAX_LENGTH_MAX"],
    "PLAIN_TEXT_INPUT_MIN_LENGTH_MIN": MOST["PLAIN_TEXT_INPUT_MIN_LENGTH_MAX"],
    "RADIO_BUTTONS_OPTIONS_MIN_ITEMS": MOST["RADIO_BUTTONS_OPTIONS_MAX_ITEMS"],
    "SELECT_MIN_QUERY_LENGTH_MIN": lambda n: ExternalSelectMenu("a", min_query_length=n),
    "SELECT_OPTIONS_MIN_ITEMS": MOST["SELECT_OPTIONS_MAX_ITEMS"],
}
BLOCKS: Mapping[str, Block] = {
    "actions": ActionsBlock([Button("b", "a")]),
    "alert": AlertBlock("a"),
    "context": ContextBlock([Text("t")]),
    "data_table": table(),
    "divider": DividerBlock(),
    "file": FileBlock("f"),
    "header": HeaderBlock("h"),
    "image": ImageBlock(IMAGE),
    "input": InputBlock("l", PlainTextInput()),
    "markdown": MarkdownBlock("m"),
    "section": SectionBlock("s"),
    "table": TableBlock([[RawText("r")]]),
    "video": VideoBlock("a", IMAGE, "t", IMAGE),
}
VIEWS: Mapping[str, Callable[[Block], object]] = {
    "message": lambda block: Message("C1", blocks=[block]),
    "modal": lambda block: ModalView("t", [block], submit="s"),
    "home": lambda block: HomeTabView([block]),
}


def test_every_number_is_held_against_the_library() -> None:
    assert {*MOST, *LEAST} == {n for n in vars(block_kit) if "_M" in n and n.isupper()}


@pytest.mark.parametrize("name", MOST)
def test_that_much_is_taken_and_no_more(name: str) -> None:
    most = getattr(block_kit, name)

    assert (takes(MOST[name], most), takes(MOST[name], most + 1)) == (True, False)


@pytest.mark.parametrize("name", LEAST)
def test_that_little_is_taken_and_no_less(name: str) -> None:
    least = getattr(block_kit, name)

    assert (takes(LEAST[name], least), takes(LEAST[name], least - 1)) == (True, False)


@pytest.mark.parametrize("surface", VIEWS)
def test_surface_takes_the_blocks_that_the_library_lets_stand_there(surface: str) -> None:
    taken = {kind for kind, block in BLOCKS.items() if takes(VIEWS[surface], block)}

    assert taken == block_kit.SURFACES[surface] & BLOCKS.keys()


def takes(build: Callable[[Any], object], value: object) -> bool:
    try:
        build(value)
    except InvalidUsageError:
        return False
    return True
