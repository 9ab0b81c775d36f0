"""
Looks of 1, 2 and 3 workers at a cloud that takes 300 ms an answer, on PostgreSQL.

Everything is due all the time, so that hands are all that is short. Then one region of three hangs,
and the looks at the two others are counted.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import requests
import requests.adapters

from benchmarks.engines import databases
from benchmarks.report import at_least, ratio, table
from benchmarks.scripts import stand_in, workers
from cloud import AuthType, Credentials
from storage import Store, new_key

LATENCY_MS = 300
REGIONS = ("DFW", "ORD", "IAD")
ACCOUNTS = 100
HANDS = 4
"""Of each worker, so that three are far from what two cores can do."""
USUAL = {"LOOK_HANDS": "32", "LOOKS_PER_REGION": "12"}
"""As they are by default: for what a look costs, and for a region that hangs."""
QUESTIONS = 2
"""That a look asks: for images, and for those that are hidden."""
WARM_S, WINDOW_S = 12.0, 15.0
CLOUD = Path(__file__).parents[1] / "clients/slow_cloud.py"


@dataclass(frozen=True)
class Measured:
    """What some workers did in a window."""

    looks_s: float
    cpu_ms: float
    """Of the workers, for each look."""
    transactions: float
    """For each look."""


def main(rounds: int) -> None:
    del rounds  # each figure is of a window, in which thousands of things happen
    with (
        databases.server() as server,
        tempfile.TemporaryDirectory() as folder,
        stand_in(CLOUD, str(LATENCY_MS), *REGIONS) as cloud,
    ):
        url = databases.create(server, Path(folder), "postgres", "scale")
        environ = settings_for(url, cloud)
        _link_all(url, environ["SECRET_KEYS"], cloud)
        by_workers = [_measure(number, url, environ, cloud) for number in (1, 2, 3)]
        usual = _measure(1, url, {**environ, **USUAL}, cloud)
        bare_ms = _bare(cloud)
        free, beside = _hang(environ, cloud)
    print(f"\nLooks at {LATENCY_MS} ms an answer, {HANDS} hands a worker, PostgreSQL\n")
    rows = [
        [n, f"{m.looks_s:.1f}", f"{m.cpu_ms:.1f}", f"{m.transactions:.2f}"]
        for n, m in [*((str(n), m) for n, m in enumerate(by_workers, 1)), ("1, 32 hands", usual)]
    ]
    print(table(["workers", "looks/s", "CPU ms a look", "transactions a look"], rows))
    one, two, three = by_workers
    print(at_least("looks, 2 workers / 1", two.looks_s, one.looks_s, 1.8))
    print(at_least("looks, 3 workers / 1", three.looks_s, one.looks_s, 2.6))
    print(ratio("CPU, a look / its bare requests", usual.cpu_ms, bare_ms, 1.5))
    print(ratio("transactions a look", usual.transactions, 1, 2))
    print(ratio("time of a look, one region of three hanging / none", free, beside, 1.2))


def _measure(number: int, url: str, environ: Mapping[str, str], cloud: str) -> Measured:
    with workers(number, environ) as started:
        pids = [each.pid for each in started]
        time.sleep(WARM_S)
        looked, cpu = _looks(cloud), sum(map(_cpu_s, pids))
        ended = databases.transactions(url) or 0
        began = time.monotonic()
        time.sleep(WINDOW_S)
        more = (databases.transactions(url) or 0) - ended
        seconds = time.monotonic() - began
        looks = _looks(cloud) - looked
        spent = sum(map(_cpu_s, pids)) - cpu
    return Measured(looks / seconds, 1000 * spent / looks, more / looks)


def _hang(environ: Mapping[str, str], cloud: str) -> tuple[float, float]:
    """Looks at two regions in a window: while the third answers, and from when it hangs."""
    with workers(1, {**environ, **USUAL}):
        time.sleep(WARM_S)
        counts = []
        for hangs in (False, True):
            if hangs:
                _ask(cloud, f"hang/{REGIONS[-1]}")
            before = _looks(cloud, REGIONS[:-1])
            time.sleep(WINDOW_S)
            counts.append(_looks(cloud, REGIONS[:-1]) - before)
        _ask(cloud, f"hang/{REGIONS[-1]}")
    return counts[0], counts[1]


def settings_for(url: str, cloud: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "SLACK_SIGNING_SECRET": "made-up",
        "SLACK_BOT_TOKEN": "xoxb-made-up",
        "SLACK_API_URL": f"{cloud}/nobody/",
        "DATABASE_URL": url,
        "SECRET_KEYS": new_key(),
        "LOG_LEVEL": "WARNING",
        "LOOK_HANDS": str(HANDS),
        "LOOKS_PER_REGION": "1000",
        "LOOK_EVERY_S": "1",
        "LOOK_SELDOM_S": "1",
    }


def _link_all(url: str, key: str, cloud: str) -> None:
    store = Store.open(url, [key])
    store.migrate()
    for number in map(str, range(1, ACCOUNTS + 1)):
        options = {"username": number, "password": number, "project_id": number}
        credentials = Credentials(
            AuthType.V3_PASSWORD, f"{cloud}/v3", {**options, "user_domain_id": "default"}
        )
        store.people.seen("T1", f"U{number}")
        store.people.set_time_zone("T1", f"U{number}", "UTC")
        account = store.accounts.link(
            "T1",
            f"U{number}",
            cloud=f"{cloud}/v3",
            project_id=number,
            project_name="",
            user_name=number,
            regions=REGIONS,
            region=None,
            credentials=credentials.to_json(),
        )
        for region in REGIONS:
            store.figures.put(account.id, region, 0, 0)  # or they would be counted meanwhile
    store.close()


def _bare(cloud: str) -> float:
    """CPU in ms of the questions of one look, asked by as many threads, keeping nothing."""
    number = 400
    urls = [
        f"{cloud}/DFW/v2/images?visibility=shared&member_status=pending&limit=1000",
        f"{cloud}/DFW/v2/images?visibility=shared&member_status=pending&limit=1000&os_hidden=true",
    ]
    with requests.Session() as session, ThreadPoolExecutor(HANDS) as pool:
        session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=HANDS))

        def look(_: int) -> int:
            return sum(len(session.get(url, timeout=60).json()["images"]) for url in urls)

        list(pool.map(look, range(HANDS)))
        before = time.process_time()
        list(pool.map(look, range(number)))
        return 1000 * (time.process_time() - before) / number


def _looks(cloud: str, regions: tuple[str, ...] = REGIONS) -> float:
    counts = _ask(cloud, "counts")
    return sum(counts[each] for each in regions) / QUESTIONS


def _ask(cloud: str, path: str) -> dict[str, int]:
    with urllib.request.urlopen(f"{cloud}/{path}") as answer:  # noqa: S310 - our own
        told: dict[str, int] = json.load(answer)
    return told


def _cpu_s(pid: int) -> float:
    """User and system time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(1)
