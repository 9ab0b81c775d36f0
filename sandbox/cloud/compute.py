"""
Compute of one region: servers, flavors, snapshots. By the published API, and held to nothing else.

Source: docs.openstack.org, Compute API v2.1. There was no Nova to compare with.
"""

from __future__ import annotations

import uuid
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.cloud.access import may
from sandbox.cloud.answers import as_json, empty
from sandbox.cloud.calls import Call
from sandbox.cloud.contents import Pattern
from sandbox.cloud.errors import Refusal
from sandbox.cloud.state import Json, Region, State, User, stamp

FLAVORS = (
    {"id": "general1-1", "name": "1 GB General Purpose v1", "vcpus": 1, "ram": 1024, "disk": 20},
    {"id": "general1-2", "name": "2 GB General Purpose v1", "vcpus": 2, "ram": 2048, "disk": 40},
    {"id": "general1-8", "name": "8 GB General Purpose v1", "vcpus": 8, "ram": 8192, "disk": 160},
)
SNAPSHOT_SIZE = 3_000_000


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
            _settle_server(server)
        elif image := region.images.get(made_id):
            region.contents[made_id] = Pattern(SNAPSHOT_SIZE)
            image.update(status="active", size=SNAPSHOT_SIZE, updated_at=stamp(now))


def _settle_server(server: Json) -> None:
    server["OS-EXT-STS:task_state"] = None
    if server["status"] == "BUILD":
        server["status"] = "ACTIVE"
        server["addresses"] = {"public": [{"addr": "203.0.113.7", "version": 4}]}


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
            return as_json({"flavors": list(FLAVORS)})
        case ("GET", "servers", "detail"):
            return as_json({"servers": _fitting(call)})
        case ("GET", "servers", server_id):
            return as_json({"server": _server(call, server_id)})
        case ("POST", "servers"):
            return _create(call)
        case ("POST", "servers", server_id, "action"):
            return _act(call, server_id)
    raise Refusal(404, "The resource could not be found.")


def _fitting(call: Call) -> list[Json]:
    name, status = call.request.args.get("name", ""), call.request.args.get("status")
    return [
        server
        for server in call.region.servers.values()
        if server["tenant_id"] == call.user.number
        and name in server["name"]
        and status in (None, server["status"])
    ]


def _server(call: Call, server_id: str) -> Json:
    server = call.region.servers.get(server_id)
    if server is None or server["tenant_id"] != call.user.number:
        raise Refusal(404, f"Instance {server_id} could not be found.")
    return server


def _create(call: Call) -> Response:
    wanted = call.body().get("server") or {}
    for key in ("name", "imageRef", "flavorRef"):
        if not wanted.get(key):
            said = f"Invalid input for field/attribute server. '{key}' is a required property"
            raise Refusal(400, said)
    _must_be_allowed(call)
    image = _image(call, wanted["imageRef"])
    flavor = next((f for f in FLAVORS if f["id"] == wanted["flavorRef"]), None)
    if flavor is None:
        raise Refusal(400, f"Flavor {wanted['flavorRef']} could not be found.")
    if image["min_ram"] > flavor["ram"]:
        raise Refusal(400, "Flavor's memory is too small for requested image.")
    if image["min_disk"] > flavor["disk"]:
        raise Refusal(400, "Flavor's disk is too small for requested image.")
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
        **{"OS-EXT-STS:task_state": "scheduling"},
    )
    call.region.since[server["id"]] = call.state.clock()
    return as_json({"server": {"id": server["id"], "adminPass": "made-up-password"}}, 202)


def _act(call: Call, server_id: str) -> Response:
    wanted = call.body().get("createImage")
    if not isinstance(wanted, dict) or not wanted.get("name"):
        raise Refusal(400, "There is no such action, or it lacks a name")
    _must_be_allowed(call)
    server = _server(call, server_id)
    if server["status"] not in ("ACTIVE", "SHUTOFF") or server["OS-EXT-STS:task_state"]:
        state = server["OS-EXT-STS:task_state"] or server["status"]
        raise Refusal(
            409, f"Cannot 'createImage' instance {server_id} while it is in task_state {state}"
        )
    now = call.state.clock()
    fields = {
        "name": wanted["name"],
        "disk_format": "vhd",
        "container_format": "ovf",
        "image_type": "snapshot",
        "instance_uuid": server_id,
        **(wanted.get("metadata") or {}),
    }
    image = call.state.add_image(call.region, call.user.number, fields)
    server["OS-EXT-STS:task_state"] = "image_snapshot"
    call.region.since |= {image["id"]: now, server_id: now}
    answer = empty(202)
    answer.headers["Location"] = f"{call.request.root_url}images/{image['id']}"
    return answer


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
