"""The workspaces that have installed the app, with encrypted tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from storage.clock import Clock
from storage.db import rotation
from storage.db.database import Database
from storage.db.table import Table
from storage.db.vault import Vault


@dataclass(frozen=True)
class _Installation:
    data: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class _Organisation:
    enterprise_id: str


class Installations:
    """An installation for a whole organisation has no team: there, `team_id` is empty."""

    def __init__(self, db: Database, clock: Clock, vault: Vault) -> None:
        self._db = db
        self._table = Table(
            db,
            "installations",
            _Installation,
            key=("team_id", "enterprise_id"),
            order="installed_at desc",
            fields={"data": lambda row: vault.open(row["sealed"])},
        )
        self._organisations = Table(db, "organisations", _Organisation, key=("team_id",))
        self._clock = clock
        self._vault = vault

    def save(self, team_id: str | None, enterprise_id: str | None, data: Mapping[str, Any]) -> None:
        """Keep an installation (as Bolt describes it), in place of an older one."""
        self._table.upsert(
            team_id=team_id or "",
            enterprise_id=enterprise_id or "",
            sealed=self._vault.seal(data),
            installed_at=self._clock(),
        )

    def find(self, team_id: str | None, enterprise_id: str | None) -> dict[str, Any] | None:
        """
        Give what was saved; None if nothing was.

        Raises:
            storage.errors.Sealed: SECRET_KEYS no longer holds the key that it was sealed with.
        """
        found = self._table.get(team_id=team_id or "", enterprise_id=enterprise_id or "")
        return found.data if found else None

    def find_team(self, team_id: str) -> dict[str, Any] | None:
        """Give a team's own newest installation, whatever organisation it belongs to."""
        found = self._table.get(team_id=team_id)
        return found.data if found else None

    def find_organisation_of(self, team_id: str) -> dict[str, Any] | None:
        """Give the installation for the whole organisation that the team is known to be in."""
        known = self._organisations.get(team_id=team_id)
        return self.find(None, known.enterprise_id) if known else None

    def note_organisation(self, team_id: str, enterprise_id: str) -> None:
        """Remember in which organisation a team is, for when only the team is known."""
        self._organisations.upsert(team_id=team_id, enterprise_id=enterprise_id)

    def forget_team(self, team_id: str, before: datetime) -> int:
        """
        Delete a team's own installations of before then, whatever organisation they belong to.

        A team may have joined an organisation since it installed the app.
        """
        return self._db.execute(
            "delete from installations where team_id = :team and installed_at <= :before",
            {"team": team_id, "before": before},
        )

    def forget_organisation(self, enterprise_id: str, before: datetime) -> int:
        """Delete the installation for a whole organisation, if it is of before then."""
        return self._db.execute(
            """delete from installations
               where team_id = '' and enterprise_id = :enterprise and installed_at <= :before""",
            {"enterprise": enterprise_id, "before": before},
        )

    def reseal(self) -> int:
        """Seal every installation with the newest key, and count them."""
        return rotation.reseal(self._db, self._vault, "installations", "sealed")
