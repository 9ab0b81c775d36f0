"""What the workers are given, and what they leave behind."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

LOG = "ENGINES_LOG"
"""Variable that names the file in which workers note what they begin and end."""


@dataclass(frozen=True)
class Item:
    id: str
    lane: str
    """Its region, workspace or conversation."""
    seconds: float
    """How long the work waits, as for an answer of a cloud."""


@dataclass(frozen=True)
class Event:
    what: str
    """`begin` or `end`."""
    item: str
    lane: str
    pid: int
    at: float


class Engine(Protocol):
    """One library on one database."""

    def prepare(self) -> None:
        """Create the tables, once."""

    def bind(self, connection: Any) -> None:
        """Have `put` use our own connection, if the library can; called before its transaction."""

    def put(self, items: Sequence[Item]) -> None:
        """Queue *items*: within the transaction of the bound connection, or by itself."""

    def work(self, hands: int, bound: int) -> None:
        """Work until killed: *hands* at a time here, *bound* of a lane anywhere (0: any number)."""


def do(item_id: str, lane: str, seconds: float) -> None:
    """The work. It leaves a trace that needs no database, so that only the engine's is measured."""
    _note("begin", item_id, lane)
    time.sleep(seconds)
    _note("end", item_id, lane)


def events(log: Path) -> list[Event]:
    """What was begun and ended so far, in order of time."""
    if not log.exists():
        return []
    rows = [line.split("\t") for line in log.read_text().splitlines()]
    found = [Event(what, item, lane, int(pid), float(at)) for what, item, lane, pid, at in rows]
    return sorted(found, key=lambda event: event.at)


def _note(what: str, item_id: str, lane: str) -> None:
    line = f"{what}\t{item_id}\t{lane}\t{os.getpid()}\t{time.time():.6f}\n"
    try:
        file = os.open(os.environ[LOG], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError as error:
        sys.exit(f"cannot note {line!r}: {error}")
    os.write(file, line.encode())
    os.close(file)
