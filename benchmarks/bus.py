"""How soon Slack shows what anybody does in a real Glance, by a real RabbitMQ."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import openstack

from benchmarks.engines import databases
from benchmarks.lab import Lab, lab
from benchmarks.report import at_most, table
from sandbox.processes import temporary_folder
from sandbox.scene import CONSUMER_A
from sandbox.slack import TEAM_ID, SlackStandIn
from storage import Account, Store, new_key
from tests.bot.machines import Machines, machines, said
from tests.lab import rabbit

PROMISED_S = 5.0
SELDOM_S = "3600"
"""Nothing is looked at by itself meanwhile."""
SHARED, ANSWERED, UNSHARED, DELETED, HIDDEN = (
    "shared: there is a message",
    "accepted: the message says so",
    "unshared: the message says so",
    "deleted: the message says so",
    "hidden: it is looked at",
)


@dataclass
class Region:
    """A Glance on the bus, with a producer and a consumer who use openstacksdk."""

    producer: Any
    consumer: Any
    project: str
    """The consumer's."""
    machines: Machines
    store: Store
    account: Account

    def heard(self, name: str, words: str) -> None:
        """Wait for a message that says this of it, in one line."""
        self.machines.slack.wait_for(
            CONSUMER_A, lambda m: re.search(f"{name}.*{words}", said(m)) is not None
        )

    def looked_at(self) -> Any:
        [place] = self.store.places.of(self.account.id)
        return place.last_looked_at


def main(rounds: int) -> None:
    took: dict[str, dict[str, list[float]]] = {}
    with rabbit.running() as broker, lab(bus=broker.url) as here, databases.server() as server:
        for kind in ("sqlite", "postgres"):
            with tempfile.TemporaryDirectory() as folder:
                url = databases.create(server, Path(folder), kind, "bus")
                with _region(here, broker.url, url) as region:
                    took[kind] = _measured(region, rounds)
    print(f"\nFrom a client's call to Glance until it is heard, {rounds} of each, longest\n")
    rows = [[what, *(f"{max(took[kind][what]):.1f}" for kind in took)] for what in took["sqlite"]]
    print(table(["", "SQLite, s", "PostgreSQL, s"], rows))
    longest = max(each for kind in took.values() for all_ in kind.values() for each in all_)
    print(at_most("the longest of all", longest, PROMISED_S, "s"))


def _measured(region: Region, rounds: int) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {}
    for number in range(rounds + 1):  # the first is what warms up
        this = _round(region, f"web-{time.time_ns()}")
        if number:
            for what, seconds in this.items():
                took.setdefault(what, []).append(seconds)
    return took


def _round(region: Region, name: str) -> dict[str, float]:
    """What becomes of three images that are shared with the consumer, past the bot."""
    glance, took = region.producer.image, {}
    images = [_image(region, f"{name}-{which}") for which in ("kept", "taken", "lost")]
    for each in images:
        took[SHARED] = _seconds(
            partial(glance.add_member, each, member_id=region.project),
            partial(region.heard, each.name, ""),
        )
    kept, taken, lost = images
    answer = region.consumer.image.update_member
    took[ANSWERED] = _seconds(
        partial(answer, region.project, kept, status="accepted"),
        partial(region.heard, kept.name, "outside this bot"),
    )
    took[UNSHARED] = _seconds(
        partial(glance.remove_member, region.project, taken),
        partial(region.heard, taken.name, "was withdrawn"),
    )
    before = region.looked_at()
    took[HIDDEN] = _seconds(
        partial(glance.update_image, lost, is_hidden=True),
        partial(_until, lambda: region.looked_at() > before),
    )
    took[DELETED] = _seconds(
        partial(glance.delete_image, lost),
        partial(region.heard, lost.name, "was withdrawn"),
    )
    return took


def _image(region: Region, name: str) -> Any:
    return region.producer.image.create_image(
        name, data=b"bits", disk_format="raw", container_format="bare", visibility="shared"
    )


def _seconds(do: Callable[[], object], wait: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    wait()
    return time.perf_counter() - started


def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline, "it is not known"
        time.sleep(0.02)


@contextmanager
def _region(here: Lab, bus: str, database: str) -> Iterator[Region]:
    """The bot, with the consumer linked: a worker and a listener."""
    clouds_yaml = here.folder / "state/clouds.yaml"
    with temporary_folder("imagebot-bus-") as folder, SlackStandIn() as slack:
        auth_url = here.cloud("consumer-a")["auth"]["auth_url"]
        settings = {
            "DATABASE_URL": database,
            "SECRET_KEYS": new_key(),
            "OS_CLIENT_CONFIG_FILE": str(clouds_yaml),
            "LINK_CLOUDS": f"Lab={auth_url}",
            "BUS_URL": bus,
            "BUS_REGION": "DFW",
            "LOOK_EVERY_S": SELDOM_S,
            "LOOK_SELDOM_S": SELDOM_S,
        }
        with machines(folder, slack, **settings) as started:
            started.run("migrate")
            words = ("--team", TEAM_ID, "--user", CONSUMER_A, "--cloud", "consumer-a")
            started.run("link", *words)
            started.start("worker", "worker")
            started.start("listen", "listen")
            with started.store() as store:
                [account] = store.accounts.all()
                _until(lambda: bool(store.places.of(account.id)[0].last_looked_at))
                yield Region(
                    _client(clouds_yaml, "producer"),
                    _client(clouds_yaml, "consumer-a"),
                    account.project_id,
                    started,
                    store,
                    account,
                )


def _client(clouds_yaml: Path, cloud: str) -> Any:
    config = openstack.config.OpenStackConfig(config_files=[str(clouds_yaml)])
    return openstack.connection.Connection(config=config.get_one(cloud))
