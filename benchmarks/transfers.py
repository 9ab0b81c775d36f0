"""Exporting an image of 2 GB by streaming it: the bot's job beside a bare loop, on a real lab."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

from benchmarks.clients.login import base_and_token
from benchmarks.lab import ROOT, Lab, lab
from benchmarks.report import at_most, ratio, table
from bot import linking
from cloud import Clouds, Image, Way
from handlers.transfers.plans import ExportPlan
from storage import Account, Kind, Store, TransferState, new_key

SIZE = 2 * 1024**3
CHUNK = bytes(1024**2)
OURS, IDLE, BARE = "the bot's job", "the bot's job, nothing to do", "bare requests loop"
MOST_ABOVE_IDLE_MB = 64


@dataclass(frozen=True)
class Cost:
    wall_s: float
    cpu_s: float
    peak_mb: float


def main(rounds: int) -> None:
    with lab(swift=True) as running, tempfile.TemporaryDirectory() as folder:
        entry = running.cloud("producer")
        image = _image(entry)
        environ = _environ(running, Path(folder))
        runs = [_round(environ, entry, image) for _ in range(rounds)]
    rows = {name: _median([run[name] for run in runs]) for name in (BARE, OURS, IDLE)}
    print(f"\nStreaming an image of {SIZE / 1024**3:.0f} GiB into Swift, medians of {rounds}")
    print(table(["", "wall s", "client CPU s", "peak MB"], _shown(rows)))
    ours, idle, bare = rows[OURS], rows[IDLE], rows[BARE]
    above = ours.peak_mb - idle.peak_mb
    print(at_most("peak memory above idle", above, MOST_ABOVE_IDLE_MB, "MB"))
    streaming_s = ours.wall_s - idle.wall_s
    print(ratio("wall, the bot's job less its start / bare loop", streaming_s, bare.wall_s, 1.5))
    print(ratio("CPU, the bot's job / bare loop", ours.cpu_s, bare.cpu_s, None))


def _image(entry: dict[str, object]) -> Image:
    """A new one, of zeros. They are hashed no faster than anything else."""
    base, token = base_and_token(entry)
    with requests.Session() as session:
        session.headers["X-Auth-Token"] = token
        fields = {"name": "two-gb", "disk_format": "raw", "container_format": "bare"}
        image_id = session.post(f"{base}/v2/images", json=fields, timeout=60).json()["id"]
        kind = {"Content-Type": "application/octet-stream"}
        url = f"{base}/v2/images/{image_id}"
        session.put(f"{url}/file", data=_zeros(), headers=kind, timeout=600).raise_for_status()
        return Image(str(entry["region_name"]), session.get(url, timeout=60).json())


def _zeros() -> Iterator[bytes]:
    for _ in range(SIZE // len(CHUNK)):
        yield CHUNK


def _environ(running: Lab, folder: Path) -> dict[str, str]:
    """What the bot's program is told. It posts nothing: a run of this job talks to no Slack."""
    return {
        **os.environ,
        "OS_CLIENT_CONFIG_FILE": str(running.folder / "state/clouds.yaml"),
        "DATABASE_URL": f"sqlite:///{folder / 'bot.db'}",
        "SECRET_KEYS": new_key(),
        "SLACK_SIGNING_SECRET": "0" * 32,
        "SLACK_BOT_TOKEN": "xoxb-made-up",
    }


def _round(environ: Mapping[str, str], entry: object, image: Image) -> dict[str, Cost]:
    job = [sys.executable, "-m", "bot", "run", "transfers", "--now"]
    store = Store.open(environ["DATABASE_URL"], [environ["SECRET_KEYS"]])
    store.migrate()
    idle = _cost(job, environ)
    began = _begin(store, environ, image)
    ours = _cost(job, environ)
    ended = store.transfers.get(began)
    assert ended is not None, began
    assert ended.state == TransferState.DONE, ended
    store.close()
    wanted = json.dumps({"cloud": entry, "image": image.id, "size": SIZE})
    bare = _cost([sys.executable, "-m", "benchmarks.clients.bare_stream"], environ, wanted)
    return {OURS: ours, IDLE: idle, BARE: bare}


def _begin(store: Store, environ: Mapping[str, str], image: Image) -> str:
    """Id of a transfer as `/images export` begins it."""
    account = _link(store, environ)
    plan = ExportPlan(
        image_id=image.id,
        image_name=image.name,
        size=SIZE,
        container="ours",
        way=Way.STREAM,
        object=f"two-gb-{uuid.uuid4()}",
        checksum=image.checksum or "",
        hash_algo=image.raw.get("os_hash_algo") or "",
        hash_value=image.raw.get("os_hash_value") or "",
    )
    transfer, _ = store.transfers.begin(
        click=plan.object,
        key=plan.object,
        kind=Kind.EXPORT,
        team_id=account.team_id,
        user_id=account.user_id,
        account_id=account.id,
        account=account.project_id,
        region=image.region,
        title=image.name,
        plan=plan.to_json(),
    )
    return transfer.id


def _link(store: Store, environ: Mapping[str, str]) -> Account:
    os.environ["OS_CLIENT_CONFIG_FILE"] = environ["OS_CLIENT_CONFIG_FILE"]
    clouds = Clouds()
    linked = linking.link(store, clouds, team="T1", user="U1", cloud="producer", region="DFW")
    clouds.close()
    return linked.account


def _cost(command: list[str], environ: Mapping[str, str], text: str = "") -> Cost:
    """Of a whole process. Its peak is read while it runs: its parent's size is not in it."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=dict(environ), stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(text.encode())
    process.stdin.close()
    peak_mb, status = 0.0, Path(f"/proc/{process.pid}/status")
    while not os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        peak_mb = max(peak_mb, _peak_mb(status.read_text()))
        time.sleep(0.02)
    _, code, usage = os.wait4(process.pid, 0)
    assert code == 0, command
    return Cost(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, peak_mb)


def _peak_mb(status: str) -> float:
    return max((int(s.split()[1]) for s in status.splitlines() if "VmHWM" in s), default=0) / 1024


def _median(costs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.wall_s for cost in costs),
        statistics.median(cost.cpu_s for cost in costs),
        statistics.median(cost.peak_mb for cost in costs),
    )


def _shown(rows: Mapping[str, Cost]) -> list[list[str]]:
    return [
        [name, f"{cost.wall_s:.1f}", f"{cost.cpu_s:.1f}", f"{cost.peak_mb:.0f}"]
        for name, cost in rows.items()
    ]
