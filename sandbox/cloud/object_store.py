"""
The object store of one region, by Swift's rules: who may, and what answers.

Source: docs-cloud-files, storage-api-reference; a Swift of today, measured, for its words.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from werkzeug.wrappers import Request, Response

from sandbox.cloud import bulk_delete, containers, object_acl, object_copies, objects, temp_urls
from sandbox.cloud.contents import Content, Slice, kept
from sandbox.cloud.object_answers import PAGE, ObjectRefused
from sandbox.cloud.object_calls import ObjectCall
from sandbox.cloud.object_state import Container, ObjectAccount, StoredObject, tenant_of
from sandbox.cloud.state import Region, State

SEGMENT = 125 * 1000 * 1000
"""Bytes of each segment that Rackspace's export writes."""

_OPERATIONS: dict[str, dict[str, Callable[[ObjectCall], Response]]] = {
    "account": {
        "POST": containers.post_account,
        "HEAD": containers.head_account,
        "GET": containers.list_containers,
    },
    "container": {
        "PUT": containers.put_container,
        "POST": containers.post_container,
        "HEAD": containers.head_container,
        "GET": containers.list_objects,
        "DELETE": containers.delete_container,
    },
    "object": {
        "PUT": objects.put_object,
        "POST": objects.post_object,
        "HEAD": objects.get_object,
        "GET": objects.get_object,
        "DELETE": objects.delete_object,
        "COPY": object_copies.copy_object,
    },
}


def serve(
    request: Request, state: State, region: Region, below: str, auth_url: str = ""
) -> Response:
    """Answer what comes after the region's address: `/v1/<tenant>[/<container>[/<object>]]`."""
    token = state.token(request.headers.get("X-Auth-Token"))
    _, tenant, container, name = (*below.removeprefix("/").split("/", 3), "", "", "")[:4]
    user = token.user if token else None
    call = ObjectCall(request, user, region, state, tenant, unquote(container), unquote(name))
    try:
        signed = _authorize(call, auth_url)
        answer = _operation(call)(call)
        return temp_urls.named(call, answer) if signed else answer
    except ObjectRefused as refused:
        return refused.answer()


def add_object(
    region: Region, state: State, number: str, container: str, name: str, stored: StoredObject
) -> None:
    """An object past the API, and its container if need be."""
    with state.lock:
        account = region.stores.setdefault(tenant_of(number), ObjectAccount())
        held = account.containers.setdefault(container, Container(state.clock()))
        held.objects[name] = stored


def add_dynamic_object(
    region: Region, state: State, number: str, container: str, name: str, content: Content
) -> None:
    """As Rackspace's export writes one: a manifest of 0 bytes, and its segments beside it."""
    now, kind = state.clock(), objects.PLAIN
    for index, start in enumerate(range(0, content.size, SEGMENT), 1):
        part = StoredObject(Slice(content, start, start + SEGMENT), kind, now)
        add_object(region, state, number, container, f"{name}-{index:04}", part)
    manifest = StoredObject(kept(b""), kind, now, dynamic=f"{container}/{name}-")
    add_object(region, state, number, container, name, manifest)


def _operation(call: ObjectCall) -> Callable[[ObjectCall], Response]:
    if _is_bulk(call.request):
        return bulk_delete.delete_all
    level = "object" if call.name else "container" if call.container else "account"
    known = _OPERATIONS[level]
    if call.request.method not in known:
        raise ObjectRefused(405, headers={"Allow": ", ".join([*known, "OPTIONS"])})
    return known[call.request.method]


def _authorize(call: ObjectCall, auth_url: str) -> bool:
    """Whether it is by a temporary URL, which decides even if there is a token as well."""
    if "\ufffd" in call.container + call.name:
        raise ObjectRefused(412, "Invalid UTF8 or contains NULL", kind=PAGE)
    if temp_urls.is_one(call.request):
        temp_urls.check(call)
        return True
    if _may(call):
        return False
    if call.user is None:
        raise ObjectRefused(401, headers={"WWW-Authenticate": f'Keystone uri="{auth_url}"'})
    raise ObjectRefused(403)


def _may(call: ObjectCall) -> bool:
    looks = call.request.method in ("GET", "HEAD")
    own = call.user is not None and call.tenant == tenant_of(call.user.number)
    if own and (call.writes or (call.reads and looks) or _is_bulk(call.request)):
        return True
    return object_acl.lets_in(call)


def _is_bulk(request: Request) -> bool:
    """What may not be deleted is then told line by line."""
    return "bulk-delete" in request.args and request.method in ("POST", "DELETE")
