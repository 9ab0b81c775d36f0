"""
A large image through the real program, and how much memory that took.

As large as shows whether it is held in memory. `make bench` does it with 2 GiB.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot import linking
from bot.wiring import Runtime
from handlers.transfers.plans import ExportPlan
from sandbox.processes import run
from sandbox.slack import TEAM_ID
from storage import Kind, TransferState
from tests.bot.moving import Scene, export_plan
from tests.bot.people import PRODUCER
from tests.lab.fixtures import Lab

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[3]
SIZE = 256 * 1024**2
CHUNK = os.urandom(1024**2)
MOST_ABOVE_IDLE_MB = 64


def test_an_image_of_256_mib_is_exported_within_64_mb_of_memory(
    lab: Lab,
    runtime: Runtime,
    environ: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
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

    assert scene.now(transfer).state == TransferState.DONE
    assert peak_mb < idle_mb + MOST_ABOVE_IDLE_MB


def _plan(lab: Lab) -> ExportPlan:
    image_id = lab.create_image("producer", "large")
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
    Of one run of the job.

    What the system tells of a child begins with the size of its parent, so that a small program
    has to start it, and not pytest.
    """
    job = [sys.executable, "-m", "bot", "run", "transfers", "--now"]
    done = run([sys.executable, "-I", "-S", "-c", START, *job], cwd=ROOT, env=dict(environ))
    assert done.returncode == 0, done.stderr
    return int(done.stdout.splitlines()[-1]) / 1024


START = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
