"""
The servers of one region: Cloud Servers, or any Nova.

There is no Compute service in the tests' own cloud, only a stand-in that keeps to the published
API. Source: docs.openstack.org, Compute API v2.1: Servers, Flavors, Server actions; and
Rackspace's Cloud Servers API v2, which has the same calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self

from cloud import bodies, paths
from cloud.models import Open, moment
from cloud.transport import Transport

SERVICE = "compute"
PAGE = 1000


class ServerStatus(Open):
    """Where a server is in its life."""

    BUILD = "BUILD"
    ACTIVE = "ACTIVE"
    ERROR = "ERROR"
    SHUTOFF = "SHUTOFF"
    DELETED = "DELETED"


@dataclass(frozen=True)
class Flavor:
    """A size of server."""

    id: str
    name: str
    vcpus: int
    ram: int
    """MB."""
    disk: int
    """GB."""

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        return cls(str(body["id"]), body["name"], body["vcpus"], body["ram"], body["disk"])


@dataclass(frozen=True)
class Server:
    """A server. Times are aware UTC."""

    id: str
    name: str
    status: ServerStatus
    image_id: str
    """What it was built from; "" if it was booted from a volume."""
    flavor: str
    """Its flavor's name, or id where the API tells only that."""
    addresses: tuple[str, ...]
    task_state: str
    """What is being done to it, such as `image_snapshot`; "" for nothing."""
    metadata: Mapping[str, str]
    created_at: datetime
    updated_at: datetime
    fault: str
    """Why it could not be built; "" for nothing."""

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        image, flavor = body.get("image") or {}, body.get("flavor") or {}
        return cls(
            id=body["id"],
            name=body["name"],
            status=ServerStatus(body["status"]),
            image_id=image.get("id", ""),
            flavor=str(flavor.get("original_name") or flavor.get("id") or ""),
            addresses=tuple(
                each["addr"] for network in body.get("addresses", {}).values() for each in network
            ),
            task_state=body.get("OS-EXT-STS:task_state") or "",
            metadata=MappingProxyType(dict(body.get("metadata") or {})),
            created_at=moment(body["created"]),
            updated_at=moment(body["updated"]),
            fault=(body.get("fault") or {}).get("message", ""),
        )


@dataclass(frozen=True)
class Compute:
    """The servers of the account whose token it is."""

    region: str
    transport: Transport = field(repr=False)

    def servers(self, **filters: str) -> Iterator[Server]:
        """
        Args:
            filters: such as `name` (a regular expression of the service) or `status`.
        """
        params = [("limit", str(PAGE)), *filters.items()]
        for row in self._rows("/servers/detail", "servers", params):
            yield bodies.read(Server.from_json, row, "a server")

    def server(self, server_id: str) -> Server:
        """
        Raises:
            cloud.errors.NotFound: no such server.
        """
        body = self.transport.call("GET", f"/servers/{paths.segment(server_id)}")
        return bodies.read(Server.from_json, bodies.part(body, "server"), "a server")

    def flavors(self) -> tuple[Flavor, ...]:
        """The sizes that there are, the smallest first."""
        rows = self._rows("/flavors/detail", "flavors", [("limit", str(PAGE))])
        found = (bodies.read(Flavor.from_json, row, "a flavor") for row in rows)
        return tuple(sorted(found, key=lambda f: (f.ram, f.vcpus, f.disk, f.name)))

    def snapshot(self, server_id: str, name: str, metadata: Mapping[str, str]) -> str:
        """
        Have an image made of a server, and return its id, or "" where the API does not tell it.

        It answers before it has begun. The image has *metadata* among its properties.

        Raises:
            cloud.errors.Conflict: the server is in a state, or in work, that allows none.

            cloud.errors.NotFound: no such server.
        """
        body = {"createImage": {"name": name, "metadata": dict(metadata)}}
        path = f"/servers/{paths.segment(server_id)}/action"
        answer = self.transport.ask("POST", path, body=body)
        if answer.content:
            return str(bodies.part(bodies.decoded(answer), "image_id"))
        # Before microversion 2.45 only the address of the image is told.
        return answer.headers.get("Location", "").rstrip("/").rpartition("/")[2]

    def launch(
        self, name: str, image_id: str, flavor_id: str, metadata: Mapping[str, str]
    ) -> Server:
        """
        Build a server from an image. It answers before it has begun.

        The first administrator's password, which the answer holds, is dropped: who wants one
        sets it by the provider's own page.

        Raises:
            cloud.errors.Invalid: no such image or flavor, or the image does not fit the flavor.

            cloud.errors.Forbidden: a quota, or a role too weak.
        """
        wanted = {
            "name": name,
            "imageRef": image_id,
            "flavorRef": flavor_id,
            "metadata": dict(metadata),
        }
        body = self.transport.call("POST", "/servers", body={"server": wanted})
        return self.server(str(bodies.part(bodies.part(body, "server"), "id")))

    def _rows(
        self, path: str, what: str, params: list[tuple[str, str]]
    ) -> Iterator[Mapping[str, Any]]:
        marker: str | None = None
        while True:
            more = [("marker", marker)] if marker else []
            body = self.transport.call("GET", path, params=[*params, *more])
            rows = bodies.rows(body, what)
            yield from rows
            if not rows or f"{what}_links" not in body or rows[-1]["id"] == marker:
                return
            marker = rows[-1]["id"]
