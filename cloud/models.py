"""
The Images API's resources, as frozen values.

An `Image` keeps the API's own JSON and reads it when asked: a listing of 10,000
images costs little more than its JSON, and what no one foresaw (properties,
statuses) survives.

Source: api-docs/getting-started/concepts.rst of Rackspace's Cloud Images guide,
and the answers of a Glance of today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self

import orjson

from cloud import bodies
from cloud.bodies import LONG_AGO as LONG_AGO


class Open(StrEnum):
    """An enumeration that keeps a value it has never heard of, as a member without a name."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value.upper()
        unknown._value_ = value
        return unknown


class ImageStatus(Open):
    """Where an image is in its life. Only `active` can be booted from."""

    QUEUED = "queued"
    SAVING = "saving"
    UPLOADING = "uploading"
    IMPORTING = "importing"
    ACTIVE = "active"
    KILLED = "killed"
    DELETED = "deleted"
    PENDING_DELETE = "pending_delete"
    DEACTIVATED = "deactivated"
    ERROR = "error"


HAS_DATA = frozenset({ImageStatus.ACTIVE, ImageStatus.DEACTIVATED})
"""Statuses of an image that was made, whatever happened to it afterwards."""
ENDED_WITHOUT_DATA = frozenset(
    {ImageStatus.KILLED, ImageStatus.ERROR, ImageStatus.DELETED, ImageStatus.PENDING_DELETE}
)
"""Statuses that no waiting changes. One that nobody knows may still become active."""


class Visibility(Open):
    """Who may see an image. A shared one says `private` on Rackspace, `shared` on Glance today."""

    PUBLIC = "public"
    PRIVATE = "private"
    SHARED = "shared"
    COMMUNITY = "community"


class MemberStatus(Open):
    """A consumer's answer. It decides only whether the image is in the consumer's list."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


CORE_PROPERTIES = frozenset(
    {
        *("id", "name", "status", "visibility", "owner", "protected", "size", "virtual_size"),
        *("min_disk", "min_ram", "disk_format", "container_format", "checksum", "tags"),
        *("created_at", "updated_at", "self", "file", "schema", "os_hidden"),
        *("os_hash_algo", "os_hash_value", "stores", "locations", "direct_url"),
    }
)
"""The fields that are the API's. All others are an image's own properties, or metadata."""


@dataclass(frozen=True, slots=True)
class Image:
    """
    One image as one region shows it to one account. Sizes are in bytes, times aware UTC.

    Of what the API does not tell, or not as is documented, there is the least: "", None, 0, a
    status or visibility `unknown`, a time `bodies.LONG_AGO`.
    """

    region: str
    raw: Mapping[str, Any] = field(repr=False, hash=False)

    @property
    def id(self) -> str:
        """UUID, unique within its region."""
        return str(self.raw["id"])

    @property
    def name(self) -> str:
        """May be empty: the API does not require a name."""
        return bodies.text(self.raw.get("name"))

    @property
    def status(self) -> ImageStatus:
        return ImageStatus(bodies.text(self.raw.get("status")) or bodies.UNKNOWN)

    @property
    def visibility(self) -> Visibility:
        return Visibility(bodies.text(self.raw.get("visibility")) or bodies.UNKNOWN)

    @property
    def hidden(self) -> bool:
        """Whether it is in no listing that does not ask for hidden ones. Its access is the same."""
        return self.raw.get("os_hidden") is True

    @property
    def knows_hidden(self) -> bool:
        """Whether its service can hide images at all."""
        return "os_hidden" in self.raw

    @property
    def owner(self) -> str:
        """Account number (project id) of the producer; empty where the API does not tell."""
        return bodies.text(self.raw.get("owner"))

    @property
    def size(self) -> int | None:
        """Bytes; None until the image has data."""
        return bodies.whole(self.raw.get("size"))

    @property
    def volume_backed(self) -> bool:
        """
        Whether its data are not its own, but a snapshot of a volume in its region.

        That is what Compute makes of a server that was booted from a volume. There is nothing to
        export, and a copy in another region would point at a snapshot that is not there.
        """
        return not self.size and any(
            fields.get("snapshot_id") or fields.get("volume_id")
            for fields in map(bodies.fields, self._block_devices())
        )

    @property
    def min_disk(self) -> int:
        """GB."""
        return bodies.whole(self.raw.get("min_disk")) or 0

    @property
    def min_ram(self) -> int:
        """MB."""
        return bodies.whole(self.raw.get("min_ram")) or 0

    @property
    def protected(self) -> bool:
        return self.raw.get("protected") is True

    @property
    def disk_format(self) -> str | None:
        return bodies.text(self.raw.get("disk_format")) or None

    @property
    def container_format(self) -> str | None:
        return bodies.text(self.raw.get("container_format")) or None

    @property
    def checksum(self) -> str | None:
        return bodies.text(self.raw.get("checksum")) or None

    @property
    def tags(self) -> tuple[str, ...]:
        return bodies.texts(self.raw.get("tags"))

    @property
    def created_at(self) -> datetime:
        return bodies.moment(self.raw.get("created_at"))

    @property
    def updated_at(self) -> datetime:
        return bodies.moment(self.raw.get("updated_at") or self.raw.get("created_at"))

    @property
    def properties(self) -> Mapping[str, str]:
        """The image's own properties (metadata); other values than text are JSON."""
        own = {k: _said(v) for k, v in self.raw.items() if k not in CORE_PROPERTIES}
        return MappingProxyType(own)

    @property
    def standard(self) -> bool:
        """
        Whether it is one of the provider's own images, with its full support.

        Shared images are always nonstandard. Source: concepts.rst, "Standard images".
        """
        return self.visibility == Visibility.PUBLIC

    def _block_devices(self) -> list[Any]:
        """What a server that is built from it has for disks; a text of JSON."""
        told = self.raw.get("block_device_mapping")
        if isinstance(told, str):
            try:
                told = orjson.loads(told)
            except ValueError:
                return []
        return told if isinstance(told, list) else []


@dataclass(frozen=True, slots=True)
class Member:
    """An image member: an account invited to an image, and its answer. Times are aware UTC."""

    image_id: str
    member_id: str
    """Account number (project id) of the consumer. The API does not check that it exists."""
    status: MemberStatus
    created_at: datetime
    updated_at: datetime

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        return cls(
            image_id=bodies.text(body.get("image_id")),
            member_id=bodies.text(body.get("member_id")),
            status=MemberStatus(bodies.text(body.get("status")) or bodies.UNKNOWN),
            created_at=bodies.moment(body.get("created_at")),
            updated_at=bodies.moment(body.get("updated_at") or body.get("created_at")),
        )


def _said(value: Any) -> str:
    if isinstance(value, str):
        return bodies.text(value)
    try:
        return "" if value is None else orjson.dumps(value).decode()
    except TypeError:  # nested too deep
        return bodies.UNKNOWN
