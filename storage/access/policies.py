"""What an account wants to be asked before it is done, whoever does it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from storage.access.roles import AccountKey
from storage.clock import Clock
from storage.db.database import Database, Row
from storage.db.table import Table


class Guarded(StrEnum):
    """What may need a second person."""

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
    """What is not in it needs nobody."""
    people: int = 1
    """How many have to approve."""
    reason: bool = False
    """Whether they have to say why."""
    channel_id: str = ""
    """Where they are asked; "" for a direct message to each."""
    hours: int = 8
    """After which a request lapses."""
    strict: bool = False
    """Whether changes are confirmed on a page of the bot, with the account's own secret."""

    def rule(self, what: Guarded) -> Rule:
        return self.rules.get(what, Rule.NEVER)


class Policies:
    def __init__(self, db: Database, clock: Clock) -> None:
        key = ("team_id", "cloud", "project_id")
        self._table = Table(db, "policies", Policy, key=key, fields={"rules": _rules})
        self._clock = clock

    def of(self, key: AccountKey) -> Policy:
        """Give an account's policy; the default one if none was set."""
        return self._table.get(key=key) or Policy()

    def put(self, key: AccountKey, policy: Policy, by: str) -> None:
        """Set an account's policy, in place of the one that it has."""
        self._table.upsert(key=key, **vars(policy), set_by=by, set_at=self._clock())


def _rules(row: Row) -> dict[Guarded, Rule]:
    return {Guarded(what): Rule(rule) for what, rule in json.loads(row["rules"]).items()}
