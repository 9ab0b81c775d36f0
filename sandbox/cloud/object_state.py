"""What an object store holds: accounts, containers, objects."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.cloud.contents import Content, Gone, Joined

TEMP_URL_KEYS = ("X-Account-Meta-Temp-Url-Key", "X-Account-Meta-Temp-Url-Key-2")
EXPIRER = timedelta(minutes=5)
"""How much longer than it can be read an object is listed that ended by X-Delete-After."""


@dataclass(frozen=True)
class Part:
    """A segment, as it was when the manifest of a static large object named it."""

    container: str
    name: str
    size: int
    etag: str


@dataclass(frozen=True)
class StoredObject:
    content: Content
    """Its bytes; those of the manifest, if it is a static large object."""
    content_type: str
    modified_at: datetime
    parts: tuple[Part, ...] | None = None
    """Of a static large object."""
    dynamic: str = ""
    """`container/prefix` of a dynamic large object's segments."""
    delete_at: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """What was said of it, such as X-Object-Meta-…."""

    @property
    def large(self) -> bool:
        return self.parts is not None or bool(self.dynamic)


@dataclass
class Container:
    made_at: datetime
    objects: dict[str, StoredObject] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What was said of it, such as X-Container-Meta-… and whom it lets in."""

    def alive(self, name: str, now: datetime) -> StoredObject | None:
        """The object, unless it has ended by X-Delete-After."""
        found = self.objects.get(name)
        ended = found is None or (found.delete_at is not None and found.delete_at <= now)
        return None if ended else found

    def listed(self, now: datetime) -> dict[str, StoredObject]:
        """All that the container counts, by name: an object that has ended stays for a while."""
        return {
            name: stored
            for name, stored in sorted(self.objects.items())
            if stored.delete_at is None or now < stored.delete_at + EXPIRER
        }


@dataclass
class ObjectAccount:
    """One account's part of the store."""

    containers: dict[str, Container] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What was said of it, X-Account-Meta-…."""

    @property
    def keys(self) -> list[str]:
        """Those of temporary URLs."""
        return [self.headers[key] for key in TEMP_URL_KEYS if key in self.headers]

    def find(self, container: str, name: str, now: datetime) -> StoredObject | None:
        held = self.containers.get(container)
        return held.alive(name, now) if held else None

    def whole(self, stored: StoredObject, now: datetime) -> Content:
        """Its bytes; those of its segments, as they are now, if it is a large one."""
        if stored.parts is not None:
            return Joined([self._segment(part, now) for part in stored.parts])
        if stored.dynamic:
            container, _, prefix = stored.dynamic.partition("/")
            held = self.containers.get(container, Container(now))
            names = [name for name in held.listed(now) if name.startswith(prefix)]
            found = [held.alive(name, now) for name in names]
            return Joined([each.content for each in found if each])
        return stored.content

    def _segment(self, part: Part, now: datetime) -> Content:
        found = self.find(part.container, part.name, now)
        content = self.whole(found, now) if found else None
        if content is None or (content.size, content.etag) != (part.size, part.etag):
            return Gone(part.size, part.etag)
        return content


def tenant_of(number: str) -> str:
    """The name an account has in its object store, which is another than its number."""
    return f"MossoCloudFS_{uuid.uuid5(uuid.NAMESPACE_DNS, number)}"
