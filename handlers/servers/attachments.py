"""What a new server is attached to: its network, key pair and security groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from cloud import Connection, Network, SecurityGroup
from cloud.errors import Forbidden, NoSuchService
from handlers.servers.errors import NetworkNeeded, NoSuchAttachment

T = TypeVar("T", Network, SecurityGroup)


@dataclass(frozen=True)
class Attachable:
    """The networks, key pairs and security groups of one region."""

    networks: tuple[Network, ...] = ()
    keypairs: tuple[str, ...] = ()
    groups: tuple[SecurityGroup, ...] = ()


@dataclass(frozen=True)
class Attachments:
    """The chosen attachments; the cloud chooses the others."""

    network: Network | None = None
    keypair: str = ""
    groups: tuple[SecurityGroup, ...] = ()

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """Each with its label, as people and approvers read them."""
        groups = ", ".join(group.name or group.id for group in self.groups)
        network = self.network.name or self.network.id if self.network else ""
        said = (("network", network), ("key pair", self.keypair), ("security groups", groups))
        return tuple((label, value) for label, value in said if value)

    @property
    def ids(self) -> tuple[str, ...]:
        """As a button carries them; see `choose`."""
        if self == Attachments():
            return ()
        network = self.network.id if self.network else ""
        return network, self.keypair, *(group.id for group in self.groups)


def attachable(connection: Connection, region: str) -> Attachable:
    """
    Read what there is. A cloud without a networking service has no networks to choose from.

    Raises:
        cloud.errors.CloudError: a service does not answer.
    """
    keypairs = connection.compute(region).keypairs()
    with suppress(NoSuchService, Forbidden):
        networking = connection.networking(region)
        return Attachable(networking.networks(), keypairs, networking.security_groups())
    return Attachable(keypairs=keypairs)


def choose(
    there: Attachable, region: str, network: str = "", keypair: str = "", *groups: str
) -> Attachments:
    """
    Find what was named by id or name; the only network, if none was named.

    Raises:
        NetworkNeeded: there are several networks, and none was named.

        NoSuchAttachment: one is not there, or several have that name.
    """
    if keypair and keypair not in there.keypairs:
        raise NoSuchAttachment("key pair", keypair, region, there.keypairs)
    found = [_named("security group", word, region, there.groups) for word in groups]
    return Attachments(_network(there, region, network), keypair, tuple(dict.fromkeys(found)))


def _network(there: Attachable, region: str, word: str) -> Network | None:
    if word:
        return _named("network", word, region, there.networks)
    if len(there.networks) > 1:
        raise NetworkNeeded(region, [each.name or each.id for each in there.networks])
    return next(iter(there.networks), None)


def _named(kind: str, word: str, region: str, known: Sequence[T]) -> T:
    fits: tuple[Callable[[T], bool], ...] = (
        lambda each: each.id == word,
        lambda each: each.name == word,
        lambda each: each.name.casefold() == word.casefold(),
    )
    for fit in fits:
        found = [each for each in known if fit(each)]
        if len(found) == 1:
            return found[0]
        if found:
            raise NoSuchAttachment(kind, word, region, [each.id for each in found], several=True)
    raise NoSuchAttachment(kind, word, region, [each.name or each.id for each in known])
