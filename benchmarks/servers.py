"""How soon each of several servers acknowledges while slow clients hold connections."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.ack import SECRET, ack_ms, percentile, wait_for
from benchmarks.clients.serve import OURS, SERVERS
from benchmarks.lab import ROOT
from benchmarks.listing import PEERS
from benchmarks.report import ratio, table
from sandbox.processes import kill, reserved_port, spawn

A_TURN = 100
IDLE, HALF = 1000, 16
HEAD = b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Length: 100\r\n"
HELD: Mapping[str, Sequence[bytes]] = {
    "nobody": [],
    "1,000 idle": [b""] * IDLE,
    "16 half heads": [HEAD] * HALF,
    "16 half bodies": [HEAD + b"\r\ntext="] * HALF,
    "all of them": [b""] * IDLE + [HEAD] * HALF + [HEAD + b"\r\ntext="] * HALF,
}
"""What clients have sent that then send nothing more, and hold their connections."""
SILENT_S = 3.0
"""After which Slack gives up."""
NEVER = float("inf")
BEFORE = "gunicorn, gthread"
"""What the bot ran on before."""
CLIENTS, BURST = 16, 2000


def main(rounds: int) -> None:
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    rates: dict[str, list[float]] = defaultdict(list)
    memory: dict[str, float] = {}
    allow_files()
    for _ in range(rounds):
        for name in SERVERS:
            with serving(name) as (url, pid):
                acks(url)  # warms up
                for held, sent in HELD.items():
                    with holding(url, sent):
                        times[name, held] += acks(url)
                rates[name].append(_rate(url))
                memory[name] = _megabytes(pid)
    print(f"\nAcknowledging while others hold connections, {rounds * A_TURN} of each")
    rows = [
        [
            name,
            *(_shown(times[name, held]) for held in HELD),
            _ratio(times[name, "all of them"], times[name, "nobody"]),
            f"{max(rates[name]):.0f}",
            f"{memory[name]:.0f}",
        ]
        for name in SERVERS
    ]
    heads = [f"{held}: p50, p99 ms" for held in HELD]
    print(table(["", *heads, "p99, all / nobody", "acks a second", "MB"], rows))
    ours, before = times[OURS, "nobody"], times[BEFORE, "nobody"]
    beside = percentile(times[OURS, "all of them"], 99)
    print(ratio("p99, all of them / nobody", beside, percentile(ours, 99), 1.5))
    for percent in (50, 99):
        theirs = percentile(before, percent)
        print(ratio(f"p{percent}, nobody, ours / {BEFORE}", percentile(ours, percent), theirs, 1.0))


def _shown(times: list[float]) -> str:
    if NEVER in times:
        return "silent"
    return f"{percentile(times, 50):.1f}, {percentile(times, 99):.1f}"


def _ratio(held: list[float], free: list[float]) -> str:
    return "" if NEVER in held else f"{percentile(held, 99) / percentile(free, 99):.2f}"


def acks(url: str) -> list[float]:
    measured: list[float] = []
    while len(measured) < A_TURN and NEVER not in measured:
        try:
            measured.append(ack_ms(url, SECRET, "help", url, SILENT_S))
        except OSError:
            measured.append(NEVER)
    return measured


def _rate(url: str) -> float:
    """Acknowledgements a second, to clients that each wait for the one before."""
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda _: ack_ms(url, SECRET, "help", url, pause=0), range(BURST)))
    return BURST / (time.perf_counter() - started)


@contextmanager
def holding(url: str, sent: Sequence[bytes]) -> Iterator[None]:
    place = urllib.parse.urlsplit(url)
    with ExitStack() as held:
        for each in sent:
            connection = socket.create_connection((place.hostname, place.port), 10)
            held.enter_context(connection).sendall(each)
        time.sleep(0.5)  # so that all are taken up before the first is measured
        yield
    time.sleep(0.5)


@contextmanager
def serving(name: str) -> Iterator[tuple[str, int]]:
    python = sys.executable if name == OURS else str(PEERS / "python")
    with reserved_port() as port:
        process = spawn(
            [python, "-m", "benchmarks.clients.serve", name],
            env={**os.environ, "PORT": str(port), "SLACK_SIGNING_SECRET": SECRET, "AT_ONCE": "1"},
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
        )
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            kill(process)  # some wait long for those that hold connections
            process.wait(30)


def _megabytes(pid: int) -> float:
    """Of a process and those it has started; what they share is counted once."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    [kilobytes] = [line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")]
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(kilobytes) / 1024 + sum(_megabytes(int(child)) for child in children)


def allow_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
