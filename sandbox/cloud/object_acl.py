"""
Whom a container's owner lets in: X-Container-Read and X-Container-Write.

Source: a Swift of today, measured; Swift's guide, Access Control Lists.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from sandbox.cloud.object_calls import ObjectCall
from sandbox.cloud.state import User

LISTINGS = ".rlistings"
"""Those who may read because of their referrer may list as well."""


def lets_in(call: ObjectCall) -> bool:
    """Whether the container's owner allows the caller this."""
    store = call.region.stores.get(call.tenant)
    held = store.containers.get(call.container) if store else None
    if held is None:
        return False
    if call.request.method in ("GET", "HEAD"):
        return _may_read(call, held.headers.get("X-Container-Read", ""))
    return bool(call.name) and _is_named(call.user, held.headers.get("X-Container-Write", ""))


def _may_read(call: ObjectCall, acl: str) -> bool:
    comes_from_there = _is_referrer(call.request.headers.get("Referer", ""), acl)
    if comes_from_there and (call.name or LISTINGS in _entries(acl)):
        return True
    return _is_named(call.user, acl)


def _is_named(user: User | None, acl: str) -> bool:
    """By `account:user`, either of which may be an asterisk."""
    if user is None:
        return False
    accounts, users = (user.number, user.account_name, "*"), (user.id, user.name, "*")
    named = {f"{account}:{each}" for account in accounts for each in users}
    return bool(named & set(_entries(acl)))


def _is_referrer(address: str, acl: str) -> bool:
    """By `.r:host`; a later entry overrules an earlier one, and a minus takes back."""
    host, allowed = urlsplit(address).hostname or "unknown", False
    for entry in _entries(acl):
        if not entry.startswith(".r:"):
            continue
        wanted = entry.removeprefix(".r:")
        name = wanted.removeprefix("-")
        if name in ("*", host) or (name.startswith(".") and host.endswith(name)):
            allowed = not wanted.startswith("-")
    return allowed


def _entries(acl: str) -> list[str]:
    return [entry.strip() for entry in acl.split(",")]
