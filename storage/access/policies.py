"""Policies: what needs a second person on an account."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

from storage.access.roles import AccountKey
from storage.clock import Clock
from storage.db.database import Database, Row
from storage.db.table import Table
from storage.db.unreadable import Unreadable


class Guarded(StrEnum):
    """Effects that may need a second person's approval."""

    SHARE = "share"
    UNSHARE = "unshare"
    DELETE = "delete"
    EXPORT = "export"


class Rule(StrEnum):
    """When it needs one."""

    NEVER = "never"
    ALWAYS = "always"
    OUTSIDE = "outside"
    """When it is shared with an account that is not in the address book."""


@dataclass(frozen=True)
class Policy:
    rules: Mapping[Guarded, Rule] = field(default_factory=dict)
    """An effect that is not in it needs no approval."""
    people: int = 1
    """How many have to approve."""
    reason: bool = False
    """Whether they have to say why."""
    channel_id: str = ""
    """Where they are asked; "" for a direct message to each."""
    hours: int = 8
    """Time after which a request expires."""
    strict: bool = False
    """Whether changes are confirmed on a page of the bot, with the account's own secret."""
    unreadable: tuple[str, ...] = ()
    """Columns whose stored value cannot be read, so that the strictest counts."""

    def rule(self, what: Guarded) -> Rule:
        return self.rules.get(what, Rule.NEVER)

    @property
    def wants_approval(self) -> bool:
        """Whether anything needs a second person."""
        return any(rule != Rule.NEVER for rule in self.rules.values())


MAX_PEOPLE = 5
STRICTEST = Policy(
    dict.fromkeys(Guarded, Rule.ALWAYS), people=MAX_PEOPLE, reason=True, hours=1, strict=True
)
"""The values used where a stored one cannot be read: damage must not loosen a guard."""


class Policies:
    def __init__(self, db: Database, clock: Clock) -> None:
        key = ("team_id", "cloud", "project_id")
        self._unreadable = Unreadable("the strictest")
        fields: dict[str, Callable[[Row], Any]]
        fields = {name: partial(self._read, name) for name in _READERS}
        fields |= {"unreadable": _unreadable}
        self._table = Table(db, "policies", Policy, key=key, fields=fields)
        self._clock = clock

    def of(self, key: AccountKey) -> Policy:
        """Give an account's policy; the default one if none was set."""
        return self._table.get(key=key) or Policy()

    def _read(self, name: str, row: Row) -> Any:
        """A value; the strictest if it cannot be read, and the others stay as decided."""
        try:
            return _READERS[name](row[name])
        except _MISREAD:
            place = "policies of {team_id}/{project_id}".format(**row)
            self._unreadable.log(f"{place}: {name}")
            return getattr(STRICTEST, name)

    def put(self, key: AccountKey, policy: Policy, by: str) -> None:
        """Set an account's policy, in place of the one that it has."""
        columns = {name: getattr(policy, name) for name in _READERS}
        self._table.upsert(key=key, **columns, set_by=by, set_at=self._clock())


_MISREAD = (ValueError, TypeError, AttributeError)


def _unreadable(row: Row) -> tuple[str, ...]:
    return tuple(name for name in _READERS if not _reads(name, row))


def _reads(name: str, row: Row) -> bool:
    try:
        _READERS[name](row[name])
    except _MISREAD:
        return False
    return True


def _rules(text: str) -> dict[Guarded, Rule]:
    return {Guarded(what): Rule(rule) for what, rule in json.loads(text).items()}


def _count(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError("no count")
    return value


def _flag(value: Any) -> bool:
    if value not in (0, 1):
        raise ValueError("neither yes nor no")
    return bool(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "rules": _rules,
    "people": _count,
    "reason": _flag,
    "channel_id": _text,
    "hours": _count,
    "strict": _flag,
}
"""By column: how it is read."""
