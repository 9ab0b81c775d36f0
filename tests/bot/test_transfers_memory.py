"""An image of 2 GiB through the real program, and how much memory that took."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot import linking
from bot.wiring import Runtime
from handlers.transfers.plans import ExportPlan
from sandbox.slack import TEAM_ID
from storage import Kind, TransferState
from tests.bot.moving import Scene, export_plan
from tests.bot.people import PRODUCER
from tests.lab.fixtures import Lab

ROOT = Path(__file__).parents[2]
SIZE = 2 * 1024**3
CHUNK = os.urandom(1024**2)
MOST_ABOVE_IDLE_MB = 64


def test_an_image_of_2_gib_is_exported_within_64_mb_of_memory(
    lab: Lab,
    runtime: Runtime,
    environ: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(lab.clouds_yaml))
    environ = {**os.environ, **environ, "OS_CLIENT_CONFIG_FILE": str(lab.clouds_yaml)}
    linked = linking.link(
        runtime.store, runtime.clouds, team=TEAM_ID, user=PRODUCER, cloud="producer", region="DFW"
    )
    scene = Scene(runtime, linked.account)
    idle_mb = _peak_mb(environ)
    transfer = scene.begin(Kind.EXPORT, _plan(lab))

    peak_mb = _peak_mb(environ)

    with capsys.disabled():
        sys.stdout.write(f"\npeak memory {peak_mb:.0f} MB, idle {idle_mb:.0f} MB\n")
    assert scene.now(transfer).state == TransferState.DONE
    assert idle_mb < peak_mb < idle_mb + MOST_ABOVE_IDLE_MB


def _plan(lab: Lab) -> ExportPlan:
    image_id = lab.create_image("producer", "two-gb")
    headers = {"Content-Type": "application/octet-stream"}
    path = f"/images/{image_id}"
    lab.image_call("producer", "PUT", f"{path}/file", data=_data(), headers=headers)
    image = lab.image_call("producer", "GET", path).json()
    return replace(
        export_plan(image_id, b""),
        size=SIZE,
        checksum=image["checksum"],
        hash_algo=image["os_hash_algo"],
        hash_value=image["os_hash_value"],
    )


def _data() -> Iterator[bytes]:
    for _ in range(SIZE // len(CHUNK)):
        yield CHUNK


def _peak_mb(environ: Mapping[str, str]) -> float:
    """
    Of one run of the job, read while it runs.

    What getrusage says of a child begins with the size of its parent, which is pytest's.
    """
    command = [sys.executable, "-m", "bot", "run", "transfers", "--now"]
    process = subprocess.Popen(command, cwd=ROOT, env=dict(environ))
    status, peak_kb = Path(f"/proc/{process.pid}/status"), 0
    while not os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        lines = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        peak_kb = max([peak_kb, *(int(line.split()[1]) for line in lines)])
        time.sleep(0.02)
    assert process.wait() == 0
    return peak_kb / 1024
