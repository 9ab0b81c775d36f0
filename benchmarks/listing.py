"""Listing 10,000 images of a real Glance: each client in a new interpreter, in turn."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict

from benchmarks.lab import ROOT, Lab, lab
from benchmarks.report import Row, ratio, table

IMAGES = 10_000
PEERS = ROOT / ".peers-venv/bin"
BARE, OURS, SDK, SHELL = (
    "bare requests loop",
    "this bot's client",
    "openstacksdk",
    "openstack image list",
)
IN_PROCESS = {
    BARE: (sys.executable, "bare"),
    OURS: (sys.executable, "bot"),
    "python-glanceclient": (str(PEERS / "python"), "glanceclient_"),
    SDK: (str(PEERS / "python"), "sdk"),
}
FIGURES = ("listing_cpu_s", "process_cpu_s", "peak_mb", "wall_s")


def main(rounds: int) -> None:
    with lab(IMAGES) as running:
        rows = _measured(running, rounds)
    print(f"\nListing {IMAGES:,} images of a real Glance, medians of {rounds}")
    print(table(["client", "listing CPU s", "process CPU s", "peak MB", "wall s"], _shown(rows)))
    ours, bare, sdk = rows[OURS], rows[BARE], rows[SDK]
    print(ratio("listing CPU, bot / bare loop", ours["listing_cpu_s"], bare["listing_cpu_s"], 1.3))
    print(ratio("process CPU, bot / bare loop", ours["process_cpu_s"], bare["process_cpu_s"], None))
    print(ratio("peak memory, bot / bare loop", ours["peak_mb"], bare["peak_mb"], 1.3))
    print(
        ratio("process CPU, bot / openstacksdk", ours["process_cpu_s"], sdk["process_cpu_s"], 0.25)
    )


def _measured(running: Lab, rounds: int) -> dict[str, Row]:
    runs: dict[str, list[Row]] = defaultdict(list)
    for _ in range(rounds):
        for name, (python, module) in IN_PROCESS.items():
            runs[name].append(_client(running, python, module))
        runs[SHELL].append(_shell(running))
    return {
        name: {f: statistics.median(run[f] for run in several) for f in FIGURES}
        for name, several in runs.items()
    }


def _client(running: Lab, python: str, module: str) -> Row:
    done = subprocess.run(
        [python, "-m", f"benchmarks.clients.{module}"],
        cwd=ROOT,
        input=json.dumps(running.cloud("producer")),
        capture_output=True,
        text=True,
        check=True,
    )
    figures: Row = json.loads(done.stdout)
    assert figures["images"] == IMAGES, figures
    return figures


def _shell(running: Lab) -> Row:
    """A whole process, since it cannot be had otherwise."""
    environment = {**os.environ, "OS_CLIENT_CONFIG_FILE": str(running.folder / "state/clouds.yaml")}
    command = [str(PEERS / "openstack"), "--os-cloud", "producer", "image", "list", "-f", "value"]
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    cpu = usage.ru_utime + usage.ru_stime
    return {
        "listing_cpu_s": cpu,
        "process_cpu_s": cpu,
        "peak_mb": usage.ru_maxrss / 1024,
        "wall_s": time.perf_counter() - started,
    }


def _shown(rows: dict[str, Row]) -> list[list[str]]:
    return [
        [name, *(f"{row[f]:.2f}" if f != "peak_mb" else f"{row[f]:.0f}" for f in FIGURES)]
        for name, row in rows.items()
    ]
