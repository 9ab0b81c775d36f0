"""What more workers do more, and what holds up nobody else: `python -m benchmarks scale`."""

from __future__ import annotations

from benchmarks.scale import digests, looks


def main(rounds: int) -> None:
    digests.main()
    looks.main(rounds)
