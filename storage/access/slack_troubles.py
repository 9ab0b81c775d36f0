"""Calls that Slack refuses the app itself, by workspace and method, until one succeeds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.clock import Clock
from storage.db.database import Database
from storage.db.table import Table


@dataclass(frozen=True)
class SlackTrouble:
    team_id: str
    method: str
    """Of the Web API: `chat.postMessage`."""
    error: str
    """Slack's word."""
    needed: str
    """The scope that is missing; "" for none."""
    since: datetime


class SlackTroubles:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._table = Table(
            db, "slack_troubles", SlackTrouble, key=("team_id", "method"), order="since, method"
        )
        self._clock = clock

    def note(self, team_id: str, method: str, error: str, needed: str) -> bool:
        """Note a refusal. True if it is news: the first, or another one than before."""
        return bool(
            self._db.execute(
                """insert into slack_troubles (team_id, method, error, needed, since)
                   values (:team, :method, :error, :needed, :now)
                   on conflict (team_id, method) do update
                   set error = excluded.error, needed = excluded.needed, since = excluded.since,
                       told_at = null
                   where slack_troubles.error <> excluded.error
                      or slack_troubles.needed <> excluded.needed""",
                {
                    "team": team_id,
                    "method": method,
                    "error": error,
                    "needed": needed,
                    "now": self._clock(),
                },
            )
        )

    def over(self, team_id: str, method: str) -> bool:
        """Slack takes it again. True if it had not."""
        return self._table.delete(team_id=team_id, method=method)

    def forget(self, team_id: str) -> None:
        """Forget the troubles of a workspace from which the app was removed."""
        self._table.delete(team_id=team_id)

    def all(self) -> list[SlackTrouble]:
        """Give the troubles of all workspaces, the oldest first."""
        return self._table.find()

    def tell(self, team_id: str) -> list[SlackTrouble]:
        """Return a workspace's troubles that nobody was notified of, to one caller only."""
        rows = self._db.rows(
            """update slack_troubles set told_at = :now
               where team_id = :team and told_at is null returning *""",
            {"now": self._clock(), "team": team_id},
        )
        return self._table.read_all(rows)
