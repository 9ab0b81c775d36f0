"""
What more workers do more, and what holds up nobody else: `python -m benchmarks scale`.

A part of it: `python -m benchmarks scale looking`, likewise `delivery`, `digests`, `looks` and
`model`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks.scale import delivery, digests, ends, looking, looks, model

PARTS: Mapping[str, Callable[[int], None]] = {
    "delivery": delivery.main,
    "digests": lambda _: digests.main(),
    "ends": lambda _: ends.main(),
    "looks": looks.main,
    "looking": lambda _: looking.main(),
    "model": lambda _: model.main(),
}


def main(rounds: int) -> None:
    for part in PARTS.values():
        part(rounds)
