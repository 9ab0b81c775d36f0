"""A real Keystone and Glance, up while a `with` block runs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.processes import at_death, temporary_folder

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Lab:
    folder: Path

    def command(self, *words: str) -> list[str]:
        return [
            str(ROOT / ".lab-venv/bin/python"),
            str(ROOT / "tests/lab/lab.py"),
            *("--state", str(self.folder / "state"), *words),
        ]

    def run(self, *words: str) -> dict[str, Any]:
        done = subprocess.run(self.command(*words), check=True, capture_output=True, text=True)
        answer: dict[str, Any] = json.loads(done.stdout or "{}")
        return answer

    def cloud(self, name: str) -> dict[str, Any]:
        """The entry of clouds.yaml."""
        text = (self.folder / "state/clouds.yaml").read_text()
        entry: dict[str, Any] = json.loads(text)["clouds"][name]
        return entry


@contextmanager
def lab(images: int = 0, *, swift: bool = False, bus: str = "") -> Iterator[Lab]:
    """
    With so many images of the cloud `producer`, a tenth of them shared with the consumers.

    Args:
        bus: address of a RabbitMQ, which Glance tells what happens.
    """
    with temporary_folder("imagebot-bench-") as folder:
        here = Lab(folder)
        with at_death(*here.command("down", "--purge")):
            try:
                bus_option = ("--bus", bus) if bus else ()
                here.run("up", "--regions", "DFW", "--swift", "yes" if swift else "no", *bus_option)
                if images:
                    here.run("seed", str(images), "--active", "0")
                yield here
            finally:
                here.run("down", "--purge")
