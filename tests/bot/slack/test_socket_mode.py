"""Socket Mode: the same conversation over a connection that the bot opens itself."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from flask.testing import FlaskClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from bot.settings import Settings
from bot.web.server import CannotStart, Server
from sandbox.cloud import CloudStandIn
from sandbox.processes import Program
from sandbox.slack import CHANNEL_ID, Message, SlackStandIn, payloads
from sandbox.slack.api import Reply, Trouble
from storage import Account
from tests.bot.people import CONSUMER_A, PRODUCER
from tests.relay import Relay
from tests.waiting import PATIENCE_S, until

OPEN = "apps.connections.open"
WAIT_S = 15


class Socket:
    """Slack's end of the connections: sends envelopes, and keeps their acknowledgements."""

    def __init__(self, slack: SlackStandIn) -> None:
        self._slack = slack
        self._envelopes = 0
        self.connections: queue.Queue[ServerConnection] = queue.Queue()
        self.acks: queue.Queue[Any] = queue.Queue()

    def serve(self, connection: ServerConnection) -> None:
        connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        self.connections.put(connection)
        try:
            for message in connection:
                self.acks.put(json.loads(message))
        except ConnectionClosed:
            pass

    def command(self, connection: ServerConnection, user_id: str, text: str) -> Mapping[str, Any]:
        """Type a command; returns the bot's acknowledgement."""
        token = self._slack.workspace.tickets.response_url(user_id, CHANNEL_ID)
        url = f"{self._slack.base_url}/commands/{token}"
        person = self._slack.person(user_id)
        trigger = self._slack.workspace.tickets.trigger(user_id)
        body = payloads.command(person, text, CHANNEL_ID, "cloud-images", url=url, trigger=trigger)
        return self._send(connection, "slash_commands", body)

    def click(
        self, connection: ServerConnection, user_id: str, message: Message, action_id: str
    ) -> Mapping[str, Any]:
        token = self._slack.workspace.tickets.response_url(user_id, CHANNEL_ID, message.ts)
        body = payloads.click(
            self._slack.person(user_id),
            message,
            "cloud-images",
            payloads.action(message.element(action_id, None, 0), 1.0),
            url=f"{self._slack.base_url}/actions/{token}",
            trigger=self._slack.workspace.tickets.trigger(user_id),
        )
        return self._send(connection, "interactive", body)

    def _send(
        self, connection: ServerConnection, kind: str, body: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        self._envelopes += 1
        envelope = f"envelope-{self._envelopes}"
        head = {"envelope_id": envelope, "type": kind, "accepts_response_payload": True}
        connection.send(json.dumps({**head, "payload": body}))
        ack: Mapping[str, Any] = self.acks.get(timeout=WAIT_S)
        assert ack["envelope_id"] == envelope
        return ack


@pytest.fixture
def socket(slack: SlackStandIn) -> Iterator[Socket]:
    """A websocket server that apps.connections.open leads to."""
    socket = Socket(slack)
    with serve(socket.serve, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/link?ticket=made-up"
        slack.api.troubles.append(Trouble(9, Reply({"ok": True, "url": address}), OPEN))
        yield socket
        server.shutdown()
        thread.join()


@pytest.fixture
def relay(socket: Socket, slack: SlackStandIn) -> Iterator[Relay]:
    """On the way to that server."""
    [trouble] = slack.api.troubles
    there = urlsplit(str(trouble.reply.body["url"]))
    relay = Relay("127.0.0.1", there.port or 0)
    address = urlunsplit(there._replace(netloc=f"127.0.0.1:{relay.port}"))
    trouble.reply = Reply({"ok": True, "url": address})
    yield relay
    relay.thaw()
    relay.close()


@pytest.fixture
def settings(environ: Mapping[str, str]) -> Settings:
    return Settings.from_env(
        {**environ, "SLACK_SIGNING_SECRET": "", "SLACK_APP_TOKEN": "xapp-made-up"}
    )


@pytest.fixture
def server(settings: Settings, socket: Socket) -> Iterator[Server]:
    """What the server makes beside answering requests, and lets go of."""
    server = Server(settings, with_scheduler=False)
    server.load()
    yield server
    stop(server)


@pytest.fixture
def web(settings: Settings, socket: Socket) -> Iterator[FlaskClient]:
    """The same, and its pages."""
    server = Server(settings, with_scheduler=False)
    with server.load().test_client() as web:
        yield web
    stop(server)


def stop(server: Server) -> None:
    """What the program does when it is told to stop."""
    server.close()


def test_a_command_is_answered_and_a_click_redraws_its_message(
    server: Server,
    socket: Socket,
    slack: SlackStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    connection = socket.connections.get(timeout=WAIT_S)
    before = slack.workspace.version

    first = socket.command(connection, CONSUMER_A, "invitations")
    card = slack.wait_for(CONSUMER_A, newer_than=before)
    second = socket.click(connection, CONSUMER_A, card, "invitations.accept")
    redrawn = slack.wait_for(CONSUMER_A, newer_than=card.version)

    assert [list(ack) for ack in (first, second)] == [["envelope_id"]] * 2
    assert (card.only_for, redrawn.ts, redrawn.edited) == (CONSUMER_A, card.ts, True)


def test_slack_may_move_the_connection_elsewhere(
    server: Server, socket: Socket, slack: SlackStandIn
) -> None:
    """It does so every few hours, and warns of it."""
    first = socket.connections.get(timeout=WAIT_S)
    first.send(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))
    second = socket.connections.get(timeout=WAIT_S)
    before = slack.workspace.version

    socket.command(second, PRODUCER, "help")

    assert slack.wait_for(PRODUCER, newer_than=before)
    opened = [c for c in slack.calls if c["kind"] == "request" and c["method"] == OPEN]
    assert len(opened) == 2


def test_told_to_stop_it_lets_go_of_the_connection_and_finishes_the_work_in_hand(
    server: Server,
    socket: Socket,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
) -> None:
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    cloud.delay_s = 0.5
    before = slack.workspace.version
    connection = socket.connections.get(timeout=WAIT_S)
    socket.command(connection, CONSUMER_A, "invitations")

    stop(server)

    assert "web-2026" in str(slack.wait_for(CONSUMER_A, newer_than=before).blocks)
    with pytest.raises(ConnectionClosed):
        connection.recv(timeout=WAIT_S)


def test_an_app_token_that_slack_refuses_stops_the_start(
    settings: Settings, slack: SlackStandIn
) -> None:
    slack.fail_next(OPEN, "invalid_auth")
    server = Server(settings, with_scheduler=True)

    with pytest.raises(CannotStart, match=r"refuses SLACK_APP_TOKEN \(invalid_auth\)"):
        server.load()

    stop(server)
    assert [thread.name for thread in threading.enumerate() if thread.name == "heartbeat"] == []


def test_a_connection_that_is_closed_and_refused_for_a_while_is_made_anew(
    web: FlaskClient, socket: Socket, slack: SlackStandIn
) -> None:
    connection = socket.connections.get(timeout=WAIT_S)
    assert web.get("/readyz").status_code == 200
    assert connected(web) == "1.0"
    fail(slack, 500, times=1)

    connection.close()
    until(lambda: web.get("/readyz").status_code == 503)
    said = web.get("/readyz").get_data(as_text=True), connected(web)
    before = slack.workspace.version
    socket.command(socket.connections.get(timeout=PATIENCE_S), PRODUCER, "help")

    assert said == ("Socket Mode: no connection to Slack\n", "0.0")
    assert slack.wait_for(PRODUCER, newer_than=before)
    until(lambda: web.get("/readyz").status_code == 200)


def test_a_connection_that_falls_silent_is_given_up_and_made_anew(
    relay: Relay, web: FlaskClient, socket: Socket, caplog: pytest.LogCaptureFixture
) -> None:
    """It stays open, and only its pings tell."""
    socket.connections.get(timeout=WAIT_S)
    assert web.get("/readyz").status_code == 200

    relay.freeze()
    until(lambda: web.get("/readyz").status_code == 503)
    until(lambda: "Socket Mode: the connection to Slack is lost" in caplog.text)
    relay.thaw()

    socket.connections.get(timeout=PATIENCE_S)
    until(lambda: web.get("/readyz").status_code == 200)


def test_without_an_answer_of_slack_it_starts_and_connects_later(
    socket: Socket, settings: Settings, slack: SlackStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    fail(slack, 503, times=1)
    server = Server(settings, with_scheduler=False)

    with server.load().test_client() as web:
        status = web.get("/readyz").status_code
        socket.connections.get(timeout=PATIENCE_S)
        until(lambda: web.get("/readyz").status_code == 200)
    stop(server)

    assert status == 503
    assert "Socket Mode: Slack does not answer (" in caplog.text
    assert "refuses" not in caplog.text


def test_a_token_that_is_refused_later_ends_the_program_and_says_why(
    socket: Socket, start: Callable[..., Program], slack: SlackStandIn, tmp_path: Path
) -> None:
    process = start("web", SLACK_SIGNING_SECRET="", SLACK_APP_TOKEN="xapp-made-up")
    connection = socket.connections.get(timeout=WAIT_S)
    refused = Trouble(9, Reply({"ok": False, "error": "token_revoked"}), OPEN)
    slack.api.troubles.insert(0, refused)

    connection.close()

    assert process.wait(PATIENCE_S) == 1
    log = (tmp_path / "log").read_text()
    assert "Socket Mode: Slack refuses SLACK_APP_TOKEN (token_revoked)" in log
    assert "Traceback" not in log
    assert "xapp-made-up" not in log


def connected(web: FlaskClient) -> str:
    """What the metrics say of the connection."""
    page = web.get("/metrics").get_data(as_text=True)
    [line] = [row for row in page.splitlines() if row.startswith("imagebot_socket_mode_connected ")]
    return line.partition(" ")[2]


def fail(slack: SlackStandIn, status: int, *, times: int) -> None:
    """Have Slack give no connection to the next who ask."""
    slack.api.troubles.insert(0, Trouble(times, Reply({}, status), OPEN))
