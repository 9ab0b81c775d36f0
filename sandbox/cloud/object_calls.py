"""A request to the object store as it reaches an operation: allowed, and in its region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from werkzeug.wrappers import Request

from sandbox.cloud.object_answers import ObjectRefused
from sandbox.cloud.object_state import Container, ObjectAccount, StoredObject, tenant_of
from sandbox.cloud.state import Region, State, User

WRITERS = frozenset({"admin", "member", "object-store:admin", "identity:user-admin"})
READERS = frozenset({"observer", "object-store:observer"})
"""Rackspace's; today's Swift lets a reader in nowhere."""


@dataclass(frozen=True)
class ObjectCall:
    """Held under no lock: bytes may take long. What changes the store takes it for that."""

    request: Request
    user: User | None
    """None: a caller with a temporary URL."""
    region: Region
    state: State
    tenant: str
    container: str
    name: str

    @property
    def now(self) -> datetime:
        return self.state.clock()

    @property
    def writes(self) -> bool:
        return self.user is not None and bool(WRITERS & set(self.user.roles))

    @property
    def reads(self) -> bool:
        return self.user is not None and bool(READERS & set(self.user.roles))

    @property
    def owns(self) -> bool:
        """Whether the caller may do everything here."""
        return self.writes and self.user is not None and self.tenant == tenant_of(self.user.number)

    @property
    def account(self) -> ObjectAccount:
        with self.state.lock:
            return self.region.stores.setdefault(self.tenant, ObjectAccount())

    def held(self) -> Container:
        found = self.account.containers.get(self.container)
        if found is None:
            raise ObjectRefused(404)
        return found

    def stored(self) -> StoredObject:
        found = self.held().alive(self.name, self.now)
        if found is None:
            raise ObjectRefused(404)
        return found
