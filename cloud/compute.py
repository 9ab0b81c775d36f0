"""
The compute service of one region: Cloud Servers, or any Nova.

There is no Compute service in the tests' own cloud, only a stand-in that keeps to the published
API. Source: docs.openstack.org, Compute API v2.1: Servers, Flavors, Server actions; and
Rackspace's Cloud Servers API v2, which has the same calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Self

from cloud import bodies, paths
from cloud.errors import Forbidden, NotFound
from cloud.filters import server_name
from cloud.models import Open
from cloud.transport import Transport
from cloud.walk import Params, present, walk

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
        vcpus, ram, disk = (bodies.whole(body.get(each)) or 0 for each in ("vcpus", "ram", "disk"))
        return cls(str(body["id"]), bodies.text(body.get("name")), vcpus, ram, disk)


@dataclass(frozen=True)
class Server:
    """A server. Times are aware UTC."""

    id: str
    name: str
    status: ServerStatus
    image_id: str
    """The image it was built from; "" if it was booted from a volume."""
    flavor: str
    """Its flavor's name, or id where the API tells only that."""
    addresses: tuple[str, ...]
    task_state: str
    """The operation in progress, such as `image_snapshot`; "" for none."""
    metadata: Mapping[str, str]
    created_at: datetime
    updated_at: datetime
    fault: str
    """Why it could not be built; "" for nothing."""

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        flavor = bodies.fields(body.get("flavor"))
        return cls(
            id=str(body["id"]),
            name=bodies.text(body.get("name")),
            status=ServerStatus(bodies.text(body.get("status")) or bodies.UNKNOWN.upper()),
            image_id=bodies.text(bodies.fields(body.get("image")).get("id")),
            flavor=bodies.text(flavor.get("original_name") or flavor.get("id")),
            addresses=_addresses(body.get("addresses")),
            task_state=bodies.text(body.get("OS-EXT-STS:task_state")),
            metadata=MappingProxyType(_texts_of(body.get("metadata"))),
            created_at=bodies.moment(body.get("created")),
            updated_at=bodies.moment(body.get("updated") or body.get("created")),
            fault=bodies.text(bodies.fields(body.get("fault")).get("message")),
        )


@dataclass(frozen=True)
class Attached:
    """The attachments of a new server. Compute chooses those that are left out."""

    network_id: str = ""
    keypair: str = ""
    security_group_ids: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        said = {
            "networks": [{"uuid": self.network_id}] if self.network_id else [],
            "key_name": self.keypair,
            # By its id, too: two may have one name.
            "security_groups": [{"name": each} for each in self.security_group_ids],
        }
        return {key: value for key, value in said.items() if value}


NOTHING = Attached()


@dataclass(frozen=True)
class Compute:
    """The servers of the account whose token it is."""

    region: str
    transport: Transport = field(repr=False)

    def servers(self, name: str | None = None) -> Iterator[Server]:
        """
        All servers, or those that are called *name*.

        Raises:
            cloud.errors.NoSuchService: there is no Compute at the address that the catalog names.
        """
        for row in self._rows("servers", () if name is None else server_name(name)):
            server = Server.from_json(row)
            if name in (None, server.name):
                yield server

    def changed(self, since: datetime) -> Iterator[Server]:
        """
        Servers that were made, changed or deleted since then; the deleted ones are DELETED.

        Only this question is answered with deleted servers to who is no administrator, until
        the cloud has cleared them away.
        """
        told = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return map(Server.from_json, self._rows("servers", [("changes-since", told)]))

    def keypairs(self) -> tuple[str, ...]:
        """
        Return the names of the user's key pairs; none if the service has no such list.

        Source: Compute API v2.1, Keypairs.
        """
        try:
            body = self.transport.call("GET", "/os-keypairs")
        except (NotFound, Forbidden):
            return ()
        told = bodies.part(body, "keypairs")
        if isinstance(told, list):
            told = [bodies.fields(row).get("keypair") for row in told]
        return tuple(sorted(row["name"] for row in bodies.rows(told, "key pairs", "name")))

    def server(self, server_id: str) -> Server:
        """
        Raises:
            cloud.errors.NotFound: no such server.
        """
        body = self.transport.call("GET", f"/servers/{paths.segment(server_id)}")
        return Server.from_json(bodies.one(bodies.part(body, "server"), "a server"))

    def flavors(self) -> tuple[Flavor, ...]:
        """
        The sizes that there are, the smallest first.

        Raises:
            cloud.errors.NoSuchService: as servers.
        """
        found = map(Flavor.from_json, self._rows("flavors"))
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
            return bodies.text(bodies.part(bodies.decoded(answer), "image_id"))
        # Before microversion 2.45 the response has only the address of the image.
        return answer.headers.get("Location", "").rstrip("/").rpartition("/")[2]

    def launch(
        self,
        name: str,
        image_id: str,
        flavor_id: str,
        metadata: Mapping[str, str],
        attached: Attached = NOTHING,
    ) -> str:
        """
        Have a server built from an image, and return its id. It answers before it has begun.

        The first administrator's password, which the answer holds, is dropped: who wants one
        sets it by the provider's own page.

        Raises:
            cloud.errors.Invalid: no such image, flavor, network, key pair or security group, or
                the image does not fit the flavor.

            cloud.errors.ChoiceNeeded: there are several networks, and none was named.

            cloud.errors.Forbidden: a quota, or a role too weak.
        """
        wanted = {
            "name": name,
            "imageRef": image_id,
            "flavorRef": flavor_id,
            "metadata": dict(metadata),
            **attached.to_json(),
        }
        body = self.transport.call("POST", "/servers", body={"server": wanted})
        return str(bodies.one(bodies.part(body, "server"), "a server")["id"])

    def _rows(self, what: str, given: Params = ()) -> Iterator[Mapping[str, Any]]:
        def page(more: Params) -> Sequence[Mapping[str, Any]]:
            params = [("limit", str(PAGE)), *given, *more]
            body = self.transport.call("GET", f"/{what}/detail", params=params)
            return bodies.rows(bodies.part(body, what), what)

        with present(SERVICE, self.region):
            yield from walk(page, "id", what)


def _addresses(told: Any) -> tuple[str, ...]:
    """Of all networks."""
    networks = [rows for rows in bodies.fields(told).values() if isinstance(rows, list)]
    found = (bodies.text(bodies.fields(row).get("addr")) for rows in networks for row in rows)
    return tuple(filter(None, found))


def _texts_of(told: Any) -> dict[str, str]:
    return {key: bodies.text(value) for key, value in bodies.fields(told).items()}
