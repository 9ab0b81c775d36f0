"""How many entries of the audit a second are bound into its chain, by one thread and by sixteen."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.report import table
from storage import Store, new_key

ENTRIES = 2000
THREADS = (1, 16)


def main(rounds: int) -> None:
    """Also on PostgreSQL, if BENCH_POSTGRES names an empty database."""
    rows = []
    for name, url in _databases():
        with _store(url) as store:
            best = [max(_rate(store, threads) for _ in range(rounds)) for threads in THREADS]
        rows.append([name, *(f"{rate:.0f}" for rate in best)])
    print(f"\nEntries of the audit a second, begun and ended, {ENTRIES} of each\n")
    print(table(["", *(f"{threads} at a time" for threads in THREADS)], rows))


def _rate(store: Store, threads: int) -> float:
    """Each entry is two rows of the chain: that it was begun, and what came of it."""

    def write(number: int) -> None:
        with store.audit.entry("T1/U1", "image.update", f"image-{number}", account="1100111"):
            pass

    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(write, range(ENTRIES)))
    return ENTRIES / (time.perf_counter() - started)


def _databases() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        yield "SQLite", f"sqlite:///{Path(folder) / 'audit.db'}"
    if url := os.environ.get("BENCH_POSTGRES"):
        yield "PostgreSQL", url


@contextmanager
def _store(url: str) -> Iterator[Store]:
    with closing(Store.open(url, [new_key()])) as store:
        store.migrate()
        yield store
