"""Words for the state of linked accounts: the login, its roles, and what each region supports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from handlers.accounts.capabilities import Ability
from handlers.core.replies import Block, Message
from handlers.ui.blocks import code, context, counted, date, listed, named, section
from handlers.ui.error_words import words
from handlers.ui.labels import account_label
from storage import Account

SHOWN = 10
"""Accounts in one message, which are four blocks each; Slack takes fifty."""

_EXPORTS = {
    "task": "export by cloud task",
    "stream": "export through this bot",
    "none": "no export",
}
_IMPORTS = {
    "task": "import by cloud task",
    "download": "import by web download",
    "none": "no import",
}
"""By way, as `cloud.Way` names them."""
_REASONS = {
    "Unavailable": "the cloud did not respond",
    "BadCredentials": "the cloud rejected the password or key",
    "MfaRequired": "the login needs a second factor",
    "LoginForbidden": "the cloud does not let this user log in",
    "LostCredentials": "the stored credentials cannot be read",
    "NoSuchRegion": "the account no longer has this region",
    "NoImageService": "the account no longer has an image service",
}
"""What went wrong in the scheduler, by the name of the error."""


class Capabilities(Protocol):
    """What a region can do, as far as it is shown."""

    @property
    def exports(self) -> str: ...

    @property
    def imports(self) -> str: ...

    @property
    def object_store(self) -> bool: ...

    @property
    def compute(self) -> bool: ...


@dataclass(frozen=True)
class AccountStatus:
    """The state of one account."""

    account: Account
    user_name: str
    roles: Sequence[str] = ()
    abilities: Sequence[Ability] = ()
    regions: Mapping[str, Capabilities | Exception] = field(default_factory=dict)
    """What each supports, or why that is not known."""
    trouble: Exception | None = None
    """Why nobody could log in."""
    scheduler_errors: Mapping[str, str] = field(default_factory=dict)
    """Names of errors that the scheduler met, by region; "" for the account as a whole."""
    looked_at: Mapping[str, datetime | None] = field(default_factory=dict)
    """When the scheduler last looked for invitations, by region; None if it has not yet."""


def status(statuses: Sequence[AccountStatus]) -> Message:
    """Every account, the default one first."""
    working = sum(status_.trouble is None for status_ in statuses)
    text = f"{counted(len(statuses), 'account')}, {_logins(working, statuses)}."
    blocks = [section(text)]
    for i, status_ in enumerate(statuses[:SHOWN]):
        blocks += _account_blocks(status_, default=i == 0 and len(statuses) > 1)
    if len(statuses) > SHOWN:
        blocks.append(context(f"…and {len(statuses) - SHOWN} older ones."))
    return Message(text, tuple(blocks))


def _logins(working: int, statuses: Sequence[AccountStatus]) -> str:
    if working == len(statuses):
        return "login works" if working == 1 else "all logins work"
    return (
        f"{working} of {counted(len(statuses), 'login')} working" if working else "no login works"
    )


def _account_blocks(status_: AccountStatus, *, default: bool) -> list[Block]:
    who = f" as {named(status_.user_name)}" if status_.user_name else ""
    first = " · in use" if default else ""
    lines = [f"*{account_label(status_.account)}*{who}{first}"]
    if status_.trouble:
        lines.append(f"✗ Login failed. {words(status_.trouble)}")
        return [section("\n".join(lines)), *_looks(status_)]
    lines.append(f"✓ Login works. {_roles(status_.roles)}")
    lines += [f"{'✓' if each.can else '✗'} {each.what}{_role(each)}" for each in status_.abilities]
    regions = [f"*{region}*: {_region(what)}" for region, what in status_.regions.items()]
    return [
        section("\n".join(lines)),
        section("\n".join(regions) or "–"),
        *_looks(status_),
    ]


def _roles(roles: Sequence[str]) -> str:
    if not roles:
        return "No roles."
    return f"{'Role' if len(roles) == 1 else 'Roles'}: {listed([code(role) for role in roles])}."


def _role(ability: Ability) -> str:
    if ability.can:
        return ""
    return f": needs {code(ability.role)} (`member` on other OpenStack clouds)"


def _region(what: Capabilities | Exception) -> str:
    if isinstance(what, Exception):
        return f":warning: {words(what)}"
    services = [
        "object store" if what.object_store else "no object store",
        "servers" if what.compute else "no servers",
    ]
    return " · ".join((_EXPORTS[what.exports], _IMPORTS[what.imports], *services))


def _looks(status_: AccountStatus) -> list[Block]:
    """When the scheduler last looked for invitations, and what went wrong."""
    looked = [
        f"{region} {date(at) if at else 'not yet'}"
        for region, at in sorted(status_.looked_at.items())
    ]
    lines = [f"Last checked for invitations: {' · '.join(looked)}"] if looked else []
    lines += [
        f":warning: {region or 'This account'}: my last check for invitations failed: "
        f"{_REASONS.get(name, code(name))}. I'll try again at the next check."
        for region, name in sorted(status_.scheduler_errors.items())
    ]
    return [context("\n".join(lines))] if lines else []
