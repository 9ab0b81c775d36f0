"""Programs beside the benchmark: scripts that stand in for servers, and the bot's own workers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sandbox.processes import Program, reserved_port, spawn

ROOT = Path(__file__).parents[1]


@contextmanager
def stand_in(script: Path, *words: str) -> Iterator[str]:
    """The address of a script that prints its port first, while it runs."""
    command = [sys.executable, str(script), *words]
    with spawn(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


@contextmanager
def workers(number: int, environ: Mapping[str, str]) -> Iterator[list[Program]]:
    """So many of the bot's workers with these settings, until the end of the block."""
    command = [sys.executable, "-m", "bot", "worker"]
    with ExitStack() as stack:
        ports = [str(stack.enter_context(reserved_port())) for _ in range(number)]
        started = [spawn(command, cwd=ROOT, env={**environ, "WORKER_PORT": port}) for port in ports]
        for each in started:
            stack.callback(each.wait)
            stack.callback(each.terminate)
        yield started
