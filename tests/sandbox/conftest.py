"""A Slack stand-in, and a bare bot of Slack's own making that talks to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from werkzeug.serving import make_server

from sandbox.cloud import CloudStandIn, Provider
from sandbox.serving import serving
from sandbox.slack import SlackStandIn
from tests.sandbox.places import Place, of_lab, of_standin
from tests.sandbox.talk import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[SlackStandIn]:
    with SlackStandIn(clock=clock) as stand_in:
        yield stand_in


@pytest.fixture
def client(slack: SlackStandIn) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url)


@pytest.fixture
def bot(slack: SlackStandIn, client: WebClient) -> Iterator[App]:
    """A bare Bolt app, which checks signatures as every bot does."""
    app = App(client=client, signing_secret=slack.signing_secret)
    server = make_server("127.0.0.1", 0, SlackRequestHandler(app), threaded=True)
    slack.bot_url = f"http://127.0.0.1:{server.server_port}"
    with serving(server):
        yield app


@pytest.fixture
def cloud() -> Iterator[CloudStandIn]:
    """A Glance of today, whose tasks take no time."""
    with CloudStandIn(provider=Provider.GLANCE) as cloud:
        yield cloud


@pytest.fixture(params=["standin", pytest.param("lab", marks=pytest.mark.lab)])
def place(request: pytest.FixtureRequest) -> Place:
    """Where a rule is tried, with an empty container of the test's own."""
    made = {"standin": lambda: of_standin(request.getfixturevalue("cloud"))}
    made["lab"] = lambda: of_lab(request.getfixturevalue("lab"))
    here = made[request.param]()
    here.ask("PUT", "/{c}").raise_for_status()
    return here
