"""
A day of whoever runs the bot, with its programs as processes, on a real Glance.

They install it, link people, back up, lose the database, restore it, move to PostgreSQL with two of
everything, lose some of it, retry a message and forget a person. People share and accept meanwhile,
and at the end what the bot knows is what Glance knows.
"""

from __future__ import annotations

import os
import signal
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from handlers import Message as Said
from sandbox.gallery import aloud
from sandbox.processes import Program, kill, reserved_port, run, spawn, temporary_folder
from sandbox.scene import CONSUMER_A, CONSUMER_B, PRODUCER
from sandbox.slack import TEAM_ID, Message, SlackStandIn
from storage import State, Store
from tests.bot.program import get
from tests.lab.fixtures import Lab
from tests.repository import ROOT
from tests.trips.stages import CLOUDS
from tests.waiting import PATIENCE_S, until

pytestmark = [pytest.mark.in_order, pytest.mark.lab, pytest.mark.postgres]


@dataclass
class Day:
    """The bot's machines."""

    folder: Path
    lab: Lab
    slack: SlackStandIn
    environ: dict[str, str]
    ports: ExitStack
    running: dict[str, tuple[Program, int]] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    """Ids by name, of all that was shared."""

    def bot(self, *words: str | Path) -> str:
        """What a program says that ends by itself, and well."""
        done = run([sys.executable, "-m", "bot", *words], cwd=ROOT, env=self.environ)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str, *words: str) -> None:
        """Start a program that goes on, and wait until it is ready."""
        port = self.ports.enter_context(reserved_port())
        environ = {**self.environ, "PORT": str(port), "WORKER_PORT": str(port)}
        with (self.folder / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", "bot", *words]
            process = spawn(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
        self.running[name] = process, port
        until(lambda: process.poll() is not None or _ready(port), self._log(name))
        assert process.poll() is None, self._log(name)
        if words[0] != "worker":
            self.reach(name)

    def reach(self, name: str) -> None:
        """Have Slack call this one, as a proxy would."""
        self.slack.bot_url = f"http://127.0.0.1:{self.running[name][1]}"

    def end(self, name: str, by: signal.Signals = signal.SIGTERM) -> int:
        process, _ = self.running.pop(name)
        process.send_signal(by)
        return process.wait(PATIENCE_S)

    def share(self, name: str, with_: str) -> None:
        """By the bot, with an image that is new."""
        self.images[name] = self.lab.create_image("producer", name, data=b"bits")
        number = self.lab.project(CLOUDS[with_])
        card = self.slack.ask(PRODUCER, f"share {name} {number}")
        assert "Shared" in said(self.slack.press(PRODUCER, card, "sharing.confirm"))

    def heard_of(self, who: str, name: str) -> list[Message]:
        """The messages that name it: there is one."""
        self.slack.wait_for(who, lambda m: name in said(m))
        return [each for each in self.slack.messages(who) if name in said(each)]

    def status(self, name: str, of: str) -> str:
        """Of a member, as Glance says; "" if there is none."""
        path = f"/images/{self.images[name]}/members"
        members = self.lab.image_call("producer", "GET", path).json()["members"]
        number = self.lab.project(CLOUDS[of])
        return next((str(m["status"]) for m in members if m["member_id"] == number), "")

    def store(self) -> closing[Store]:
        return closing(Store.open(self.environ["DATABASE_URL"], [self.environ["SECRET_KEYS"]]))

    def close(self) -> None:
        for process, _ in self.running.values():
            kill(process)
            process.wait()

    def _log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()[-3000:]


@pytest.fixture(scope="module")
def day(lab: Lab) -> Iterator[Day]:
    with (
        temporary_folder("imagebot-day-") as folder,
        SlackStandIn() as slack,
        ExitStack() as ports,
    ):
        day = Day(folder, lab, slack, _settings(folder, lab, slack), ports)
        try:
            yield day
        finally:
            day.close()


def _settings(folder: Path, lab: Lab, slack: SlackStandIn) -> dict[str, str]:
    inherited: Mapping[str, str] = os.environ
    return {
        "PATH": inherited["PATH"],
        "HOME": str(folder),
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": f"sqlite:///{folder}/imagebot.db",
        "OS_CLIENT_CONFIG_FILE": str(lab.clouds_yaml),
        "LINK_CLOUDS": f"Lab={lab.auth_url}",
        "LEASE_S": "5",
    }


@pytest.fixture
def slack(day: Day) -> SlackStandIn:
    return day.slack


def test_it_is_installed_and_people_are_linked(day: Day) -> None:
    day.environ["SECRET_KEYS"] = day.bot("key").strip()
    day.bot("migrate")
    for user, cloud in CLOUDS.items():
        told = day.bot("link", "--team", TEAM_ID, "--user", user, "--cloud", cloud)
        assert day.lab.project(cloud) in told

    day.start("all", "all")

    assert "Accounts: 3. People: 3." in day.bot("accounts", "list")


def test_an_invitation_is_shared_and_accepted(day: Day, slack: SlackStandIn) -> None:
    name = new("first")
    day.share(name, CONSUMER_B)
    [told] = day.heard_of(CONSUMER_B, name)

    slack.press(CONSUMER_B, told, "invitations.accept")

    until(lambda: day.status(name, CONSUMER_B) == "accepted")


def test_the_database_is_backed_up_lost_and_restored(day: Day, slack: SlackStandIn) -> None:
    backup = day.folder / "monday.backup"
    day.bot("backup", backup)
    day.end("all", signal.SIGKILL)
    for each in day.folder.glob("imagebot.db*"):
        each.unlink()

    day.bot("restore", backup)
    day.start("all", "all")

    assert "The audit is whole" in day.bot("audit", "verify")
    [name] = day.images
    assert name in said(slack.ask(CONSUMER_B, f"list {name} --shared"))


def test_it_moves_to_postgresql_with_two_of_everything(
    day: Day, slack: SlackStandIn, postgres_url: str
) -> None:
    database = f"day{uuid.uuid4().hex}"
    with psycopg.connect(f"{postgres_url}/postgres", autocommit=True) as server:
        server.execute(f"create database {database}")
    assert day.end("all") == 0
    before, after = day.environ["DATABASE_URL"], f"{postgres_url}/{database}"

    day.bot("copy-database", before, after)
    day.environ["DATABASE_URL"] = after
    assert day.bot("migrate").strip() == "nothing to migrate"
    for name, program in (("w1", "worker"), ("w2", "worker"), ("web1", "web"), ("web2", "web")):
        day.start(name, program)

    [name] = day.images
    assert name in said(slack.ask(CONSUMER_B, f"list {name} --shared"))


def test_whatever_is_killed_people_hear_once(day: Day, slack: SlackStandIn) -> None:
    day.end("web2", signal.SIGKILL)
    day.reach("web1")
    second = new("second")
    day.share(second, CONSUMER_A)
    day.end("w1", signal.SIGKILL)
    third = new("third")
    day.share(third, CONSUMER_A)

    day.start("w1", "worker")

    assert [len(day.heard_of(CONSUMER_A, each)) for each in (second, third)] == [1, 1]
    assert day.status(second, CONSUMER_A) == day.status(third, CONSUMER_A) == "pending"


def test_a_message_that_slack_has_refused_is_sent_after_all(day: Day, slack: SlackStandIn) -> None:
    slack.fail_next("chat.postMessage", "msg_too_long")
    with day.store() as store:
        store.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_B, text="refused once")
    until(lambda: "msg_too_long" in day.bot("outbox", "list", "--failed"))

    day.bot("outbox", "retry", "--failed")

    slack.wait_for(CONSUMER_B, lambda m: "refused once" in m.text)
    assert day.bot("outbox", "list", "--failed").strip() == "0 messages."


def test_a_person_is_forgotten(day: Day, slack: SlackStandIn) -> None:
    day.bot("people", "forget", "--team", TEAM_ID, "--user", CONSUMER_B)

    assert "Accounts: 2. People: 2." in day.bot("accounts", "list")


def test_at_the_end_the_bot_knows_what_glance_knows(day: Day) -> None:
    day.bot("run", "invitations")

    with day.store() as store:
        known = {each.image_id for each in store.invitations.pending()}
        state = {each.state for each in store.invitations.pending()}
    pending = {
        image_id
        for name, image_id in day.images.items()
        if day.status(name, CONSUMER_A) == "pending"
    }
    assert known & set(day.images.values()) == pending
    assert (len(pending), state) == (2, {State.PENDING})
    day.bot("audit", "verify")
    assert [day.end(name) for name in list(day.running)] == [0] * 3


def new(word: str) -> str:
    """An image's name that nothing else has."""
    return f"{word}-{uuid.uuid4().hex[:8]}"


def said(shown: Message) -> str:
    """All that a person reads in a message."""
    return "\n".join(aloud(Said(shown.text, shown.blocks)))


def _ready(port: int) -> bool:
    try:
        return get(port, "/readyz") == 200
    except OSError:
        return False
