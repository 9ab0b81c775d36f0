"""How soon the bot's server acknowledges beside slow clients, and beside nobody, in turns."""

from __future__ import annotations

from benchmarks.ack import percentile
from benchmarks.clients.serve import OURS
from benchmarks.report import ratio, table
from benchmarks.servers import HELD, acks, allow_files, holding, serving

TURNS = 10
"""Of each, in a round: what else the machine does meets both alike."""
BESIDE = {"nobody": "nobody", "1,000 idle and 32 half-sent": "all of them"}


def main(rounds: int) -> None:
    times: dict[str, list[float]] = {name: [] for name in BESIDE}
    allow_files()
    with serving(OURS) as (url, _):
        acks(url)  # warms up
        for _ in range(rounds * TURNS):
            for name, held in BESIDE.items():
                with holding(url, HELD[held]):
                    times[name] += acks(url)
    print(f"\nAcknowledging beside slow clients, in turns, {len(times['nobody'])} of each\n")
    rows = [[k, f"{percentile(v, 50):.1f}", f"{percentile(v, 99):.1f}"] for k, v in times.items()]
    print(table(["beside", "p50 ms", "p99 ms"], rows))
    free, beside = times.values()
    print(ratio("p99, beside / nobody", percentile(beside, 99), percentile(free, 99), 1.5))
