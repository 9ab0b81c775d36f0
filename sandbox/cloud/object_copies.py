"""
Copies within an object store: COPY with a Destination, and PUT with X-Copy-From.

Source: a Swift of today, measured; for large objects Swift's guide: a copy is one plain object,
and with ?multipart-manifest=get another large one of the same segments.
"""

from __future__ import annotations

from dataclasses import replace
from email.utils import format_datetime
from urllib.parse import quote, unquote

from werkzeug.wrappers import Response

from sandbox.cloud.object_answers import PAGE, ObjectRefused, done
from sandbox.cloud.object_calls import ObjectCall
from sandbox.cloud.object_headers import OBJECT, said
from sandbox.cloud.object_state import StoredObject

SHAPE = "{} header must be of the form <container name>/<object name>"


def copy_object(call: ObjectCall) -> Response:
    """The method COPY."""
    destination = call.request.headers.get("Destination")
    if destination is None:
        raise ObjectRefused(412, "Destination header required", kind=PAGE)
    place = _place(destination, "Destination")
    if call.request.headers.get("Destination-Account", call.tenant) != call.tenant:
        raise ObjectRefused(403)
    return _copied(call, (call.container, call.name), place)


def copy_from(call: ObjectCall) -> Response:
    """PUT, with the object to copy in a header."""
    source = _place(call.request.headers["X-Copy-From"], "X-Copy-From")
    if call.request.content_length or call.request.stream.read(1):
        raise ObjectRefused(400, "Copy requests require a zero byte body")
    return _copied(call, source, (call.container, call.name))


def _copied(call: ObjectCall, source: tuple[str, str], to: tuple[str, str]) -> Response:
    with call.state.lock:
        found = call.account.find(*source, call.now)
        held = call.account.containers.get(to[0])
        if found is None or held is None:
            raise ObjectRefused(404)
        made = _changed(call, found)
        held.objects[to[1]] = made
    told = {
        "Etag": made.content.etag,
        "Last-Modified": _http_date(made),
        "X-Copied-From-Account": call.tenant,
        "X-Copied-From": quote("/".join(source)),
        "X-Copied-From-Last-Modified": _http_date(found),
    }
    shown = {key: value for key, value in made.headers.items() if key.startswith(OBJECT.prefix)}
    return done(201, {**told, **shown})


def _changed(call: ObjectCall, found: StoredObject) -> StoredObject:
    """Return the copy, with the new metadata besides the original's."""
    headers = said(call.request, OBJECT)
    if call.request.headers.get("X-Fresh-Metadata", "").lower() != "true":
        headers = {**found.headers, **headers}
    kind = call.request.headers.get("Content-Type") or found.content_type
    made = replace(found, content_type=kind, modified_at=call.now, headers=headers)
    if found.large and call.request.args.get("multipart-manifest") != "get":
        whole = call.account.whole(found, call.now)
        made = replace(made, content=whole, parts=None, dynamic="")
    return made


def _place(sent: str, header: str) -> tuple[str, str]:
    container, _, name = unquote(sent).removeprefix("/").partition("/")
    if not container or not name:
        raise ObjectRefused(412, SHAPE.format(header), kind=PAGE)
    return container, name


def _http_date(stored: StoredObject) -> str:
    return format_datetime(stored.modified_at.replace(microsecond=0), usegmt=True)
