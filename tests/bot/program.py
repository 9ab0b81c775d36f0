"""`python -m bot …` in a process of its own."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sandbox.processes import Program as Process
from sandbox.processes import kill, spawn
from tests.waiting import PATIENCE_S, until

ROOT = Path(__file__).parents[2]
Program = Callable[..., tuple[int, str, str]]
"""Call it in this process: its code, what it said, and what it complained of."""


@contextmanager
def running(words: tuple[str, ...], environ: Mapping[str, str], log: Path) -> Iterator[Process]:
    """The program, ready to be asked."""
    with log.open("ab") as file:
        process = spawn(
            [sys.executable, "-m", "bot", *words], cwd=ROOT, env=environ, stdout=file, stderr=file
        )
    try:
        wait_until_ready(int(environ["PORT"]), process)
        yield process
    finally:
        kill(process)
        process.wait()


def wait_until_ready(port: int, process: Process) -> None:
    until(lambda: process.poll() is not None or _ready(port), "it is not ready")
    assert process.poll() is None, "it ended at once"


def get(port: int, path: str, timeout: float = PATIENCE_S) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def _ready(port: int) -> bool:
    try:
        return get(port, "/readyz") == 200
    except OSError:
        return False
