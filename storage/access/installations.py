"""The workspaces that have installed the app, with their tokens sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storage.clock import Clock
from storage.db import rotation
from storage.db.columns import to_text
from storage.db.database import Database
from storage.db.vault import Vault


class Installations:
    """An installation for a whole organisation has no team: there, `team_id` is empty."""

    def __init__(self, db: Database, clock: Clock, vault: Vault) -> None:
        self._db = db
        self._clock = clock
        self._vault = vault

    def save(self, team_id: str | None, enterprise_id: str | None, data: Mapping[str, Any]) -> None:
        self._db.execute(
            """insert into installations (team_id, enterprise_id, sealed, installed_at)
               values (:team, :enterprise, :sealed, :now)
               on conflict (team_id, enterprise_id) do update set
                   sealed = excluded.sealed, installed_at = excluded.installed_at""",
            {
                **_key(team_id, enterprise_id),
                "sealed": self._vault.seal(data),
                "now": to_text(self._clock()),
            },
        )

    def find(self, team_id: str | None, enterprise_id: str | None) -> dict[str, Any] | None:
        rows = self._db.rows(
            """select sealed from installations
               where team_id = :team and enterprise_id = :enterprise""",
            _key(team_id, enterprise_id),
        )
        return self._vault.open(rows[0]["sealed"]) if rows else None

    def find_team(self, team_id: str) -> dict[str, Any] | None:
        """The team's own installation, whatever organisation it belongs to."""
        rows = self._db.rows(
            """select sealed from installations where team_id = :team
               order by installed_at desc limit 1""",
            {"team": team_id},
        )
        return self._vault.open(rows[0]["sealed"]) if rows else None

    def delete(self, team_id: str | None, enterprise_id: str | None) -> None:
        self._db.execute(
            "delete from installations where team_id = :team and enterprise_id = :enterprise",
            _key(team_id, enterprise_id),
        )

    def reseal(self) -> int:
        """Seal every installation with the newest key, and count them."""
        return rotation.reseal(self._db, self._vault, "installations", "sealed")

    def all(self) -> list[dict[str, Any]]:
        rows = self._db.rows("select sealed from installations order by installed_at")
        return [self._vault.open(row["sealed"]) for row in rows]


def _key(team_id: str | None, enterprise_id: str | None) -> dict[str, str]:
    return {"team": team_id or "", "enterprise": enterprise_id or ""}
