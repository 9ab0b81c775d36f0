"""Slack's end of Socket Mode: what people do is sent by a connection that the app has opened."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from sandbox.slack import Ack, SlackStandIn
from sandbox.slack.api import Reply, Trouble
from sandbox.slack.sender import Sender
from sandbox.slack.state import Json
from tests.waiting import PATIENCE_S

OPENED = 100
"""How often an app may ask for a connection."""


class SocketSender(Sender):
    """Takes the place of the one that sends by HTTP."""

    def __init__(self) -> None:
        super().__init__("", "")
        self.connections: queue.Queue[ServerConnection] = queue.Queue()
        self._acks: queue.Queue[Json] = queue.Queue()
        self._sent = 0
        self._connection: ServerConnection | None = None

    def serve(self, connection: ServerConnection) -> None:
        connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        self._connection = connection
        self.connections.put(connection)
        try:
            for message in connection:
                self._acks.put(json.loads(message))
        except ConnectionClosed:
            pass

    def form(self, fields: Json, version: int) -> Ack:
        return self._envelope("slash_commands", fields, version)

    def payload(self, payload: Json, version: int) -> Ack:
        return self._envelope("interactive", payload, version)

    def event(self, body: Json, version: int) -> Ack:
        return self._envelope("events_api", body, version)

    def _envelope(self, kind: str, payload: Json, version: int) -> Ack:
        assert self._connection
        self._sent += 1
        wanted, started = f"envelope-{self._sent}", time.monotonic()
        head = {"envelope_id": wanted, "type": kind, "accepts_response_payload": True}
        self._connection.send(json.dumps({**head, "payload": payload}))
        ack: Any = self._acks.get(timeout=PATIENCE_S)
        assert ack["envelope_id"] == wanted
        said = json.dumps(ack["payload"]) if ack.get("payload") else ""
        return Ack(200, (time.monotonic() - started) * 1000, said, "", version)


@contextmanager
def in_socket_mode(slack: SlackStandIn) -> Iterator[SocketSender]:
    """Have the stand-in reach its app so."""
    sender = SocketSender()
    with serve(sender.serve, "127.0.0.1", 0) as server:
        host, port = server.socket.getsockname()[:2]
        opened = Reply({"ok": True, "url": f"ws://{host}:{port}/link"})
        slack.api.troubles.append(Trouble(OPENED, opened, "apps.connections.open"))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        slack.sender = sender
        yield sender
        server.shutdown()
        thread.join()
