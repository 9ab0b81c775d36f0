"""Hold blocks against slack_sdk's own models: known types, limits, nothing lost on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

UNKNOWN = frozenset({"data_table"})
"""Types of block that slack_sdk has no model of; Slack's declarations hold them."""


def complaints(label: str, blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """What slack_sdk has against these blocks, one line each; empty when all fit."""
    return [f"{label}: {c}" for i, b in enumerate(blocks) for c in _of(b, f"/{i}")]


def _of(block: Mapping[str, Any], pointer: str) -> Iterator[str]:
    parsed = Block.parse(dict(block))
    if parsed is None and block.get("type") in UNKNOWN:
        return
    if parsed is None:
        yield f"{pointer}: no block of type {block.get('type')!r}"
        return
    try:
        parsed.validate_json()
    except SlackObjectFormationError as error:
        yield f"{pointer}: {error}"
    for lost in _lost(block, parsed.to_dict(), pointer):
        yield f"{lost}: slack_sdk drops or changes this"


def _lost(sent: Any, kept: Any, pointer: str) -> Iterator[str]:
    if isinstance(sent, Mapping) and isinstance(kept, Mapping):
        for key, value in sent.items():
            if key in kept:
                yield from _lost(value, kept[key], f"{pointer}/{key}")
            elif value not in (None, False, [], {}):
                yield f"{pointer}/{key}"
    elif isinstance(sent, list | tuple) and isinstance(kept, list) and len(sent) == len(kept):
        for i, (a, b) in enumerate(zip(sent, kept, strict=True)):
            yield from _lost(a, b, f"{pointer}/{i}")
    elif sent != kept:
        yield pointer
