"""Socket Mode: the same conversation over a connection that the bot opens itself."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from bot.settings import Settings
from bot.web.server import CannotStart, Server
from sandbox.cloud import CloudStandIn
from sandbox.slack import CHANNEL_ID, Message, SlackStandIn, payloads
from sandbox.slack.api import Reply, Trouble
from storage import Account
from tests.bot.people import CONSUMER_A, PRODUCER

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
