"""
Temporary URLs: who has one may read, or write, until it ends.

Source: Cloud Files, tempurl.rst; a Swift of today, measured, for its words.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote

from werkzeug.wrappers import Request, Response

from sandbox.cloud.object_answers import PAGE, ObjectRefused
from sandbox.cloud.object_calls import ObjectCall
from sandbox.cloud.state import State

ALGORITHMS = {40: "sha1", 64: "sha256", 128: "sha512"}
"""By the length of a signature in hex."""
SIGNED = ("temp_url_sig", "temp_url_expires")
FOR_A_LOOK = ("HEAD", "GET", "PUT", "POST")
"""A signature for any of these is good for HEAD."""


def is_one(request: Request) -> bool:
    return any(key in request.args for key in SIGNED)


def check(call: ObjectCall) -> None:
    """
    Raises:
        ObjectRefused: 401, if the signature is not good; 400, if it would have an object point
            at others.
    """
    if not call.name or not good(call.request, call.account.keys, call.state):
        said = "401 Unauthorized: Temp URL invalid\n"
        raise ObjectRefused(401, said, {"WWW-Authenticate": 'Swift realm="unknown"'}, PAGE)
    if "X-Object-Manifest" in call.request.headers:
        said = "The header 'X-Object-Manifest' is not allowed in this tempurl"
        raise ObjectRefused(400, said, kind=PAGE)


def good(request: Request, keys: Iterable[str], state: State) -> bool:
    """Whether the request is signed with one of the account's keys, and not too late."""
    signature, expires = (request.args.get(key, "") for key in SIGNED)
    algorithm = ALGORITHMS.get(len(signature))
    if algorithm not in state.temp_url_digests:
        return False
    if not expires.isdigit() or int(expires) <= state.clock().timestamp():
        return False
    if "temp_url_prefix" in request.args:  # not stood in for
        return False
    path = request.path[request.path.index("/v1/") :]
    methods = FOR_A_LOOK if request.method == "HEAD" else (request.method,)
    return any(
        hmac.compare_digest(
            hmac.new(key.encode(), f"{method}\n{expires}\n{path}".encode(), algorithm).hexdigest(),
            signature,
        )
        for key in keys
        for method in methods
    )


def named(call: ObjectCall, answer: Response) -> Response:
    """A browser saves what it gets, under the object's name or the one that is asked for."""
    args = call.request.args
    if call.request.method in ("GET", "HEAD") and answer.status_code < 300:
        name = quote(args.get("filename") or call.name.rpartition("/")[2], safe=" ")
        told = f"filename=\"{name}\"; filename*=UTF-8''{quote(name, safe='%')}"
        if "inline" in args:
            told = f"inline; {told}" if args.get("filename") else "inline"
        else:
            told = f"attachment; {told}"
        ends = datetime.fromtimestamp(int(args["temp_url_expires"]), UTC)
        answer.headers["Content-Disposition"] = told
        answer.headers["Expires"] = format_datetime(ends, usegmt=True)
    return answer
