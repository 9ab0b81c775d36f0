"""The ways in which an answer of Slack's is lost, though what was asked has been done."""

from __future__ import annotations

import socket
import struct
import threading
from dataclasses import dataclass
from enum import StrEnum

from werkzeug.wrappers import Request, Response

SILENCE_S = 120.0
"""Longer than anybody waits for an answer."""


class Loss(StrEnum):
    ERROR = "500"
    GATEWAY = "502"
    UNAVAILABLE = "503"
    LATE = "504"
    SILENCE = "silence"
    RESET = "reset"
    HALF = "half"
    """Less of the body than was promised."""
    CUT = "cut"
    """A body that is whole for HTTP, and half of an answer."""


@dataclass
class Losing:
    """Answers that are to be lost, on purpose."""

    where: str
    """A method, `response_url` or `upload`."""
    how: Loss
    left: int = 1


def lost(how: Loss, request: Request, answer: Response, over: threading.Event) -> Response:
    """What arrives instead of the answer."""
    match how:
        case Loss.SILENCE:
            over.wait(SILENCE_S)
        case Loss.RESET:
            _reset(request)
        case Loss.HALF:
            body = answer.get_data()
            half = Response(body[: len(body) // 2], 200, mimetype=answer.mimetype)
            half.headers["Content-Length"] = str(len(body))
            half.automatically_set_content_length = False
            return half
        case Loss.CUT:
            body = answer.get_data()
            return Response(body[: len(body) // 2], 200, mimetype=answer.mimetype)
        case _:
            return Response("<html>upstream</html>", int(how), mimetype="text/html")
    return answer


def _reset(request: Request) -> None:
    """Close the connection at once, so that its reader notices."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RDWR)
