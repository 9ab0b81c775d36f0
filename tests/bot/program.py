"""`python -m bot …` in a process of its own."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def running(words: tuple[str, ...], environ: Mapping[str, str], log: Path) -> Iterator[Program]:
    """The program, ready to be asked."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", *words], cwd=ROOT, env=environ, stdout=file, stderr=file
        )
    try:
        wait_until_ready(int(environ["PORT"]), process)
        yield process
    finally:
        process.kill()
        process.wait()


Program = subprocess.Popen[bytes]


def wait_until_ready(port: int, process: Program) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            if get(port, "/readyz") == 200:
                return
        except OSError:
            pass
        assert process.poll() is None, "it ended at once"
        assert time.monotonic() < deadline, "it is not ready"
        time.sleep(0.05)


def get(port: int, path: str, timeout: float = 5) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
