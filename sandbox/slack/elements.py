"""Slack's rules for what stands inside a block: buttons, menus, inputs, images."""

from __future__ import annotations

from collections.abc import Callable

from slackblocks import _limits as limit

from sandbox.slack.check import Check, Json


def image(check: Check, block: Json, pointer: str) -> None:
    if ("image_url" in block) == ("slack_file" in block):
        check.wrong(pointer, "must define exactly one of `image_url` and `slack_file`")
    check.string(block, "image_url", pointer, limit.IMAGE_IMAGE_URL_MAX_LENGTH)
    check.string(block, "alt_text", pointer, limit.IMAGE_ALT_TEXT_MAX_LENGTH, needed=True)
    check.text(block, "title", pointer, limit.IMAGE_TITLE_MAX_LENGTH, plain=True)


def element(check: Check, element: Json, pointer: str) -> None:
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


def _choice(least: int, most: int) -> Callable[[Check, Json, str], None]:
    def look(check: Check, element: Json, pointer: str) -> None:
        options = check.items(element, "options", pointer, least, most)
        for i, option in enumerate(options):
            _option(check, option, f"{pointer}/options/{i}")
        chosen = element.get("initial_options") or [element.get("initial_option")]
        if any(option and option not in options for option in chosen):
            check.wrong(pointer, "initial option must be one of options")

    return look


def _select(check: Check, select: Json, pointer: str) -> None:
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


def _option(check: Check, option: Json, pointer: str) -> None:
    check.only(option, pointer, frozenset({"text", "value", "description", "url"}))
    check.text(option, "text", pointer, limit.OPTION_TEXT_MAX_LENGTH, required=True)
    check.string(option, "value", pointer, limit.OPTION_VALUE_MAX_LENGTH)
    check.text(option, "description", pointer, limit.OPTION_DESCRIPTION_MAX_LENGTH)


def _plain_text_input(check: Check, element: Json, pointer: str) -> None:
    for key, most in (
        ("min_length", limit.PLAIN_TEXT_INPUT_MIN_LENGTH_MAX),
        ("max_length", limit.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX),
    ):
        if not 0 <= element.get(key, 0) <= most:
            check.wrong(f"{pointer}/{key}", f"must be at most {most}")


_BUTTON_KEYS = frozenset(
    {"type", "text", "action_id", "value", "url", "style", "confirm", "accessibility_label"}
)
_ELEMENTS: dict[str, Callable[[Check, Json, str], None]] = {
    "button": _button,
    "static_select": _select,
    "multi_static_select": _select,
    "overflow": _choice(limit.OVERFLOW_OPTIONS_MIN_ITEMS, limit.OVERFLOW_OPTIONS_MAX_ITEMS),
    "checkboxes": _choice(limit.CHECKBOXES_OPTIONS_MIN_ITEMS, limit.CHECKBOXES_OPTIONS_MAX_ITEMS),
    "radio_buttons": _choice(
        limit.RADIO_BUTTONS_OPTIONS_MIN_ITEMS, limit.RADIO_BUTTONS_OPTIONS_MAX_ITEMS
    ),
    "plain_text_input": _plain_text_input,
    "image": image,
}
_UNCHECKED = frozenset(
    {
        *("users_select", "conversations_select", "channels_select", "external_select"),
        *("multi_users_select", "multi_conversations_select", "multi_channels_select"),
        *("datepicker", "timepicker", "datetimepicker", "number_input", "email_text_input"),
        *("url_text_input", "rich_text_input", "file_input", "workflow_button"),
    }
)
