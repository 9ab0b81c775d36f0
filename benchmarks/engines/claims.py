"""What a claim of ours costs when there is much to choose from."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

from benchmarks.engines import databases
from benchmarks.engines.adapters import ours
from benchmarks.engines.adapters.own_databases import postgres_connection, sqlite_connection
from benchmarks.engines.items import Item

TIMES = 20
FREE = 16
CASES = {
    "100,000 due in 3 regions, 16 a region": (100_000, 3, 16, 0),
    "20,000 due in 10,000 conversations, 1 each": (20_000, 10_000, 1, 0),
    "20,000 in 10,000 conversations, none due": (20_000, 10_000, 1, 3600),
}


def rows(server: databases.Server, folder: Path, kinds: list[str]) -> list[list[str]]:
    """A row of the table for each case: the median, in ms, of claims one after another."""
    found = []
    for number, (name, case) in enumerate(CASES.items()):
        urls = [databases.create(server, folder, kind, f"claims{number}") for kind in kinds]
        found.append([name, *(f"{_median_ms(url, *case):.1f}" for url in urls)])
    return found


def _median_ms(url: str, number: int, lanes: int, bound: int, later_s: int) -> float:
    engine = ours.Ours(url)
    engine.prepare()
    path = url.removeprefix("sqlite:///")
    connection: Any = sqlite_connection(path) if path != url else postgres_connection(url)
    connection.execute("begin")
    engine.bind(connection)
    engine.put([Item(f"a-{n}", f"lane-{n % lanes:05}", 0) for n in range(number)])
    connection.execute("commit")
    connection.execute("analyze work")
    connection.close()
    took, after = [], ""
    for turn in range(TIMES):
        now, since = time.time() - later_s, time.perf_counter()
        values = {"bound": bound, "free": FREE, "after": after, "claim": str(turn)}
        given = engine.database.claim(ours.CLAIM, {**values, "now": now, "until": now + 60})
        took.append(time.perf_counter() - since)
        after = max((row["lane"] for row in given), default="")
    engine.database.close()
    return 1000 * statistics.median(took)
