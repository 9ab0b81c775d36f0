"""All that is remembered, behind one door."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Self

from storage import migrations
from storage.accounts import Accounts
from storage.approvals import Approvals
from storage.audit import Audit
from storage.cards import Cards
from storage.clock import Clock, utc_now
from storage.contacts import Contacts
from storage.database import Database, SqliteDatabase
from storage.digests import Digests
from storage.errors import BadUrl, Unreachable
from storage.expiries import Expiries
from storage.figures import Figures
from storage.installations import Installations
from storage.invitations import Invitations
from storage.names import Names
from storage.once import Once
from storage.outbox import Outbox
from storage.people import People
from storage.policies import Policies
from storage.postgres import PostgresDatabase
from storage.preferences import Preferences
from storage.rights import Rights
from storage.shares import Shares
from storage.signing_keys import SigningKeys
from storage.snoozes import Snoozes
from storage.told import Told
from storage.transfers import Transfers
from storage.trusted import Trusted
from storage.vault import Vault

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
        self.told = Told(db, clock)
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
