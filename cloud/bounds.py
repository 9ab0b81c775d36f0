"""
One deadline and one size for every answer, whatever a service sends.

The limits of requests and urllib3 are for each piece: a service that sends a byte a second keeps
them waiting for ever, and one that sends 300 KB of gzip can mean 300 MB.
"""

from __future__ import annotations

import http.client
import io
import math
import socket
import time
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager

from cloud import asking

LARGEST = 32 * 1024 * 1024
"""Bytes of an answer at most, once they are decoded. A full page of a listing has 1 to 7 MB."""
_PIECE = 64 * 1024


class TooLarge(requests.exceptions.RequestException):
    """An answer has more bytes than any that is documented."""


class Bounded(HTTPAdapter):
    """Reads answers here, within the bounds, but for those that are to be read as they come."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _timed(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        return manager if proxy.lower().startswith("socks") else _timed(manager)

    def send(
        self, request: requests.PreparedRequest, stream: bool = False, *args: Any, **kwargs: Any
    ) -> requests.Response:
        answer = super().send(request, stream, *args, **kwargs)
        if stream and answer.status_code < 300:
            _take_time(answer)
        else:
            _read(answer)
        return answer


def _read(answer: requests.Response) -> None:
    """Read the whole answer, so that its content is there for later readers."""
    pieces, size = [], 0
    for piece in answer.iter_content(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            answer.close()
            raise TooLarge(f"the answer has more than {LARGEST // 1024**2} MB")
    answer._content = b"".join(pieces)


def _take_time(answer: requests.Response) -> None:
    """Let a stream last as long as its bytes come."""
    timed = getattr(answer.raw, "_original_response", None)
    if isinstance(timed, _TimedAnswer):
        timed.pieces.until = math.inf


class _Pieces(io.RawIOBase):
    """The bytes of a socket, which have to come before a moment, however many pieces they make."""

    def __init__(self, raw: Any, sock: socket.socket) -> None:
        self._raw, self._sock = raw, sock
        self._silence_s = sock.gettimeout() or math.inf
        self.until = time.monotonic() + self._silence_s

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = min(self._silence_s, self.until - time.monotonic(), asking.left())
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(None if math.isinf(left) else left)
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        super().close()
        self._raw.close()


class _TimedAnswer(http.client.HTTPResponse):
    """An answer of which the headers, too, have to come in time."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.pieces = _Pieces(self.fp.detach(), sock)
        self.fp = io.BufferedReader(self.pieces)


class _Connection(HTTPConnection):
    response_class = _TimedAnswer


class _TlsConnection(HTTPSConnection):
    response_class = _TimedAnswer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


def _timed(manager: PoolManager) -> PoolManager:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    return manager
