"""
Messages that are redrawn while what they show changes, such as the progress of a transfer.

What a card should show is kept, and what Slack was told last; where these differ, it is due.
So however often it changes in between, only the newest is drawn.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from storage.clock import Clock
from storage.db.columns import parse_time
from storage.db.database import Database, Row
from storage.db.table import Table
from storage.messages.conversations import Mail
from storage.messages.outbox import NO_ANSWER

LIMITED = "ratelimited"
"""What became of an edit that Slack wants later."""
Blocks = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Card:
    """A card that is to be drawn, as its worker has claimed it."""

    key: str
    team_id: str
    user_id: str
    channel: str | None
    """Where it is, or will be; None for the person's conversation with the bot."""
    ts: str | None
    """The message that it is in Slack; None while it is none."""
    text: str
    blocks: Blocks
    version: int
    """Counts what it should show."""
    attempts: int
    """How often it was claimed since it was last drawn, this time included."""
    created_at: datetime
    claim: str = field(repr=False)
    error: str | None = None
    """The outcome of the last attempt."""
    only_edited: bool = False
    """Whether it is a message that was sent as something else: it is never posted again."""
    reference: str | None = None
    """The reference of the request that last changed what it should show."""


@dataclass(frozen=True)
class CardCopy:
    """One of several copies of a card."""

    key: str
    user_id: str
    channel: str | None
    failed: bool
    """Whether Slack does not take it there."""


class Cards:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._table = Table(
            db,
            "cards",
            Card,
            key=("key",),
            fields={
                "text": lambda row: _shown(row)["text"],
                "blocks": lambda row: _shown(row)["blocks"],
            },
        )
        self._copies = Table(db, "cards", CardCopy, key=("key",), fields={"failed": _failed})
        self._clock = clock
        self.mail = Mail(
            table="cards",
            key="key",
            unsaid="drawn < version and failed_at is null",
            ready="due_at <= :due",
            order="due_at, key",
            free="(claim = '' or claimed_until <= :now)",
            take=f"""claim = :token, claimed_until = :until, attempts = attempts + 1,
                error = case when claim = '' then error else '{NO_ANSWER}' end""",
            read=self._table.read,
        )

    def draw(
        self,
        *,
        key: str,
        team_id: str,
        user_id: str,
        text: str,
        blocks: Blocks,
        channel: str | None = None,
        ts: str | None = None,
        only_edited: bool = False,
        reference: str | None = None,
    ) -> None:
        """
        Have the card *key* show this from now on. The first time it is posted.

        Args:
            ts: of a message that is there already, and becomes this card.

            only_edited: as of `Card`.

            reference: of the request that caused it, for the log of the worker that delivers it.
        """
        self._db.execute(
            f"""insert into cards (key, team_id, user_id, channel, ts, only_edited, message,
                                   version, drawn, attempts, claim, created_at, due_at, reference)
               values (:key, :team, :user, :channel, :ts, :only_edited, :message, 1, 0, 0, '', :now,
                       :now, :reference)
               on conflict (key) do update
               set message = excluded.message, reference = excluded.reference,
                   version = cards.version + 1, failed_at = null, attempts = 0,
                   due_at = case when {_RESTS} then cards.due_at else :now end,
                   conversation = null
               where cards.message <> excluded.message""",  # noqa: S608 - our own words
            {
                "key": key,
                "team": team_id,
                "user": user_id,
                "channel": channel,
                "ts": ts,
                "only_edited": only_edited,
                "message": {"text": text, "blocks": list(blocks)},
                "now": self._clock(),
                "limited": LIMITED,
                "reference": reference,
            },
        )
        self._db.notify(self.mail.table)

    def places(self, beginning: str) -> list[CardCopy]:
        """Give the copies of all cards whose keys begin so."""
        return self._copies.where(_BEGINS_SO, {"beginning": beginning})

    def failed(self, beginning: str) -> list[CardCopy]:
        """Give those of them that Slack does not take where they are to be posted."""
        return self._copies.where(
            f"{_BEGINS_SO} and failed_at is not null", {"beginning": beginning}
        )

    def drawn(self, card: Card, channel: str, ts: str) -> None:
        """Slack shows this version. If there is a newer one by now, the card is due again."""
        self._let_go(
            card,
            {"drawn": card.version, "channel": channel, "ts": ts, "attempts": 0, "error": None},
        )

    def lost(self, card: Card) -> None:
        """Its message is gone from Slack: post it again."""
        self._let_go(card, {"ts": None, "error": None})

    def forget(self, card: Card) -> None:
        """Its message cannot be edited any more, and nothing is posted in its place."""
        self._table.delete(key=card.key, claim=card.claim)

    def retry(self, card: Card, at: datetime, error: str, *, counted: bool = True) -> None:
        """Try it again, not before *at*: it could not be drawn, or, not *counted*, had to wait."""
        attempts = card.attempts if counted else card.attempts - 1
        became = error if counted or card.only_edited else card.error or error
        self._let_go(card, {"due_at": at, "error": became, "attempts": attempts})

    def put_off_edits(self, team_id: str, until: datetime) -> None:
        """Edit nothing in a workspace before then that was sent as something else."""
        self._db.execute(
            """update cards set due_at = :until, error = :error
               where team_id = :team and only_edited = 1 and drawn < version
                 and failed_at is null and claim = '' and due_at < :until""",
            {"team": team_id, "until": until, "error": LIMITED},
        )

    def edits_rest(self, team_id: str) -> timedelta | None:
        """For how long Slack still wants no edits in a workspace; None if it takes them."""
        [row] = self._db.rows(
            f"""select max(due_at) as until from cards
                where team_id = :team and drawn < version and failed_at is null and {_RESTS}""",  # noqa: S608
            {"team": team_id, "now": self._clock(), "limited": LIMITED},
        )
        return parse_time(row["until"]) - self._clock() if row["until"] else None

    def fail(self, card: Card, error: str) -> None:
        """This version cannot be drawn. A newer one, even of a moment ago, may well be."""
        self._db.execute(
            """update cards set error = :error, claim = '',
                                failed_at = case when version = :version then :now end
               where key = :key and claim = :held""",
            {
                "error": error,
                "version": card.version,
                "now": self._clock(),
                "key": card.key,
                "held": card.claim,
            },
        )

    def prune(self, before: datetime) -> int:
        """Forget cards that nothing has changed since then; their messages stay as they are."""
        return self._db.execute("delete from cards where due_at < :at", {"at": before})

    def _let_go(self, card: Card, changes: Mapping[str, Any]) -> None:
        """Only with the claim: who was slow changes nothing that another has drawn since."""
        self._table.update({**changes, "claim": ""}, key=card.key, claim=card.claim)


_RESTS = "cards.only_edited = 1 and cards.error = :limited and cards.due_at > :now"
"""Slack has limited edits in its workspace, and they rest until it is due."""
_BEGINS_SO = "substr(key, 1, length(:beginning)) = :beginning"


def _shown(row: Row) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(row["message"])
    return shown


def _failed(row: Row) -> bool:
    return row["failed_at"] is not None
