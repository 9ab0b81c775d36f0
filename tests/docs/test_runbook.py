"""
Every shell command of the pages is run, in the order of the pages, against a running bot.

Of those that change the machine, only the syntax is checked: `runbook.py` says which, and why.
"""

from __future__ import annotations

import json
import os
import re
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import psycopg
import pytest

from sandbox.processes import run, temporary_folder
from sandbox.scene import CONSUMER_A, PRODUCER, PRODUCER_ACCOUNT, Scene
from sandbox.slack import TEAM_ID, SlackStandIn
from storage import new_key
from tests.bot.machines import Machines, machines
from tests.docs.runbook import CHECKED_ONLY, RUN, RUN_ELSEWHERE, Line, all_lines, run_by
from tests.repository import ROOT

pytestmark = pytest.mark.in_order

Shell = Callable[..., str]
PERSON = {"T0123ABCD": TEAM_ID, "U0123ABCD": PRODUCER}


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    scene = Scene()
    with scene.cloud:
        scene.furnish()
        yield scene


@pytest.fixture(scope="module")
def bot(scene: Scene) -> Iterator[Machines]:
    """An empty folder with what a checkout has, and Python where a setup puts it."""
    with temporary_folder("imagebot-runbook-") as folder, SlackStandIn() as slack:
        for each in (".env.example", "bot", "handlers", "storage", "cloud"):
            (folder / each).symlink_to(ROOT / each)
        (folder / ".venv/bin").mkdir(parents=True)
        for name in (".venv/bin/python", "python"):
            wrapper = folder / name
            wrapper.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
            wrapper.chmod(0o755)
        settings = {
            "SECRET_KEYS": new_key(),
            "PATH": f"{folder}:{os.environ['PATH']}",
            "DATABASE_URL": f"sqlite:///{folder}/imagebot.db",
            "LINK_CLOUDS": scene.link_clouds,
        }
        with machines(folder, slack, **settings) as bot:
            yield bot


@pytest.fixture
def shell(bot: Machines) -> Shell:
    def shell(*commands: str, instead: Mapping[str, str] = MappingProxyType({})) -> str:
        """
        Run them in one shell. Returns what it said.

        Args:
            instead: what the pages have for something that each reader has their own of.
        """
        text = "\n".join(commands)
        for example, value in instead.items():
            assert example in text
            text = text.replace(example, value)
        done = run(["bash", "-euc", text], cwd=bot.folder, env=bot.environ)
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        return done.stdout

    return shell


def test_each_command_is_run_or_there_is_a_reason_why_not() -> None:
    known = (*RUN, *RUN_ELSEWHERE, *CHECKED_ONLY)
    commands = [line.command for line in all_lines()]

    assert [each for each in all_lines() if not each.command.startswith(known)] == []
    assert [each for each in known if not any(c.startswith(each) for c in commands)] == []


def test_tests_that_run_commands_are_there() -> None:
    for name in RUN_ELSEWHERE.values():
        path, _, test = name.partition("::")
        assert f"def {test}" in (ROOT / path).read_text()
    assert {each for each in RUN.values() if each not in globals()} == set()


@pytest.mark.parametrize("line", all_lines(), ids=lambda line: f"{line.page} {line.command}")
def test_the_shell_understands(line: Line) -> None:
    read = run(["bash", "-n", "-c", line.command])

    assert (read.returncode, read.stderr) == (0, "")


@pytest.mark.parametrize(
    "target", sorted({c.command.split()[1] for c in all_lines() if c.command.startswith("make ")})
)
def test_make_knows(target: str) -> None:
    environ = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    read = run(["make", "--dry-run", target], cwd=ROOT, env=environ)

    assert read.returncode == 0, read.stderr


def test_it_is_set_up(bot: Machines, shell: Shell) -> None:
    """`fill in`: what the page asks for is put behind what the example has."""
    copy, *others = run_by("test_it_is_set_up")
    wanted = ("SECRET_KEYS", "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_API_URL")
    filled = [f"echo {name}={bot.environ[name]!r} >> .env" for name in wanted]

    shell(copy, *filled, *others)

    assert copy == "cp .env.example .env"
    assert others[-1].endswith("check")


def test_a_person_is_linked(bot: Machines, scene: Scene, shell: Shell) -> None:
    entry = scene.cloud.credentials("producer", "rackspace_apikey")
    (bot.folder / "clouds.yaml").write_text(json.dumps({"clouds": {"mycloud": entry}}))
    [link] = run_by("test_a_person_is_linked")

    assert PRODUCER_ACCOUNT in shell(link, instead=PERSON)


def test_the_record_is_verified_and_exported(bot: Machines, shell: Shell) -> None:
    verify, verify_head, export = run_by("test_the_record_is_verified_and_exported")

    [head] = re.findall(r"^head (\w+)$", shell(verify), re.MULTILINE)
    shell(verify_head, instead={"3f2a…": head})
    shell(export)

    assert (bot.folder / "audit.csv").read_text().startswith("at,")


@pytest.mark.postgres
def test_all_is_backed_up_restored_and_moved(
    bot: Machines, shell: Shell, postgres_url: str
) -> None:
    backup, restore, copy = run_by("test_all_is_backed_up_restored_and_moved")
    name = f"runbook{uuid.uuid4().hex}"
    with psycopg.connect(f"{postgres_url}/postgres", autocommit=True) as server:
        server.execute(f"create database {name}")

    shell(backup)
    shell("export DATABASE_URL=sqlite:///empty.db", restore)
    shell(copy, instead={"postgresql://bot@db/imagebot": f"{postgres_url}/{name}"})

    for url in ("sqlite:///empty.db", f"{postgres_url}/{name}"):
        listed = shell(f"export DATABASE_URL={url}", "python -m bot accounts list")
        assert PRODUCER_ACCOUNT in listed


def test_messages_are_mended(bot: Machines, shell: Shell) -> None:
    show, retry, drop = run_by("test_messages_are_mended")
    with bot.store() as store:
        for text in ("first", "second"):
            store.outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text=text)
        for each in store.outbox.unsent():
            if each.user_id == CONSUMER_A:
                store.outbox.fail(each.id, "msg_too_long")
    first, second = re.findall(r"^(\S{20,})", shell(show), re.MULTILINE)

    shell(retry, instead={"18a0…": first})
    shell(drop, instead={"18a0…": second})

    assert shell(show).strip() == "0 messages."


def test_people_are_mended(bot: Machines, shell: Shell) -> None:
    """The pages name an admin twice."""
    commands = run_by("test_people_are_mended")
    placeholders = {"T0…": TEAM_ID, "U0…": PRODUCER, "1100111": PRODUCER_ACCOUNT}

    said = [
        shell(each, instead={k: v for k, v in placeholders.items() if k in each})
        for each in sorted(commands, key=lambda each: "forget" in each)
    ]

    assert len(said) == 5
    assert PRODUCER_ACCOUNT in said[0]
    assert "Accounts: 0." in shell("python -m bot accounts list")
