"""The invitations of accounts, as the cloud last listed them; it keeps no history itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from storage.clock import Clock
from storage.db.database import Database
from storage.db.table import Table
from storage.work import displays


class Image(Protocol):
    """An image, as far as its invitations remember it."""

    @property
    def id(self) -> str: ...

    @property
    def region(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def owner(self) -> str: ...

    @property
    def size(self) -> int | None: ...

    @property
    def standard(self) -> bool: ...


class State(StrEnum):
    """The state of an invitation."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    GONE = "gone"
    """No longer pending; whether it was answered elsewhere or withdrawn is not known yet."""
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    """It was accepted, and the account has no access any more."""


@dataclass(frozen=True)
class Invitation:
    """One image that was shared with one linked account."""

    account_id: str
    region: str
    image_id: str
    image_name: str
    owner: str
    """Account number of the producer."""
    size: int | None
    """Bytes; None while the image has no data."""
    first_seen: datetime
    invited_at: datetime | None = None
    """When the producer shared it; None until the cloud was asked."""
    standard: bool = False
    state: str = State.PENDING
    answered_by: str | None = None
    """`T1/U2` if it was answered here."""
    answered_at: datetime | None = None

    @classmethod
    def of_image(cls, account_id: str, image: Image, now: datetime) -> Invitation:
        """One that was first seen now."""
        return cls(
            account_id=account_id,
            region=image.region,
            image_id=image.id,
            image_name=image.name,
            owner=image.owner,
            size=image.size,
            first_seen=now,
            standard=image.standard,
        )


@dataclass(frozen=True)
class Changes:
    """The changes that a look at the cloud has found."""

    new: tuple[Invitation, ...]
    known: tuple[Invitation, ...]
    gone: tuple[Invitation, ...]
    """Pending at the last look and no longer; also those of earlier looks still unexplained."""


class Invitations:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._table = Table(
            db,
            "invitations",
            Invitation,
            key=("account_id", "region", "image_id"),
            order="first_seen, image_id",
        )
        self._clock = clock

    def settle(
        self,
        account_id: str,
        region: str,
        pending: Sequence[Invitation],
        *,
        asked_at: datetime | None = None,
    ) -> Changes:
        """
        Bring what is known of one account and region in line with what the cloud says is pending.

        All in one transaction, that which is open if there is one. One that was answered and is
        pending again counts as new. Nothing changes if the account has been unlinked meanwhile.

        Args:
            asked_at: When the cloud was asked. What has been noted since is newer than its
                list, and is left as it is.
        """
        place = {"account_id": account_id, "region": region}
        with self._db.alone():
            if not self._held(account_id):
                return Changes((), (), ())
            before = self._table.find(**place)
            newer = self._noted_since(place, asked_at) if before else set()
            known = {i.image_id: i for i in before if i.image_id not in newer}
            told = {i.image_id: i for i in pending if i.image_id not in newer}
            waiting = {id_ for id_, i in known.items() if i.state == State.PENDING}
            news = [i for id_, i in told.items() if not _says_nothing_new(i, known.get(id_))]
            for invitation in news:
                self._pend(invitation)
            for image_id in waiting - told.keys():
                self._table.update({"state": State.GONE}, **place, image_id=image_id)
            changed = news or waiting - told.keys()
            if changed:
                displays.changed(self._db, self._clock(), displays.of_link(account_id))
            after = {i.image_id: i for i in (self._table.find(**place) if changed else before)}
        return Changes(
            new=tuple(after[i] for i in told if i not in waiting),
            known=tuple(after[i] for i in told if i in waiting),
            gone=tuple(i for i in after.values() if i.state == State.GONE),
        )

    def pending(self, account_id: str | None = None) -> list[Invitation]:
        """Give the invitations that are pending, of one link or all, the oldest first."""
        link = {} if account_id is None else {"account_id": account_id}
        return self._table.find(state=State.PENDING, **link)

    def of(self, account_id: str) -> list[Invitation]:
        """Give all invitations that are known, answered ones too, the oldest first."""
        return self._table.find(account_id=account_id)

    def accepted(self, account_id: str, region: str) -> list[Invitation]:
        """Give those of one account and region that were accepted, the oldest first."""
        return self._table.find(account_id=account_id, region=region, state=State.ACCEPTED)

    def lost(self, account_id: str, region: str) -> list[Invitation]:
        """Give those of one account and region that were accepted and ended, the oldest first."""
        return self._table.find(account_id=account_id, region=region, state=State.ENDED)

    def ended(self, account_ids: Sequence[str]) -> list[Invitation]:
        """Give what these links had been offered or had accepted, and lost, the newest last."""
        lost = (State.WITHDRAWN, State.ENDED)
        found = [i for each in account_ids for state in lost for i in self._of(each, state)]
        return sorted(found, key=lambda each: each.answered_at or each.first_seen)

    def begin(self, invitation: Invitation) -> bool:
        """
        Note an invitation that was made here, before the cloud is asked. False if it is known.

        A look that was under way meanwhile leaves it as it is.
        """
        place = {"account_id": invitation.account_id, "region": invitation.region}
        with self._db.transaction():
            known = self.find(invitation.account_id, invitation.region, invitation.image_id)
            if not self._held(invitation.account_id) or (known and known.state == State.PENDING):
                return False
            self._pend(invitation)
            self._table.update({"noted_at": self._clock()}, **place, image_id=invitation.image_id)
            displays.changed(self._db, self._clock(), displays.of_link(invitation.account_id))
        return True

    def find(self, account_id: str, region: str, image_id: str) -> Invitation | None:
        return self._table.get(account_id=account_id, region=region, image_id=image_id)

    def set_invited_at(
        self, account_id: str, region: str, image_id: str, invited_at: datetime
    ) -> None:
        """Note when the producer shared it, so that the cloud is asked only once."""
        self._table.update(
            {"invited_at": invited_at}, account_id=account_id, region=region, image_id=image_id
        )

    def answered(
        self,
        account_id: str,
        region: str,
        image_id: str,
        state: str,
        by: str | None,
        at: datetime,
    ) -> None:
        """Note an answer: given here by *by*, or elsewhere if that is None."""
        with self._db.alone():
            self._table.update(
                {"state": state, "answered_by": by, "answered_at": at, "noted_at": self._clock()},
                account_id=account_id,
                region=region,
                image_id=image_id,
            )
            displays.changed(self._db, self._clock(), displays.of_link(account_id))

    def prune(self, before: datetime) -> int:
        """
        Delete what was rejected, withdrawn or ended, and noted as such before then.

        Accepted ones stay as long as the access, so that people are notified of its end. The audit
        keeps who answered. What the cloud dated long ago counts from when it was noted.
        """
        return self._db.execute(
            """delete from invitations
               where state in ('rejected', 'withdrawn', 'ended')
                 and coalesce(noted_at, answered_at) < :before""",
            {"before": before},
        )

    def _of(self, account_id: str, state: State) -> list[Invitation]:
        return self._table.find(account_id=account_id, state=state)

    def _held(self, account_id: str) -> bool:
        """Keep the account from being unlinked, or settled by another process, meanwhile."""
        return bool(
            self._db.rows(
                f"select id from accounts where id = :account {self._db.row_lock}",  # noqa: S608
                {"account": account_id},
            )
        )

    def _noted_since(self, place: dict[str, Any], asked_at: datetime | None) -> set[str]:
        if asked_at is None:
            return set()
        rows = self._db.rows(
            """select image_id from invitations
               where account_id = :account_id and region = :region and noted_at >= :asked""",
            {**place, "asked": asked_at},
        )
        return {row["image_id"] for row in rows}

    def _pend(self, invitation: Invitation) -> None:
        self._db.execute(
            """insert into invitations (account_id, region, image_id, image_name, owner, size,
                                        standard, invited_at, first_seen, state)
               values (:account, :region, :image, :name, :owner, :size, :standard, :invited,
                       :now, 'pending')
               on conflict (account_id, region, image_id) do update set
                   image_name = excluded.image_name, owner = excluded.owner,
                   size = excluded.size, standard = excluded.standard,
                   first_seen = case when invitations.state = 'pending'
                                     then invitations.first_seen else excluded.first_seen end,
                   invited_at = case when invitations.state = 'pending'
                                     then invitations.invited_at else excluded.invited_at end,
                   state = 'pending', answered_by = null, answered_at = null""",
            {
                "account": invitation.account_id,
                "region": invitation.region,
                "image": invitation.image_id,
                "name": invitation.image_name,
                "owner": invitation.owner,
                "size": invitation.size,
                "standard": invitation.standard,
                "invited": invitation.invited_at,
                "now": self._clock(),
            },
        )


def _says_nothing_new(told: Invitation, known: Invitation | None) -> bool:
    """A look that finds nothing new writes nothing."""
    return known is not None and known == replace(
        told,
        first_seen=known.first_seen,
        invited_at=known.invited_at,
    )
