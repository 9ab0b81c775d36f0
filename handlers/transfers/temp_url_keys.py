"""
Sign temporary URLs with a key of our own in the account's object store.

A store has two keys. We set one if a slot is empty, and change no key but ours.
"""

from __future__ import annotations

import logging
import secrets
import time
from datetime import datetime, timedelta

from cloud import ObjectStore
from cloud.errors import Forbidden
from handlers.core import cloud_roles
from handlers.core.errors import MissingRole, UnderWay
from handlers.core.interactions import Person
from handlers.core.services import Services
from handlers.transfers.errors import KeysTaken
from storage import Account, SigningKey
from storage.errors import Sealed

log = logging.getLogger(__name__)

OLD = timedelta(days=30)
"""Age at which our key is rotated, once all URLs signed with it have expired."""
PAUSE_S, PAUSES = 0.25, 40
"""Pause between, and number of, looks whether another process has set the key meanwhile."""


def temporary_url(
    account: Account,
    region: str,
    container: str,
    name: str,
    until: datetime,
    services: Services,
    *,
    filename: str | None = None,
) -> str:
    """
    Sign a URL that reads one object without a login until *until*. It is a secret.

    Raises:
        MissingRole: there is no key of ours yet, and this login may not set one.

        KeysTaken: both slots hold keys of others.

        UnderWay: another process has been setting the key for too long.
    """
    store = services.connection(account).object_store(region)
    try:
        key = _key(account, store, services)
    except Forbidden as error:
        raise MissingRole(cloud_roles.STORE, "set the key that signs temporary links") from error
    services.store.signing_keys.used(store.url, until)
    return store.temporary_url(container, name, key, until, filename=filename)


def _key(account: Account, store: ObjectStore, services: Services) -> str:
    """Give our key, set or rotated first where that is due, by one process at a time."""
    ours = _ours(store, services)
    if ours and not _old(ours, services):
        return ours.key
    for _ in range(PAUSES):
        try:
            with services.lock(f"signing key {store.url}"):
                return _renewed(account, store, services)
        except UnderWay:
            time.sleep(PAUSE_S)
    raise UnderWay


def _renewed(account: Account, store: ObjectStore, services: Services) -> str:
    ours = _ours(store, services)
    if ours is None:
        return _set(account, store, _free_slot(store), services)
    if not _old(ours, services):
        return ours.key
    try:
        return _set(account, store, ours.slot, services)
    except Forbidden:
        # This login may sign, but not change the key; a colleague's login will.
        services.store.signing_keys.put(store.url, ours.slot, ours.key)
        return ours.key


def _ours(store: ObjectStore, services: Services) -> SigningKey | None:
    """The key that we have set, if the store still has it."""
    try:
        known = services.store.signing_keys.get(store.url)
    except Sealed:
        log.warning("a signing key of %s cannot be decrypted", store.region)
        return None
    return known if known and store.signing_keys()[known.slot - 1] == known.key else None


def _old(ours: SigningKey, services: Services) -> bool:
    now = services.clock()
    in_use = ours.used_until is not None and ours.used_until > now
    return now - ours.set_at >= OLD and not in_use


def _free_slot(store: ObjectStore) -> int:
    """Choose an empty slot: the second if possible, for most tools take the first."""
    held = store.signing_keys()
    for slot in (2, 1):
        if not held[slot - 1]:
            return slot
    raise KeysTaken(store.region)


def _set(account: Account, store: ObjectStore, slot: int, services: Services) -> str:
    """Set a new key, audited. It is saved first, or nobody would know it after a crash."""
    key = secrets.token_hex(32)
    actor = Person(account.team_id, account.user_id).actor
    services.store.signing_keys.put(store.url, slot, key)
    with services.audited(
        actor,
        "object_store.signing_key",
        f"slot {slot}",
        account=account.key,
        region=store.region,
    ):
        store.set_signing_key(slot, key)
    return key
