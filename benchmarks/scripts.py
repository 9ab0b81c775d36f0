"""Servers that are scripts of their own, so that their work is none of what is measured."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.processes import spawn


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
