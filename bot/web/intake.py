"""
The HTTP server: one thread reads requests without blocking, others answer them.

A slow or silent client holds a connection and no thread. Connections, and the bytes read of bodies,
are bounded. At a bound the connection that has waited longest is closed, so that there is always
room for the next one.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import unquote

from flask import Flask
from tornado.http1connection import HTTP1ServerConnection
from tornado.httpserver import HTTPServer
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerRequest,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.wsgi import WSGIContainer
from werkzeug import Response

from bot.settings import Settings
from bot.web.pools import Pools

log = logging.getLogger("bot.access")

HEAD_BYTES = 16_384
"""Size limit of a request's first line and headers, in bytes."""
PATH_LENGTH = 200
_LONG = re.compile(r"[^/]{20,}")
"""A token in a path, 43 characters long, with which anyone could link or confirm."""


class Intake(HTTPServer):
    """Tornado's server in front of a WSGI application. Create it in a thread with an event loop."""

    def initialize(self, app: Flask, settings: Settings) -> None:  # type: ignore[override]
        super().initialize(
            lambda _: None,
            max_header_size=HEAD_BYTES,
            max_body_size=settings.max_body_bytes,
            idle_connection_timeout=settings.idle_timeout_s,
            body_timeout=settings.body_timeout_s,
        )
        self._app = app
        self._environ = WSGIContainer(app).environ
        self._settings = settings
        self.pools = Pools(settings)
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[HTTP1ServerConnection, int] = {}
        """Connections that we wait for, longest first, and the bytes they have sent of a body."""
        self._held = 0
        """The sum of these bytes."""

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> Reading:
        connection = cast(HTTP1ServerConnection, server_conn)
        self._wait_for(connection)
        return Reading(self, connection, request_conn)

    def on_close(self, server_conn: object) -> None:
        self._wait_no_more(cast(HTTP1ServerConnection, server_conn))
        super().on_close(server_conn)

    def received(self, connection: HTTP1ServerConnection, size: int) -> None:
        """Count the bytes of a body, and close the oldest connections beyond the bound."""
        if connection in self._waiting:
            self._waiting[connection] += size
            self._held += size
        while self._held > self._settings.web_buffer_bytes:
            self._close(next(each for each, held in self._waiting.items() if held))

    def complete(self, connection: HTTP1ServerConnection, request: HTTPServerRequest) -> None:
        """Hand a complete request to its pool, or refuse it if the queue is full."""
        self._wait_no_more(connection)
        environ = self._environ(request) | {
            "CONTENT_LENGTH": str(len(request.body)),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
        }

        def answer() -> None:
            response = self._answered(environ)
            self._loop.call_soon_threadsafe(self._send, connection, request, response)

        if not self.pools.of(environ["PATH_INFO"], request.body).take(answer):
            self._send(connection, request, Response("busy\n", 503, mimetype="text/plain"))

    async def drain(self) -> None:
        """Take no more requests, answer those taken, and close."""
        self.stop()
        await asyncio.sleep(0.1)  # for data that has been sent already, and is being read
        await self._loop.run_in_executor(None, self.pools.finish)
        await self.close_all_connections()

    def _answered(self, environ: Mapping[str, Any]) -> Response:
        try:
            return Response.from_app(self._app.wsgi_app, dict(environ), buffered=True)
        except Exception:
            log.exception("a page broke")
            return Response("internal error; see the log\n", 500, mimetype="text/plain")

    def _send(
        self, connection: HTTP1ServerConnection, request: HTTPServerRequest, response: Response
    ) -> None:
        if connection.stream.closed():
            return
        self._wait_for(connection)
        send(request, response)

    def _wait_for(self, connection: HTTP1ServerConnection) -> None:
        self._wait_no_more(connection)
        self._waiting[connection] = 0
        if len(self._waiting) > self._settings.web_connections:
            self._close(next(iter(self._waiting)))

    def _wait_no_more(self, connection: HTTP1ServerConnection) -> None:
        self._held -= self._waiting.pop(connection, 0)

    def _close(self, connection: HTTP1ServerConnection) -> None:
        self._wait_no_more(connection)
        connection.stream.close()


class Reading(HTTPMessageDelegate):
    """A request as it comes in. Its body is read whole, and parsed by the thread that answers."""

    def __init__(
        self, intake: Intake, connection: HTTP1ServerConnection, http: HTTPConnection
    ) -> None:
        self._intake = intake
        self._connection = connection
        self._http = http
        self._body = bytearray()
        self._request: HTTPServerRequest | None = None

    def headers_received(self, start_line: Any, headers: HTTPHeaders) -> None:
        """WSGI knows no difference between `_` and `-`, which a proxy before us may rely on."""
        for name in [name for name in headers if "_" in name]:
            del headers[name]
        self._request = HTTPServerRequest(
            connection=self._http, start_line=cast(RequestStartLine, start_line), headers=headers
        )
        length = headers.get("Content-Length", "")
        most = self._intake.conn_params.max_body_size
        if length.isascii() and length.isdigit() and most and int(length[:20]) > most:
            send(self._request, Response("too large\n", 413, mimetype="text/plain"))

    def data_received(self, chunk: bytes) -> None:
        self._body += chunk
        self._intake.received(self._connection, len(chunk))

    def finish(self) -> None:
        assert self._request
        self._request.body = bytes(self._body)
        self._intake.complete(self._connection, self._request)


def send(request: HTTPServerRequest, response: Response) -> None:
    """Send the response and log it, without the query, which may hold a secret."""
    assert request.connection
    body = response.get_data()
    status = response.status_code
    line = ResponseStartLine("HTTP/1.1", status, response.status.partition(" ")[2])
    headers = HTTPHeaders()
    for name, value in response.headers.items():
        headers.add(name, value)
    request.connection.write_headers(line, headers, body)
    request.connection.finish()
    ms = request.request_time() * 1000
    path = _shown(request)
    log.info("%s %s %d %d bytes in %.1f ms", request.method, path, status, len(body), ms)


def _shown(request: HTTPServerRequest) -> str:
    """A path without what could be a token, however it is spelled."""
    return _LONG.sub("(long)", unquote(request.path))[:PATH_LENGTH]
