"""What Slack itself finds wrong in a form, before it sends it to the app."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.slack.controls import Json, controls
from sandbox.slack.inputs import number

REQUIRED = "Please complete this required field."


def problems(blocks: Sequence[Json], values: Mapping[str, Mapping[str, Json]]) -> dict[str, str]:
    """Words by block id, for each input whose value (as in `state.values`) Slack does not send."""
    optional = {block["block_id"]: block.get("optional") for block in blocks}
    inputs = {block["block_id"] for block in blocks if block["type"] == "input"}
    found: dict[str, str] = {}
    for element in controls(blocks):
        block_id = element["block_id"]
        if block_id not in inputs:
            continue
        value = _held(values[block_id][element["action_id"]])
        if value:
            found[block_id] = _problem(element, value)
        elif not optional[block_id]:
            found[block_id] = REQUIRED
    return {block_id: text for block_id, text in found.items() if text}


def _held(state: Json) -> Any:
    return next((value for key, value in state.items() if key != "type"), None)


def _problem(element: Json, value: Any) -> str:
    match element["type"]:
        case "plain_text_input":
            return _length(element, value)
        case "number_input":
            return _number(element, value)
        case "url_text_input" if not re.match(r"https?://[^\s/]+\S*$", value):
            return "Enter a valid URL, one that begins with http:// or https://."
        case "email_text_input" if not re.match(r"[^\s@]+@[^\s@]+\.[^\s@]+$", value):
            return "Enter a valid email address."
        case "multi_static_select" | "multi_external_select":
            most = element.get("max_selected_items", len(value))
            return f"Choose at most {most}." if len(value) > most else ""
    return ""


def _length(element: Json, value: str) -> str:
    if len(value) < element.get("min_length", 0):
        return f"Enter at least {element['min_length']} characters."
    most = element.get("max_length", 3000)
    return f"Enter at most {most} characters." if len(value) > most else ""


def _number(element: Json, value: str) -> str:
    given = number(value)
    if given is None:
        return "Enter a number."
    if not element["is_decimal_allowed"] and given != given.to_integral_value():
        return "Enter a whole number."
    least, most = number(element.get("min_value")), number(element.get("max_value"))
    if least is not None and given < least:
        return f"Enter a number of {least} or more."
    if most is not None and given > most:
        return f"Enter a number of {most} or less."
    return ""
