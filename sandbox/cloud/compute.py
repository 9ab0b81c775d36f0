"""
Compute of one region: servers, flavors, snapshots. By the published API, and held to nothing else.

Source: docs.openstack.org, Compute API v2.1, and nova's own source for its words. There was no
Nova to compare with.
"""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from sandbox.cloud import compute_schema, networking
from sandbox.cloud.access import may
from sandbox.cloud.answers import as_json, empty
from sandbox.cloud.calls import Call
from sandbox.cloud.contents import Pattern
from sandbox.cloud.errors import Refusal
from sandbox.cloud.rackspace_tasks import OPTIONS
from sandbox.cloud.state import Json, Region, State, User, stamp

FLAVORS = (
    {"id": "general1-1", "name": "1 GB General Purpose v1", "vcpus": 1, "ram": 1024, "disk": 20},
    {"id": "general1-2", "name": "2 GB General Purpose v1", "vcpus": 2, "ram": 2048, "disk": 40},
    {"id": "general1-8", "name": "8 GB General Purpose v1", "vcpus": 8, "ram": 8192, "disk": 160},
)
SNAPSHOT_SIZE = 3_000_000
DELETED = "DELETED"
ADDRESS = {"addr": "203.0.113.7", "version": 4}
LISTED = 1000
"""Rows in one answer at most."""


def serve(request: Request, state: State, region: Region, user: User, below: str) -> Response:
    """Answer what comes after the account's address."""
    call = Call(request, user, region, state)
    with state.lock:
        settle(region, state)
        try:
            return _answer(call, tuple(part for part in below.split("/") if part))
        except Refusal as refusal:
            kind = _FAULTS.get(refusal.status, "computeFault")
            fault = {"code": refusal.status, "message": refusal.message}
            return as_json({kind: fault}, refusal.status)


def settle(region: Region, state: State) -> None:
    """What was building is built, and what was being made an image of is one."""
    now = state.clock()
    for made_id, since in list(region.since.items()):
        if now - since < state.task_time:
            continue
        del region.since[made_id]
        if server := region.servers.get(made_id):
            _settle_server(region, server)
        elif image := region.images.get(made_id):
            region.contents[made_id] = Pattern(SNAPSHOT_SIZE)
            image.update(status="active", size=SNAPSHOT_SIZE, updated_at=stamp(now))


def _settle_server(region: Region, server: Json) -> None:
    server["OS-EXT-STS:task_state"] = None
    if server["status"] == "BUILD":
        server["status"] = "ACTIVE"
        networks = region.attached.pop(server["id"], ())
        server["addresses"] = {name: [ADDRESS] for name in networks or ["public"]}


def add_server(region: Region, state: State, number: str, **fields: Any) -> Json:
    server_id, now = str(uuid.uuid4()), state.clock()
    server = {
        "id": server_id,
        "name": "server",
        "status": "ACTIVE",
        "tenant_id": number,
        "user_id": "user",
        "image": {"id": str(uuid.uuid4())},
        "flavor": {"id": FLAVORS[0]["id"]},
        "addresses": {"public": [{"addr": "203.0.113.5", "version": 4}]},
        "metadata": {},
        "created": stamp(now),
        "updated": stamp(now),
        "OS-EXT-STS:task_state": None,
        **fields,
    }
    region.servers[server_id] = server
    return server


def _answer(call: Call, path: tuple[str, ...]) -> Response:
    match (call.request.method, *path):
        case ("GET", "flavors", "detail"):
            return _page(call, "flavors", [dict(flavor) for flavor in FLAVORS])
        case ("GET", "os-keypairs"):
            return as_json({"keypairs": _keypairs(call)})
        case ("GET", "servers", "detail"):
            return _page(call, "servers", _fitting(call))
        case ("GET", "servers", server_id):
            return as_json({"server": _server(call, server_id)})
        case ("POST", "servers"):
            return _create(call)
        case ("DELETE", "servers", server_id):
            _must_be_allowed(call)
            delete(call.region, call.state, _server(call, server_id)["id"])
            return empty(204)
        case ("POST", "servers", server_id, "action"):
            return _act(call, server_id)
    raise Refusal(404, "The resource could not be found.")


def delete(region: Region, state: State, server_id: str) -> None:
    """It stays in the database, and is shown to who asks for what has changed."""
    region.since.pop(server_id, None)
    region.servers[server_id] |= {"status": DELETED, "updated": stamp(state.clock())}


def _keypairs(call: Call) -> list[Json]:
    """Those of the user, not of the project."""
    names = call.region.keypairs.get(call.user.name, [])
    return [
        {"keypair": {"name": n, "public_key": "ssh-rsa AAAA", "fingerprint": ""}} for n in names
    ]


def _page(call: Call, what: str, rows: list[Json]) -> Response:
    """After the marker, at most as many as asked for, with a link while there may be more."""
    limit = _number(call.request.args.get("limit", str(LISTED)))
    marker = call.request.args.get("marker")
    ids = [row["id"] for row in rows]
    if marker is not None and marker not in ids:
        raise Refusal(400, f"marker [{marker}] not found")
    rest = rows[ids.index(marker) + 1 :] if marker else rows
    body: Json = {what: rest[:limit]}
    if len(rest) > limit > 0:
        args = {**call.request.args.to_dict(), "marker": rest[limit - 1]["id"]}
        address = f"{call.request.base_url}?{urlencode(args)}"
        body[f"{what}_links"] = [{"rel": "next", "href": address}]
    return as_json(body)


def _number(sent: str) -> int:
    if not sent.isdigit():
        said = f"Invalid input for query parameters limit. Value: {sent}. "
        raise Refusal(400, f"{said}{sent!r} does not match '^[0-9]*$'")
    return min(int(sent), LISTED)


def _fitting(call: Call) -> list[Json]:
    """Newest first. A name is a regular expression, as the database understands it."""
    name = _regex(call.request.args.get("name", ""))
    status = call.request.args.get("status", "").upper()
    since = _moment(call.request.args.get("changes-since", ""))
    found = [
        server
        for server in call.region.servers.values()
        if server["tenant_id"] == call.user.number
        and name.search(server["name"])
        and status in ("", server["status"])
        and (server["status"] != DELETED if since is None else server["updated"] >= since)
    ]
    return sorted(found, key=lambda server: str(server["created"]), reverse=True)


def _regex(sent: str) -> re.Pattern[str]:
    try:
        return re.compile(sent)
    except re.error:
        said = f"Invalid input for query parameters name. Value: {sent}. "
        raise Refusal(400, f"{said}{sent!r} is not a 'regex'") from None


def _moment(sent: str) -> str | None:
    """As the rows tell their times; None if none was sent."""
    if not sent:
        return None
    try:
        return stamp(datetime.fromisoformat(sent))
    except ValueError:
        said = f"Invalid input for query parameters changes-since. Value: {sent}. "
        raise Refusal(400, f"{said}{sent!r} is not a 'date-time'") from None


def _server(call: Call, server_id: str) -> Json:
    server = call.region.servers.get(server_id)
    if server is None or server["status"] == DELETED or server["tenant_id"] != call.user.number:
        raise Refusal(404, f"Instance {server_id} could not be found.")
    return server


def _create(call: Call) -> Response:
    required = ("name", "flavorRef")
    wanted = compute_schema.part(call.body(), "server", compute_schema.OF_SERVER, required)
    if not wanted.get("imageRef"):
        raise Refusal(400, "Missing imageRef attribute")
    _must_be_allowed(call)
    image = _image(call, wanted["imageRef"])
    flavor = next((f for f in FLAVORS if f["id"] == wanted["flavorRef"]), None)
    if flavor is None:
        raise Refusal(400, "Invalid flavorRef provided.")
    if image["min_ram"] > flavor["ram"]:
        raise Refusal(400, "Flavor's memory is too small for requested image.")
    if image["min_disk"] > flavor["disk"]:
        raise Refusal(400, "Flavor's disk is too small for requested image.")
    addresses = _addresses_in(call, wanted)
    server = add_server(
        call.region,
        call.state,
        call.user.number,
        name=wanted["name"],
        status="BUILD",
        image={"id": image["id"]},
        flavor={"id": flavor["id"]},
        addresses={},
        metadata=dict(wanted.get("metadata") or {}),
        key_name=wanted.get("key_name"),
        security_groups=wanted.get("security_groups") or [{"name": "default"}],
        **{"OS-EXT-STS:task_state": "scheduling"},
    )
    call.region.since[server["id"]] = call.state.clock()
    call.region.attached[server["id"]] = addresses
    return as_json({"server": {"id": server["id"], "adminPass": "made-up-password"}}, 202)


def _addresses_in(call: Call, wanted: Json) -> list[str]:
    """Names of the networks that it gets an address in, by nova's network/neutron.py."""
    there = {n["id"]: n["name"] for n in networking.attachable(call.region, call.user.number)}
    asked = [row.get("uuid") for row in wanted.get("networks") or []]
    if missing := [each for each in asked if each not in there]:
        raise Refusal(400, f"Network {missing[0]} could not be found.")
    if not asked and len(there) > 1:
        said = "Multiple possible networks found, use a Network ID to be more specific."
        raise Refusal(409, said)
    if wanted.get("key_name") not in (None, *call.region.keypairs.get(call.user.name, [])):
        raise Refusal(400, "Invalid key_name provided.")
    _check_groups(call, wanted)
    return [there[each] for each in asked or there]


def _check_groups(call: Call, wanted: Json) -> None:
    own = networking.groups(call.region, call.user.number)
    for row in wanted.get("security_groups") or []:
        found = [group for group in own if row["name"] in (group["id"], group["name"])]
        if not found:
            said = f"Security group {row['name']} not found for project {call.user.number}."
            raise Refusal(400, said)
        if len(found) > 1:
            said = f"Multiple security groups found matching '{row['name']}'. Use an ID to be "
            raise Refusal(409, f"{said}more specific.")


def _act(call: Call, server_id: str) -> Response:
    """Of all actions only createImage; it answers before it has begun."""
    body = call.body()
    if not isinstance(body, dict) or "createImage" not in body:
        raise Refusal(400, "There is no such action")
    wanted = compute_schema.part(body, "createImage", compute_schema.OF_IMAGE, ("name",))
    _must_be_allowed(call)
    server = _server(call, server_id)
    _must_be_idle(server)
    now = call.state.clock()
    image = call.state.add_image(call.region, call.user.number, _of_snapshot(call, server, wanted))
    server["OS-EXT-STS:task_state"] = "image_snapshot"
    call.region.since |= {image["id"]: now, server_id: now}
    answer = empty(202)
    answer.headers["Location"] = f"{call.request.root_url}images/{image['id']}"
    return answer


def _must_be_idle(server: Json) -> None:
    said = f"Cannot 'createImage' instance {server['id']} while it is in"
    if server["status"] not in ("ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED"):
        raise Refusal(409, f"{said} vm_state {server['status'].lower()}")
    if server["OS-EXT-STS:task_state"]:
        raise Refusal(409, f"{said} task_state {server['OS-EXT-STS:task_state']}")


def _of_snapshot(call: Call, server: Json, wanted: Json) -> Json:
    """Fields of a snapshot, which has the licence of what the server was built from."""
    base_id = str((server["image"] or {}).get("id", ""))
    base = call.region.images.get(base_id, {})
    licence = {OPTIONS: base[OPTIONS]} if OPTIONS in base else {}
    return {
        "name": wanted["name"],
        "disk_format": "vhd",
        "container_format": "ovf",
        "image_type": "snapshot",
        "instance_uuid": server["id"],
        "base_image_ref": base_id,
        **licence,
        **(wanted.get("metadata") or {}),
    }


def _image(call: Call, image_id: str) -> Json:
    try:
        image = call.image(image_id)
    except Refusal:
        raise Refusal(400, "Can not find requested image") from None
    if image["status"] != "active":
        raise Refusal(400, f"Image {image_id} is not active.")
    return image


def _must_be_allowed(call: Call) -> None:
    if not may(call.user.roles, "create_server"):
        raise Refusal(403, "Policy doesn't allow this action to be performed.")


_FAULTS = {400: "badRequest", 403: "forbidden", 404: "itemNotFound", 409: "conflictingRequest"}
