"""The store: the single entry to all tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from storage.access import forgetting
from storage.access.accounts import Accounts
from storage.access.approvals import Approvals
from storage.access.grants import Rights
from storage.access.installations import Installations
from storage.access.people import People
from storage.access.places import Places
from storage.access.policies import Policies
from storage.access.signing_keys import SigningKeys
from storage.access.slack_troubles import SlackTroubles
from storage.audit.audit import Audit
from storage.clock import Clock, utc_now
from storage.db import copying, migrations
from storage.db.columns import to_text
from storage.db.database import LEASE, Database, SqliteDatabase
from storage.db.listening import Listening
from storage.db.locks_and_tokens import Once
from storage.db.patience import TIMEOUT_S, Patience
from storage.db.postgres import CONNECTIONS, PostgresDatabase
from storage.db.vault import Vault
from storage.errors import BadUrl, NoDatabase, NotEmpty, Sealed, StorageError, Unreachable
from storage.messages.cards import Cards
from storage.messages.conversations import Conversations
from storage.messages.delivered import Delivered
from storage.messages.digest_slots import Digests
from storage.messages.escalations import Contacts
from storage.messages.news import News
from storage.messages.outbox import Outbox
from storage.messages.preferences import Preferences
from storage.messages.rests import Rests
from storage.messages.snoozes import Snoozes
from storage.sharing.addressbook import Names
from storage.sharing.auto_accept import Trusted
from storage.sharing.dormant_members import DormantMembers
from storage.sharing.expiries import Expiries
from storage.sharing.invitations import Invitations
from storage.sharing.shared_images import SharedImages
from storage.sharing.shares import Shares
from storage.transfers.figures import Figures
from storage.transfers.transfers import Transfers
from storage.work.digest_schedules import DigestSchedules
from storage.work.displays import Displays
from storage.work.overview import Overview
from storage.work.step_runs import StepRuns
from storage.work.ticks import Ticks

SQLITE = "sqlite:///"
MAX_SEALED = 2000
"""Characters of a sealed value that is brought back."""


class Store:
    """One topic, one attribute. Thread-safe."""

    def __init__(self, db: Database, vault: Vault, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock
        self._vault = vault
        self.people = People(db, clock, self._file_again)
        self.accounts = Accounts(db, clock, vault)
        self.rights = Rights(db, clock)
        self.policies = Policies(db, clock)
        self.approvals = Approvals(db, clock)
        self.audit = Audit(db, clock)
        self.outbox = Outbox(db, clock, vault)
        self.invitations = Invitations(db, clock)
        self.once = Once(db, clock)
        self.names = Names(db, clock)
        self.digests = Digests(db, clock)
        self.digest_schedules = DigestSchedules(db, clock)
        self.delivered = Delivered(db, clock)
        self.snoozes = Snoozes(db, clock)
        self.news = News(db, clock)
        self.trusted = Trusted(db, clock)
        self.contacts = Contacts(db, clock)
        self.preferences = Preferences(db, clock)
        self.slack_troubles = SlackTroubles(db, clock)
        self.installations = Installations(db, clock, vault)
        self.transfers = Transfers(db, clock)
        self.cards = Cards(db, clock)
        self.displays = Displays(db, clock, vault)
        self.rests = Rests(db, clock)
        self.notices_due = Conversations(db, clock, self.rests, self.outbox.mail, card=False)
        self.cards_due = Conversations(db, clock, self.rests, self.cards.mail, card=True)
        self.shares = Shares(db, clock)
        self.shared_images = SharedImages(db, clock)
        self.figures = Figures(db, clock)
        self.expiries = Expiries(db, clock)
        self.dormant = DormantMembers(db, clock)
        self.signing_keys = SigningKeys(db, clock, vault)
        self.ticks = Ticks(db, clock)
        self.work = Overview(db, clock)
        self.step_runs = StepRuns(db, clock)
        self.places = Places(db, clock)

    @classmethod
    def open(
        cls,
        url: str,
        keys: Sequence[str],
        clock: Clock = utc_now,
        lease: timedelta = LEASE,
        *,
        timeout_s: float = TIMEOUT_S,
        connections: int = CONNECTIONS,
    ) -> Self:
        """
        Args:
            url: `sqlite:///path` or `postgresql://user:password@host/name`.

            keys: Fernet keys, newest first.

            lease: for how long a claim on a row of work holds unless it is renewed.

            timeout_s: how long a statement waits for an answer or for a lock.

            connections: the most that are open to PostgreSQL.

        Raises:
            storage.errors.BadKeys, BadUrl, Unreachable: each says what to do.
        """
        db = _database(url, Patience(timeout_s), connections)
        db.lease = lease
        return cls(db, Vault(keys), clock)

    @classmethod
    def must_exist(cls, url: str) -> None:
        """
        Raises:
            storage.errors.BadUrl: it is no URL of a database.

            storage.errors.NoDatabase: it names an SQLite file that is not there.
        """
        if url.startswith(SQLITE) and not (file := Path(_path(url))).is_file():
            raise NoDatabase(
                f"there is no database {file.absolute()}: check DATABASE_URL; "
                "a relative path starts from the folder that you are in"
            )

    @classmethod
    def is_one(cls, file: Path) -> bool:
        """Whether this file is an SQLite database that some version of the bot has made."""
        try:
            db = SqliteDatabase(str(file))
        except StorageError:
            return False
        try:
            return db.has_table("migrations") and db.has_table("people")
        finally:
            db.close()

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
        with self.without_bound():
            return sum(each.reseal() for each in sealed)

    def seal(self, value: Mapping[str, Any], seconds: float) -> str:
        """Seal a value for *seconds*, to be kept elsewhere: nothing of it is remembered."""
        until = self._clock() + timedelta(seconds=seconds)
        return self._vault.seal({"until": to_text(until), "value": dict(value)})

    def unseal(self, sealed: str) -> Mapping[str, Any] | None:
        """Decrypt a value that was encrypted here; None if it was not, or has expired."""
        try:
            held = self._vault.open(sealed[:MAX_SEALED])
        except Sealed:
            return None
        if held.get("until", "") <= to_text(self._clock()):
            return None
        value: Mapping[str, Any] = held["value"]
        return value

    def together(self) -> AbstractContextManager[None]:
        """
        All that is written within, or none; never to do anything slow in.

        Raises:
            RuntimeError: within another one, as some methods have one of their own.
        """
        return self._db.transaction()

    def _file_again(self, team_id: str, user_id: str) -> None:
        """Have delivered what waited for somebody who can be reached again."""
        self.notices_due.file_again(team_id, user_id)
        self.cards_due.file_again(team_id, user_id)

    def copy_into(self, target: Store, *, replace: bool = False) -> Mapping[str, int]:
        """
        Copy all that is kept now into another database, and compare it there row by row.

        Args:
            target: migrated to the same steps.

            replace: whether it may hold something already, which is then lost.

        Returns:
            The number of rows by table.

        Raises:
            storage.errors.NotEmpty, NotMigrated, Different.
        """
        self.must_be_migrated()
        target.must_be_migrated()
        if not replace and not copying.is_empty(target._db):
            raise NotEmpty("it is not empty: all that it holds would be lost")
        with self.without_bound(), target.without_bound():
            return copying.copy(self._db, target._db)

    def forget(self, team_id: str, user_id: str) -> Mapping[str, int]:
        """
        Forget a person, but for the audit and what they decided for an account.

        Their timed shares are passed on to who else has linked the account. Those that nobody else
        can end would last forever: see `expiries.of_nobody_else` first.

        Returns:
            The number of rows deleted by table, and of `passed on` timed shares.
        """
        with self.without_bound(), self._db.transaction():
            passed_on = forgetting.hand_over(self._db, team_id, user_id)
            counts = forgetting.forget(self._db, team_id, user_id, self._clock())
        return {**counts, **({"passed on": passed_on} if passed_on else {})}

    def listen(self, heard: Callable[[str], None]) -> Listening:
        """
        Call *heard*, in a thread, with the table in which something has become due.

        "" means any of them.
        """
        return self._db.listen(heard)

    def without_bound(self) -> AbstractContextManager[None]:
        """Within, this thread waits for the database as long as it takes: nobody waits for it."""
        return self._db.without_bound()

    def close(self) -> None:
        self._db.close()


def _database(url: str, patience: Patience, connections: int) -> Database:
    if url.startswith(SQLITE):
        return SqliteDatabase(_path(url), patience)
    if url.startswith(("postgresql://", "postgres://")):
        return PostgresDatabase(url, patience, connections)
    raise BadUrl("DATABASE_URL is neither sqlite:///path nor postgresql://user:password@host/name")


def _path(url: str) -> str:
    path = url.removeprefix(SQLITE)
    if path in ("", ":memory:"):
        raise BadUrl("DATABASE_URL names no file: every thread would have a database of its own")
    return path
