"""
One process of one engine, in the environment that has the libraries.

    python -m benchmarks.engines.work ENGINE URL prepare
    python -m benchmarks.engines.work ENGINE URL put ITEMS [--join] [--rollback]
    python -m benchmarks.engines.work ENGINE URL work HANDS
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
from pathlib import Path
from typing import Any

from benchmarks.engines.adapters.own_databases import postgres_connection, sqlite_connection
from benchmarks.engines.items import Engine, Item

ENGINES = {
    "ours": ("ours", "Ours"),
    "dbos": ("dbos_", "Dbos"),
    "dbos+": ("dbos_", "DbosWithHeartbeats"),
    "huey": ("huey_", "Hueys"),
    "procrastinate": ("procrastinate_", "Procrastinate"),
    "apscheduler": ("apscheduler_", "ApScheduler"),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines.work")
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("url")
    parser.add_argument("what", choices=("prepare", "put", "work"))
    parser.add_argument("items", nargs="?", help="a file of items, or how many hands")
    parser.add_argument("--bound", type=int, default=0)
    parser.add_argument("--join", action="store_true", help="put in our transaction, with a note")
    parser.add_argument("--every", type=float, help="put each by itself, so many seconds apart")
    parser.add_argument("--rollback", action="store_true", help="and take both back")
    arguments = parser.parse_args()
    engine = _engine(arguments.engine, arguments.url)
    if hasattr(engine, "bounded"):
        engine.bounded(arguments.bound)
    if arguments.what == "prepare":
        engine.prepare()
    elif arguments.what == "work":
        engine.work(int(arguments.items), arguments.bound)
    else:
        items = [Item(**each) for each in json.loads(Path(arguments.items).read_text())]
        Put(engine, arguments).all(items)


def _engine(name: str, url: str) -> Any:
    module, cls = ENGINES[name]
    return getattr(importlib.import_module(f"benchmarks.engines.adapters.{module}"), cls)(url)


class Put:
    """Queues, and notes as told: both in one transaction of our connection, if they can be."""

    def __init__(self, engine: Engine, how: argparse.Namespace) -> None:
        path = how.url.removeprefix("sqlite:///")
        sqlite = path != how.url
        self._connection: Any = sqlite_connection(path) if sqlite else postgres_connection(how.url)
        self._connection.execute("create table if not exists notes (item text)")
        self._engine = engine
        self._how = how
        if how.join:
            engine.bind(self._connection)

    def all(self, items: list[Item]) -> None:
        if self._how.every is None:
            self._put(items)
        else:
            self._one_by_one(items)

    def _one_by_one(self, items: list[Item]) -> None:
        for item in items:
            self._put([item])
            print(item.id, time.time(), flush=True)
            time.sleep(self._how.every)

    def _put(self, items: list[Item]) -> None:
        self._connection.execute("begin")
        self._connection.execute(f"insert into notes values ('{items[0].id}')")  # noqa: S608
        if not self._how.join:
            self._connection.execute("commit")
        self._engine.put(items)
        if self._how.join:
            self._connection.execute("rollback" if self._how.rollback else "commit")


if __name__ == "__main__":
    main()
