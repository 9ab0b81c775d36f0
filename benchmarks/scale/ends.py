"""
How late shares end while one region of three hangs, and how long SIGTERM takes then.

A worker on PostgreSQL; in the region that hangs more shares have ended than the worker has hands.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.engines import databases
from benchmarks.report import ratio
from benchmarks.scale.looks import settings_for
from benchmarks.scripts import ROOT
from cloud import AuthType, Credentials
from sandbox.cloud import CloudStandIn
from sandbox.processes import spawn
from storage import Account, Store

REGIONS = ("DFW", "ORD", "IAD")
SILENT = 24
ENDS = 20
"""In each of the two other regions, one every second from FIRST_S on."""
FIRST_S, EVERY_S = 8.0, 1.0
OWNER, OTHER = "1100111", "2200222"


def main() -> None:
    with databases.server() as server, tempfile.TemporaryDirectory() as folder, _cloud() as cloud:
        url = databases.create(server, Path(folder), "postgres", "ends")
        environment = settings_for(url, cloud.base_url)
        store = Store.open(url, [environment["SECRET_KEYS"]])
        store.migrate()
        account = _link(store, cloud)
        for _ in range(SILENT):
            _share(store, cloud, account, REGIONS[-1], 0)
        for n in range(ENDS):
            for region in REGIONS[:-1]:
                _share(store, cloud, account, region, FIRST_S + n * EVERY_S)
        late, stopped = _run(store, environment)
        store.close()
    print(f"\nEnds of {len(REGIONS[:-1]) * ENDS} shares while one region of three hangs\n")
    print(ratio("the latest, seconds after it was due", late, 1, 5))
    print(ratio("SIGTERM, seconds to the end of the worker", stopped, 1, 5))


def _run(store: Store, environment: Mapping[str, str]) -> tuple[float, float]:
    worker = spawn([sys.executable, "-m", "bot", "worker"], cwd=ROOT, env=environment)
    try:
        late = _latest(store)
        began = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        worker.wait(60)
        return late, time.monotonic() - began
    except subprocess.TimeoutExpired:
        return late, 60.0
    finally:
        worker.kill()
        worker.wait()


def _latest(store: Store) -> float:
    """Watch until all of them have ended; how late the latest did."""
    late = 0.0
    while True:
        rows = store._db.rows(
            """select min(ends_at) as at, count(*) as n from expiries where region <> :silent""",
            {"silent": REGIONS[-1]},
        )
        if not rows[0]["n"]:
            return late
        late = max(
            late, (datetime.now(UTC) - datetime.fromisoformat(rows[0]["at"])).total_seconds()
        )
        time.sleep(0.05)


@contextmanager
def _cloud() -> Iterator[CloudStandIn]:
    answering = threading.Event()

    def hang(_: str, path: str) -> None:
        if path.startswith(f"/{REGIONS[-1]}/"):
            answering.wait()

    with CloudStandIn(REGIONS) as cloud:
        cloud.add_account(OWNER, "owner", "owner")
        cloud.before = hang
        try:
            yield cloud
        finally:
            answering.set()


def _link(store: Store, cloud: CloudStandIn) -> Account:
    options = {"username": "owner", "password": "made-up-password", "project_id": OWNER}
    credentials = Credentials(
        AuthType.V3_PASSWORD, cloud.auth_url_v3, {**options, "user_domain_id": "default"}
    )
    store.people.seen("T1", "U1")
    return store.accounts.link(
        "T1",
        "U1",
        cloud=cloud.auth_url_v3,
        project_id=OWNER,
        project_name="",
        user_name="owner",
        regions=REGIONS,
        region=None,
        credentials=credentials.to_json(),
    )


def _share(
    store: Store, cloud: CloudStandIn, account: Account, region: str, seconds: float
) -> None:
    image_id = cloud.add_image(OWNER, name="web", region=region, visibility="shared")
    cloud.add_member(image_id, OTHER)
    span = timedelta(seconds=seconds)
    store.expiries.put(account, "U1", region, image_id, "web", OTHER, span, "")
