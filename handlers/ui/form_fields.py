"""
The fields of a form. Each is a block of its own; block and field have one name.

Mind that Slack keeps what was typed in a field when a form is drawn anew under the same names.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from handlers.core.replies import Block, Option
from handlers.core.text import clean, clip

LABEL = 2000
OPTION = 75
OPTIONS = 100
PLACEHOLDER = 150
TYPED = 3000
"""Characters Slack takes in a label, an option's text, a placeholder and a text field, and
options in a menu."""


def text_input(
    label: str,
    name: str,
    *,
    initial: str = "",
    hint: str = "",
    optional: bool = False,
    lines: bool = False,
    most: int = TYPED,
    placeholder: str = "",
) -> Block:
    """A text of at most *most* characters, of one line or of several."""
    element = {
        "type": "plain_text_input",
        "multiline": lines,
        "max_length": most,
        **_initial("initial_value", clip(initial, most)),
        **_placeholder(placeholder),
    }
    return _field(label, name, element, hint, optional=optional)


def number_input(
    label: str,
    name: str,
    *,
    initial: int | None = None,
    least: int = 0,
    hint: str = "",
    optional: bool = False,
) -> Block:
    """A whole number."""
    element = {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": str(least),
        **_initial("initial_value", "" if initial is None else str(initial)),
    }
    return _field(label, name, element, hint, optional=optional)


def select(
    label: str,
    name: str,
    options: Sequence[Option],
    *,
    initial: str = "",
    hint: str = "",
    optional: bool = False,
    placeholder: str = "",
) -> Block:
    """One of at most 100 options; *initial* is the value of the one that is chosen already."""
    shown = [as_json(option) for option in options[:OPTIONS]]
    element = {
        "type": "static_select",
        "options": shown,
        **_initial("initial_option", _one(shown, initial)),
        **_placeholder(placeholder),
    }
    return _field(label, name, element, hint, optional=optional)


def search(
    label: str,
    name: str,
    *,
    initial: Option | None = None,
    hint: str = "",
    optional: bool = False,
    placeholder: str = "",
    least: int = 0,
) -> Block:
    """
    One of the options that `handlers.SEARCHES[name]` finds for the words typed.

    Args:
        least: characters to type before we are asked.
    """
    element = {
        "type": "external_select",
        "min_query_length": least,
        **_initial("initial_option", as_json(initial) if initial else None),
        **_placeholder(placeholder),
    }
    return _field(label, name, element, hint, optional=optional)


def channel(
    label: str, name: str, *, initial: str = "", hint: str = "", optional: bool = False
) -> Block:
    """A channel of the workspace that no other workspace shares; *initial* is the id of one."""
    element = {
        "type": "conversations_select",
        "filter": {
            "include": ["public", "private"],
            "exclude_external_shared_channels": True,
            "exclude_bot_users": True,
        },
        **_initial("initial_conversation", initial),
    }
    return _field(label, name, element, hint, optional=optional)


def checkboxes(
    label: str,
    name: str,
    options: Sequence[Option],
    *,
    initial: Collection[str] = (),
    hint: str = "",
    optional: bool = True,
) -> Block:
    """Any of at most 10 options."""
    shown = [as_json(option) for option in options]
    chosen = [option for option in shown if option["value"] in initial]
    element = {"type": "checkboxes", "options": shown, **_initial("initial_options", chosen)}
    return _field(label, name, element, hint, optional=optional)


def radio(
    label: str, name: str, options: Sequence[Option], *, initial: str = "", hint: str = ""
) -> Block:
    """One of at most 10 options, all of them in sight."""
    shown = [as_json(option) for option in options]
    element = {
        "type": "radio_buttons",
        "options": shown,
        **_initial("initial_option", _one(shown, initial)),
    }
    return _field(label, name, element, hint, optional=False)


def as_json(option: Option) -> dict[str, Any]:
    """An option as Slack takes it."""
    shown: dict[str, Any] = {"text": _plain(option.text, OPTION), "value": option.value}
    if option.description:
        shown["description"] = _plain(option.description, OPTION)
    return shown


def _field(label: str, name: str, element: Block, hint: str, *, optional: bool) -> Block:
    block = {
        "type": "input",
        "block_id": name,
        "label": _plain(label, LABEL),
        "element": {**element, "action_id": name},
        "optional": optional,
    }
    return {**block, "hint": _plain(hint, LABEL)} if hint else block


def _one(options: Sequence[Block], value: str) -> Block | None:
    return next((option for option in options if option["value"] == value), None)


def _initial(key: str, value: Any) -> dict[str, Any]:
    return {key: value} if value else {}


def _placeholder(text: str) -> dict[str, Any]:
    return {"placeholder": _plain(text, PLACEHOLDER)} if text else {}


def _plain(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": clip(clean(text) or "–", most), "emoji": False}
