"""The bot as its own tests have it, and the ways to its doors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from flask.testing import FlaskClient

from bot.settings import Settings
from bot.web.app import create_app
from bot.wiring import Runtime
from handlers import Person
from handlers.accounts import commands as accounts
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID, SlackStandIn
from tests.attacks.door import HOME, Door
from tests.bot import conftest as bot
from tests.bot.people import PRODUCER
from tests.storage.fixtures import HandClock

cloud, slack, served = bot.cloud, bot.slack, bot.served
link, invite = bot.link, bot.invite


@pytest.fixture
def environ(
    slack: SlackStandIn, cloud: CloudStandIn, sqlite_url: str, keys: list[str]
) -> Mapping[str, str]:
    """What the program is told."""
    return {
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": sqlite_url,
        "SECRET_KEYS": ",".join(keys),
        "PUBLIC_URL": HOME,
        "LINK_CLOUDS": f"Rackspace={cloud.auth_url_v2},Lab={cloud.auth_url_v3}",
    }


@pytest.fixture
def runtime(environ: Mapping[str, str], sqlite_tables: None, clock: HandClock) -> Iterator[Runtime]:
    """With one thread a lane, so that what was asked is done when what was asked after it is."""
    settings = Settings.from_env({**environ, "ANSWER_THREADS": "1", "QUICK_THREADS": "1"})
    runtime = Runtime.build(settings, clock=clock)
    yield runtime
    runtime.close()


@pytest.fixture
def web(runtime: Runtime) -> Iterator[FlaskClient]:
    with create_app(runtime).test_client() as client:
        yield client


@pytest.fixture
def door(web: FlaskClient, runtime: Runtime, slack: SlackStandIn) -> Door:
    return Door(web, runtime, slack)


@pytest.fixture
def page(runtime: Runtime) -> str:
    """The path of a linking page for the producer."""
    address = accounts.link_address(Person(TEAM_ID, PRODUCER), "", runtime.services)
    return address.removeprefix(HOME)
