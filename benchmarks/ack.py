"""How soon a command is acknowledged, beside a Bolt app that does nothing else, in turn."""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from benchmarks.clients.serve import OURS
from benchmarks.lab import ROOT
from benchmarks.report import at_most, ratio, table
from sandbox.processes import reserved_port, spawn
from sandbox.slack import PEOPLE
from sandbox.slack.payloads import command
from sandbox.slack.signing import signed

A_ROUND = 150
PAUSE_S = 0.02
"""Between two commands: Slack does not send the next because it got an ack."""
FORM = "application/x-www-form-urlencoded"
SECRET = "made-up"
BARE, AT_ONCE = "bare Bolt app", "bare Bolt app, in the request's thread"
HELP, LIST = "bot, /images help", "bot, /images list"
BURST, SLOW_S, MOST_MS = 40, 2.0, 100.0
"""Commands within one second, and how long the cloud takes for each: none waits for another's."""


def main(rounds: int) -> None:
    times: dict[str, list[float]] = defaultdict(list)
    with _bot() as bot, _bare() as bare, _bare(at_once=True) as bare_at_once:
        answers = f"{bot['slack_url']}/commands/nobody"
        asked = {
            BARE: (bare, SECRET, "help"),
            AT_ONCE: (bare_at_once, SECRET, "help"),
            HELP: (bot["bot_url"], bot["secret"], "help"),
            LIST: (bot["bot_url"], bot["secret"], "list"),
        }
        for number in range(rounds + 1):
            for name, (url, secret, text) in asked.items():
                measured = [ack_ms(url, secret, text, answers) for _ in range(A_ROUND)]
                if number:  # the first round warms up
                    times[name] += measured
        burst = [ms for _ in range(rounds) for ms in _burst_ms(bot, answers)]
    print(f"\nAcknowledging a command, {rounds * A_ROUND} of each, in turns of {A_ROUND}")
    figures = {name: (percentile(ms, 50), percentile(ms, 99)) for name, ms in times.items()}
    shown = [[name, *(f"{ms:.1f}" for ms in both)] for name, both in figures.items()]
    print(table(["", "p50 ms", "p99 ms"], shown))
    for name in (HELP, LIST):
        for index, what in enumerate(("p50", "p99")):
            ours, bare_ms = figures[name][index], figures[BARE][index]
            print(ratio(f"{what}, {name} / bare", ours, bare_ms, 1.15))
            beside = figures[AT_ONCE][index]
            print(ratio(f"{what}, {name} / bare in the request's thread", ours, beside, None))
    print(at_most(f"{BURST} in one second, slow cloud, the slowest", max(burst), MOST_MS, "ms"))


def _burst_ms(bot: dict[str, Any], answers: str) -> list[float]:
    """Each waits for the cloud for two seconds, so that all are being answered at once."""

    def send(number: int) -> float:
        time.sleep(number / BURST)
        return ack_ms(bot["bot_url"], bot["secret"], "list", answers)

    bot["set_delay"](SLOW_S)
    with ThreadPoolExecutor(BURST) as pool:
        measured = list(pool.map(send, range(BURST)))
    time.sleep(2 * SLOW_S)  # until all are answered
    bot["set_delay"](0.0)
    return measured


def ack_ms(
    url: str,
    secret: str,
    text: str,
    answers: str,
    timeout: float = 10,
    pause: float = PAUSE_S,
) -> float:
    body = command(PEOPLE[0], text, PEOPLE[0].dm_channel, "directmessage", url=answers, trigger="1")
    data = urllib.parse.urlencode(body).encode()
    headers = signed(secret, data, at=time.time(), content_type=FORM)
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=timeout)
    started = time.perf_counter()
    connection.request("POST", "/slack/events", data, headers)
    response = connection.getresponse()
    response.read()
    ms = (time.perf_counter() - started) * 1000
    connection.close()
    assert response.status == 200, response.status
    time.sleep(pause)
    return ms


def percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


@contextmanager
def _bot() -> Iterator[dict[str, Any]]:
    process = spawn(
        [sys.executable, "-m", "benchmarks.stage"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        about: dict[str, Any] = json.loads(process.stdout.readline())

        def set_delay(seconds: float) -> None:
            print(seconds, file=process.stdin, flush=True)

        yield {**about, "set_delay": set_delay}
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


@contextmanager
def _bare(*, at_once: bool = False) -> Iterator[str]:
    with reserved_port() as port:
        process = spawn(
            [sys.executable, "-m", "benchmarks.clients.serve", OURS],
            env={**os.environ, "PORT": str(port), "SLACK_SIGNING_SECRET": SECRET}
            | {"AT_ONCE": str(int(at_once))},
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
        )
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the bare Bolt app does not listen")
