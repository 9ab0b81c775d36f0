"""The interactive elements of a message or view: which there are, and which one is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]

EXTERNAL = frozenset({"external_select", "multi_external_select"})
"""Menus whose options the app finds for the words typed."""


def controls(blocks: Iterable[Mapping[str, Any]]) -> list[Json]:
    """Every interactive element in these blocks, in reading order, each with its `block_id`."""
    return [
        {**element, "block_id": block["block_id"]}
        for block in blocks
        for element in (*block.get("elements", ()), block.get("accessory"), block.get("element"))
        if element and "action_id" in element
    ]


def control(
    blocks: Iterable[Mapping[str, Any]], action_id: str, label: str | None = None, nth: int = 0
) -> Json:
    """One of them; *label* and *nth* tell those with the same action id apart."""
    everything = controls(blocks)
    found = [
        element
        for element in everything
        if element["action_id"] == action_id
        and (label is None or element.get("text", {}).get("text") == label)
    ]
    if nth >= len(found):
        shown = [element["action_id"] for element in everything]
        raise LookupError(f"no {action_id} (number {nth}) among {shown}")
    return found[nth]


def options_of(element: Mapping[str, Any]) -> list[Json]:
    """Return the options of a menu, with or without groups, and those chosen at first."""
    groups = element.get("option_groups") or [element]
    options = [option for group in groups for option in group.get("options", ())]
    return [*options, *initial_options(element)]


def initial_options(element: Mapping[str, Any]) -> list[Json]:
    """What is chosen before anyone touches it."""
    first = element.get("initial_option")
    return list(element.get("initial_options", ())) + ([first] if first else [])
