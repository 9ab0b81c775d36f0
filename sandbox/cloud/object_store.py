"""
The object store of one region, by Swift's rules.

Source: docs-cloud-files, storage-api-reference; a Swift of today, measured, for its words.
Bytes are read and written outside the lock: they may take long.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote

from werkzeug.http import parse_range_header
from werkzeug.wrappers import Request, Response

from sandbox.cloud import temp_urls
from sandbox.cloud.answers import empty
from sandbox.cloud.contents import PIECE, Content, Joined, Kept, kept
from sandbox.cloud.object_state import Container, ObjectAccount, Part, StoredObject, tenant_of
from sandbox.cloud.state import Region, State, User

MOST = 5 * 1024**3
"""Bytes in one request."""
LISTED = 10_000
KEYS = {1: "X-Account-Meta-Temp-Url-Key", 2: "X-Account-Meta-Temp-Url-Key-2"}
WRITERS = frozenset({"admin", "member", "object-store:admin", "identity:user-admin"})
_WORDS = {
    400: ("Bad Request", "The server could not comply with the request."),
    401: (
        "Unauthorized",
        "This server could not verify that you are authorized to access the document you "
        "requested.",
    ),
    403: ("Forbidden", "Access was denied to this resource."),
    404: ("Not Found", "The resource could not be found."),
    405: ("Method Not Allowed", "The method is not allowed for this resource."),
    409: ("Conflict", "There was a conflict when trying to complete your request."),
    411: ("Length Required", "Content-Length header required."),
    413: ("Request Entity Too Large", "The body of your request was too large for this server."),
    416: ("Requested Range Not Satisfiable", "The Range requested is not available."),
    422: ("Unprocessable Entity", "Unable to process the contained instructions"),
}


class Refused(Exception):
    """An answer of 400 and above; without a text in Swift's own words."""

    def __init__(self, status: int, text: str = "") -> None:
        super().__init__(status)
        self.status, self.text = status, text

    def answer(self) -> Response:
        if self.text:
            return Response(self.text, self.status, mimetype="text/plain")
        title, words = _WORDS[self.status]
        page = f"<html><h1>{title}</h1><p>{words}</p></html>"
        return Response(page, self.status, mimetype="text/html")


@dataclass(frozen=True)
class Asked:
    """A request to an object store."""

    request: Request
    user: User | None
    region: Region
    state: State
    tenant: str
    container: str
    name: str

    @property
    def account(self) -> ObjectAccount:
        return self.region.stores.setdefault(self.tenant, ObjectAccount())

    def held(self) -> Container:
        found = self.account.containers.get(self.container)
        if found is None:
            raise Refused(404)
        return found

    def stored(self) -> StoredObject:
        found = self.account.find(self.container, self.name, self.state.clock())
        if found is None:
            raise Refused(404)
        return found


def serve(request: Request, state: State, region: Region, below: str) -> Response:
    """Answer what comes after the region's address: `/v1/<tenant>[/<container>[/<object>]]`."""
    token = state.token(request.headers.get("X-Auth-Token"))
    _, tenant, container, name = (*below.removeprefix("/").split("/", 3), "", "", "")[:4]
    user = token.user if token else None
    asked = Asked(request, user, region, state, tenant, unquote(container), unquote(name))
    try:
        _authorize(asked)
        level = "object" if asked.name else "container" if asked.container else "account"
        operation = _OPERATIONS.get((level, request.method))
        if operation is None:
            raise Refused(405)
        return operation(asked)
    except Refused as refused:
        return refused.answer()


def _authorize(asked: Asked) -> None:
    if asked.user is None:
        if not asked.name or not temp_urls.good(
            asked.request, asked.account.keys.values(), asked.state.clock()
        ):
            raise Refused(401)
        return
    if asked.tenant != tenant_of(asked.user.number):
        raise Refused(403)
    if asked.request.method not in ("GET", "HEAD") and not WRITERS & set(asked.user.roles):
        raise Refused(403)


def _list_containers(asked: Asked) -> Response:
    now = asked.state.clock()
    with asked.state.lock:
        rows = [
            {
                "name": name,
                "count": len(held.alive(now)),
                "bytes": sum(stored.content.size for stored in held.alive(now).values()),
            }
            for name, held in sorted(asked.account.containers.items())
        ]
    return _page(asked, rows)


def _head_account(asked: Asked) -> Response:
    answer = empty()
    count = str(len(asked.account.containers))
    answer.headers["X-Account-Container-Count"] = count
    if asked.user and WRITERS & set(asked.user.roles):
        for slot, key in asked.account.keys.items():
            answer.headers[KEYS[slot]] = key
    return answer


def _post_account(asked: Asked) -> Response:
    for slot, header in KEYS.items():
        if header in asked.request.headers:
            asked.account.keys[slot] = asked.request.headers[header]
    return empty()


def _put_container(asked: Asked) -> Response:
    if len(asked.container.encode()) > 256:
        raise Refused(400, f"Container name length of {len(asked.container)} longer than 256")
    with asked.state.lock:
        there = asked.container in asked.account.containers
        asked.account.containers.setdefault(asked.container, Container())
    return empty(202 if there else 201)


def _head_container(asked: Asked) -> Response:
    objects = asked.held().alive(asked.state.clock()).values()
    answer = empty()
    answer.headers["X-Container-Object-Count"] = str(len(objects))
    answer.headers["X-Container-Bytes-Used"] = str(sum(each.content.size for each in objects))
    return answer


def _list_objects(asked: Asked) -> Response:
    rows = [
        {
            "name": name,
            "bytes": stored.content.size,
            "hash": _etag(stored.content),
            "content_type": stored.content_type,
            "last_modified": stored.modified_at.strftime("%Y-%m-%dT%H:%M:%S.%f"),
        }
        for name, stored in asked.held().alive(asked.state.clock()).items()
    ]
    return _page(asked, rows)


def _delete_container(asked: Asked) -> Response:
    if asked.held().alive(asked.state.clock()):
        raise Refused(409)
    del asked.account.containers[asked.container]
    return empty()


def _get_object(asked: Asked) -> Response:
    """Its bytes, or a range of them; HEAD is served alike."""
    stored = asked.stored()
    content = asked.account.whole(stored, asked.state.clock())
    start, stop, status = _range(asked.request, content.size)
    answer = Response(
        content.pieces(start, stop) if asked.request.method == "GET" else (),
        status,
        mimetype=stored.content_type,
    )
    answer.headers.update(_headers(stored, content))
    answer.headers["Content-Length"] = str(stop - start)
    if status == 206:
        answer.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{content.size}"
    return answer


def _put_object(asked: Asked) -> Response:
    held = asked.held()
    request = asked.request
    if request.content_length is None:
        raise Refused(411)
    if request.content_length > MOST:
        raise Refused(413)
    if request.args.get("multipart-manifest") == "put":
        return _put_manifest(asked, held)
    content = Kept(_pieces(request))
    if content.size != request.content_length:
        raise Refused(400)
    if request.headers.get("Etag", content.md5).strip('"') != content.md5:
        raise Refused(422)
    stored = StoredObject(
        content,
        request.headers.get("Content-Type", "application/octet-stream"),
        asked.state.clock(),
        dynamic=request.headers.get("X-Object-Manifest", ""),
        delete_at=_delete_at(asked),
    )
    return _store(asked, held, stored, content.md5)


def _put_manifest(asked: Asked, held: Container) -> Response:
    """A static large object. Each segment must be there, as the manifest says."""
    now = asked.state.clock()
    parts, contents, errors = [], [], []
    for each in _manifest(asked.request):
        container, _, name = str(each["path"]).removeprefix("/").partition("/")
        found = asked.account.find(container, name, now)
        if found is None:
            errors.append(f"{each['path']}, 404 Not Found")
        elif each.get("etag") not in (None, found.content.md5):
            errors.append(f"{each['path']}, Etag Mismatch")
        elif each.get("size_bytes") not in (None, found.content.size):
            errors.append(f"{each['path']}, Size Mismatch")
        else:
            parts.append(Part(container, name))
            contents.append(found.content)
    if errors:
        raise Refused(400, "Errors:\n" + "\n".join(errors))
    kind = asked.request.headers.get("Content-Type", "application/octet-stream")
    whole = Joined(contents)
    return _store(asked, held, StoredObject(whole, kind, now, tuple(parts)), f'"{whole.etag}"')


def _delete_object(asked: Asked) -> Response:
    stored = asked.stored()
    with asked.state.lock:
        if asked.request.args.get("multipart-manifest") == "delete":
            for part in stored.parts:
                asked.account.containers[part.container].objects.pop(part.name, None)
            asked.held().objects.pop(asked.name, None)
            body = {"Number Deleted": len(stored.parts) + 1, "Response Status": "200 OK"}
            return Response(json.dumps(body), 200, mimetype="application/json")
        asked.held().objects.pop(asked.name, None)
    return empty()


_OPERATIONS: dict[tuple[str, str], Callable[[Asked], Response]] = {
    ("account", "GET"): _list_containers,
    ("account", "HEAD"): _head_account,
    ("account", "POST"): _post_account,
    ("container", "GET"): _list_objects,
    ("container", "HEAD"): _head_container,
    ("container", "PUT"): _put_container,
    ("container", "DELETE"): _delete_container,
    ("object", "GET"): _get_object,
    ("object", "HEAD"): _get_object,
    ("object", "PUT"): _put_object,
    ("object", "DELETE"): _delete_object,
}


def add_object(
    region: Region, state: State, number: str, container: str, name: str, content: Content
) -> None:
    """An object past the API, and its container if need be."""
    with state.lock:
        account = region.stores.setdefault(tenant_of(number), ObjectAccount())
        held = account.containers.setdefault(container, Container())
        held.objects[name] = StoredObject(content, "application/octet-stream", state.clock())


def add_dynamic_object(
    region: Region, state: State, number: str, container: str, name: str, content: Content
) -> None:
    """As Rackspace's export writes one: a manifest of 0 bytes, and its segments beside it."""
    add_object(region, state, number, container, f"{name}-0001", content)
    held = region.stores[tenant_of(number)].containers[container]
    kind, now = "application/octet-stream", state.clock()
    with state.lock:
        held.objects[name] = StoredObject(kept(b""), kind, now, dynamic=f"{container}/{name}-")


def _store(asked: Asked, held: Container, stored: StoredObject, etag: str) -> Response:
    with asked.state.lock:
        held.objects[asked.name] = stored
    answer = empty(201)
    answer.headers["Etag"] = etag
    return answer


def _page(asked: Asked, rows: list[dict[str, Any]]) -> Response:
    """Names after the marker that begin with the prefix, as JSON or a name a line."""
    args = asked.request.args
    limit = min(int(args.get("limit", LISTED)), LISTED)
    prefix, marker = args.get("prefix", ""), args.get("marker", "")
    fitting = [r for r in rows if r["name"].startswith(prefix) and r["name"] > marker][:limit]
    if args.get("format") == "json" or "json" in asked.request.headers.get("Accept", ""):
        return Response(json.dumps(fitting), 200, mimetype="application/json")
    if not fitting:
        return empty()
    text = "".join(f"{row['name']}\n" for row in fitting)
    return Response(text, 200, mimetype="text/plain")


def _headers(stored: StoredObject, content: Content) -> dict[str, str]:
    quoted = f'"{_etag(content)}"' if isinstance(content, Joined) else _etag(content)
    headers = {
        "Etag": quoted,
        "Last-Modified": format_datetime(stored.modified_at.replace(microsecond=0), usegmt=True),
        "Accept-Ranges": "bytes",
    }
    if stored.parts:
        headers["X-Static-Large-Object"] = "True"
    if stored.dynamic:
        headers["X-Object-Manifest"] = stored.dynamic
    return headers


def _etag(content: Content) -> str:
    return content.etag if isinstance(content, Joined) else content.md5


def _range(request: Request, size: int) -> tuple[int, int, int]:
    """First byte, the one after the last, and the status."""
    asked = parse_range_header(request.headers.get("Range"))
    if asked is None:
        return 0, size, 200
    found = asked.range_for_length(size)
    if found is None:
        raise Refused(416)
    return found[0] or 0, found[1] or size, 206


def _pieces(request: Request) -> Iterator[bytes]:
    while piece := request.stream.read(PIECE):
        yield piece


def _manifest(request: Request) -> list[dict[str, Any]]:
    try:
        manifest: list[dict[str, Any]] = json.loads(request.get_data())
    except ValueError:
        raise Refused(400, "Manifest must be valid JSON.\n") from None
    if not manifest or not all("path" in each for each in manifest):
        raise Refused(400, "Manifest must have at least one segment.\n")
    return manifest


def _delete_at(asked: Asked) -> Any:
    after = asked.request.headers.get("X-Delete-After")
    if after is None:
        return None
    if not after.isdigit() or int(after) == 0:
        raise Refused(400, "Non-integer X-Delete-After")
    return asked.state.clock() + timedelta(seconds=int(after))
