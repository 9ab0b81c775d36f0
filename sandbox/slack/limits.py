"""
Slack's rules for blocks: what it answers `invalid_blocks` to.

Block types that the bot does not use are checked by name only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from sandbox.slack import block_kit as limit
from sandbox.slack import tables
from sandbox.slack.check import Check, Json
from sandbox.slack.elements import ACTIONS, BESIDE, INPUT, element, image

MESSAGE_JSON_MAX = 13_200
"""Characters of blocks in one message; above, Slack answers `msg_blocks_too_long`. Measured."""
TEXT_MAX = 40_000
"""Characters; longer text is cut."""

ALERT_LEVELS = ("default", "info", "warning", "error", "success")
MESSAGE, MODAL, HOME = "message", "modal", "home"


def check_blocks(blocks: object, surface: str = MESSAGE) -> list[str]:
    """What Slack would find wrong, each with a JSON pointer, as in `response_metadata.messages`."""
    check = Check()
    most = limit.MESSAGE_BLOCKS_MAX_ITEMS if surface == MESSAGE else limit.VIEW_BLOCKS_MAX_ITEMS
    for i, block in enumerate(check.items({"blocks": blocks}, "blocks", "", 0, most)):
        _block(check, block, f"/blocks/{i}", surface)
    tables.check_content(check, blocks)
    return check.problems


def check_view(view: Json) -> list[str]:
    """As check_blocks, for the whole of a modal or a home tab."""
    surface = view.get("type")
    if surface not in (MODAL, HOME):
        return ["[ERROR] unsupported type [json-pointer:/view/type]"]
    check = Check()
    check.string(view, "private_metadata", "/view", limit.VIEW_PRIVATE_METADATA_MAX_LENGTH)
    check.string(view, "callback_id", "/view", limit.VIEW_CALLBACK_ID_MAX_LENGTH)
    if surface == MODAL:
        check.text(view, "title", "/view", limit.VIEW_TITLE_MAX_LENGTH, plain=True, required=True)
        check.text(view, "submit", "/view", limit.VIEW_SUBMIT_MAX_LENGTH, plain=True)
        check.text(view, "close", "/view", limit.VIEW_CLOSE_MAX_LENGTH, plain=True)
        if "submit" not in view and _has_input(view.get("blocks")):
            check.wrong("/view", "missing required field: submit")
    return check.problems + check_blocks(view.get("blocks"), surface)


def complaints(message: Json) -> list[str]:
    """What Slack would refuse a message of `text` and `blocks` for; empty if it would take it."""
    blocks = message.get("blocks") or []
    if not message.get("text") and not blocks:
        return ["no_text"]
    return check_blocks(blocks) or ["msg_blocks_too_long"] * too_long(blocks)


def too_long(blocks: Sequence[Json]) -> bool:
    """Whether Slack would answer `msg_blocks_too_long`."""
    compact = json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))
    return len(compact) > MESSAGE_JSON_MAX


def _has_input(blocks: object) -> bool:
    return isinstance(blocks, list) and any(b.get("type") == "input" for b in blocks)


def _block(check: Check, block: Json, pointer: str, surface: str) -> None:
    kind = block.get("type")
    if kind not in limit.SURFACES.get(surface, ()):
        check.wrong(f"{pointer}/type", f"unsupported type: {kind}")
        return
    check.string(block, "block_id", pointer, limit.BLOCK_ID_MAX_LENGTH)
    check.once(block.get("block_id"), pointer)
    if kind in _BLOCKS:
        keys, look = _BLOCKS[kind]
        check.only(block, pointer, keys | {"type", "block_id"})
        look(check, block, pointer)


def _section(check: Check, block: Json, pointer: str) -> None:
    if not block.get("text") and not block.get("fields"):
        check.wrong(pointer, "must define either `text` or `fields`")
    check.text(block, "text", pointer, limit.SECTION_TEXT_MAX_LENGTH)
    if "fields" in block:
        most, longest = limit.SECTION_FIELDS_MAX_ITEMS, limit.SECTION_FIELDS_ITEM_MAX_LENGTH
        for i, each in enumerate(check.items(block, "fields", pointer, 1, most)):
            check.text({str(i): each}, str(i), f"{pointer}/fields", longest)
    if block.get("accessory"):
        element(check, block["accessory"], f"{pointer}/accessory", BESIDE)


def _header(check: Check, block: Json, pointer: str) -> None:
    check.text(block, "text", pointer, limit.HEADER_TEXT_MAX_LENGTH, plain=True, required=True)


def _context(check: Check, block: Json, pointer: str) -> None:
    elements = check.items(block, "elements", pointer, 1, limit.CONTEXT_ELEMENTS_MAX_ITEMS)
    for i, each in enumerate(elements):
        if each.get("type") == "image":
            image(check, each, f"{pointer}/elements/{i}")
        else:
            check.text({str(i): each}, str(i), f"{pointer}/elements", limit.TEXT_MAX_LENGTH)


def _actions(check: Check, block: Json, pointer: str) -> None:
    seen: set[str] = set()
    elements = check.items(block, "elements", pointer, 1, limit.ACTIONS_ELEMENTS_MAX_ITEMS)
    for i, each in enumerate(elements):
        element(check, each, f"{pointer}/elements/{i}", ACTIONS)
        action_id = each.get("action_id")
        if action_id in seen:
            check.wrong(f"{pointer}/elements/{i}/action_id", f"action_id `{action_id}` repeats")
        elif action_id:
            seen.add(action_id)


def _input(check: Check, block: Json, pointer: str) -> None:
    check.text(block, "label", pointer, limit.INPUT_LABEL_MAX_LENGTH, plain=True, required=True)
    check.text(block, "hint", pointer, limit.INPUT_HINT_MAX_LENGTH, plain=True)
    if isinstance(block.get("element"), dict):
        element(check, block["element"], f"{pointer}/element", INPUT)
    else:
        check.wrong(pointer, "missing required field: element")


def _alert(check: Check, block: Json, pointer: str) -> None:
    check.text(block, "text", pointer, limit.ALERT_TEXT_MAX_LENGTH, required=True)
    if block.get("level", "default") not in ALERT_LEVELS:
        check.wrong(f"{pointer}/level", f"must be one of {', '.join(ALERT_LEVELS)}")


def _anything(check: Check, of: Json, pointer: str) -> None:
    """Nothing more to look at."""


_BLOCKS: dict[str, tuple[frozenset[str], Callable[[Check, Json, str], None]]] = {
    "section": (frozenset({"text", "fields", "accessory", "expand"}), _section),
    "header": (frozenset({"text"}), _header),
    "context": (frozenset({"elements"}), _context),
    "actions": (frozenset({"elements"}), _actions),
    "alert": (frozenset({"text", "level"}), _alert),
    "data_table": (tables.KEYS, tables.data_table),
    "divider": (frozenset(), _anything),
    "image": (frozenset({"image_url", "slack_file", "alt_text", "title"}), image),
    "input": (frozenset({"label", "element", "hint", "optional", "dispatch_action"}), _input),
}
