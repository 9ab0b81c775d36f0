"""
What can be done with an account of the object store, and with its containers.

Source: docs-cloud-files, storage-api-reference; a Swift of today, measured, for its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from werkzeug.wrappers import Response

from sandbox.cloud.object_answers import PAGE, ObjectRefused, as_json, done, page
from sandbox.cloud.object_calls import ObjectCall
from sandbox.cloud.object_state import Container, StoredObject
from sandbox.cloud.state import Json

LISTED = 10_000
LONGEST = 256
KEYS = {1: "X-Account-Meta-Temp-Url-Key", 2: "X-Account-Meta-Temp-Url-Key-2"}


def list_containers(call: ObjectCall) -> Response:
    with call.state.lock:
        rows = [
            {"name": name, **_sums(held, call.now), "last_modified": _stamp(held.made_at)}
            for name, held in sorted(call.account.containers.items())
        ]
    return _listing(call, rows, {**_counts(call), **_told_keys(call)})


def head_account(call: ObjectCall) -> Response:
    return done(204, {**_counts(call), **_told_keys(call)})


def post_account(call: ObjectCall) -> Response:
    """Set the keys of temporary URLs. An empty one, or X-Remove-…, is none."""
    sent = call.request.headers
    with call.state.lock:
        for slot, header in KEYS.items():
            if header in sent:
                call.account.keys[slot] = sent[header]
            if f"X-Remove-{header.removeprefix('X-')}" in sent or not call.account.keys.get(slot):
                call.account.keys.pop(slot, None)
    return done()


def put_container(call: ObjectCall) -> Response:
    if (length := len(call.container.encode())) > LONGEST:
        said = f"Container name length of {length} longer than {LONGEST}"
        raise ObjectRefused(400, said, kind=PAGE)
    with call.state.lock:
        there = call.container in call.account.containers
        call.account.containers.setdefault(call.container, Container(call.now))
    return page(202) if there else done(201)


def post_container(call: ObjectCall) -> Response:
    """Sets what nobody here asks for."""
    call.held()
    return done()


def head_container(call: ObjectCall) -> Response:
    return done(204, _used(call))


def list_objects(call: ObjectCall) -> Response:
    with call.state.lock:
        objects = call.held().listed(call.now)
    rows = [_row(call, name, stored) for name, stored in objects.items()]
    return _listing(call, rows, _used(call))


def delete_container(call: ObjectCall) -> Response:
    with call.state.lock:
        if call.held().listed(call.now):
            raise ObjectRefused(409)
        del call.account.containers[call.container]
    return done()


def _row(call: ObjectCall, name: str, stored: StoredObject) -> Json:
    """A dynamic large object is 0 bytes here; a static one has its true size."""
    row = {
        "bytes": stored.content.size,
        "hash": stored.content.md5,
        "name": name,
        "content_type": stored.content_type,
        "last_modified": _stamp(stored.modified_at),
    }
    if stored.parts is not None:
        whole = call.account.whole(stored, call.now)
        row |= {"bytes": whole.size, "slo_etag": f'"{whole.etag}"'}
    return row


def _sums(held: Container, now: datetime) -> dict[str, int]:
    """Of a large object only the manifest counts: its segments are counted by themselves."""
    sizes = [stored.content.size for stored in held.listed(now).values()]
    return {"count": len(sizes), "bytes": sum(sizes)}


def _used(call: ObjectCall) -> dict[str, str]:
    with call.state.lock:
        sums = _sums(call.held(), call.now)
    return {
        "X-Container-Object-Count": str(sums["count"]),
        "X-Container-Bytes-Used": str(sums["bytes"]),
        "Accept-Ranges": "bytes",
    }


def _counts(call: ObjectCall) -> dict[str, str]:
    with call.state.lock:
        sums = [_sums(held, call.now) for held in call.account.containers.values()]
    return {
        "X-Account-Container-Count": str(len(sums)),
        "X-Account-Object-Count": str(sum(each["count"] for each in sums)),
        "X-Account-Bytes-Used": str(sum(each["bytes"] for each in sums)),
        "Accept-Ranges": "bytes",
    }


def _told_keys(call: ObjectCall) -> dict[str, str]:
    """Only who may set them is told."""
    return {KEYS[slot]: key for slot, key in call.account.keys.items()} if call.writes else {}


def _listing(call: ObjectCall, rows: list[Json], headers: dict[str, str]) -> Response:
    """As JSON, or a name a line."""
    args = call.request.args
    fitting = list(_folded(_between(rows, args), args.get("prefix", ""), args.get("delimiter", "")))
    fitting = fitting[: _limit(args.get("limit", ""))]
    if args.get("format") == "json" or "json" in call.request.headers.get("Accept", ""):
        return as_json(fitting, headers)
    text = "".join(f"{row.get('name', row.get('subdir'))}\n" for row in fitting)
    kind = {"Content-Type": "text/plain; charset=utf-8"}
    return Response(text, 200 if text else 204, {**headers, **kind})


def _between(rows: list[Json], args: Any) -> Iterator[Json]:
    """Of all names those with the prefix, after one marker and before the other."""
    prefix, marker, end = (args.get(key, "") for key in ("prefix", "marker", "end_marker"))
    for row in rows:
        name = row["name"]
        if name.startswith(prefix) and name > marker and (not end or name < end):
            yield row


def _folded(rows: Iterator[Json], prefix: str, delimiter: str) -> Iterator[Json]:
    """What stands below a delimiter becomes one folder."""
    last = ""
    for row in rows:
        head, found, _ = row["name"][len(prefix) :].partition(delimiter or "\0")
        folder = f"{prefix}{head}{found}"
        if not delimiter or not found:
            yield row
        elif folder != last:
            last = folder
            yield {"subdir": folder}


def _limit(sent: str) -> int:
    """What is no number is not heard."""
    limit = int(sent) if sent.isdigit() else LISTED
    if limit > LISTED:
        raise ObjectRefused(412, f"Maximum limit is {LISTED}", kind=PAGE)
    return limit


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")
