"""
Plans of transfers, fixed when they begin.

A plan holds all that the steps need, so that they never ask the person again. What the steps learn
is kept apart, in the transfer's memory. A plan holds no secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from cloud import Way
from handlers.core.errors import UserError
from storage import Kind


class UnreadablePlan(UserError):
    """A transfer's plan can no longer be read from the database."""


@dataclass(frozen=True)
class _Plan:
    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave: lists become tuples, unknown keys are ignored."""
        known = {field.name for field in fields(cls)}
        values = {key: value for key, value in body.items() if key in known}
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class ExportPlan(_Plan):
    """An image, into a container of the same region."""

    image_id: str
    image_name: str
    size: int
    """Bytes."""
    container: str
    way: Way
    object: str
    """The name it gets there: `<image id>.vhd` where the provider exports, which is its choice."""
    checksum: str = ""
    """MD5 of the image's data, as the API tells it; "" where it does not."""
    hash_algo: str = ""
    hash_value: str = ""


@dataclass(frozen=True)
class ImportPlan(_Plan):
    """An object, as a new image of the same region."""

    container: str
    object: str
    name: str
    way: Way
    image_id: str
    """The new image's id, chosen beforehand so that it is made once; "" where the provider
    chooses it."""
    size: int = 0
    disk_format: str = "vhd"
    container_format: str = "ovf"


@dataclass(frozen=True)
class CopyPlan(_Plan):
    """An image of one region, as a new image of another region of the same account."""

    image_id: str
    image_name: str
    size: int
    source_region: str
    target_region: str
    container: str
    """Intermediate container, of the same name in both regions."""
    exports: Way
    imports: Way
    new_image_id: str
    """As in ImportPlan."""
    object: str
    fields: Mapping[str, Any]
    """Of the new image: its own properties, tags, min_disk, min_ram, protected."""
    disk_format: str
    container_format: str
    shares: tuple[str, ...] = ()
    """Account numbers to share the new image with."""
    checksum: str = ""
    hash_algo: str = ""
    hash_value: str = ""


@dataclass(frozen=True)
class SnapshotPlan(_Plan):
    """A server, as a new image."""

    server_id: str
    server_name: str
    name: str


@dataclass(frozen=True)
class LaunchPlan(_Plan):
    """An image, as a new server."""

    image_id: str
    image_name: str
    name: str
    flavor_id: str
    flavor_name: str
    network_id: str = ""
    keypair: str = ""
    security_group_ids: tuple[str, ...] = ()


Plan = ExportPlan | ImportPlan | CopyPlan | SnapshotPlan | LaunchPlan

PLANS: Mapping[Kind, type[Plan]] = {
    Kind.EXPORT: ExportPlan,
    Kind.IMPORT: ImportPlan,
    Kind.COPY: CopyPlan,
    Kind.SNAPSHOT: SnapshotPlan,
    Kind.LAUNCH: LaunchPlan,
}


def plan_of(kind: Kind, body: Mapping[str, Any]) -> Plan:
    """
    Raises:
        UnreadablePlan: the database no longer holds what was asked for.
    """
    try:
        return PLANS[kind].from_json(body)
    except (TypeError, ValueError) as error:
        raise UnreadablePlan from error
