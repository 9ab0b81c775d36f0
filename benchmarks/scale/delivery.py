"""
Digests to 100 workspaces, with a Slack that takes 100 ms an answer, against bare concurrent posts.

A worker delivers what waits in the outbox, and the same messages are posted by as many threads as
it has hands, with nothing kept. Then one workspace hangs, or limits, and it is seen when the
others had theirs. Times are those at which messages reach Slack.

At last 1, 2 and 3 workers deliver them, with few hands each, so that hands are all that is short.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from slack_sdk import WebClient

from benchmarks.engines import databases
from benchmarks.report import at_least, at_most, ratio, table
from benchmarks.scripts import stand_in, workers
from bot.settings import Settings
from storage import Store, new_key

LATENCY_MS = 100
WORKSPACES = 100
DIGESTS = int(os.environ.get("BENCH_DIGESTS", "600"))
HANDS = Settings().delivery_hands
KEY = new_key()
FEW_HANDS = 4
"""Of each of several workers, so that three are far from what two cores can do."""
ROUNDS = 3
NOT_NOW = timedelta(hours=12)
"""Until when nobody is asked for, or Slack would be asked about all of these people meanwhile."""
PATIENCE_S = 900.0
SLACK = Path(__file__).parents[1] / "clients/slow_slack.py"
BLOCKS = [
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": f"*web-{n}* · shared by 872341 · 2.1 GB"},
        "accessory": {
            "type": "button",
            "text": {"type": "plain_text", "text": "Accept"},
            "action_id": "invitations.accept",
            "value": f"image-{n}",
        },
    }
    for n in range(5)
]
"""What a digest of five invitations looks like."""


@dataclass(frozen=True)
class Post:
    at: float
    channel: str
    text: str

    @property
    def workspace(self) -> str:
        return self.channel.split()[1]


def main(rounds: int, digests: int = DIGESTS) -> None:
    rows: list[list[str]] = []
    lines: list[str] = []
    with (
        databases.server() as server,
        tempfile.TemporaryDirectory() as folder,
        stand_in(SLACK, str(LATENCY_MS)) as slack,
    ):
        for kind in ("sqlite", "postgres"):
            url = databases.create(server, Path(folder), kind, "delivery")
            measured = _measure(url, slack, digests, min(rounds, ROUNDS))
            rows.append([kind, *(f"{each:.2f}" for each in measured)])
            bare, ours, hangs, limits = measured
            lines.append(ratio(f"{kind}: digests / bare posts", ours, bare, 1.3))
            for what, took in (("hangs", hangs), ("limits", limits)):
                late = max(0.0, took - ours)
                lines.append(at_most(f"{kind}: others' delay, one {what}", late, 1, "s"))
        url = databases.create(server, Path(folder), "postgres", "workers")
        one, *more = _by_workers(url, slack, min(digests, 600))
    print(f"\n{digests} digests, {WORKSPACES} workspaces, {LATENCY_MS} ms, {HANDS} at a time\n")
    print(table(["", "bare s", "digests s", "one hangs s", "one limits s"], rows))
    print("\n".join(lines))
    for number, (seconds, least) in enumerate(zip(more, (1.8, 2.6), strict=True), 2):
        print(at_least(f"digests a second, {number} workers / 1, PostgreSQL", one, seconds, least))


def _measure(url: str, slack: str, digests: int, rounds: int) -> tuple[float, ...]:
    """Seconds of bare posts, of all digests, and of the others' while one hangs, or limits."""
    environ = _environ(url, slack)
    with closing(Store.open(url, [environ["SECRET_KEYS"]])) as store:
        store.migrate()
        _know_people(store, digests)
        bare: list[float] = []
        ours: list[float] = []
        hangs: list[float] = []
        limits: list[float] = []
        for _ in range(rounds):
            bare.append(_span(_bare(slack, digests)))
            delivered = _deliver(store, environ, slack, digests)
            _must_be_in_order(delivered, digests)
            ours.append(_span(delivered))
            for trouble, times in (("hang", hangs), ("limit", limits)):
                _ask(slack, f"{trouble}/T0")
                times.append(_span(_deliver(store, environ, slack, digests, without="T0")))
                _ask(slack, f"{trouble}/T0")
    return tuple(map(statistics.median, (bare, ours, hangs, limits)))


def _by_workers(url: str, slack: str, digests: int) -> list[float]:
    """Seconds that 1, 2 and 3 workers take."""
    environ = {**_environ(url, slack), "DELIVERY_HANDS": str(FEW_HANDS)}
    with closing(Store.open(url, [environ["SECRET_KEYS"]])) as store:
        store.migrate()
        _know_people(store, digests)
        _log(slack)  # what came late of before
        return [
            _span(_deliver(store, environ, slack, digests, number=number)) for number in (1, 2, 3)
        ]


def _bare(slack: str, digests: int) -> Sequence[Post]:
    client = WebClient("xoxb-made-up", f"{slack}/api/", retry_handlers=[])

    def post(channel: str) -> None:
        client.chat_postMessage(channel=channel, text="0", blocks=BLOCKS)

    with ThreadPoolExecutor(HANDS) as pool:
        list(pool.map(post, (_channel(n) for n in range(digests))))
    return _log(slack)


def _deliver(
    store: Store,
    environ: Mapping[str, str],
    slack: str,
    digests: int,
    *,
    without: str = "",
    number: int = 1,
) -> Sequence[Post]:
    """Enqueue all, and start workers. Gives what reached the workspaces, but for one of them."""
    _forget_what_was_sent(store)
    for n in range(digests):
        store.outbox.put(team_id=_team(n), user_id=f"U{n}", text=str(n), blocks=BLOCKS)
    expected = sum(_team(n) != without for n in range(digests))
    posts: list[Post] = []
    with workers(number, environ) as started:
        deadline = time.monotonic() + PATIENCE_S
        while len(posts) < expected and time.monotonic() < deadline:
            if any(each.poll() is not None for each in started):
                break
            time.sleep(0.5)
            posts += [each for each in _log(slack) if each.workspace != without]
        time.sleep(2 * LATENCY_MS / 1000)
    assert len(posts) == expected, f"{len(posts)} of {expected} were posted"
    return posts


def _must_be_in_order(posts: Sequence[Post], digests: int) -> None:
    """Each once, and those of one conversation as they were enqueued."""
    assert sorted(int(each.text) for each in posts) == list(range(digests))
    for channel in {each.channel for each in posts}:
        texts = [int(each.text) for each in posts if each.channel == channel]
        assert all(a < b for a, b in pairwise(texts))


def _span(posts: Sequence[Post]) -> float:
    times = [each.at for each in posts]
    return max(times) - min(times) + LATENCY_MS / 1000


def _know_people(store: Store, digests: int) -> None:
    for begin in range(0, digests, 100):
        with store.together():
            for n in range(begin, min(begin + 100, digests)):
                store.people.set_dm_channel(_team(n), f"U{n}", _channel(n))
    for profile in store.people.profiles.claim(digests):
        store.people.profiles.release(profile, datetime.now(UTC) + NOT_NOW)


def _forget_what_was_sent(store: Store) -> None:
    store.outbox.prune(store.outbox._clock())
    for each in store.outbox.unsent():
        store.outbox.drop(each.id)
    for rest in store.rests.all():
        store.rests.over(rest.team_id)


def _team(n: int) -> str:
    return f"T{n % WORKSPACES}"


def _channel(n: int) -> str:
    return f"D {_team(n)} {n}"


def _environ(url: str, slack: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "SLACK_SIGNING_SECRET": "made-up",
        "SLACK_BOT_TOKEN": "xoxb-made-up",
        "SLACK_API_URL": f"{slack}/api/",
        "DATABASE_URL": url,
        "SECRET_KEYS": KEY,
        "LOG_LEVEL": "ERROR",
    }


def _log(slack: str) -> list[Post]:
    return [Post(float(at), str(channel), str(text)) for at, channel, text in _ask(slack, "log")]


def _ask(slack: str, path: str) -> list[list[float | str]]:
    with urllib.request.urlopen(f"{slack}/{path}") as answer:  # noqa: S310 - our own
        told: list[list[float | str]] = json.load(answer)
    return told
