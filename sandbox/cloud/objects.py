"""
What can be done with an object. Its bytes are read and written under no lock.

Source: docs-cloud-files, storage-api-reference; a Swift of today, measured, for its words.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import chain

from werkzeug.http import parse_range_header
from werkzeug.wrappers import Request, Response

from sandbox.cloud import large_objects
from sandbox.cloud.calls import pieces_of
from sandbox.cloud.contents import BrokenOff, Content, Kept, kept
from sandbox.cloud.object_answers import PAGE, ObjectRefused, done, page
from sandbox.cloud.object_calls import ObjectCall
from sandbox.cloud.object_copies import copy_from
from sandbox.cloud.object_headers import OBJECT, said
from sandbox.cloud.object_state import StoredObject

MOST = 5 * 1024**3
"""Bytes in one request."""
LONGEST = 1024
PLAIN = "application/octet-stream"
LATEST = 4_000_000_000
"""What is to be deleted later than that (in 2096) is kept for good."""


def get_object(call: ObjectCall) -> Response:
    """Its bytes, or a range of them; HEAD is served alike, but knows no ranges."""
    stored = call.stored()
    if call.request.args.get("multipart-manifest") == "get" and stored.parts is not None:
        return large_objects.shown(stored)
    content = _asked_for(call, stored)
    headers = _headers(stored, content)
    if call.request.method == "HEAD":
        return Response((), 200, {**headers, "Content-Length": str(content.size)})
    start, stop = _range(call.request, content.size, headers)
    answer = Response(_begun(content, start, stop), 200, headers)
    answer.headers["Content-Length"] = str(stop - start)
    if "Content-Range" in headers:
        answer.status_code = 206
    return answer


def put_object(call: ObjectCall) -> Response:
    held, request = call.held(), call.request
    if (length := len(call.name.encode())) > LONGEST:
        raise ObjectRefused(400, f"Object name length of {length} longer than {LONGEST}")
    if (request.content_length or 0) > MOST:
        raise ObjectRefused(413)
    if request.headers.get("If-None-Match") == "*" and held.alive(call.name, call.now):
        raise ObjectRefused(412)
    if "X-Copy-From" in request.headers:
        return copy_from(call)
    headers, delete_at, dynamic = said(request, OBJECT), _delete_at(call), _dynamic(call)
    parts = large_objects.manifest(call) if _is_manifest(request) else None
    content = _received(request) if parts is None else kept(large_objects.written(call, parts))
    etag = content.md5 if parts is None else large_objects.whole(parts)
    if request.headers.get("Etag", etag).strip('"') != etag.strip('"'):
        raise ObjectRefused(422)
    kind = request.headers.get("Content-Type") or mimetypes.guess_type(call.name)[0] or PLAIN
    stored = StoredObject(content, kind, call.now, parts, dynamic, delete_at, headers)
    with call.state.lock:
        held.objects[call.name] = stored
    return done(201, {"Etag": etag, "Last-Modified": _http_date(stored.modified_at)})


def post_object(call: ObjectCall) -> Response:
    """
    Replace all metadata of an object: what is not sent is deleted.

    Even whose segments a dynamic large object is of.
    """
    stored = call.stored()
    changed = StoredObject(
        stored.content,
        call.request.headers.get("Content-Type") or stored.content_type,
        call.now,
        stored.parts,
        _dynamic(call),
        _delete_at(call),
        said(call.request, OBJECT),
    )
    with call.state.lock:
        call.held().objects[call.name] = changed
    return page(202)


def delete_object(call: ObjectCall) -> Response:
    """One that has ended already is 404, and is listed no more."""
    if call.request.args.get("multipart-manifest") == "delete":
        return large_objects.delete(call)
    with call.state.lock:
        there = call.held().alive(call.name, call.now)
        call.held().objects.pop(call.name, None)
    if there is None:
        raise ObjectRefused(404)
    return done()


def _asked_for(call: ObjectCall, stored: StoredObject) -> Content:
    if call.request.args.get("multipart-manifest") == "get":
        return stored.content
    if stored.dynamic and stored.dynamic.partition("/")[0] not in call.account.containers:
        raise ObjectRefused(404)
    with call.state.lock:
        return call.account.whole(stored, call.now)


def _headers(stored: StoredObject, content: Content) -> dict[str, str]:
    whole = stored.large and content is not stored.content
    headers = {
        "Content-Type": stored.content_type,
        "Etag": f'"{content.etag}"' if whole else content.etag,
        "Last-Modified": _http_date(stored.modified_at),
        "Accept-Ranges": "bytes",
        **stored.headers,
    }
    if stored.parts is not None:
        told = {"X-Static-Large-Object": "True", "X-Manifest-Etag": stored.content.md5}
        headers |= told
    if stored.dynamic:
        headers["X-Object-Manifest"] = stored.dynamic
    if stored.delete_at:
        headers["X-Delete-At"] = str(int(stored.delete_at.timestamp()))
    return headers


def _range(request: Request, size: int, headers: dict[str, str]) -> tuple[int, int]:
    """First byte and the one after the last. Several ranges are answered with everything."""
    asked = parse_range_header(request.headers.get("Range"))
    if asked is None or len(asked.ranges) > 1:
        return 0, size
    found = asked.range_for_length(size)
    if found is None:
        raise ObjectRefused(416, headers={**headers, "Content-Range": f"bytes */{size}"})
    start, stop = found[0] or 0, found[1] or size
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return start, stop


def _begun(content: Content, start: int, stop: int) -> Iterator[bytes]:
    """
    Raises:
        ObjectRefused: 409, if the first segment is gone; with a later one it breaks off.
    """
    pieces = content.pieces(start, stop)
    try:
        first = next(pieces, b"")
    except BrokenOff:
        raise ObjectRefused(409) from None
    return chain([first], pieces)


def _received(request: Request) -> Kept:
    content = Kept(pieces_of(request))
    if request.content_length not in (None, content.size):
        raise ObjectRefused(400)  # Swift's 499: nobody is there to read it
    return content


def _is_manifest(request: Request) -> bool:
    return request.args.get("multipart-manifest") == "put"


def _dynamic(call: ObjectCall) -> str:
    told = call.request.headers.get("X-Object-Manifest", "")
    if told and not all(told.partition("/")):
        said = "X-Object-Manifest must be in the format container/prefix"
        raise ObjectRefused(400, said, kind=PAGE)
    return told


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.replace(microsecond=0), usegmt=True)


def _delete_at(call: ObjectCall) -> datetime | None:
    after, at = (call.request.headers.get(f"X-Delete-{word}") for word in ("After", "At"))
    told, header = (after, "X-Delete-After") if after is not None else (at, "X-Delete-At")
    if told is None:
        return None
    if not told.removeprefix("-").isdigit():
        raise ObjectRefused(400, f"Non-integer {header}")
    begun = int(call.now.timestamp()) if after is not None else 0
    ends = begun + int(told)
    if ends <= call.now.timestamp():
        raise ObjectRefused(400, f"{header} in past")
    return datetime.fromtimestamp(min(ends, LATEST), UTC)
