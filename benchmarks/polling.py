"""
Asking for the pending invitations of 500 accounts of a real Glance.

Beside the bot's job: as many bare requests, as many at a time; and a shell loop of
OpenStack's own command, of which a sample is measured and scaled.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
import requests.adapters

from benchmarks.clients.login import base_and_token
from benchmarks.lab import Lab, lab
from benchmarks.listing import PEERS
from benchmarks.report import ratio, table
from bot import linking
from bot.settings import Settings
from bot.wiring import Runtime
from bot.work import jobs
from storage import new_key

POLLERS = 16
"""Questions at the same time."""
ACCOUNTS = 500
INVITATIONS = 20
SAMPLE = 3
OURS, BARE, SHELL = "the bot's job", "bare requests", "shell loop of the openstack command"


@dataclass(frozen=True)
class Cost:
    wall_s: float
    cpu_s: float
    """Of this process and its children; the services' is not in it."""

    def __mul__(self, times: float) -> Cost:
        return Cost(self.wall_s * times, self.cpu_s * times)


def main(rounds: int) -> None:
    with lab(images=INVITATIONS * 10) as running, _bot(running) as runtime:
        jobs.look_everywhere(
            runtime
        )  # logs in, and learns what is there: afterwards all is as always
        ours, bare = [], []
        with _bare(running) as ask:
            ask()
            for _ in range(rounds):
                ours.append(_cost(lambda: jobs.look_everywhere(runtime)))
                bare.append(_cost(ask))
        assert len(runtime.store.invitations.pending()) == ACCOUNTS * INVITATIONS
        shell = _cost(lambda: _shell(running)) * (ACCOUNTS / SAMPLE)
    print(f"\nPolling {ACCOUNTS} accounts with {INVITATIONS} invitations each, {POLLERS} at a time")
    rows = {OURS: _median(ours), BARE: _median(bare), SHELL: shell}
    shown = [[name, f"{cost.wall_s:.1f}", f"{cost.cpu_s:.1f}"] for name, cost in rows.items()]
    print(table(["", "wall s", "client CPU s"], shown))
    print(ratio("wall, the bot's job / bare requests", rows[OURS].wall_s, rows[BARE].wall_s, 1.5))
    print(ratio("CPU, the bot's job / bare requests", rows[OURS].cpu_s, rows[BARE].cpu_s, None))
    print(ratio("wall, the bot's job / shell loop", rows[OURS].wall_s, rows[SHELL].wall_s, None))


@contextmanager
def _bot(running: Lab) -> Iterator[Runtime]:
    """With one cloud account, linked by as many people."""
    os.environ["OS_CLIENT_CONFIG_FILE"] = str(running.folder / "state/clouds.yaml")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            secret_keys=(new_key(),), database_url=f"sqlite:///{Path(folder) / 'bot.db'}"
        )
        runtime = Runtime.build(settings)
        for number in range(ACCOUNTS):
            linking.link(
                runtime.store,
                runtime.clouds,
                team="T1",
                user=f"U{number}",
                cloud="consumer-a",
                region="DFW",
            )
        yield runtime
        runtime.close()


@contextmanager
def _bare(running: Lab) -> Iterator[Callable[[], None]]:
    """The same questions, with a token that is there already."""
    base, token = base_and_token(running.cloud("consumer-a"))
    url = f"{base}/v2/images?visibility=shared&member_status=pending&limit=1000"
    with requests.Session() as session, ThreadPoolExecutor(POLLERS) as pool:
        session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=POLLERS))
        session.headers["X-Auth-Token"] = token

        def ask(_: int) -> int:
            return len(session.get(url, timeout=60).json()["images"])

        yield lambda: _all(pool.map(ask, range(ACCOUNTS)))


def _all(counts: Iterable[int]) -> None:
    assert set(counts) == {INVITATIONS}


def _shell(running: Lab) -> None:
    environment = {**os.environ, "OS_CLIENT_CONFIG_FILE": str(running.folder / "state/clouds.yaml")}
    command = [
        *(str(PEERS / "openstack"), "--os-cloud", "consumer-a", "image", "list"),
        *("--shared", "--member-status", "pending", "-f", "value"),
    ]
    for _ in range(SAMPLE):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)


def _cost(what: Callable[[], None]) -> Cost:
    wall, before = time.perf_counter(), os.times()
    what()
    after = os.times()
    cpu = sum(after[:4]) - sum(before[:4])
    return Cost(time.perf_counter() - wall, cpu)


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.wall_s for cost in costs),
        statistics.median(cost.cpu_s for cost in costs),
    )
