"""Producers whose invitations an account accepts automatically."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from storage.access.roles import AccountKey
from storage.clock import Clock
from storage.db.database import Database
from storage.db.table import Table


@dataclass(frozen=True)
class Trust:
    """One producer whose invitations one account accepts automatically."""

    key: AccountKey
    producer: str
    """Account number."""
    account_id: str
    """The link whose credentials accept."""
    user_id: str
    """Slack's id of the person who set it."""
    at: datetime


class Trusted:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._table = Table(
            db,
            "trusted",
            Trust,
            key=("team_id", "cloud", "project_id", "producer"),
            fields={"user_id": itemgetter("trusted_by")},
        )
        self._clock = clock

    def put(self, key: AccountKey, producer: str, account_id: str, user_id: str) -> bool:
        """Trust a producer. False, and nothing is changed, if somebody did so before."""
        return self._table.insert_or_ignore(
            key=key,
            producer=producer,
            account_id=account_id,
            trusted_by=user_id,
            at=self._clock(),
        )

    def end(self, key: AccountKey, producer: str) -> bool:
        """Trust a producer no longer. True if it was trusted."""
        return self._table.delete(key=key, producer=producer)

    def of(self, key: AccountKey) -> list[Trust]:
        """Give the producers that an account trusts, by number."""
        return self._table.find(key=key)
