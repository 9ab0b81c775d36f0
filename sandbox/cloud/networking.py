"""
Networking of one region: networks and security groups. By the published API, and read only.

Source: docs.openstack.org, Networking API v2.0. There was no Neutron to compare with.
"""

from __future__ import annotations

import uuid
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.cloud.answers import as_json
from sandbox.cloud.state import Json, Region, User


def serve(request: Request, region: Region, user: User, below: str) -> Response:
    """Answer what comes after the version."""
    match (request.method, below):
        case ("GET", "networks"):
            seen = [n for n in region.networks if _seen(n, user)]
            return as_json({"networks": _page(request, seen)})
        case ("GET", "security-groups"):
            return as_json({"security_groups": _page(request, groups(region, user.number))})
    fault = {"type": "HTTPNotFound", "message": "The resource could not be found.", "detail": ""}
    return as_json({"NeutronError": fault}, 404)


def versions(address: str) -> Response:
    version = {
        "id": "v2.0",
        "status": "CURRENT",
        "links": [{"rel": "self", "href": f"{address}/v2.0/"}],
    }
    return as_json({"versions": [version]})


def add_network(region: Region, number: str, *, name: str, **fields: Any) -> Json:
    network = {
        "id": str(uuid.uuid4()),
        "name": name,
        "project_id": number,
        "tenant_id": number,
        "status": "ACTIVE",
        "admin_state_up": True,
        "shared": False,
        "router:external": False,
        "subnets": [],
        **fields,
    }
    region.networks.append(network)
    return network


def add_group(region: Region, number: str, *, name: str) -> Json:
    group = {
        "id": str(uuid.uuid4()),
        "name": name,
        "description": "",
        "project_id": number,
        "tenant_id": number,
        "security_group_rules": [],
    }
    region.security_groups.append(group)
    return group


def groups(region: Region, number: str) -> list[Json]:
    """A project's own, of which there is always one called `default`."""
    own = [group for group in region.security_groups if group["project_id"] == number]
    return own if any(g["name"] == "default" for g in own) else [*own, _default(region, number)]


def attachable(region: Region, number: str) -> list[Json]:
    """From which Compute chooses: a project's own, and those shared."""
    return [n for n in region.networks if n["shared"] or n["project_id"] == number]


def _default(region: Region, number: str) -> Json:
    return add_group(region, number, name="default")


def _seen(network: Json, user: User) -> bool:
    return user.number == network["project_id"] or any(
        network[each] is True for each in ("shared", "router:external")
    )


def _page(request: Request, rows: list[Json]) -> list[Json]:
    rows = sorted(rows, key=lambda row: str(row["id"]))
    marker = request.args.get("marker", "")
    rest = [row for row in rows if str(row["id"]) > marker]
    limit = request.args.get("limit", "")
    return rest[: int(limit)] if limit.isdigit() else rest
