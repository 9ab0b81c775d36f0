"""The phases of a transfer, as people see them. Only copies have more than one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

EXPORT, CARRY, IMPORT, FIELDS, SHARES, CLEANUP = (
    *("export", "carry", "import"),
    *("fields", "shares", "cleanup"),
)


@dataclass(frozen=True)
class Phase:
    name: str
    """The first word of its steps."""
    words: str
    current: bool = False


def phases(
    kind: str, plan: Mapping[str, Any], memory: Mapping[str, Any], step: str
) -> tuple[Phase, ...]:
    """List all phases in order; *step* is the current step, "" before the first."""
    if kind != "copy":
        return (Phase(kind, "", current=True),)
    at = step.partition(".")[0] or EXPORT
    return tuple(
        Phase(name, words, name == at)
        for name, words in _copy(plan).items()
        if name != CARRY or _carries(plan, memory, at)
    )


def _copy(plan: Mapping[str, Any]) -> Mapping[str, str]:
    source, target = plan["source_region"], plan["target_region"]
    shares = {SHARES: "Share the copy"} if plan.get("shares") else {}
    return {
        EXPORT: f"Export from {source}",
        CARRY: f"Transfer the data to {target}",
        IMPORT: f"Import in {target}",
        FIELDS: "Set metadata and tags",
        **shares,
        CLEANUP: "Delete temporary data",
    }


def _carries(plan: Mapping[str, Any], memory: Mapping[str, Any], at: str) -> bool:
    """
    Whether a step of its own takes the data to the other region's object store.

    Not if the cloud fetches it from there; nor, as turns out on the way, if both regions have one.
    """
    if plan.get("imports") != "task":
        return False
    return at in (EXPORT, CARRY) or "carry_stream" in memory
