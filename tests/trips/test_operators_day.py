"""
A day of whoever runs the bot, with its programs as processes, on a real Glance.

They install the last release, link people, upgrade with both versions up, back up, lose the
database, restore it, move to PostgreSQL with two of everything, lose some of it, retry a message
and forget a person. People share and accept meanwhile, and at the end what the bot knows is what
Glance knows.
"""

from __future__ import annotations

import signal
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from sandbox.processes import temporary_folder
from sandbox.scene import CONSUMER_A, CONSUMER_B, PRODUCER
from sandbox.slack import TEAM_ID, SlackStandIn
from storage import State
from tests.bot.machines import Machines, machines, said
from tests.lab.fixtures import Lab
from tests.trips.stages import CLOUDS
from tests.waiting import until

pytestmark = [pytest.mark.in_order, pytest.mark.lab, pytest.mark.postgres]


@dataclass
class Day:
    """The bot's machines, and what is shared by them."""

    machines: Machines
    lab: Lab
    images: dict[str, str] = field(default_factory=dict)
    """Ids by name, of all that was shared."""

    def share(self, name: str, with_: str) -> None:
        """By the bot, with an image that is new."""
        slack = self.machines.slack
        self.images[name] = self.lab.create_image("producer", name, data=b"bits")
        number = self.lab.project(CLOUDS[with_])
        card = slack.ask(PRODUCER, f"share {name} {number}")
        assert "Shared" in said(slack.press(PRODUCER, card, "sharing.confirm"))

    def status(self, name: str, of: str) -> str:
        """Of a member, as Glance says; "" if there is none."""
        path = f"/images/{self.images[name]}/members"
        members = self.lab.image_call("producer", "GET", path).json()["members"]
        number = self.lab.project(CLOUDS[of])
        return next((str(m["status"]) for m in members if m["member_id"] == number), "")


@pytest.fixture(scope="module")
def day(lab: Lab) -> Iterator[Day]:
    with temporary_folder("imagebot-day-") as folder, SlackStandIn() as slack:
        settings = {
            "DATABASE_URL": f"sqlite:///{folder}/imagebot.db",
            "OS_CLIENT_CONFIG_FILE": str(lab.clouds_yaml),
            "LINK_CLOUDS": f"Lab={lab.auth_url}",
            "LEASE_S": "5",
        }
        with machines(folder, slack, **settings) as started:
            yield Day(started, lab)


@pytest.fixture
def bot(day: Day) -> Machines:
    return day.machines


@pytest.fixture
def slack(bot: Machines) -> SlackStandIn:
    return bot.slack


def test_the_last_release_is_installed_and_people_are_linked(
    day: Day, bot: Machines, last_release: Path
) -> None:
    bot.environ["SECRET_KEYS"] = bot.run("key", of=last_release).strip()
    bot.run("migrate", of=last_release)
    for user, cloud in CLOUDS.items():
        words = ("--team", TEAM_ID, "--user", user, "--cloud", cloud)
        assert day.lab.project(cloud) in bot.run("link", *words, of=last_release)

    bot.start("old", "all", of=last_release)


def test_it_is_upgraded_with_both_versions_up(day: Day, bot: Machines, slack: SlackStandIn) -> None:
    """What the last release has shared is accepted at this one."""
    name = new("first")
    day.share(name, CONSUMER_B)
    bot.run("migrate")
    bot.start("all", "all")
    [told] = bot.heard_of(CONSUMER_B, name)

    slack.press(CONSUMER_B, told, "invitations.accept")

    until(lambda: day.status(name, CONSUMER_B) == "accepted")
    assert bot.end("old") == 0
    assert "Accounts: 3. People: 3." in bot.run("accounts", "list")


def test_the_database_is_backed_up_lost_and_restored(
    day: Day, bot: Machines, slack: SlackStandIn
) -> None:
    backup = bot.folder / "monday.backup"
    bot.run("backup", backup)
    bot.end("all", signal.SIGKILL)
    for each in bot.folder.glob("imagebot.db*"):
        each.unlink()

    bot.run("restore", backup)
    bot.start("all", "all")

    assert "The audit log is intact" in bot.run("audit", "verify")
    [name] = day.images
    assert name in said(slack.ask(CONSUMER_B, f"list {name} --shared"))


def test_it_moves_to_postgresql_with_two_of_everything(
    day: Day, bot: Machines, slack: SlackStandIn, postgres_url: str
) -> None:
    database = f"day{uuid.uuid4().hex}"
    with psycopg.connect(f"{postgres_url}/postgres", autocommit=True) as server:
        server.execute(f"create database {database}")
    assert bot.end("all") == 0
    before, after = bot.environ["DATABASE_URL"], f"{postgres_url}/{database}"

    bot.run("copy-database", before, after)
    bot.environ["DATABASE_URL"] = after
    assert bot.run("migrate").strip() == "nothing to migrate"
    for name, program in (("w1", "worker"), ("w2", "worker"), ("web1", "web"), ("web2", "web")):
        bot.start(name, program)

    [name] = day.images
    assert name in said(slack.ask(CONSUMER_B, f"list {name} --shared"))


def test_whatever_is_killed_people_hear_once(day: Day, bot: Machines, slack: SlackStandIn) -> None:
    bot.end("web2", signal.SIGKILL)
    bot.reach("web1")
    second = new("second")
    day.share(second, CONSUMER_A)
    bot.end("w1", signal.SIGKILL)
    third = new("third")
    day.share(third, CONSUMER_A)

    bot.start("w1", "worker")

    assert [len(bot.heard_of(CONSUMER_A, each)) for each in (second, third)] == [1, 1]
    assert day.status(second, CONSUMER_A) == day.status(third, CONSUMER_A) == "pending"


def test_a_message_that_slack_has_refused_is_sent_after_all(
    day: Day, bot: Machines, slack: SlackStandIn
) -> None:
    slack.fail_next("chat.postMessage", "msg_too_long")
    with bot.store() as store:
        store.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_B, text="refused once")
    until(lambda: "msg_too_long" in bot.run("outbox", "list", "--failed"))

    bot.run("outbox", "retry", "--failed")

    slack.wait_for(CONSUMER_B, lambda m: "refused once" in m.text)
    assert bot.run("outbox", "list", "--failed").strip() == "0 messages."


def test_a_person_is_forgotten(bot: Machines) -> None:
    bot.run("people", "forget", "--team", TEAM_ID, "--user", CONSUMER_B)

    assert "Accounts: 2. People: 2." in bot.run("accounts", "list")


def test_at_the_end_the_bot_knows_what_glance_knows(day: Day, bot: Machines) -> None:
    bot.run("run", "invitations")

    with bot.store() as store:
        known = {each.image_id for each in store.invitations.pending()}
        state = {each.state for each in store.invitations.pending()}
    pending = {
        image_id
        for name, image_id in day.images.items()
        if day.status(name, CONSUMER_A) == "pending"
    }
    assert known & set(day.images.values()) == pending
    assert (len(pending), state) == (2, {State.PENDING})
    bot.run("audit", "verify")
    assert [bot.end(name) for name in list(bot.running)] == [0] * 3


def new(word: str) -> str:
    """An image's name that nothing else has."""
    return f"{word}-{uuid.uuid4().hex[:8]}"
