"""
Every command that a page shows, typed in the order of the page by whom it names.

A block names its person in a first line such as `# the producer`; without one the producer types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import handlers
from cloud import AuthType, Clouds, Credentials
from handlers import Person, Services
from handlers.core.replies import FieldErrors
from sandbox.gallery import aloud
from sandbox.scene import (
    ACCOUNT_A,
    ACCOUNT_B,
    CONSUMER_A,
    CONSUMER_B,
    PRODUCER,
    PRODUCER_ACCOUNT,
    REGIONS,
    Scene,
)
from storage import Store
from storage.clock import Clock
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
TEAM = "T1"
WHO = {
    "the producer": PRODUCER,
    "consumer A": CONSUMER_A,
    "consumer B": CONSUMER_B,
}
LINKED = {PRODUCER: PRODUCER_ACCOUNT, CONSUMER_A: ACCOUNT_A, CONSUMER_B: ACCOUNT_B}
HANDLES = {"consumer.a": CONSUMER_A, "consumer.b": CONSUMER_B}


@dataclass(frozen=True)
class Line:
    """One command of a page, and who types it."""

    user_id: str
    text: str


def lines(page: str) -> Iterator[Line]:
    """The commands in a page's code blocks, from top to bottom."""
    for block in re.findall(r"^```\w*\n(.*?)^```", page, re.DOTALL | re.MULTILINE):
        who = PRODUCER
        for line in block.splitlines():
            if line.removeprefix("# ") in WHO:
                who = WHO[line.removeprefix("# ")]
            elif line.startswith("/images"):
                yield Line(who, line.removeprefix("/images").strip())


WITH_COMMANDS = [page for page in PAGES if next(lines(page.read_text()), None)]


@pytest.fixture
def services(sqlite_store: Store, clock: Clock) -> Iterator[Services]:
    """The demo's cloud, with its three people linked to their accounts."""
    scene = Scene()
    clouds = Clouds(timeout_s=(PATIENCE_S, PATIENCE_S))
    with scene.cloud:
        scene.furnish()
        scene.cloud.add_image(
            PRODUCER_ACCOUNT, name="web", region="DFW", old_property="x", tags=["test"]
        )
        _confirm_shares(scene)
        for user_id, number in LINKED.items():
            _link(sqlite_store, scene, user_id, number)
        yield Services(sqlite_store, clouds, clock, public_url="https://bot.example.com")
    clouds.close()


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: page.stem)
def test_each_command_of(page: Path, services: Services) -> None:
    for line in lines(page.read_text()):
        command = handlers.parse(Person(TEAM, line.user_id), _as_slack_sends(line.text), "C1")
        reply, done = handlers.DISPATCHER.carry_out(command, services)

        assert not isinstance(reply, FieldErrors)
        assert done, f"{line.text}: {' '.join(aloud(reply))}"


def test_commands_stand_in_the_pages_for_newcomers() -> None:
    newcomers = {"tutorial", "link", "share", "approvals", "digests"}

    assert newcomers <= {page.stem for page in WITH_COMMANDS}


def _as_slack_sends(text: str) -> str:
    text = re.sub(r"(?<!\w)@([\w.]+)", lambda m: f"<@{HANDLES.get(m[1], CONSUMER_A)}|{m[1]}>", text)
    return re.sub(r"(?<!\w)#([\w-]+)", r"<#C2|\1>", text)


def _confirm_shares(scene: Scene) -> None:
    """Share what the pages share, of which the commands alone only ask."""
    images = scene.cloud.state.regions["DFW"].images.values()
    for image in [each for each in images if each["name"] == "web-2026"]:
        scene.cloud.add_member(image["id"], ACCOUNT_B)


def _link(store: Store, scene: Scene, user_id: str, number: str) -> None:
    options = {
        "username": scene.clouds[user_id],
        "password": f"made-up-{scene.clouds[user_id]}",
        "project_id": number,
        "user_domain_id": "default",
    }
    credentials = Credentials(AuthType.V3_PASSWORD, scene.cloud.auth_url_v3, options)
    store.accounts.link(
        TEAM,
        user_id,
        cloud=scene.cloud.auth_url_v3,
        project_id=number,
        project_name=scene.clouds[user_id],
        user_name=scene.clouds[user_id],
        regions=REGIONS,
        region=None,
        credentials=credentials.to_json(),
    )
