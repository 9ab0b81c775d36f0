"""Socket Mode: the bot calls Slack, and is asked through that connection."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from gunicorn.errors import AppImportError
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from bot.settings import Settings
from bot.web.server import connect_socket
from bot.wiring import Runtime
from sandbox.slack import CHANNEL_ID, PEOPLE, SlackStandIn
from sandbox.slack.api import Reply, Trouble
from sandbox.slack.payloads import command
from tests.bot.people import PRODUCER


class Socket:
    """Slack's end of the connection: sends envelopes, and keeps their acknowledgements."""

    def __init__(self) -> None:
        self.acks: queue.Queue[Mapping[str, Any]] = queue.Queue()
        self._there: queue.Queue[ServerConnection] = queue.Queue()

    def serve(self, connection: ServerConnection) -> None:
        connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        self._there.put(connection)
        try:
            for message in connection:
                self.acks.put(json.loads(message))
        except ConnectionClosed:
            pass

    def send(self, kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Have the bot acknowledge this."""
        connection = self._there.get(timeout=10)
        self._there.put(connection)
        envelope = {
            "envelope_id": "e-1",
            "type": kind,
            "accepts_response_payload": True,
            "payload": payload,
        }
        connection.send(json.dumps(envelope))
        return self.acks.get(timeout=10)


@pytest.fixture
def socket(slack: SlackStandIn) -> Iterator[Socket]:
    """A websocket server that apps.connections.open leads to."""
    socket = Socket()
    server: Server
    with serve(socket.serve, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/"
        opened = Reply({"ok": True, "url": url})
        slack.api.troubles.append(Trouble(1, opened, "apps.connections.open"))
        yield socket
        server.shutdown()
        thread.join()


@pytest.fixture
def by_socket(environ: Mapping[str, str]) -> Iterator[Runtime]:
    given = {"SLACK_SIGNING_SECRET": "", "SLACK_APP_TOKEN": "xapp-made-up"}
    runtime = Runtime.build(Settings.from_env({**environ, **given}))
    yield runtime
    runtime.close()


def test_a_command_comes_and_is_acknowledged_through_the_socket(
    by_socket: Runtime, socket: Socket, slack: SlackStandIn
) -> None:
    connection = connect_socket(by_socket)
    token = slack.workspace.tickets.response_url(PRODUCER, CHANNEL_ID)
    url = f"{slack.base_url}/commands/{token}"

    ack = socket.send(
        "slash_commands",
        command(PEOPLE[0], "help", CHANNEL_ID, "cloud-images", url=url, trigger="1"),
    )
    answer = slack.wait_for(PRODUCER)
    connection.close()

    assert ack == {"envelope_id": "e-1"}
    assert "/images list" in json.dumps(answer.blocks)


def test_a_token_that_slack_refuses_ends_the_start_with_a_line(
    by_socket: Runtime, slack: SlackStandIn
) -> None:
    slack.fail_next("apps.connections.open", "invalid_auth")

    with pytest.raises(AppImportError, match=r"refuses SLACK_APP_TOKEN \(invalid_auth\)"):
        connect_socket(by_socket)
