"""What an object store holds: accounts, containers, objects."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.cloud.contents import Content, Joined


@dataclass(frozen=True)
class Part:
    """A segment, as a static large object's manifest names it."""

    container: str
    name: str


@dataclass(frozen=True)
class StoredObject:
    content: Content
    content_type: str
    modified_at: datetime
    parts: tuple[Part, ...] = ()
    """Of a static large object."""
    dynamic: str = ""
    """`container/prefix` of a dynamic large object's segments."""
    delete_at: datetime | None = None


@dataclass
class Container:
    objects: dict[str, StoredObject] = field(default_factory=dict)

    def alive(self, now: datetime) -> dict[str, StoredObject]:
        """Those that have not ended by X-Delete-After."""
        return {
            name: stored
            for name, stored in sorted(self.objects.items())
            if stored.delete_at is None or now < stored.delete_at
        }


@dataclass
class ObjectAccount:
    """One account's part of the store."""

    containers: dict[str, Container] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict, repr=False)
    """Keys of temporary URLs, by slot."""

    def find(self, container: str, name: str, now: datetime) -> StoredObject | None:
        held = self.containers.get(container)
        return held.alive(now).get(name) if held else None

    def whole(self, stored: StoredObject, now: datetime) -> Content:
        """Its bytes; those of its segments, as they are now, if it is a large one."""
        if stored.parts:
            return Joined(list(self._parts(stored.parts, now)))
        if stored.dynamic:
            container, _, prefix = stored.dynamic.partition("/")
            held = self.containers.get(container, Container()).alive(now)
            return Joined([each.content for name, each in held.items() if name.startswith(prefix)])
        return stored.content

    def _parts(self, parts: Sequence[Part], now: datetime) -> Iterator[Content]:
        for part in parts:
            found = self.find(part.container, part.name, now)
            if found is not None:
                yield found.content


def tenant_of(number: str) -> str:
    """The name an account has in its object store, which is another than its number."""
    return f"MossoCloudFS_{uuid.uuid5(uuid.NAMESPACE_DNS, number)}"
