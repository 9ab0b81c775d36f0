"""
Many objects deleted by one request: POST or DELETE to an account with ?bulk-delete.

Source: a Swift of today, measured.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from werkzeug.wrappers import Response

from sandbox.cloud import containers
from sandbox.cloud.object_answers import ObjectRefused, deleted
from sandbox.cloud.object_calls import ObjectCall

MOST = 10_000


def delete_all(call: ObjectCall) -> Response:
    """What is named a line: objects, and containers that are empty. It answers 200 whatever."""
    lines = call.request.get_data().decode().splitlines()
    places = [unquote(line.strip()).removeprefix("/") for line in lines if line.strip()]
    if not places:
        return deleted(call.request, wrong="Invalid bulk delete.")
    gone = missing = 0
    errors = []
    for place in places[:MOST]:
        status = _delete(call, *place.partition("/")[::2])
        gone += status == 204
        missing += status == 404
        if status not in (204, 404):
            errors.append([f"/{place}", _WORDS[status]])
    return deleted(call.request, gone, missing, errors)


def _delete(call: ObjectCall, container: str, name: str) -> int:
    if not call.owns:
        return 403
    with call.state.lock:
        held = call.account.containers.get(container)
        if held is None:
            return 404
        if name:
            found = held.alive(name, call.now)
            held.objects.pop(name, None)
            return 204 if found else 404
    try:
        return containers.delete_container(replace(call, container=container)).status_code
    except ObjectRefused as refused:
        return refused.status


_WORDS = {403: "403 Forbidden", 409: "409 Conflict"}
