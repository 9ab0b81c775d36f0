"""Temporary URLs: who has one may read, until it ends. Source: Cloud Files, tempurl.rst."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

from werkzeug.wrappers import Request

ALGORITHMS = {40: hashlib.sha1, 64: hashlib.sha256, 128: hashlib.sha512}
"""By the length of a signature in hex."""


def good(request: Request, keys: Iterable[str], now: datetime) -> bool:
    """Whether the request is signed with one of the account's keys, and not too late."""
    signature = request.args.get("temp_url_sig", "")
    expires = request.args.get("temp_url_expires", "")
    algorithm = ALGORITHMS.get(len(signature))
    if algorithm is None or not expires.isdigit() or int(expires) <= now.timestamp():
        return False
    path = request.path[request.path.index("/v1/") :]
    methods = ("GET", "PUT", "POST") if request.method == "HEAD" else (request.method,)
    return any(
        hmac.compare_digest(
            hmac.new(key.encode(), f"{method}\n{expires}\n{path}".encode(), algorithm).hexdigest(),
            signature,
        )
        for key in keys
        for method in methods
    )
