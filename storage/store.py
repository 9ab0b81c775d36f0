"""All that is remembered, behind one door."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Self

from storage.access.accounts import Accounts
from storage.access.approvals import Approvals
from storage.access.grants import Rights
from storage.access.installations import Installations
from storage.access.people import People
from storage.access.policies import Policies
from storage.access.signing_keys import SigningKeys
from storage.audit.audit import Audit
from storage.clock import Clock, utc_now
from storage.db import migrations
from storage.db.database import Database, SqliteDatabase
from storage.db.locks_and_tokens import Once
from storage.db.postgres import PostgresDatabase
from storage.db.vault import Vault
from storage.errors import BadUrl, Unreachable
from storage.messages.cards import Cards
from storage.messages.delivered import Delivered
from storage.messages.digest_slots import Digests
from storage.messages.escalations import Contacts
from storage.messages.outbox import Outbox
from storage.messages.preferences import Preferences
from storage.messages.snoozes import Snoozes
from storage.sharing.addressbook import Names
from storage.sharing.auto_accept import Trusted
from storage.sharing.expiries import Expiries
from storage.sharing.invitations import Invitations
from storage.sharing.shares import Shares
from storage.transfers.figures import Figures
from storage.transfers.transfers import Transfers

SQLITE = "sqlite:///"


class Store:
    """One topic, one attribute. Thread-safe."""

    def __init__(self, db: Database, vault: Vault, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock
        self.people = People(db, clock)
        self.accounts = Accounts(db, clock, vault)
        self.rights = Rights(db, clock)
        self.policies = Policies(db, clock)
        self.approvals = Approvals(db, clock)
        self.audit = Audit(db, clock)
        self.outbox = Outbox(db, clock)
        self.invitations = Invitations(db, clock)
        self.once = Once(db, clock)
        self.names = Names(db, clock)
        self.digests = Digests(db, clock)
        self.delivered = Delivered(db, clock)
        self.snoozes = Snoozes(db, clock)
        self.trusted = Trusted(db, clock)
        self.contacts = Contacts(db, clock)
        self.preferences = Preferences(db, clock)
        self.installations = Installations(db, clock, vault)
        self.transfers = Transfers(db, clock)
        self.cards = Cards(db, clock)
        self.shares = Shares(db, clock)
        self.figures = Figures(db, clock)
        self.expiries = Expiries(db, clock)
        self.signing_keys = SigningKeys(db, clock, vault)

    @classmethod
    def open(cls, url: str, keys: Sequence[str], clock: Clock = utc_now) -> Self:
        """
        Args:
            url: `sqlite:///path` or `postgresql://user:password@host/name`.

            keys: Fernet keys, newest first.

        Raises:
            storage.errors.BadKeys, BadUrl, Unreachable: each says what to do.
        """
        return cls(_database(url), Vault(keys), clock)

    def migrate(self) -> list[str]:
        """Bring the tables up to this program, and name the steps that were taken."""
        return migrations.migrate(self._db, self._clock)

    def ready(self) -> bool:
        """Whether the database answers and its tables are up to this program."""
        try:
            return not migrations.pending(self._db)
        except Unreachable:
            return False

    def must_be_migrated(self) -> None:
        """
        Raises:
            storage.errors.NotMigrated: naming the steps and the command.
        """
        migrations.must_be_migrated(self._db)

    def reseal(self) -> int:
        """
        Seal all secrets with the newest key, and count them. The older keys may then go.

        Raises:
            storage.errors.Sealed: no key opens some of them; all others are done.
        """
        sealed = (self.accounts, self.installations, self.signing_keys)
        return sum(each.reseal() for each in sealed)

    def together(self) -> AbstractContextManager[None]:
        """
        All that is written within, or none; never to do anything slow in.

        Raises:
            RuntimeError: within another one, as some methods have one of their own.
        """
        return self._db.transaction()

    def close(self) -> None:
        self._db.close()


def _database(url: str) -> Database:
    if url.startswith(SQLITE):
        return SqliteDatabase(_path(url))
    if url.startswith(("postgresql://", "postgres://")):
        return PostgresDatabase(url)
    raise BadUrl("DATABASE_URL is neither sqlite:///path nor postgresql://user:password@host/name")


def _path(url: str) -> str:
    path = url.removeprefix(SQLITE)
    if path in ("", ":memory:"):
        raise BadUrl("DATABASE_URL names no file: every thread would have a database of its own")
    return path
