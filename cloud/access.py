"""The result of a login, without unused data: catalogs of 100 KB are not kept for each account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from keystoneauth1.access import AccessInfo

from cloud.bodies import text

SERVICES = {
    "image": "image",
    "compute": "compute",
    "network": "network",
    "object-store": "object-store",
    "object-storage": "object-store",
}
"""The types of a catalog that are looked at, and what we call them."""
ONLY_REGION = "RegionOne"
"""The region of a cloud whose catalog names none; OpenStack's own name for it."""
EARLY_S = 120.0
"""Seconds before its end at which a token is replaced, or a quarter of its life if that is less."""

Endpoints = Mapping[str, Mapping[str, str]]
"""Addresses by service and region."""


@dataclass(frozen=True, slots=True)
class Access:
    """A token, and who and where one is with it."""

    token: str = field(repr=False)
    ends_at: float
    """When to replace it, in seconds since 1970."""
    project_id: str
    project_name: str
    user_name: str
    roles: tuple[str, ...]
    endpoints: Endpoints
    """Of the interface that was asked for."""

    @classmethod
    def of(cls, told: AccessInfo, now: float, interface: str = "public") -> Self:
        life = told.expires.timestamp() - now if told.expires else 0.0
        # To a clock that is ahead, every token has expired: use it until it is refused.
        ends_at = now + life - min(EARLY_S, life / 4) if life > 0 else float("inf")
        return cls(
            token=_token(told.auth_token),
            ends_at=ends_at,
            project_id=text(told.project_id),
            project_name=text(told.project_name),
            user_name=text(told.username),
            roles=tuple(sorted(filter(None, map(text, told.role_names or ())))),
            endpoints=_endpoints(told.service_catalog.catalog, interface),
        )


def _token(given: Any) -> str:
    """It goes into a header: what does not fit there is none."""
    if not (isinstance(given, str) and given.isascii() and given.isprintable() and given):
        raise ValueError("no token")
    return given


def _endpoints(catalog: Any, interface: str) -> Endpoints:
    found: dict[str, dict[str, str]] = {}
    for kind, region, url in _rows(catalog, interface):
        found.setdefault(kind, {}).setdefault(region, url)
    return {kind: _regions(urls) for kind, urls in found.items()}


def _regions(urls: Mapping[str, str]) -> Mapping[str, str]:
    """An endpoint without a region counts only where none has one."""
    named = {region: url for region, url in urls.items() if region}
    return named or dict(zip([ONLY_REGION], urls.values(), strict=True))


def _rows(catalog: Any, interface: str) -> Iterator[tuple[str, str, str]]:
    """Service, region and address of each entry that has an address; odd entries are left out."""
    for service in _dicts(catalog):
        kind = SERVICES.get(str(service.get("type")))
        for each in _dicts(service.get("endpoints")) if kind else ():
            url = each.get(f"{interface}URL") or (
                each.get("url") if each.get("interface") in (interface, f"{interface}URL") else None
            )
            if kind and url and isinstance(url, str):
                yield kind, text(each.get("region") or each.get("region_id")), url


def _dicts(rows: Any) -> Iterator[Mapping[str, Any]]:
    return (row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else iter(())
