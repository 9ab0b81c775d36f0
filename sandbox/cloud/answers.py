"""Answers of the stand-in."""

from __future__ import annotations

import json
from typing import Any

from werkzeug.wrappers import Response


def as_json(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")


def empty(status: int = 204) -> Response:
    return Response(b"", status)
