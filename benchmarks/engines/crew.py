"""The worker processes of one engine on one database."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.engines.items import LOG, Event, Item, events
from benchmarks.lab import ROOT
from sandbox.processes import Program, run, spawn

PYTHON = ROOT / ".engines-venv/bin/python"
HANDS = 16
JOINS = ("ours", "dbos", "dbos+", "procrastinate")
"""Those that can queue within a transaction of ours; the others queue on their own."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Crew:
    engine: str
    url: str
    folder: Path
    bound: int = 0
    workers: list[Program] = field(default_factory=list)
    files: Iterator[int] = field(default_factory=itertools.count)

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def events(self) -> list[Event]:
        return events(self.log)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [*self._command(), *words, f"--bound={self.bound}"]
        return run(command, cwd=ROOT, env=self._environment())

    def prepare(self) -> None:
        done = self.run("prepare")
        assert not done.returncode, done.stderr

    def put(self, items: Sequence[Item], *how: str) -> subprocess.CompletedProcess[str]:
        file = self.folder / f"items-{next(self.files)}"
        file.write_text(json.dumps([asdict(item) for item in items]))
        return self.run("put", str(file), *(how or self.joining))

    @property
    def joining(self) -> list[str]:
        return ["--join"] if self.engine in JOINS else []

    def start(self, number: int = 1) -> None:
        with (self.folder / "errors").open("ab") as errors:
            for _ in range(number):
                command = [*self._command(), "work", str(HANDS), f"--bound={self.bound}"]
                self.workers.append(
                    spawn(
                        command,
                        cwd=ROOT,
                        env=self._environment(),
                        stdout=errors,
                        stderr=errors,
                        stdin=subprocess.DEVNULL,
                    )
                )

    def errors(self) -> str:
        """The last of what the workers complained of."""
        return f"{self.engine} at {self.url}: {(self.folder / 'errors').read_text()[-2000:]}"

    def until(self, done: Callable[[list[Event]], bool], seconds: float) -> bool:
        """Whether this came about in time."""
        deadline = time.monotonic() + seconds
        while not (there := done(self.events())) and time.monotonic() < deadline:
            time.sleep(0.05)
        return there

    def cpu_s(self) -> float:
        """What its workers have used so far."""
        used = 0.0
        for worker in self.workers:
            stat = Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()
            used += sum(int(ticks) for ticks in stat[11:15]) / TICKS
        return used

    def status(self, name: str) -> int:
        """A number of the first worker's status, such as `Threads`."""
        text = Path(f"/proc/{self.workers[0].pid}/status").read_text()
        [line] = [line for line in text.splitlines() if line.startswith(f"{name}:")]
        return int(line.split()[1])

    def kill(self, pid: int | None = None) -> None:
        for worker in self.workers:
            if pid in (None, worker.pid):
                worker.send_signal(signal.SIGKILL)
                worker.wait()

    def _command(self) -> list[str]:
        return [str(PYTHON), "-m", "benchmarks.engines.work", self.engine, self.url]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, LOG: str(self.log), "PYTHONPATH": str(ROOT)}


@contextmanager
def crew(engine: str, url: str, folder: Path, *, bound: int = 0) -> Iterator[Crew]:
    """None works as yet; none is left."""
    folder.mkdir()
    here = Crew(engine, url, folder, bound)
    here.prepare()
    try:
        yield here
    finally:
        here.kill()


def items(prefix: str, number: int, lanes: int, seconds: float) -> list[Item]:
    return [Item(f"{prefix}-{n}", f"lane-{n % lanes:03}", seconds) for n in range(number)]
