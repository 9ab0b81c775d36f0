"""Words for the state of linked accounts: the login, its roles, and what each region supports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from handlers.accounts.capabilities import Ability
from handlers.core.replies import Block, Message
from handlers.core.text import escape
from handlers.ui.alerts import Level, callout, small_warning
from handlers.ui.blocks import code, context, counted, date, listed, named, section, sentences
from handlers.ui.error_words import words
from handlers.ui.labels import account_label
from handlers.ui.tables import MAX_ROWS, Row, data_table, row_texts
from storage import Account

SHOWN = 10
"""Accounts in one message, which are four blocks each; Slack takes fifty."""

COLUMNS = ("Region", "Export", "Import", "Object store", "Servers")
_EXPORTS = {"task": "cloud task", "stream": "through this bot", "none": "no"}
_IMPORTS = {"task": "cloud task", "download": "web download", "none": "no"}
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
    return Message(escape(sentences([text, *_spoken(statuses[:SHOWN])])), tuple(blocks))


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
    return [section("\n".join(lines)), *_regions(status_), *_looks(status_)]


def _roles(roles: Sequence[str]) -> str:
    if not roles:
        return "No roles."
    return f"{'Role' if len(roles) == 1 else 'Roles'}: {listed([code(role) for role in roles])}."


def _role(ability: Ability) -> str:
    if ability.can:
        return ""
    return f": needs {code(ability.role)} (`member` on other OpenStack clouds)"


def _regions(status_: AccountStatus) -> Iterator[Block]:
    """What each region can do, and why that is not known of the others."""
    if rows := _rows(status_):
        name = status_.account.project_id
        yield data_table(f"Regions of account {name}", COLUMNS, rows)
    if len(rows) > MAX_ROWS:
        yield context(f"…and {counted(len(rows) - MAX_ROWS, 'more region')}.")
    for region, what in status_.regions.items():
        if isinstance(what, Exception):
            yield callout(Level.WARNING, f"*{escape(region)}*: {words(what)}")


def _spoken(statuses: Sequence[AccountStatus]) -> Iterator[str]:
    """The tables, for clients that don't draw them."""
    for status_ in statuses:
        for row in row_texts(COLUMNS, _rows(status_)):
            yield f"{status_.account.project_id} {row}."


def _rows(status_: AccountStatus) -> list[Row]:
    return [
        (
            region,
            _EXPORTS[what.exports],
            _IMPORTS[what.imports],
            "yes" if what.object_store else "no",
            "yes" if what.compute else "no",
        )
        for region, what in status_.regions.items()
        if not isinstance(what, Exception)
    ]


def _looks(status_: AccountStatus) -> list[Block]:
    """When the scheduler last looked for invitations, and what went wrong."""
    looked = [
        f"{region} {date(at) if at else 'not yet'}"
        for region, at in sorted(status_.looked_at.items())
    ]
    blocks = [context(f"Last checked for invitations: {' · '.join(looked)}")] if looked else []
    failed = [
        f"{region or 'This account'}: my last check for invitations failed: "
        f"{_REASONS.get(name, code(name))}. I'll try again at the next check."
        for region, name in sorted(status_.scheduler_errors.items())
    ]
    return [*blocks, *([small_warning("\n".join(failed))] if failed else [])]
