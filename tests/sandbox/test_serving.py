"""Servers in a thread."""

from __future__ import annotations

import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from sandbox.serving import serving
from tests.waiting import PATIENCE_S

A_DAY = 86400.0


class Empty(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_a_server_that_seldom_looks_whether_to_end_is_woken() -> None:
    server = HTTPServer(("127.0.0.1", 0), Empty)
    address = f"http://127.0.0.1:{server.server_port}"

    with (
        serving(server, poll_s=A_DAY),
        urllib.request.urlopen(address, timeout=PATIENCE_S) as answer,
    ):
        assert answer.status == 204

    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(address, timeout=PATIENCE_S)


def test_a_server_ends_with_a_block_that_fails() -> None:
    server = HTTPServer(("127.0.0.1", 0), Empty)

    with pytest.raises(KeyError), serving(server):
        raise KeyError

    assert server.fileno() == -1
