"""How the figures are printed."""

from __future__ import annotations

from collections.abc import Sequence

Row = dict[str, float]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown, so that it can be pasted into the docs."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def at_most(what: str, value: float, most: float, unit: str) -> str:
    """One figure, and whether it is within what we promise."""
    met = "met" if value <= most else "MISSED"
    return f"- {what}: {value:.1f} {unit}, at most {most:g}: {met}"


def ratio(what: str, ours: float, theirs: float, most: float | None) -> str:
    """One comparison, and whether it is within what we promise, if we promise anything."""
    value = ours / theirs
    promise = "" if most is None else f", at most {most}: {'met' if value <= most else 'MISSED'}"
    return f"- {what}: {value:.2f}{promise}"


def at_least(what: str, ours: float, theirs: float, least: float) -> str:
    """One comparison in which more is better, and whether it is as much as we promise."""
    value = ours / theirs
    return f"- {what}: {value:.2f}, at least {least}: {'met' if value >= least else 'MISSED'}"
