"""The bot between a stand-in Slack and a stand-in cloud, with a clock to turn."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from bot import logs
from bot.__main__ import main
from bot.settings import Settings
from bot.web.app import create_app
from bot.wiring import Runtime
from sandbox.cloud import CloudStandIn
from sandbox.processes import Program, reserved_port
from sandbox.serving import serving as in_a_thread
from sandbox.slack import PEOPLE, SlackStandIn
from storage import Account
from tests.bot.people import NUMBERS, PASSWORD, PRODUCER, REGIONS, link_to
from tests.bot.program import Program as Calls
from tests.bot.program import running
from tests.storage.fixtures import HandClock


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as slack:
        yield slack


@pytest.fixture
def cloud() -> Iterator[CloudStandIn]:
    with CloudStandIn(regions=REGIONS) as cloud:
        for person in PEOPLE:
            number = NUMBERS[person.user_id]
            cloud.add_account(number, person.name, f"user-{number}", password=PASSWORD)
        yield cloud


@pytest.fixture
def environ(
    slack: SlackStandIn, sqlite_url: str, keys: list[str], tmp_path: Path
) -> Mapping[str, str]:
    """What the program is told."""
    return {
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": sqlite_url,
        "SECRET_KEYS": ",".join(keys),
        "OS_CLIENT_CONFIG_FILE": str(tmp_path / "clouds.yaml"),
    }


@pytest.fixture
def runtime(environ: Mapping[str, str], sqlite_tables: None, clock: HandClock) -> Iterator[Runtime]:
    """One process of the bot; when it sleeps, its clock goes on."""
    runtime = Runtime.build(
        Settings.from_env(environ),
        clock=clock,
        sleep=lambda seconds: clock.advance(seconds=seconds),
    )
    yield runtime
    runtime.close()


@pytest.fixture
def served(runtime: Runtime, slack: SlackStandIn) -> Iterator[Runtime]:
    """The bot, where Slack can reach it."""
    with serving(runtime, slack):
        yield runtime


@contextmanager
def serving(runtime: Runtime, slack: SlackStandIn) -> Iterator[None]:
    server = make_server("127.0.0.1", 0, create_app(runtime), threaded=True)
    slack.bot_url = f"http://127.0.0.1:{server.server_port}"
    with in_a_thread(server):
        yield


@pytest.fixture
def free_port() -> Iterator[int]:
    """A port that nobody else gets."""
    with reserved_port() as port:
        yield port


@pytest.fixture
def start(
    environ: Mapping[str, str], slack: SlackStandIn, tmp_path: Path, free_port: int
) -> Iterator[Callable[..., Program]]:
    """Starts `python -m bot …` where Slack can reach it, and waits until it is ready."""
    slack.bot_url = f"http://127.0.0.1:{free_port}"
    with ExitStack() as started:

        def _start(*words: str, **more: str) -> Program:
            environment = {**environ, "PORT": str(free_port), **more}
            return started.enter_context(running(words, environment, tmp_path / "log"))

        yield _start


@pytest.fixture
def link(runtime: Runtime, cloud: CloudStandIn) -> Callable[..., Account]:
    """Links someone to their account of the stand-in."""

    def _link(user_id: str, *, password: str = PASSWORD, region: str | None = "DFW") -> Account:
        return link_to(cloud, runtime, user_id, password=password, region=region)

    return _link


@pytest.fixture
def invite(cloud: CloudStandIn) -> Callable[..., str]:
    """Shares a new image of the producer's with someone, past the bot. Returns its id."""

    def _invite(name: str, *user_ids: str, region: str = "DFW") -> str:
        image_id = cloud.add_image(NUMBERS[PRODUCER], name=name, region=region, visibility="shared")
        for user_id in user_ids:
            cloud.add_member(image_id, NUMBERS[user_id])
        return image_id

    return _invite


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    """The program sets up the log of the whole process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in (*logs.LOUD, "slack_bolt")}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture
def program(
    logging_as_it_was: None,
    environ: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Calls:
    """Runs it; returns its code, what it said, and what it complained of."""
    ours = re.compile(r"SLACK_|SECRET_KEYS$|DATABASE_URL$|OS_|HOST$|PORT$|PUBLIC_URL$|LOG_LEVEL$")
    for name in filter(ours.match, list(os.environ)):
        monkeypatch.delenv(name)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    def run(*words: str, **more: str) -> tuple[int, str, str]:
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        try:
            code = main(words)
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run
