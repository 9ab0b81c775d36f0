"""
The last release's programs run beside this one's, on a database that this one has migrated.

So no deployment has to stop for an upgrade: a web server and a worker of each version, as
processes, on one database of each kind.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from sandbox.processes import temporary_folder
from sandbox.scene import (
    ACCOUNT_A,
    ACCOUNT_B,
    CONSUMER_A,
    CONSUMER_B,
    PRODUCER,
    PRODUCER_ACCOUNT,
    Scene,
)
from sandbox.slack import TEAM_ID, Message, SlackStandIn
from storage import new_key
from tests.bot.machines import Machines, machines, said
from tests.repository import ROOT
from tests.storage.fixtures import KINDS
from tests.waiting import until

pytestmark = pytest.mark.in_order

OLD, NEW = "old", "new"
COMPLAINT = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b|^Traceback", re.MULTILINE)


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    scene = Scene()
    with scene.cloud:
        scene.furnish()
        [pending] = [
            image_id
            for image_id in scene.cloud.state.regions["DFW"].images
            if ACCOUNT_A in scene.cloud.members(image_id)
        ]
        scene.cloud.remove_member(pending, ACCOUNT_A)  # so that nothing is pending at first
        yield scene


@pytest.fixture(scope="module", params=KINDS)
def rolling(request: pytest.FixtureRequest, scene: Scene, last_release: Path) -> Iterator[Machines]:
    """An upgrade halfway: both versions are up."""
    with temporary_folder("imagebot-rolling-") as folder, SlackStandIn() as slack:
        url = f"sqlite:///{folder}/imagebot.db"
        if request.param == "postgres":
            url = create(request.getfixturevalue("postgres_url"))
        scene.write_clouds_yaml(folder / "clouds.yaml")
        settings = {"SECRET_KEYS": new_key(), "LINK_CLOUDS": scene.link_clouds}
        with machines(folder, slack, DATABASE_URL=url, **settings) as rolling:
            rolling.run("migrate", of=last_release)
            for user in (PRODUCER, CONSUMER_A):
                link(rolling, scene, user, last_release)
            rolling.start("old web", "web", of=last_release)
            rolling.start("old worker", "worker", of=last_release)
            rolling.run("migrate")
            rolling.start("new web", "web")
            rolling.start("new worker", "worker")
            yield rolling


def create(server: str) -> str:
    """An empty database, and its URL."""
    name = f"rolling{uuid.uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}")
    return f"{server}/{name}"


@pytest.mark.parametrize("answers", [OLD, NEW])
@pytest.mark.parametrize("shares", [OLD, NEW])
def test_what_one_has_sent_is_answered_at_the_other(
    shares: str, answers: str, rolling: Machines, scene: Scene
) -> None:
    rolling.reach(f"{shares} web")
    image_id, name = share(rolling, scene)
    until(lambda: notices(rolling, name))
    told = rolling.heard_of(CONSUMER_A, name)[-1]
    rolling.reach(f"{answers} web")

    rolling.slack.press(CONSUMER_A, told, "invitations.accept")

    until(lambda: scene.cloud.members(image_id) == {ACCOUNT_A: "accepted"})
    assert notices(rolling, name) == 1


@pytest.mark.parametrize(("linked", "looks"), [(OLD, NEW), (NEW, OLD)])
def test_an_account_that_one_has_linked_is_looked_at_by_the_other(
    linked: str, looks: str, rolling: Machines, scene: Scene, last_release: Path
) -> None:
    versions = {OLD: last_release, NEW: ROOT}
    rolling.reach("new web")
    link(rolling, scene, CONSUMER_B, versions[linked])
    name = new("behind")
    scene.cloud.add_member(
        scene.cloud.add_image(PRODUCER_ACCOUNT, name=name, region="DFW"), ACCOUNT_B
    )

    rolling.run("run", "invitations", "--now", of=versions[looks])

    until(lambda: notices(rolling, name, CONSUMER_B))
    assert rolling.heard_of(CONSUMER_B, name)
    assert notices(rolling, name, CONSUMER_B) == 1
    with rolling.store() as store:
        store.forget(TEAM_ID, CONSUMER_B)


@pytest.mark.parametrize(("ended", "left"), [(OLD, NEW), (NEW, OLD)])
def test_the_worker_that_is_left_does_what_is_asked_of_either(
    ended: str, left: str, rolling: Machines, scene: Scene, last_release: Path
) -> None:
    assert rolling.end(f"{ended} worker") == 0
    for asked in (OLD, NEW):
        rolling.reach(f"{asked} web")
        _, name = share(rolling, scene)
        rolling.slack.ask(PRODUCER, f"export {name} exports")

        until(partial(notices, rolling, name))
        assert rolling.heard_of(CONSUMER_A, name)
        done = f"Export of `{name}` in DFW is done"
        rolling.slack.wait_for(PRODUCER, partial(says, done))
        assert notices(rolling, name) == 1
    rolling.start(f"{ended} worker", "worker", of={OLD: last_release, NEW: ROOT}[ended])


def test_nothing_waits_and_nobody_complains(rolling: Machines, last_release: Path) -> None:
    for version in (ROOT, last_release):
        rolling.run("run", "invitations", of=version)
        rolling.run("run", "delivery", of=version)

    assert "is intact" in rolling.run("audit", "verify")
    with rolling.store() as store:
        assert (store.outbox.waiting(), store.transfers.running()) == (0, [])
    names = list(rolling.running)
    assert {name: rolling.end(name) for name in names} == dict.fromkeys(names, 0)
    assert [each for name in names for each in complaints(rolling.log(name))] == []


def says(words: str, message: Message) -> bool:
    return words in said(message)


def notices(rolling: Machines, name: str, user: str = CONSUMER_A) -> int:
    """How many somebody was sent of an image. Lists of before that are drawn again are none."""
    with rolling.store() as store:
        rows = store._db.rows("select message from outbox where user_id = :user", {"user": user})
        return sum(name in row["message"] for row in rows)


def complaints(log: str) -> list[str]:
    return [line for line in log.splitlines() if COMPLAINT.search(line)]


def link(rolling: Machines, scene: Scene, user: str, version: Path) -> None:
    words = ("--team", TEAM_ID, "--user", user, "--cloud", scene.clouds[user])
    assert scene.numbers[user] in rolling.run("link", *words, of=version)


def share(rolling: Machines, scene: Scene) -> tuple[str, str]:
    """By the bot, with consumer A. Returns the image's id and name."""
    name = new("shared")
    image_id = scene.cloud.add_image(PRODUCER_ACCOUNT, name=name, region="DFW")
    card = rolling.slack.ask(PRODUCER, f"share {name} {ACCOUNT_A}")
    assert "Shared" in said(rolling.slack.press(PRODUCER, card, "sharing.confirm"))
    return image_id, name


def new(word: str) -> str:
    """An image's name that nothing else has."""
    return f"{word}-{uuid.uuid4().hex[:8]}"
