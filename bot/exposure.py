"""What `python -m bot check` warns of: settings and roles that let in more people than need be."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPException
from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from bot.settings import Settings
from storage import Role, Store, Subject

ASKING_S = 5.0
READ = 200
"""Bytes of a page that are looked at."""


def of_settings(settings: Settings) -> Iterator[str]:
    """Warn of addresses without TLS, and of figures that anyone may read."""
    if _in_clear(settings.public_url):
        yield (
            "PUBLIC_URL is plain http: passwords and keys that people type on its pages can be "
            "read on the way; put a proxy with TLS before it, and set an https:// address"
        )
    for name, address in settings.link_clouds.items():
        if _in_clear(address):
            yield (
                f"LINK_CLOUDS: {name} is asked by plain http, so logins can be read on the way; "
                "use its https:// address"
            )
    if settings.public_url and _shows_metrics(settings.public_url):
        yield (
            f"{settings.public_url}/metrics can be read by anyone; have the proxy refuse /metrics "
            "from outside"
        )


def of_roles(store: Store) -> Iterator[str]:
    """Warn of channels and user groups that may change things: people join them by themselves."""
    grants = [
        grant
        for team in {account.team_id for account in store.accounts.all()}
        for grant in store.rights.of_team(team)
        if grant.kind != Subject.PERSON and grant.role.allows(Role.OPERATOR)
    ]
    if grants:
        several = "a channel or user group" if len(grants) == 1 else "channels or user groups"
        yield (
            f"roles: {len(grants)} {several} may change things; whoever joins one may, too. See "
            "/images rights"
        )


def _in_clear(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "http" and not _is_here(parts.hostname or "")


def _is_here(host: str) -> bool:
    """Whether it is this machine, on whose way nobody reads along."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shows_metrics(public_url: str) -> bool:
    asked = Request(f"{public_url}/metrics")  # noqa: S310 - the settings take http and https only
    try:
        with urlopen(asked, timeout=ASKING_S) as answer:  # noqa: S310
            return bool(answer.status == 200 and b"# HELP" in answer.read(READ))
    except (OSError, HTTPException, ValueError):
        return False
