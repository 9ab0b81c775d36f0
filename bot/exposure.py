"""Warnings of `python -m bot check`: settings and roles that give access to too many people."""

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
"""Bytes of a page that are read."""


def of_settings(settings: Settings) -> Iterator[str]:
    """Warn about addresses without TLS, and about metrics that anyone can read."""
    if _in_clear(settings.public_url):
        yield (
            "PUBLIC_URL is plain http: passwords and keys typed on its pages can be intercepted; "
            "put a proxy with TLS in front of it, and set an https:// address"
        )
    for name, address in settings.link_clouds.items():
        if _in_clear(address):
            yield (
                f"LINK_CLOUDS: {name} is plain http, so logins can be intercepted; "
                "use its https:// address"
            )
    if settings.public_url and _shows_metrics(settings.public_url):
        yield (
            f"{settings.public_url}/metrics can be read by anyone; make the proxy refuse /metrics "
            "from outside"
        )


def of_roles(store: Store) -> Iterator[str]:
    """Warn about channels and user groups that may change things: anyone can join them."""
    grants = [
        grant
        for team in {account.team_id for account in store.accounts.all()}
        for grant in store.rights.of_team(team)
        if grant.kind != Subject.PERSON and grant.role.allows(Role.OPERATOR)
    ]
    if grants:
        several = "a channel or user group" if len(grants) == 1 else "channels or user groups"
        yield (
            f"roles: {len(grants)} {several} may change things, and so may anyone who joins. See "
            "/images rights"
        )


def _in_clear(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "http" and not _is_here(parts.hostname or "")


def _is_here(host: str) -> bool:
    """Whether it is this machine, so that nobody can intercept the connection."""
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
