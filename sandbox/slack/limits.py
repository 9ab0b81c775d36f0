"""
Slack's rules for blocks: what it answers `invalid_blocks` to.

The numbers are those of slackblocks, whose authors keep them against docs.slack.dev.
Block types that the bot does not use are checked by name only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from slackblocks import _limits as limit
from slackblocks._surfaces import _BLOCK_TYPES_BY_SURFACE as SURFACES

Json = dict[str, Any]

MESSAGE_JSON_MAX = 13_200
"""Characters of blocks in one message; above, Slack answers `msg_blocks_too_long`. Measured."""
TEXT_MAX = 40_000
"""Characters; longer text is cut."""

MESSAGE, MODAL, HOME = "message", "modal", "home"


def check_blocks(blocks: object, surface: str = MESSAGE) -> list[str]:
    """What Slack would find wrong, each with a JSON pointer, as in `response_metadata.messages`."""
    check = _Check()
    most = limit.MESSAGE_BLOCKS_MAX_ITEMS if surface == MESSAGE else limit.VIEW_BLOCKS_MAX_ITEMS
    for i, block in enumerate(check.items({"blocks": blocks}, "blocks", "", 0, most)):
        _block(check, block, f"/blocks/{i}", surface)
    return check.problems


def check_view(view: Json) -> list[str]:
    """As check_blocks, for the whole of a modal or a home tab."""
    surface = view.get("type")
    if surface not in (MODAL, HOME):
        return ["[ERROR] unsupported type [json-pointer:/view/type]"]
    check = _Check()
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


class _Check:
    """Collects what is wrong, in Slack's words."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._block_ids: set[str] = set()

    def wrong(self, pointer: str, problem: str) -> None:
        self.problems.append(f"[ERROR] {problem} [json-pointer:{pointer}]")

    def string(
        self, of: Json, key: str, pointer: str, longest: int, *, needed: bool = False
    ) -> None:
        value = of.get(key)
        if value is None:
            if needed:
                self.wrong(pointer, f"missing required field: {key}")
        elif not isinstance(value, str):
            self.wrong(f"{pointer}/{key}", "must be a string")
        elif len(value) > longest:
            self.wrong(f"{pointer}/{key}", f"must be less than {longest + 1} characters")

    def text(
        self,
        of: Json,
        key: str,
        pointer: str,
        longest: int,
        *,
        plain: bool = False,
        required: bool = False,
    ) -> None:
        value, pointer = of.get(key), f"{pointer}/{key}"
        if value is None:
            if required:
                self.wrong(pointer, f"missing required field: {key}")
            return
        if not isinstance(value, dict) or value.get("type") not in ("plain_text", "mrkdwn"):
            self.wrong(pointer, "must be a text object")
            return
        if plain and value["type"] != "plain_text":
            self.wrong(f"{pointer}/type", "must be plain_text")
        self.only(value, pointer, _TEXT_KEYS[value["type"]])
        self.string(value, "text", pointer, longest, needed=True)
        if value.get("text") == "":
            self.wrong(f"{pointer}/text", "must be more than 0 characters")

    def items(self, of: Json, key: str, pointer: str, least: int, most: int) -> list[Json]:
        values, pointer = of.get(key), f"{pointer}/{key}"
        if not isinstance(values, list | tuple):
            self.wrong(pointer, "must provide an array")
            return []
        if len(values) < least:
            self.wrong(pointer, f"no fewer than {least} items required")
        if len(values) > most:
            self.wrong(pointer, f"no more than {most} items allowed")
        for i, value in enumerate(values):
            if not isinstance(value, dict):
                self.wrong(f"{pointer}/{i}", "must be an object")
        return [value for value in values if isinstance(value, dict)]

    def only(self, of: Json, pointer: str, allowed: frozenset[str]) -> None:
        for key in of.keys() - allowed:
            self.wrong(pointer, f"invalid additional property: {key}")

    def once(self, block_id: str | None, pointer: str) -> None:
        if block_id in self._block_ids:
            self.wrong(f"{pointer}/block_id", "block_id already exists")
        elif block_id:
            self._block_ids.add(block_id)


def _has_input(blocks: object) -> bool:
    return isinstance(blocks, list) and any(b.get("type") == "input" for b in blocks)


def _block(check: _Check, block: Json, pointer: str, surface: str) -> None:
    kind = block.get("type")
    if kind not in SURFACES.get(surface, ()):  # type: ignore[call-overload]
        check.wrong(f"{pointer}/type", f"unsupported type: {kind}")
        return
    check.string(block, "block_id", pointer, limit.BLOCK_ID_MAX_LENGTH)
    check.once(block.get("block_id"), pointer)
    if kind in _BLOCKS:
        keys, look = _BLOCKS[kind]
        check.only(block, pointer, keys | {"type", "block_id"})
        look(check, block, pointer)


def _section(check: _Check, block: Json, pointer: str) -> None:
    if not block.get("text") and not block.get("fields"):
        check.wrong(pointer, "must define either `text` or `fields`")
    check.text(block, "text", pointer, limit.SECTION_TEXT_MAX_LENGTH)
    if "fields" in block:
        most, longest = limit.SECTION_FIELDS_MAX_ITEMS, limit.SECTION_FIELDS_ITEM_MAX_LENGTH
        for i, each in enumerate(check.items(block, "fields", pointer, 1, most)):
            check.text({str(i): each}, str(i), f"{pointer}/fields", longest)
    if block.get("accessory"):
        _element(check, block["accessory"], f"{pointer}/accessory")


def _header(check: _Check, block: Json, pointer: str) -> None:
    check.text(block, "text", pointer, limit.HEADER_TEXT_MAX_LENGTH, plain=True, required=True)


def _context(check: _Check, block: Json, pointer: str) -> None:
    elements = check.items(block, "elements", pointer, 1, limit.CONTEXT_ELEMENTS_MAX_ITEMS)
    for i, element in enumerate(elements):
        if element.get("type") == "image":
            _image(check, element, f"{pointer}/elements/{i}")
        else:
            check.text({str(i): element}, str(i), f"{pointer}/elements", limit.TEXT_MAX_LENGTH)


def _actions(check: _Check, block: Json, pointer: str) -> None:
    seen: set[str] = set()
    elements = check.items(block, "elements", pointer, 1, limit.ACTIONS_ELEMENTS_MAX_ITEMS)
    for i, element in enumerate(elements):
        _element(check, element, f"{pointer}/elements/{i}")
        action_id = element.get("action_id")
        if action_id in seen:
            check.wrong(f"{pointer}/elements/{i}/action_id", f"action_id `{action_id}` repeats")
        elif action_id:
            seen.add(action_id)


def _input(check: _Check, block: Json, pointer: str) -> None:
    check.text(block, "label", pointer, limit.INPUT_LABEL_MAX_LENGTH, plain=True, required=True)
    check.text(block, "hint", pointer, limit.INPUT_HINT_MAX_LENGTH, plain=True)
    if isinstance(block.get("element"), dict):
        _element(check, block["element"], f"{pointer}/element")
    else:
        check.wrong(pointer, "missing required field: element")


def _image(check: _Check, block: Json, pointer: str) -> None:
    if ("image_url" in block) == ("slack_file" in block):
        check.wrong(pointer, "must define exactly one of `image_url` and `slack_file`")
    check.string(block, "image_url", pointer, limit.IMAGE_IMAGE_URL_MAX_LENGTH)
    check.string(block, "alt_text", pointer, limit.IMAGE_ALT_TEXT_MAX_LENGTH, needed=True)
    check.text(block, "title", pointer, limit.IMAGE_TITLE_MAX_LENGTH, plain=True)


def _element(check: _Check, element: Json, pointer: str) -> None:
    check.string(element, "action_id", pointer, limit.ACTION_ID_MAX_LENGTH)
    longest = limit.SELECT_PLACEHOLDER_MAX_LENGTH
    check.text(element, "placeholder", pointer, longest, plain=True)
    if isinstance(element.get("confirm"), dict):
        _confirm(check, element["confirm"], f"{pointer}/confirm")
    look = _ELEMENTS.get(str(element.get("type")))
    if look:
        look(check, element, pointer)
    elif element.get("type") not in _UNCHECKED:
        check.wrong(f"{pointer}/type", f"unsupported type: {element.get('type')}")


def _confirm(check: _Check, confirm: Json, pointer: str) -> None:
    check.only(confirm, pointer, frozenset({"title", "text", "confirm", "deny", "style"}))
    for key, longest in (
        ("title", limit.CONFIRMATION_TITLE_MAX_LENGTH),
        ("confirm", limit.CONFIRMATION_CONFIRM_MAX_LENGTH),
        ("deny", limit.CONFIRMATION_DENY_MAX_LENGTH),
    ):
        check.text(confirm, key, pointer, longest, plain=True)
    check.text(confirm, "text", pointer, limit.CONFIRMATION_TEXT_MAX_LENGTH, required=True)


def _button(check: _Check, button: Json, pointer: str) -> None:
    check.only(button, pointer, _BUTTON_KEYS)
    check.text(button, "text", pointer, limit.BUTTON_TEXT_MAX_LENGTH, plain=True, required=True)
    check.string(button, "value", pointer, limit.BUTTON_VALUE_MAX_LENGTH)
    check.string(button, "url", pointer, limit.BUTTON_URL_MAX_LENGTH)
    longest = limit.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH
    check.string(button, "accessibility_label", pointer, longest)
    if button.get("style") not in (None, "primary", "danger"):
        check.wrong(f"{pointer}/style", "must be one of primary, danger")


def _choice(least: int, most: int) -> Callable[[_Check, Json, str], None]:
    def look(check: _Check, element: Json, pointer: str) -> None:
        options = check.items(element, "options", pointer, least, most)
        for i, option in enumerate(options):
            _option(check, option, f"{pointer}/options/{i}")
        chosen = element.get("initial_options") or [element.get("initial_option")]
        if any(option and option not in options for option in chosen):
            check.wrong(pointer, "initial option must be one of options")

    return look


def _select(check: _Check, select: Json, pointer: str) -> None:
    if "option_groups" not in select:
        _choice(limit.SELECT_OPTIONS_MIN_ITEMS, limit.SELECT_OPTIONS_MAX_ITEMS)(
            check, select, pointer
        )
        return
    most = limit.SELECT_OPTION_GROUPS_MAX_ITEMS
    for i, group in enumerate(check.items(select, "option_groups", pointer, 1, most)):
        inner = f"{pointer}/option_groups/{i}"
        check.text(group, "label", inner, limit.OPTION_GROUP_LABEL_MAX_LENGTH, plain=True)
        _choice(1, limit.OPTION_GROUP_OPTIONS_MAX_ITEMS)(check, group, inner)


def _option(check: _Check, option: Json, pointer: str) -> None:
    check.only(option, pointer, frozenset({"text", "value", "description", "url"}))
    check.text(option, "text", pointer, limit.OPTION_TEXT_MAX_LENGTH, required=True)
    check.string(option, "value", pointer, limit.OPTION_VALUE_MAX_LENGTH)
    check.text(option, "description", pointer, limit.OPTION_DESCRIPTION_MAX_LENGTH)


def _plain_text_input(check: _Check, element: Json, pointer: str) -> None:
    for key, most in (
        ("min_length", limit.PLAIN_TEXT_INPUT_MIN_LENGTH_MAX),
        ("max_length", limit.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX),
    ):
        if not 0 <= element.get(key, 0) <= most:
            check.wrong(f"{pointer}/{key}", f"must be at most {most}")


def _anything(check: _Check, of: Json, pointer: str) -> None:
    """Nothing more to look at."""


_TEXT_KEYS = {
    "plain_text": frozenset({"type", "text", "emoji"}),
    "mrkdwn": frozenset({"type", "text", "verbatim"}),
}
_BUTTON_KEYS = frozenset(
    {"type", "text", "action_id", "value", "url", "style", "confirm", "accessibility_label"}
)
_BLOCKS: dict[str, tuple[frozenset[str], Callable[[_Check, Json, str], None]]] = {
    "section": (frozenset({"text", "fields", "accessory", "expand"}), _section),
    "header": (frozenset({"text"}), _header),
    "context": (frozenset({"elements"}), _context),
    "actions": (frozenset({"elements"}), _actions),
    "divider": (frozenset(), _anything),
    "image": (frozenset({"image_url", "slack_file", "alt_text", "title"}), _image),
    "input": (frozenset({"label", "element", "hint", "optional", "dispatch_action"}), _input),
}
_ELEMENTS: dict[str, Callable[[_Check, Json, str], None]] = {
    "button": _button,
    "static_select": _select,
    "multi_static_select": _select,
    "overflow": _choice(limit.OVERFLOW_OPTIONS_MIN_ITEMS, limit.OVERFLOW_OPTIONS_MAX_ITEMS),
    "checkboxes": _choice(limit.CHECKBOXES_OPTIONS_MIN_ITEMS, limit.CHECKBOXES_OPTIONS_MAX_ITEMS),
    "radio_buttons": _choice(
        limit.RADIO_BUTTONS_OPTIONS_MIN_ITEMS, limit.RADIO_BUTTONS_OPTIONS_MAX_ITEMS
    ),
    "plain_text_input": _plain_text_input,
    "image": _image,
}
_UNCHECKED = frozenset(
    {
        *("users_select", "conversations_select", "channels_select", "external_select"),
        *("multi_users_select", "multi_conversations_select", "multi_channels_select"),
        *("datepicker", "timepicker", "datetimepicker", "number_input", "email_text_input"),
        *("url_text_input", "rich_text_input", "file_input", "workflow_button"),
    }
)
