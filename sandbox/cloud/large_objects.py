"""
Large objects: a manifest, and the segments that it names.

Source: Swift's API reference, Static Large Objects; a Swift of today, measured, for its words.
Rackspace describes them alike. Segments by range, and data within a manifest, are not taken.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from werkzeug.wrappers import Response

from sandbox.cloud.contents import kept
from sandbox.cloud.object_answers import PAGE, ObjectRefused, as_json, deleted
from sandbox.cloud.object_calls import ObjectCall
from sandbox.cloud.object_state import Part, StoredObject
from sandbox.cloud.state import Json

KEYS = frozenset({"path", "etag", "size_bytes"})


def manifest(call: ObjectCall) -> tuple[Part, ...]:
    """
    The segments that are sent, each of which must be there and be as the manifest says.

    Raises:
        ObjectRefused: 400, with everything that is wrong.
    """
    parts: list[Part] = []
    errors: dict[str, list[str]] = {}
    for each in _sent(call):
        part, wrong = _part(call, each)
        parts.append(part)
        errors.setdefault(each["path"], []).extend(wrong)
    lines = [f"{path}, {each}\n" for path, wrong in sorted(errors.items()) for each in wrong]
    if lines:
        raise ObjectRefused(400, "Errors:\n" + "".join(lines))
    return tuple(parts)


def shown(stored: StoredObject) -> Response:
    """What a static large object's manifest says, as Swift writes it."""
    rows = json.loads(b"".join(stored.content.pieces()))
    return as_json(rows, {"Etag": stored.content.md5, "X-Static-Large-Object": "True"})


def written(call: ObjectCall, parts: tuple[Part, ...]) -> bytes:
    """A manifest as it is kept."""
    now = call.now.strftime("%Y-%m-%dT%H:%M:%S.%f")
    kind = {"content_type": "application/octet-stream", "last_modified": now}
    rows = [
        {"name": f"/{part.container}/{part.name}", "bytes": part.size, "hash": part.etag, **kind}
        for part in parts
    ]
    return json.dumps(rows).encode()


def whole(parts: tuple[Part, ...]) -> str:
    """The etag of the segments together, quoted as Swift quotes it."""
    etags = "".join(part.etag for part in parts)
    return f'"{kept(etags.encode()).md5}"'


def delete(call: ObjectCall) -> Response:
    """A static large object with its segments. What is no large object stays, and it says so."""
    with call.state.lock:
        stored = call.account.find(call.container, call.name, call.now)
        if stored is not None and stored.parts is None:
            wrong = [[f"/{call.container}/{call.name}", "Not an SLO manifest"]]
            return deleted(call.request, 0, 0, wrong)
        parts = stored.parts or () if stored else ()
        places = [*((part.container, part.name) for part in parts), (call.container, call.name)]
        found = [place for place in places if call.account.find(*place, call.now)]
        for container, name in found:
            call.account.containers[container].objects.pop(name, None)
    return deleted(call.request, len(found), len(places) - len(found))


def _sent(call: ObjectCall) -> list[Json]:
    try:
        rows = json.loads(call.request.get_data())
    except ValueError:
        raise ObjectRefused(400, "Manifest must be valid JSON.\n", kind=PAGE) from None
    if not isinstance(rows, list):
        raise ObjectRefused(400, "Manifest must be a list.\n", kind=PAGE)
    wrong = [f"Index {n}: {said}\n" for n, row in enumerate(rows) for said in _senseless(row)]
    if wrong:
        raise ObjectRefused(400, "".join(wrong))
    return rows


def _senseless(row: Any) -> Iterator[str]:
    if not isinstance(row, dict):
        yield "not a JSON object"
        return
    for key in sorted(row.keys() - KEYS):
        yield f'extraneous keys "{key}"'
    if "path" not in row:
        yield 'missing key "path"'
    elif not all(str(row["path"]).removeprefix("/").partition("/")):
        yield ("path does not refer to an object. Path must be of the form /container/object.")


def _part(call: ObjectCall, row: Json) -> tuple[Part, list[str]]:
    """The segment that a row names, and what is wrong with it."""
    container, _, name = row["path"].removeprefix("/").partition("/")
    found = call.account.find(container, name, call.now)
    if found is None:
        return Part(container, name, 0, ""), ["404 Not Found"]
    content = call.account.whole(found, call.now)
    wrong = []
    if row.get("size_bytes") not in (None, content.size):
        wrong.append("Size Mismatch")
    if row.get("etag") not in (None, content.etag):
        wrong.append("Etag Mismatch")
    return Part(container, name, content.size, content.etag), wrong
