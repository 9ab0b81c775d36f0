"""What an account wants to be asked before it is done, whoever does it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from storage.access.roles import AccountKey
from storage.clock import Clock
from storage.db.columns import to_text
from storage.db.database import Database, Row


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
        self._db = db
        self._clock = clock

    def of(self, key: AccountKey) -> Policy:
        """What was set for the account, or what holds if nothing was."""
        rows = self._db.rows(
            """select * from policies
               where team_id = :team and cloud = :cloud and project_id = :project""",
            {"team": key.team_id, "cloud": key.cloud, "project": key.project_id},
        )
        return _policy(rows[0]) if rows else Policy()

    def put(self, key: AccountKey, policy: Policy, by: str) -> None:
        """Have this in place of what was."""
        self._db.execute(
            """insert into policies (team_id, cloud, project_id, rules, people, reason, channel_id,
                                     hours, strict, set_by, set_at)
               values (:team, :cloud, :project, :rules, :people, :reason, :channel, :hours,
                       :strict, :by, :now)
               on conflict (team_id, cloud, project_id) do update
               set rules = excluded.rules, people = excluded.people, reason = excluded.reason,
                   channel_id = excluded.channel_id, hours = excluded.hours,
                   strict = excluded.strict, set_by = excluded.set_by, set_at = excluded.set_at""",
            {
                "team": key.team_id,
                "cloud": key.cloud,
                "project": key.project_id,
                "rules": json.dumps(
                    {what.value: rule.value for what, rule in policy.rules.items()}
                ),
                "people": policy.people,
                "reason": int(policy.reason),
                "channel": policy.channel_id,
                "hours": policy.hours,
                "strict": int(policy.strict),
                "by": by,
                "now": to_text(self._clock()),
            },
        )


def _policy(row: Row) -> Policy:
    rules = json.loads(row["rules"])
    return Policy(
        rules={Guarded(what): Rule(rule) for what, rule in rules.items()},
        people=row["people"],
        reason=bool(row["reason"]),
        channel_id=row["channel_id"],
        hours=row["hours"],
        strict=bool(row["strict"]),
    )
