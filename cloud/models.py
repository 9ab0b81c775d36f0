"""
What the Images API speaks of, as frozen values.

An `Image` keeps the API's own JSON and reads it when asked: a listing of 10,000
images costs little more than its JSON, and what no one foresaw (properties,
statuses) survives.

Source: api-docs/getting-started/concepts.rst of Rackspace's Cloud Images guide,
and the answers of a Glance of today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self


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
    """One image as one region shows it to one account. Sizes are in bytes, times aware UTC."""

    region: str
    raw: Mapping[str, Any] = field(repr=False, hash=False)

    @property
    def id(self) -> str:
        """UUID, unique within its region."""
        return str(self.raw["id"])

    @property
    def name(self) -> str:
        """May be empty: the API does not require a name."""
        return self.raw.get("name") or ""

    @property
    def status(self) -> ImageStatus:
        return ImageStatus(self.raw["status"])

    @property
    def visibility(self) -> Visibility:
        return Visibility(self.raw["visibility"])

    @property
    def owner(self) -> str:
        """Account number (project id) of the producer; empty where the API does not tell."""
        return self.raw.get("owner") or ""

    @property
    def size(self) -> int | None:
        """Bytes; None until the image has data."""
        return self.raw.get("size")

    @property
    def min_disk(self) -> int:
        """GB."""
        return self.raw.get("min_disk") or 0

    @property
    def min_ram(self) -> int:
        """MB."""
        return self.raw.get("min_ram") or 0

    @property
    def protected(self) -> bool:
        return bool(self.raw.get("protected"))

    @property
    def disk_format(self) -> str | None:
        return self.raw.get("disk_format")

    @property
    def container_format(self) -> str | None:
        return self.raw.get("container_format")

    @property
    def checksum(self) -> str | None:
        return self.raw.get("checksum")

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(self.raw.get("tags") or ())

    @property
    def created_at(self) -> datetime:
        return moment(self.raw["created_at"])

    @property
    def updated_at(self) -> datetime:
        return moment(self.raw["updated_at"])

    @property
    def properties(self) -> Mapping[str, Any]:
        """The image's own properties (metadata): strings on every known service."""
        return MappingProxyType({k: v for k, v in self.raw.items() if k not in CORE_PROPERTIES})

    @property
    def standard(self) -> bool:
        """
        Whether it is one of the provider's own images, with its full support.

        Shared images are always nonstandard. Source: concepts.rst, "Standard images".
        """
        return self.visibility == Visibility.PUBLIC


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
            image_id=body["image_id"],
            member_id=body["member_id"],
            status=MemberStatus(body["status"]),
            created_at=moment(body["created_at"]),
            updated_at=moment(body["updated_at"]),
        )


def moment(text: str) -> datetime:
    """An ISO-8601 time of the API as an aware datetime: UTC, also where its `Z` is missing."""
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)
