"""Slack's rules for elements of blocks: buttons, menus, inputs, images."""

from __future__ import annotations

from collections.abc import Collection

from sandbox.slack import block_kit as limit
from sandbox.slack import inputs
from sandbox.slack.check import Check, Json
from sandbox.slack.inputs import Look


def image(check: Check, block: Json, pointer: str) -> None:
    if ("image_url" in block) == ("slack_file" in block):
        check.wrong(pointer, "must define exactly one of `image_url` and `slack_file`")
    check.string(block, "image_url", pointer, limit.IMAGE_IMAGE_URL_MAX_LENGTH)
    check.string(block, "alt_text", pointer, limit.IMAGE_ALT_TEXT_MAX_LENGTH, needed=True)
    check.text(block, "title", pointer, limit.IMAGE_TITLE_MAX_LENGTH, plain=True)


def element(check: Check, element: Json, pointer: str, allowed: Collection[str]) -> None:
    """Check an element where only those *allowed* may be."""
    check.string(element, "action_id", pointer, limit.ACTION_ID_MAX_LENGTH)
    longest = limit.SELECT_PLACEHOLDER_MAX_LENGTH
    check.text(element, "placeholder", pointer, longest, plain=True)
    if isinstance(element.get("confirm"), dict):
        _confirm(check, element["confirm"], f"{pointer}/confirm")
    kind = str(element.get("type"))
    if kind in allowed and kind in _ELEMENTS:
        _ELEMENTS[kind](check, element, pointer)
    elif kind not in allowed:
        check.wrong(f"{pointer}/type", f"unsupported type: {kind}")


def _confirm(check: Check, confirm: Json, pointer: str) -> None:
    check.only(confirm, pointer, frozenset({"title", "text", "confirm", "deny", "style"}))
    for key, longest in (
        ("title", limit.CONFIRMATION_TITLE_MAX_LENGTH),
        ("confirm", limit.CONFIRMATION_CONFIRM_MAX_LENGTH),
        ("deny", limit.CONFIRMATION_DENY_MAX_LENGTH),
    ):
        check.text(confirm, key, pointer, longest, plain=True)
    check.text(confirm, "text", pointer, limit.CONFIRMATION_TEXT_MAX_LENGTH, required=True)


def _button(check: Check, button: Json, pointer: str) -> None:
    check.only(button, pointer, _BUTTON_KEYS)
    check.text(button, "text", pointer, limit.BUTTON_TEXT_MAX_LENGTH, plain=True, required=True)
    check.string(button, "value", pointer, limit.BUTTON_VALUE_MAX_LENGTH)
    check.string(button, "url", pointer, limit.BUTTON_URL_MAX_LENGTH)
    longest = limit.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH
    check.string(button, "accessibility_label", pointer, longest)
    if button.get("style") not in (None, "primary", "danger"):
        check.wrong(f"{pointer}/style", "must be one of primary, danger")


_BUTTON_KEYS = frozenset(
    {"type", "text", "action_id", "value", "url", "style", "confirm", "accessibility_label"}
)
_ELEMENTS: dict[str, Look] = {
    "button": _button,
    "static_select": inputs.select,
    "multi_static_select": inputs.select,
    "external_select": inputs.external_select,
    "multi_external_select": inputs.external_select,
    "overflow": inputs.choice(
        limit.OVERFLOW_OPTIONS_MIN_ITEMS, limit.OVERFLOW_OPTIONS_MAX_ITEMS, plain=True
    ),
    "checkboxes": inputs.choice(
        limit.CHECKBOXES_OPTIONS_MIN_ITEMS, limit.CHECKBOXES_OPTIONS_MAX_ITEMS
    ),
    "radio_buttons": inputs.choice(
        limit.RADIO_BUTTONS_OPTIONS_MIN_ITEMS, limit.RADIO_BUTTONS_OPTIONS_MAX_ITEMS
    ),
    "plain_text_input": inputs.plain_text_input,
    "number_input": inputs.number_input,
    "url_text_input": inputs.address_input,
    "email_text_input": inputs.address_input,
    "conversations_select": inputs.conversations,
    "multi_conversations_select": inputs.conversations,
    "users_select": inputs.users,
    "multi_users_select": inputs.users,
    "datepicker": inputs.date,
    "image": image,
}
_UNCHECKED = frozenset(
    {
        *("channels_select", "multi_channels_select"),
        *("timepicker", "datetimepicker"),
        *("rich_text_input", "file_input", "workflow_button"),
    }
)
_TYPED = frozenset(
    {
        *("plain_text_input", "number_input", "url_text_input", "email_text_input"),
        *("rich_text_input", "file_input"),
    }
)
_ALL = _ELEMENTS.keys() | _UNCHECKED
# As @slack/types declares them.
INPUT = _ALL - {"button", "overflow", "image", "workflow_button"}
"""Elements that can be filled in, for input blocks."""
BESIDE = _ALL - _TYPED - {"datetimepicker"}
"""Elements beside the text of a section."""
ACTIONS = _ALL - _TYPED - {"image"} | {"rich_text_input"}
"""Elements of an actions block."""
