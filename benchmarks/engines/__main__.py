"""
`python -m benchmarks.engines`: one table of what each engine can do, on both databases.

Its peers have an environment of their own: `make engines`.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from benchmarks.engines import claims, databases, measures
from benchmarks.engines.crew import PYTHON, Crew, crew, items
from benchmarks.lab import ROOT
from benchmarks.report import table

NAMES = {
    "ours": "rows of our own",
    "dbos": "DBOS Transact",
    "dbos+": "DBOS, with a heartbeat of ours",
    "huey": "huey",
    "procrastinate": "procrastinate",
    "apscheduler": "APScheduler 4",
}
KINDS = {"postgres": "PostgreSQL", "sqlite": "SQLite"}
ALL = [(name, kind) for name in NAMES for kind in KINDS]
NOT_THERE = {("procrastinate", "sqlite")}
PARTS = ["killed", "away", "alone", "claims"]
BOUNDED = ("ours", "dbos", "procrastinate", "apscheduler")
WAIT_S = 0.3
"""How long an item waits, as for an answer of a cloud."""
A_WORKER = 250
"""Items for each worker: some five seconds of work."""
LANES = 48
AWAY_S = 40

Column = tuple[str, str]
Figures = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("which", nargs="*", metavar="ENGINE", help=", ".join(NAMES))
    parser.add_argument("--part", choices=PARTS, action="append", help="only this")
    arguments = parser.parse_args()
    wanted, parts = arguments.which or list(NAMES), arguments.part or PARTS
    columns = [each for each in ALL if each[0] in wanted and each not in NOT_THERE]
    figures: dict[Column, Figures] = {column: {} for column in columns}
    with databases.server() as server, tempfile.TemporaryDirectory() as folder:
        bench = Bench(server, Path(folder))
        for part in parts:
            getattr(bench, part)(figures)
    _print(figures)


class Bench:
    def __init__(self, server: databases.Server, folder: Path) -> None:
        self._server = server
        self._folder = folder

    def killed(self, figures: dict[Column, Figures]) -> None:
        """This takes minutes of waiting, so all engines are tried at the same time."""
        with ThreadPoolExecutor(len(figures)) as pool:
            tried = pool.map(lambda column: self._killed(*column), figures)
            for column, found in zip(figures, tried, strict=True):
                figures[column] |= found

    def away(self, figures: dict[Column, Figures]) -> None:
        """So is this."""
        gone = _Outage(self._server, sum(kind == "postgres" for _, kind in figures))
        with ThreadPoolExecutor(len(figures)) as pool:
            tried = pool.map(lambda column: self._away(gone, *column), figures)
            for column, found in zip(figures, tried, strict=True):
                figures[column] |= found

    def alone(self, figures: dict[Column, Figures]) -> None:
        """What is measured one engine after another."""
        for column in figures:
            if column[0] != "dbos+":  # it differs only in what becomes of a killed worker's work
                figures[column] |= self._alone(*column)
                print(*column, figures[column], flush=True)

    def claims(self, figures: dict[Column, Figures]) -> None:
        for name, *found in claims.rows(self._server, self._folder, list(KINDS)):
            for kind, ms in zip(KINDS, found, strict=True):
                figures.get(("ours", kind), {})[f"claim, ms: {name}"] = ms

    def _alone(self, engine: str, kind: str) -> Figures:
        with self._crew(engine, kind, "together") as here:
            found = {"noted and queued in one transaction": measures.together(here)}
        with self._crew(engine, kind, "idle") as here:
            found |= _idle(measures.idle(here))
        speeds = {}
        for workers in (1, 2, 3):
            with self._crew(engine, kind, f"speed{workers}") as here:
                given = items("a", A_WORKER * workers, LANES, WAIT_S)
                speeds[workers] = measures.speed(here, workers, given)
        found |= _speeds(speeds)
        return found | (self._bounds(engine, kind) if engine in BOUNDED else {})

    def _bounds(self, engine: str, kind: str) -> Figures:
        with self._crew(engine, kind, "bounds", bound=2) as here:
            given = items("a", A_WORKER * 2, LANES, WAIT_S)
            speed = measures.speed(here, 3, given)
            most = measures.most_in_a_lane(here.events())
        with self._crew(engine, kind, "order", bound=1) as here:
            measures.speed(here, 2, items("a", 240, 24, 0.1))
            order = measures.in_order(here.events())
            one = measures.most_in_a_lane(here.events())
        return {
            "items/s, 3 workers, 48 lanes, 2 a lane": f"{speed.rate:.0f}",
            "most in flight in a lane (bound 2)": str(most),
            "in order within a lane (bound 1)": "yes"
            if order and one == 1
            else f"no, {one} at once",
        }

    def _killed(self, engine: str, kind: str) -> Figures:
        with self._crew(engine, kind, "killed") as here:
            seconds, long = measures.killed(here)
        taken = "never" if seconds is None else f"{seconds:.0f}"
        return {
            "kill -9: taken up after s": taken,
            "85 s of work with its worker alive, begun": f"{long}×",
        }

    def _away(self, gone: _Outage, engine: str, kind: str) -> Figures:
        with self._crew(engine, kind, "away") as here:
            lock = partial(databases.lock, here.url, AWAY_S)
            postgres = kind == "postgres"
            seconds, words = measures.away(
                here, gone.wait if postgres else lock, gone.meet if postgres else lambda: None
            )
        back = "never" if seconds is None else f"{seconds:.1f}"
        return {"database away 40 s: work goes on after s": back, "and its items": words}

    def _crew(
        self, engine: str, kind: str, name: str, bound: int = 0
    ) -> AbstractContextManager[Crew]:
        full = f"{engine}_{kind}_{name}".replace("+", "x")
        url = databases.create(self._server, self._folder, kind, full)
        return crew(engine, url, self._folder / full, bound=bound)


class _Outage:
    """One server for all: it goes away once all are busy."""

    def __init__(self, server: databases.Server, parties: int) -> None:
        self._server = server
        self._begun = threading.Barrier(max(parties, 1))
        self._all = threading.Barrier(max(parties, 1), action=self._go_away)

    def meet(self) -> None:
        """All are to be given their work at the same time."""
        self._begun.wait()

    def wait(self) -> None:
        self._all.wait()

    def _go_away(self) -> None:
        self._server.stop("fast")
        threading.Event().wait(AWAY_S)
        self._server.start()


def _idle(idle: measures.Idle) -> Figures:
    return {
        "idle: begun after ms": f"{idle.latency_ms:.0f}",
        "idle: CPU ms/s": f"{idle.cpu_ms:.1f}",
        "idle: transactions/s": _or_none(idle.transactions),
        "threads, with 16 hands": str(idle.threads),
        "memory MB": f"{idle.memory_mb:.0f}",
        "tables of its own": str(idle.tables),
    }


def _speeds(speeds: dict[int, measures.Speed]) -> Figures:
    one = speeds[1].rate
    return {
        "items/s, 1 worker (at most 53)": f"{one:.0f}",
        "2 workers": f"{speeds[2].rate / one:.2f} ×",
        "3 workers": f"{speeds[3].rate / one:.2f} ×",
        "CPU ms/item": f"{speeds[1].cpu_ms:.1f}",
        "transactions/item": _or_none(speeds[1].transactions),
    }


def _or_none(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _weights(engines: Sequence[str]) -> None:
    ours = {each.name.lower().replace("_", "-") for each in importlib.metadata.distributions()}
    rows = []
    for name in dict.fromkeys(engine.rstrip("+") for engine in engines if engine != "ours"):
        command = [str(PYTHON), "-m", "benchmarks.engines.weight", name]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        new = {key: size for key, size in json.loads(done.stdout).items() if key not in ours}
        rows.append([NAMES[name], str(len(new)), f"{sum(new.values()) / 1e6:.1f}", ", ".join(new)])
    print("\n" + table(["brings what the bot has not yet", "packages", "MB", "which"], rows))


def _print(figures: dict[Column, Figures]) -> None:
    names = list(dict.fromkeys(name for found in figures.values() for name in found))
    head = ["", *(f"{NAMES[engine]}, {KINDS[kind]}" for engine, kind in figures)]
    rows = [[name, *(found.get(name, "–") for found in figures.values())] for name in names]
    print("\n" + table(head, rows))
    _weights([engine for engine, _ in figures])


if __name__ == "__main__":
    main()
