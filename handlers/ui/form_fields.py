"""
The fields of a form. Each is a block of its own; block and field have one name.

Slack keeps what was typed in a field when a form is redrawn under the same names.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from handlers.core import reasons
from handlers.core.replies import Block, Modal, Option, Reply
from handlers.core.text import clean, clip

MAX_LABEL = 2000
MAX_OPTION = 75
MAX_OPTIONS = 100
MAX_PLACEHOLDER = 150
MAX_TEXT = 3000
"""Characters Slack takes in a label, an option's text, a placeholder and a text field, and
options in a menu."""
_OWN_CHANNELS = {
    "include": ["public", "private"],
    "exclude_external_shared_channels": True,
    "exclude_bot_users": True,
}


def text_input(
    label: str,
    name: str,
    *,
    initial: str = "",
    hint: str = "",
    optional: bool = False,
    multiline: bool = False,
    max_length: int = MAX_TEXT,
    placeholder: str = "",
) -> Block:
    """A text of at most *max_length* characters, of one line or several."""
    element = {
        "type": "plain_text_input",
        "multiline": multiline,
        "max_length": max_length,
        **_initial("initial_value", clip(initial, max_length)),
        **_placeholder(placeholder),
    }
    return _field(label, name, element, hint, optional=optional)


def reason(*, optional: bool = True) -> Block:
    """Why the person asks for what the form does: `Services.authorize` takes it from here."""
    return text_input(
        "Reason",
        reasons.FIELD,
        optional=optional,
        max_length=reasons.MAX_REASON_LENGTH,
        hint="Approvers see it, and the audit keeps it.",
    )


def with_reason(reply: Reply, because: str) -> Reply:
    """Fill in the reason of a form with the one that its command has given."""
    if not because or not isinstance(reply, Modal):
        return reply
    return replace(reply, blocks=tuple(_filled(block, because) for block in reply.blocks))


def _filled(block: Block, because: str) -> Block:
    if block.get("block_id") != reasons.FIELD:
        return block
    return {**block, "element": {**block["element"], "initial_value": because}}


def number_input(
    label: str,
    name: str,
    *,
    initial: int | None = None,
    minimum: int = 0,
    maximum: int | None = None,
    hint: str = "",
    optional: bool = False,
) -> Block:
    """A whole number."""
    element = {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": str(minimum),
        **_initial("max_value", "" if maximum is None else str(maximum)),
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
    shown = [option_json(option) for option in options[:MAX_OPTIONS]]
    element = {
        "type": "static_select",
        "options": shown,
        **_initial("initial_option", _option_with_value(shown, initial)),
        **_placeholder(placeholder),
    }
    return _field(label, name, element, hint, optional=optional)


def multi_select(
    label: str,
    name: str,
    options: Sequence[Option],
    *,
    initial: Collection[str] = (),
    hint: str = "",
    optional: bool = True,
) -> Block:
    """Any of at most 100 options; *initial* are the values of those that are chosen already."""
    shown = [option_json(option) for option in options[:MAX_OPTIONS]]
    chosen = [option for option in shown if option["value"] in initial]
    element = {
        "type": "multi_static_select",
        "options": shown,
        **_initial("initial_options", chosen),
    }
    return _field(label, name, element, hint, optional=optional)


def typeahead(
    label: str,
    name: str,
    *,
    initial: Option | None = None,
    hint: str = "",
    optional: bool = False,
    placeholder: str = "",
    min_query_length: int = 0,
) -> Block:
    """
    One of the options that the route `menus[name]` finds for the words typed.

    Args:
        min_query_length: characters to type before Slack asks.
    """
    element = {
        "type": "external_select",
        "min_query_length": min_query_length,
        **_initial("initial_option", option_json(initial) if initial else None),
        **_placeholder(placeholder),
    }
    return _field(label, name, element, hint, optional=optional)


def multi_typeahead(
    label: str,
    name: str,
    *,
    hint: str = "",
    optional: bool = False,
    placeholder: str = "",
    max_selected: int = 10,
) -> Block:
    """Several of the options that the route `menus[name]` finds for the words typed."""
    element = {
        "type": "multi_external_select",
        "min_query_length": 0,
        "max_selected_items": max_selected,
        **_placeholder(placeholder),
    }
    return _field(label, name, element, hint, optional=optional)


def channel(
    label: str, name: str, *, initial: str = "", hint: str = "", optional: bool = False
) -> Block:
    """A channel of the workspace that no other workspace shares; *initial* is the id of one."""
    element = {
        "type": "conversations_select",
        "filter": _OWN_CHANNELS,
        **_initial("initial_conversation", initial),
    }
    return _field(label, name, element, hint, optional=optional)


def channels(label: str, name: str, *, hint: str = "") -> Block:
    """Any channels of the workspace that no other workspace shares."""
    element = {"type": "multi_conversations_select", "filter": _OWN_CHANNELS}
    return _field(label, name, element, hint, optional=True)


def person(
    label: str, name: str, *, initial: str = "", hint: str = "", optional: bool = False
) -> Block:
    """Someone of the workspace; *initial* is the id of one."""
    element = {"type": "users_select", **_initial("initial_user", initial)}
    return _field(label, name, element, hint, optional=optional)


def people(label: str, name: str, *, hint: str = "") -> Block:
    """Any people of the workspace."""
    return _field(label, name, {"type": "multi_users_select"}, hint, optional=True)


def date(
    label: str, name: str, *, initial: str = "", hint: str = "", optional: bool = False
) -> Block:
    """A day, as `2026-03-05`."""
    element = {"type": "datepicker", **_initial("initial_date", initial)}
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
    shown = [option_json(option) for option in options]
    chosen = [option for option in shown if option["value"] in initial]
    element = {"type": "checkboxes", "options": shown, **_initial("initial_options", chosen)}
    return _field(label, name, element, hint, optional=optional)


def radio(
    label: str, name: str, options: Sequence[Option], *, initial: str = "", hint: str = ""
) -> Block:
    """One of at most 10 options, all of them in sight."""
    shown = [option_json(option) for option in options]
    element = {
        "type": "radio_buttons",
        "options": shown,
        **_initial("initial_option", _option_with_value(shown, initial)),
    }
    return _field(label, name, element, hint, optional=False)


def option_json(option: Option) -> dict[str, Any]:
    """An option as Slack takes it."""
    shown: dict[str, Any] = {"text": _plain(option.text, MAX_OPTION), "value": option.value}
    if option.description:
        shown["description"] = _plain(option.description, MAX_OPTION)
    return shown


def _field(label: str, name: str, element: Block, hint: str, *, optional: bool) -> Block:
    block = {
        "type": "input",
        "block_id": name,
        "label": _plain(label, MAX_LABEL),
        "element": {**element, "action_id": name},
        "optional": optional,
    }
    return {**block, "hint": _plain(hint, MAX_LABEL)} if hint else block


def _option_with_value(options: Sequence[Block], value: str) -> Block | None:
    return next((option for option in options if option["value"] == value), None)


def _initial(key: str, value: Any) -> dict[str, Any]:
    return {key: value} if value else {}


def _placeholder(text: str) -> dict[str, Any]:
    return {"placeholder": _plain(text, MAX_PLACEHOLDER)} if text else {}


def _plain(text: str, max_length: int) -> Block:
    return {"type": "plain_text", "text": clip(clean(text) or "–", max_length), "emoji": False}
