"""Temporary URLs, signed with a key of the account's object store; one is set if there is none."""

from __future__ import annotations

import secrets
from datetime import datetime

from cloud import ObjectStore
from handlers.services import Services
from storage import Account


def temporary_url(
    account: Account,
    region: str,
    container: str,
    name: str,
    until: datetime,
    services: Services,
) -> str:
    """
    An address that reads one object without a login, until then. It is a secret.

    Raises:
        cloud.errors.Forbidden: there is no key yet, and the role may not set one.
    """
    store = services.connection(account).object_store(region)
    return store.temporary_url(container, name, _key(store), until)


def _key(store: ObjectStore) -> str:
    """One that is set stays: to change it would end the URLs that others have signed with it."""
    for key in store.signing_keys():
        if key:
            return key
    key = secrets.token_hex(32)
    store.set_signing_key(2, key)
    return key
