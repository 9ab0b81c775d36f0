"""An app of Slack's other Bolt, which we had no hand in, works on the stand-in, both ways."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from sandbox.processes import Program, kill, reserved_port, spawn
from sandbox.slack import PEOPLE, TEAM_ID, SlackStandIn
from tests.programs import missing
from tests.sandbox.socket_sender import in_socket_mode
from tests.waiting import PATIENCE_S

pytestmark = [pytest.mark.node, pytest.mark.in_order]

PRODUCER = PEOPLE[0].user_id
APP = Path(__file__).with_name("bolt_app.js")
MODULES = Path(__file__).parents[1] / "slack_checks/ts/node_modules"


@pytest.fixture(scope="module", params=["http", "socket"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def slack(way: str) -> Iterator[SlackStandIn]:
    """One whose app is up; it installs itself by HTTP, for in Socket Mode it has its token."""
    with SlackStandIn() as slack, ExitStack() as stack:
        socket = stack.enter_context(in_socket_mode(slack)) if way == "socket" else None
        port = stack.enter_context(reserved_port())
        app = stack.enter_context(_app(slack, port, way))
        assert app.stdout
        assert any("ready" in line for line in app.stdout)
        if socket:
            socket.connections.get(timeout=PATIENCE_S)
        else:
            slack.bot_url = f"http://127.0.0.1:{port}"
            _install(slack.bot_url)
        yield slack
        kill(app)


def _app(slack: SlackStandIn, port: int, way: str) -> Program:
    node = shutil.which("node")
    if node is None or not (MODULES / "@slack/bolt").exists():
        missing("Bolt for JavaScript", "install Node.js and npm, then `make test`")
    environment = {
        "PATH": os.environ["PATH"],
        "NODE_PATH": str(MODULES),
        "SLACK_API_URL": slack.api_url,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": "xapp-made-up" if way == "socket" else "",
        "PORT": str(port),
    }
    return spawn([node, APP], env=environment, stdout=subprocess.PIPE, text=True)


def _install(url: str) -> None:
    """As a browser does it, but that it takes the cookie along without TLS, too."""
    page = requests.get(f"{url}/slack/install", timeout=PATIENCE_S)
    [asked] = re.findall(r'href="(https://slack.com/oauth/v2/authorize[^"]*)"', page.text)
    [state] = parse_qs(urlsplit(html.unescape(asked)).query)["state"]

    done = requests.get(
        f"{url}/slack/oauth_redirect",
        params={"code": "good-1", "state": state},
        headers={"Cookie": page.headers["Set-Cookie"].partition(";")[0]},
        timeout=PATIENCE_S,
    )

    assert (done.status_code, f"team={TEAM_ID}" in done.text) == (200, True), done.text


def test_its_command_is_answered_and_its_button_redraws_the_answer(slack: SlackStandIn) -> None:
    said = slack.ask(PRODUCER, "/images hello")
    assert (said.text, said.ephemeral) == ("You said hello", True)

    pressed = slack.press(PRODUCER, said, "press")

    assert (pressed.ts, pressed.text) == (said.ts, "Pressed hello")


def test_its_form_is_opened_and_sent(slack: SlackStandIn) -> None:
    slack.command(PRODUCER, "form")
    with slack.workspace.changed:
        slack.workspace.changed.wait_for(lambda: slack.modals.top(PRODUCER), PATIENCE_S)
    form = slack.modals.top(PRODUCER)
    assert form
    assert form.body["title"]["text"] == "A form"

    assert slack.modals.submit(PRODUCER, {"name": "silver"}).ok

    slack.wait_for(PRODUCER, lambda message: message.text == "Saved silver")
    assert slack.modals.top(PRODUCER) is None


def test_a_message_to_it_is_answered(slack: SlackStandIn) -> None:
    slack.say(PRODUCER, "good morning")

    slack.wait_for(PRODUCER, lambda message: message.text == "Heard good morning")


def test_its_home_is_drawn(slack: SlackStandIn) -> None:
    assert slack.open_home(PRODUCER).ok

    home = slack.wait_for_home(PRODUCER)
    assert home.body["blocks"][0]["text"]["text"] == "Welcome home"


def test_a_request_that_slack_did_not_sign_is_refused(slack: SlackStandIn, way: str) -> None:
    """A connection has no signatures: who has opened it is known."""
    right, slack.sender.signing_secret = slack.sender.signing_secret, "another"
    try:
        assert slack.command(PRODUCER, "hello").status == {"http": 401, "socket": 200}[way]
    finally:
        slack.sender.signing_secret = right
