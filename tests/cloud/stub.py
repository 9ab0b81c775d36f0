"""`Stub`: a cloud on a loopback port that answers what a test says, and notes what was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from cloud import AuthType, Credentials
from sandbox.serving import serving

REGION = "DFW"
SERVICES = {"image": "/v2", "compute": "/v2.1", "network": "", "object-store": "/v1/AUTH_100"}


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    body: bytes | str | Iterable[bytes] | Mapping[str, Any] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def pieces(self) -> tuple[Iterable[bytes], Mapping[str, str]]:
        """What is sent, and its length unless it comes in pieces."""
        body = json.dumps(self.body) if isinstance(self.body, Mapping) else self.body
        if isinstance(body, str):
            body = body.encode()
        if isinstance(body, bytes):
            return [body], {"Content-Length": str(len(body)), **self.headers}
        return body, self.headers


class Stub:
    """
    Identity v3 that lets everybody in, and services that answer by *answer*.

    Args:
        catalog: entries beside or instead of the usual three, by the type of the service.
    """

    def __init__(self, answer: Callable[[Asked], Answer] = lambda _: Answer("{}")) -> None:
        self.answer = answer
        self.log_in: Callable[[Asked], Answer] = self._token
        self.asked: list[Asked] = []
        self.logins: list[Asked] = []
        self.catalog: list[Mapping[str, Any]] | None = None
        self.roles: tuple[str, ...] = ("member",)
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                stub._serve(self)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._serving = serving(self._server)

    @property
    def credentials(self) -> Credentials:
        options = {"username": "ann", "password": "made-up-password", "user_domain_id": "default"}
        return Credentials(AuthType.V3_PASSWORD, f"{self.url}/v3", {**options, "project_id": "100"})

    def endpoints(self, path: str, *regions: str | None) -> list[Mapping[str, Any]]:
        """Entries of a catalog, each of its region."""
        return [
            {"interface": "public", "region": region, "region_id": region, "url": self.url + path}
            for region in regions
        ]

    def __enter__(self) -> Self:
        self._serving.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._serving.__exit__(None, None, None)

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        length = int(handler.headers.get("Content-Length") or 0)
        asked = Asked(
            handler.command,
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            dict(handler.headers),
            handler.rfile.read(length),
        )
        login = parts.path.endswith("/tokens") and handler.command == "POST"
        (self.logins if login else self.asked).append(asked)
        answer = self.log_in(asked) if login else self.answer(asked)
        pieces, headers = answer.pieces
        handler.send_response(answer.status)
        for header in headers.items():
            handler.send_header(*header)
        handler.end_headers()
        if handler.command == "HEAD":
            return
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()

    def _token(self, _: Asked) -> Answer:
        usual = [
            {"type": kind, "name": kind, "endpoints": self.endpoints(path, REGION)}
            for kind, path in SERVICES.items()
        ]
        catalog = usual if self.catalog is None else self.catalog
        token = {
            "methods": ["password"],
            "user": {"id": "1", "name": "ann", "domain": {"id": "default", "name": "Default"}},
            "project": {
                "id": "100",
                "name": "acme",
                "domain": {"id": "default", "name": "Default"},
            },
            "roles": [{"id": role, "name": role} for role in self.roles],
            "expires_at": "2099-01-01T00:00:00.000000Z",
            "issued_at": "2026-01-01T00:00:00.000000Z",
            "catalog": catalog,
        }
        name = f"token-{len(self.logins)}"
        return Answer({"token": token}, 201, {"X-Subject-Token": name})


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up, as ours does when it has had enough."""
