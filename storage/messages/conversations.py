"""
Delivery by conversation: a row for each channel, or person, with pending messages.

Enqueuing a message or drawing a card only writes its own row. Workers file it under its
conversation when they next claim, and claim conversations, not messages: so order is kept within
one, and several are served at the same time. Notices and cards of one conversation are two rows,
so that no card waits behind notices.

Workers do this one at a time, so a worker that releases a conversation sees all that was filed
under it before.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from storage.clock import Clock
from storage.db.claims import Claims
from storage.db.columns import parse_time
from storage.db.database import Database, Row
from storage.db.table import Table
from storage.db.unreadable import UnreadableRow
from storage.messages.rests import Rests
from storage.work import displays

PACE = timedelta(seconds=1)
"""Slack takes about one message a second in a channel."""
FILED_TOGETHER = 500
BULK_TURN = 4
"""One of so many claims takes bulk messages first, so that the others cannot starve them."""
OVERLOOKED = timedelta(minutes=1)
"""Since when something is due that is under no conversation that waits."""
FURTHEST = timedelta(days=1)
"""Nothing is put further off than that; its clock was ahead."""

UNREADABLE = "unreadable"
"""Why a message was given up that the database no longer holds as it was written."""

M = TypeVar("M")


@dataclass(frozen=True)
class Conversation:
    """A channel, or a person's own conversation with the bot, as its worker has claimed it."""

    team_id: str
    place: str
    """Id of the channel or the person."""
    card: bool
    due_at: datetime
    attempts: int
    claim: str = field(repr=False)


@dataclass(frozen=True)
class Turn(Generic[M]):
    """A claimed conversation with its next message."""

    conversation: Conversation
    message: M
    dm_channel: str | None
    """The person's own conversation with the bot, if it was opened before."""
    shaky: bool
    """Whether its workspace has not taken a message since it last refused one."""


@dataclass(frozen=True)
class Served:
    """The outcome of a turn."""

    conversation: Conversation
    due_at: datetime
    """When the next message of the conversation may be sent."""
    sent: tuple[str, str] | None = None
    """Id of the notice that Slack took, and its `ts`."""
    works: bool = False
    """Whether a workspace that had refused messages has taken this one."""


@dataclass(frozen=True)
class Mail(Generic[M]):
    """Where pending messages of one kind are, in SQL."""

    table: str
    key: str
    unsaid: str
    """Condition of the rows that are still to be said."""
    ready: str
    """Further condition of those that may be next: of a conversation the first one is."""
    order: str
    free: str
    """Condition of those that no worker has."""
    take: str
    """The changes made by a claim."""
    read: Callable[[Row], M]
    """Gives a row as a value."""
    bulk: str = "0"
    """1 for those that others go ahead of, of other conversations."""

    @property
    def waits(self) -> str:
        """Exclude people whose notices are paused."""
        return f"""{self.unsaid} and not exists (
            select 1 from people p where p.team_id = {self.table}.team_id
            and p.user_id = {self.table}.user_id and p.paused_reason is not null)"""  # noqa: S608 - our own words

    def claim_first(self, conversations: str) -> str:
        """Claim the first message of each of these conversations, if it is due."""
        return f"""
            with given (team_id, place) as (values {conversations}),
            heads (id) as (
                select (select {self.key} from {self.table}
                        where {self.table}.team_id = given.team_id and conversation = given.place
                          and {self.waits} and {self.ready}
                        order by {self.order} limit 1)
                from given)
            update {self.table} set {self.take}
            where {self.key} in (select id from heads) and due_at <= :due and {self.free}
            returning *"""  # noqa: S608

    def first(self) -> str:
        """Select when the first message of a conversation is due, and free."""
        return f"""
            select due_at, claimed_until from {self.table}
            where team_id = :team and conversation = :place and {self.waits}
            order by case when {self.ready} then '' else due_at end, {self.order} limit 1"""  # noqa: S608


class Conversations(Generic[M]):
    """The conversations with pending messages of one kind."""

    def __init__(self, db: Database, clock: Clock, rests: Rests, mail: Mail[M], *, card: bool):
        self._db = db
        self._clock = clock
        self._rests = rests
        self._mail = mail
        self._card = card
        self._turn = 0
        """Counted, for turns between what is bulk and what is not."""
        table = Table(db, "conversations", Conversation, key=("team_id", "place", "card"))
        waiting = f"waiting = 1 and card = {int(card)}"
        self.claims = Claims(db, clock, table, lane="team_id", waiting=waiting)

    def serve(
        self,
        served: Sequence[Served],
        limit: int,
        per_workspace: int,
        due_by: datetime | None = None,
    ) -> list[Turn[M]]:
        """
        Note what became of turns, and claim the next ones, in one transaction.

        Args:
            per_workspace: of how many conversations of a workspace all workers may have a turn.

            due_by: what counts as due, if it is not what is due now.
        """
        with self._db.alone("claims on conversations"):
            self._note_sent(served)
            self._let_go(served)
            if not limit:
                return []
            self._file()
            shaky, claimed = self._claim(limit, per_workspace, due_by)
            messages = self._claim_messages(claimed, due_by)
            known = self._dm_channels(list(messages.values()))
            read = self._read(claimed, messages)
        return [
            Turn(each, message, known.get((each.team_id, user_id)), each.team_id in shaky)
            for each, message, user_id in read
        ]

    def _read(
        self, claimed: Sequence[Conversation], messages: Mapping[tuple[str, str], Row]
    ) -> list[tuple[Conversation, M, str]]:
        """
        Give each conversation with its message and the person it is for.

        A message that cannot be read is given up, because it would block those after it.
        """
        found, now = [], self._clock()
        for each in claimed:
            row = messages.get((each.team_id, each.place))
            if row is None:
                continue
            try:
                found.append((each, self._mail.read(row), row["user_id"]))
            except UnreadableRow:
                self._db.execute(
                    f"""update {self._mail.table} set failed_at = :now, error = :error
                        where {self._mail.key} = :key""",  # noqa: S608
                    {"now": now, "error": UNREADABLE, "key": row[self._mail.key]},
                )
                self._let_go([Served(each, now)])
        return found

    def next_due(self, *, resting: bool = True) -> datetime | None:
        """
        When there is something to claim next, as far as is known.

        Args:
            resting: whether workspaces count that rest until then.
        """
        now = self._clock()
        if self._db.rows(f"select 1 as one from {self._mail.table} where {self._unfiled} limit 1"):  # noqa: S608
            return now
        due = self.claims.next_due(
            where="team_id not in (select team_id from rests where until > :now)",
            params={"now": now},
        )
        ends = [each.until for each in self._rests.all() if resting and each.until > now]
        return min([*([due] if due else []), *ends], default=None)

    def mend(self) -> None:
        """
        Make due what was overlooked, or was put too far off by a clock that was ahead.

        A process of the release before files nothing.
        """
        now, table = self._clock(), self._mail.table
        self.claims.pull_in(FURTHEST, where=f"card = {int(self._card)}")
        self._db.execute(
            f"update {table} set due_at = :now where {self._mail.unsaid} and due_at > :far",  # noqa: S608
            {"now": now, "far": now + FURTHEST},
        )
        self._db.execute(
            f"""update {table} set conversation = null
                where {self._mail.waits} and due_at < :then and conversation is not null
                  and not exists (
                      select 1 from conversations c
                      where c.team_id = {table}.team_id and c.place = {table}.conversation
                        and c.card = {int(self._card)} and c.waiting = 1)""",  # noqa: S608
            {"then": now - OVERLOOKED},
        )

    def file_again(self, team_id: str, user_id: str) -> None:
        """Within a transaction: make due what is pending for somebody who can be reached again."""
        self._db.execute(
            f"""update {self._mail.table} set conversation = null
                where {self._mail.unsaid} and team_id = :team and user_id = :user""",  # noqa: S608
            {"team": team_id, "user": user_id},
        )
        self._db.notify(self._mail.table)

    def prune(self) -> int:
        """Forget conversations without pending messages."""
        return self._db.execute(
            "delete from conversations where waiting = 0 and claim = '' and due_at < :then",
            {"then": self._clock() - OVERLOOKED},
        )

    @property
    def _unfiled(self) -> str:
        return f"conversation is null and {self._mail.unsaid}"

    def _note_sent(self, served: Sequence[Served]) -> None:
        sent = [{"id": each.sent[0], "ts": each.sent[1]} for each in served if each.sent]
        if sent:
            now = self._clock()
            self._db.execute_many(
                """update outbox set sent_at = :now, ts = :ts, claimed_until = null, sealed = null
                   where id = :id""",
                [{**each, "now": now} for each in sent],
            )
            displays.sent(self._db, sent)
        for team_id in {each.conversation.team_id for each in served if each.works}:
            self._rests.over(team_id)

    def _let_go(self, served: Sequence[Served]) -> None:
        if served:
            self._db.execute_many(
                f"""update conversations
                    set claim = '', claimed_until = null, attempts = 0, due_at = :due,
                        waiting = case when exists (
                            select 1 from {self._mail.table}
                            where team_id = :team and conversation = :place and {self._mail.waits}
                        ) then 1 else 0 end
                    where team_id = :team and place = :place and card = :card
                      and claim = :claim""",  # noqa: S608
                [
                    {
                        "due": each.due_at,
                        "team": each.conversation.team_id,
                        "place": each.conversation.place,
                        "card": each.conversation.card,
                        "claim": each.conversation.claim,
                    }
                    for each in served
                ],
            )

    def _file(self) -> None:
        """File new messages under their conversations, which are due then, at their pace."""
        now = self._clock()
        filed = self._db.rows(
            f"""update {self._mail.table} set conversation = coalesce(channel, user_id)
                where {self._mail.key} in (
                    select {self._mail.key} from {self._mail.table} where {self._unfiled}
                    order by created_at limit {FILED_TOGETHER})
                returning team_id, conversation, {self._mail.bulk} as bulk""",  # noqa: S608
        )
        if filed:
            urgent = {(row["team_id"], row["conversation"]) for row in filed if not row["bulk"]}
            self._db.execute_many(
                """insert into conversations (team_id, place, card, due_at, waiting, bulk,
                                              attempts, claim)
                   values (:team, :place, :card, :now, 1, :bulk, 0, '')
                   on conflict (team_id, place, card) do update
                   set bulk = case when conversations.waiting = 1 and conversations.bulk = 0
                              then 0 else excluded.bulk end,
                       waiting = 1,
                       due_at = case when conversations.due_at between :now and :paced
                                then conversations.due_at else :now end""",
                [
                    {
                        "team": team,
                        "place": place,
                        "card": self._card,
                        "bulk": int((team, place) not in urgent),
                        "now": now,
                        "paced": now + PACE,
                    }
                    for team, place in {(row["team_id"], row["conversation"]) for row in filed}
                ],
            )

    def _claim(
        self, limit: int, per_workspace: int, due_by: datetime | None
    ) -> tuple[frozenset[str], list[Conversation]]:
        """Of a workspace that has refused messages, one is tried, to see."""
        now = due_by or self._clock()
        rests = self._rests.all()
        apart = [each.team_id for each in rests if each.probing or each.until > now]
        claimed: list[Conversation] = []
        for bulk in self._order():
            claimed += self.claims.claim(
                limit - len(claimed),
                per_lane=per_workspace,
                without=apart,
                due_by=due_by,
                where=f"bulk = {bulk}",
            )
        for each in rests:
            if each.probing and each.until <= now and len(claimed) < limit:
                claimed += self.claims.claim(1, per_lane=1, lanes=[each.team_id], due_by=due_by)
        return frozenset(each.team_id for each in rests), claimed

    def _order(self) -> Sequence[int]:
        """Bulk messages and others, in the order in which to claim them."""
        self._turn += 1
        if self._mail.bulk == "0":
            return (0,)
        return (1, 0) if self._turn % BULK_TURN == 0 else (0, 1)

    def _claim_messages(
        self, claimed: Sequence[Conversation], due_by: datetime | None
    ) -> Mapping[tuple[str, str], Row]:
        """Claim the first message of each, and release those that have none now."""
        if not claimed:
            return {}
        now = self._clock()
        values, named = _as_values([(each.team_id, each.place) for each in claimed])
        rows = self._db.rows(
            self._mail.claim_first(values),
            {
                **named,
                "now": now,
                "due": due_by or now,
                "until": now + self._db.lease,
                "token": secrets.token_hex(8),
            },
        )
        found = {(row["team_id"], row["conversation"]): row for row in rows}
        for each in claimed:
            if (each.team_id, each.place) not in found:
                self._let_wait(each)
        return found

    def _let_wait(self, conversation: Conversation) -> None:
        """Until its first message is due, or another is filed."""
        now = self._clock()
        named = {"team": conversation.team_id, "place": conversation.place, "now": now, "due": now}
        first = self._db.rows(self._mail.first(), named)
        due = max([now, *(parse_time(at) for row in first for at in row.values() if at)])
        self._let_go([Served(conversation, due)])

    def _dm_channels(self, rows: Sequence[Row]) -> Mapping[tuple[str, str], str]:
        people = sorted({(row["team_id"], row["user_id"]) for row in rows})
        if not people:
            return {}
        values, named = _as_values(people)
        known = self._db.rows(
            f"""select team_id, user_id, dm_channel from people
                where dm_channel is not null and (team_id, user_id) in (values {values})""",  # noqa: S608
            named,
        )
        return {(row["team_id"], row["user_id"]): row["dm_channel"] for row in known}


def _as_values(pairs: Sequence[tuple[str, str]]) -> tuple[str, Mapping[str, Any]]:
    """The pairs as SQL's list of values, with the parameters that it names."""
    named = {f"v{n}_{m}": value for n, pair in enumerate(pairs) for m, value in enumerate(pair)}
    return ", ".join(f"(:v{n}_0, :v{n}_1)" for n in range(len(pairs))), named
