"""
What can be done with an account of the object store, and with its containers.

Source: docs-cloud-files, storage-api-reference; a Swift of today, measured, for its words.
"""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import quoteattr

from werkzeug.wrappers import Response

from sandbox.cloud.object_answers import PAGE, ObjectRefused, done, page
from sandbox.cloud.object_calls import ObjectCall
from sandbox.cloud.object_headers import ACCOUNT, CONTAINER, changed
from sandbox.cloud.object_listing import listing
from sandbox.cloud.object_state import TEMP_URL_KEYS, Container, StoredObject
from sandbox.cloud.state import Json

LONGEST = 256
ONLY_OWNERS = ("X-Container-Read", "X-Container-Write", "X-Container-Sync-Key")
"""Of a container's headers those that are told to nobody else."""


def list_containers(call: ObjectCall) -> Response:
    with call.state.lock:
        rows = [
            {"name": name, **_sums(held, call.now), "last_modified": _stamp(held.made_at)}
            for name, held in sorted(call.account.containers.items())
        ]
    return listing(call.request, f"account name={quoteattr(call.tenant)}", rows, _counts(call))


def head_account(call: ObjectCall) -> Response:
    return done(204, _counts(call))


def post_account(call: ObjectCall) -> Response:
    """Describe it; the keys of temporary URLs are set likewise."""
    with call.state.lock:
        call.account.headers = changed(call.account.headers, call.request, ACCOUNT)
    return done()


def put_container(call: ObjectCall) -> Response:
    if (length := len(call.container.encode())) > LONGEST:
        said = f"Container name length of {length} longer than {LONGEST}"
        raise ObjectRefused(400, said, kind=PAGE)
    with call.state.lock:
        held = call.account.containers.get(call.container)
        headers = changed(held.headers if held else {}, call.request, CONTAINER)
        made = held or call.account.containers.setdefault(call.container, Container(call.now))
        made.headers = headers
    return page(202) if held else done(201)


def post_container(call: ObjectCall) -> Response:
    with call.state.lock:
        held = call.held()
        held.headers = changed(held.headers, call.request, CONTAINER)
    return done()


def head_container(call: ObjectCall) -> Response:
    return done(204, _used(call))


def list_objects(call: ObjectCall) -> Response:
    with call.state.lock:
        objects = call.held().listed(call.now)
    rows = [_row(call, name, stored) for name, stored in objects.items()]
    return listing(call.request, f"container name={quoteattr(call.container)}", rows, _used(call))


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
        held = call.held()
        sums = _sums(held, call.now)
    told = {k: v for k, v in held.headers.items() if call.owns or k not in ONLY_OWNERS}
    return {
        "X-Container-Object-Count": str(sums["count"]),
        "X-Container-Bytes-Used": str(sums["bytes"]),
        "X-Timestamp": f"{held.made_at.timestamp():.5f}",
        "X-Storage-Policy": "default",
        "Accept-Ranges": "bytes",
        **told,
    }


def _counts(call: ObjectCall) -> dict[str, str]:
    """The keys of temporary URLs are shown only to those who may set them."""
    with call.state.lock:
        sums = [_sums(held, call.now) for held in call.account.containers.values()]
    headers = call.account.headers.items()
    return {
        "X-Account-Container-Count": str(len(sums)),
        "X-Account-Object-Count": str(sum(each["count"] for each in sums)),
        "X-Account-Bytes-Used": str(sum(each["bytes"] for each in sums)),
        "Accept-Ranges": "bytes",
        **{key: value for key, value in headers if call.writes or key not in TEMP_URL_KEYS},
    }


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")
