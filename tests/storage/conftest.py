"""Processes that work on the test's database beside the test's own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from sandbox.processes import spawn
from storage import Account, Store
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]
AT_ONCE = 4


class Worker:
    """A process that has been told what to do, and waits for the word."""

    def __init__(self, url: str, key: str, task: str, names: tuple[str, ...]) -> None:
        self._process = spawn(
            [sys.executable, "-m", "tests.storage.workers", url, key, task, *names],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def hears(self) -> Any:
        """The next thing it says."""
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())

    def go(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        """As `kill -9` does."""
        self._process.kill()
        self._process.communicate(timeout=PATIENCE_S)


Start = Callable[..., Worker]
Race = Callable[..., list[Any]]


@pytest.fixture
def start(database_url: str, keys: list[str]) -> Iterator[Start]:
    """Start a process on a task, and see it at work."""
    with ExitStack() as at_the_end:

        def start(task: str, *names: str) -> Worker:
            worker = Worker(database_url, keys[0], task, names)
            at_the_end.callback(worker.kill)
            assert worker.hears() == "ready"
            return worker

        yield start


@pytest.fixture
def race(start: Start) -> Race:
    """Have several processes do the same at the same moment; what each got."""

    def race(task: str, *names: str) -> list[Any]:
        workers = [start(task, *names) for _ in range(AT_ONCE)]
        for worker in workers:
            worker.go()
        return [worker.hears() for worker in workers]

    return race


Link = Callable[..., Account]


@pytest.fixture
def link(store: Store) -> Link:
    """Link an account, of which only what matters is said."""

    def link(user_id: str = "U1", project_id: str = "123", **fields: Any) -> Account:
        usual: dict[str, Any] = {
            "cloud": "https://identity.example.com/v2.0",
            "project_name": "web shop",
            "user_name": "producer",
            "regions": ["DFW", "ORD"],
            "region": None,
            "credentials": {"api_key": "s3cret"},
        }
        return store.accounts.link("T1", user_id, project_id=project_id, **{**usual, **fields})

    return link
