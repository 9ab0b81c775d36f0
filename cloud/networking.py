"""
The networks and security groups of one region: Neutron, of which servers are attached to some.

Source: docs.openstack.org, Networking API v2.0: Networks, Security groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from cloud import bodies
from cloud.transport import Transport
from cloud.walk import Params, present, walk

SERVICE = "network"
PAGE = 1000


@dataclass(frozen=True)
class _Named:
    id: str
    name: str

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        return cls(str(body["id"]), bodies.text(body.get("name")))


class Network(_Named):
    """One that a server may be attached to."""


class SecurityGroup(_Named):
    """Rules of what may reach a server."""


@dataclass(frozen=True)
class Networking:
    """What the account whose token it is may attach servers to."""

    region: str
    project_id: str
    transport: Transport = field(repr=False)

    def networks(self) -> tuple[Network, ...]:
        """
        Those that Compute chooses from: the account's own, and those shared with it.

        An outer network is listed to everybody, and nobody's server may be attached to it.
        Source: nova, network/neutron.py, _get_available_networks.

        Raises:
            cloud.errors.NoSuchService: there is none at the address that the catalog names.
        """
        rows = self._rows("networks", "networks")
        mine = (row for row in rows if row.get("shared") is True or self._own(row))
        return tuple(sorted(map(Network.from_json, mine), key=_by_name))

    def security_groups(self) -> tuple[SecurityGroup, ...]:
        """
        The account's own: for an administrator the service lists those of others, too.

        Raises:
            cloud.errors.NoSuchService: as networks.
        """
        own = filter(self._own, self._rows("security-groups", "security_groups"))
        return tuple(sorted(map(SecurityGroup.from_json, own), key=_by_name))

    def _own(self, row: Mapping[str, Any]) -> bool:
        return bodies.text(row.get("project_id") or row.get("tenant_id")) == self.project_id

    def _rows(self, path: str, what: str) -> Iterator[Mapping[str, Any]]:
        def page(more: Params) -> Sequence[Mapping[str, Any]]:
            params = [("limit", str(PAGE)), *more]
            body = self.transport.call("GET", f"/{path}", params=params)
            return bodies.rows(bodies.part(body, what), what)

        with present(SERVICE, self.region):
            yield from walk(page, "id", what)


def _by_name(each: _Named) -> tuple[str, str]:
    return each.name.casefold(), each.id
