"""
Messages and home tabs whose content may change: where each is, how to redraw it, and when.

A display is due as soon as one of its subjects has changed, in the transaction of the change.
So all that changes within a moment is drawn once. Only the newest of a person are kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from storage.clock import Clock
from storage.db.claims import Claims
from storage.db.columns import new_id, parse_time
from storage.db.database import Database, Row
from storage.db.table import Table
from storage.db.vault import Vault
from storage.errors import Sealed

TABLE = "displays"
DELAY = timedelta(seconds=1)
"""From a change to its drawing: what is clicked is answered first, and a burst is drawn once."""
HOME_PACE = timedelta(seconds=15)
"""A home is not drawn again within this time."""
CHANGES_KEPT = timedelta(hours=1)
"""For so long it is known what has changed: no message takes longer to draw and to send."""
REPLY_LIFE = timedelta(minutes=29)
"""For so long what only its reader sees can be drawn again; Slack takes it for 30 minutes."""


class DisplayKind(StrEnum):
    DIGEST = "digest"
    """A digest or an instant notification."""
    INVITATIONS = "invitations"
    """The list of pending invitations."""
    REQUESTS = "requests"
    """The list of requests for approval."""
    REMINDER = "reminder"
    """The reminder of one request for approval."""
    CARDS = "cards"
    """All cards of one request for approval, kept as its requester's."""
    HOME = "home"


KEPT: Mapping[str, int] = {
    DisplayKind.DIGEST: 10,
    DisplayKind.INVITATIONS: 3,
    DisplayKind.REQUESTS: 3,
    DisplayKind.REMINDER: 10,
    DisplayKind.CARDS: 50,
    DisplayKind.HOME: 1,
}
"""Displays of a person that are drawn again, by kind. Older ones stay as they are."""


@dataclass(frozen=True)
class Drawing:
    """The content of a display."""

    kind: str
    about: Mapping[str, Any]
    """The values needed to draw it again, besides those stored elsewhere."""
    shown: str
    """Two drawings show the same if this is equal."""
    subjects: Sequence[str]
    """Subjects whose changes make it due: `of_link`, `of_account`, `of_groups`, `of_person`.
    None of them, when it is drawn again: those that it had."""
    read_at: datetime
    """Just before its content was read: what has changed since is not in it."""


@dataclass(frozen=True)
class Display:
    """A display that is due, as its worker has claimed it."""

    id: str
    team_id: str
    user_id: str
    """For whose eyes it is drawn."""
    kind: str
    about: Mapping[str, Any]
    shown: str
    channel: str | None
    """Where it is; None for the person's conversation with the bot."""
    ts: str | None
    """The message; None for a home, for what is not sent yet, and for what only its reader sees."""
    drawn_at: datetime
    """When its person last opened it or had it drawn."""
    due_at: datetime
    attempts: int
    claim: str = field(repr=False)

    @property
    def card_key(self) -> str:
        """The key of the card by which it is drawn."""
        return f"{TABLE} {self.id}"


class Displays:
    def __init__(self, db: Database, clock: Clock, vault: Vault) -> None:
        self._db = db
        self._clock = clock
        self._vault = vault
        self._table = Table(db, TABLE, Display, key=("id",), fields={"about": _about})
        waiting = "due_at is not null"
        self.claims = Claims(db, clock, self._table, lane="team_id", waiting=waiting)

    def put(
        self,
        team_id: str,
        user_id: str,
        drawing: Drawing,
        *,
        display_id: str = "",
        channel: str | None = None,
        ts: str | None = None,
        reply_url: str = "",
    ) -> None:
        """
        Have this drawn again when it changes. Whatever else was shown in its place is forgotten.

        It is due at once if it has changed since it was read: to draw and send it takes a while.
        Otherwise not, as a list that the cloud gave may know more than the database does yet.

        Args:
            display_id: that of its notice, whose `ts` is noted once Slack has it.

            reply_url: where Slack takes a new drawing of what only its reader sees; a secret.
        """
        now = self._clock()
        with self._db.alone():
            self._forget_there(team_id, channel, ts)
            display_id = display_id or new_id()
            self._db.execute(
                """insert into displays (id, team_id, user_id, kind, about, shown, channel, ts,
                                         reply, drawn_at, rests_until, due_at, attempts, claim)
                   values (:id, :team, :user, :kind, :about, :shown, :channel, :ts, :reply, :now,
                           :now, :due, 0, '')
                   on conflict (id) do update
                   set about = excluded.about, shown = excluded.shown, drawn_at = excluded.drawn_at,
                       rests_until = excluded.rests_until,
                       due_at = coalesce(displays.due_at, excluded.due_at)""",
                {
                    "id": display_id,
                    "team": team_id,
                    "user": user_id,
                    "kind": drawing.kind,
                    "about": dict(drawing.about),
                    "shown": drawing.shown,
                    "channel": channel,
                    "ts": ts,
                    "reply": self._vault.seal({"url": reply_url}) if reply_url else None,
                    "now": now,
                    "due": now + DELAY if self._has_changed(drawing) else None,
                },
            )
            self._have_subjects(display_id, drawing.subjects)
            self._keep_newest(team_id, user_id, drawing.kind)

    def put_home(self, team_id: str, user_id: str, drawing: Drawing) -> None:
        """Have a home that its person has just seen drawn again when it changes."""
        self.put(team_id, user_id, drawing, display_id=_home_id(team_id, user_id))

    def replaced(self, team_id: str, channel: str, ts: str) -> None:
        """Forget what was shown in a message that shows something else now."""
        with self._db.alone():
            self._forget_there(team_id, channel, ts)

    def changed(self, *subjects: str) -> None:
        """Have what shows these drawn again soon. Call it in the transaction of their change."""
        changed(self._db, self._clock(), *subjects)

    def reply_url(self, card_key: str) -> str | None:
        """
        Where Slack takes a new drawing of what only its reader sees.

        Returns:
            "" if it is edited as any other message; None if it can no longer be redrawn.
        """
        rows = self._db.rows(
            "select reply, drawn_at from displays where id = :id",
            {"id": _id_of(card_key)},
        )
        if not rows:
            return None
        if not rows[0]["reply"]:
            return ""
        if self._clock() - parse_time(rows[0]["drawn_at"]) > REPLY_LIFE:
            return None
        try:
            return str(self._vault.open(rows[0]["reply"])["url"])
        except Sealed:
            return None

    def drawn(self, display: Display, drawing: Drawing) -> bool:
        """
        Note what it shows now. False, and nothing is noted, if its claim was lost.

        It is due again if something has changed since it was claimed; of what it did not show
        before, since it was read.
        """
        pace = HOME_PACE if display.kind == DisplayKind.HOME else timedelta(0)
        rests = self._clock() + pace
        with self._db.alone():
            kept = self._db.execute(
                """update displays
                   set shown = :shown, about = :about, rests_until = :rests, claim = '',
                       claimed_until = null, attempts = 0,
                       due_at = case when due_at = :due then :again
                                     when due_at < :rests then :rests else due_at end
                   where id = :id and claim = :claim""",
                {
                    "shown": drawing.shown,
                    "about": dict(drawing.about),
                    "rests": rests,
                    "due": display.due_at,
                    "again": rests if self._has_changed(drawing) else None,
                    "id": display.id,
                    "claim": display.claim,
                },
            )
            if kept and drawing.subjects:
                self._have_subjects(display.id, drawing.subjects)
        return bool(kept)

    def forget(self, card_key: str) -> None:
        """Let the display of this card be as it is from now on."""
        self._table.delete(id=_id_of(card_key))

    def prune(self, before: datetime) -> int:
        """Forget what was drawn before then, and what can be drawn nowhere any more."""
        self._db.execute(
            "delete from subject_changes where changed_at < :at",
            {"at": self._clock() - CHANGES_KEPT},
        )
        return self._db.execute(
            """delete from displays
               where drawn_at < :at or (reply is not null and drawn_at < :lapsed)""",
            {"at": before, "lapsed": self._clock() - REPLY_LIFE},
        )

    def _forget_there(self, team_id: str, channel: str | None, ts: str | None) -> None:
        """A notice to a person is kept without the id of their conversation with the bot."""
        if not ts:
            return
        self._db.execute(
            """delete from displays
               where team_id = :team and ts = :ts
                 and (channel = :channel or (channel is null and exists (
                     select 1 from people p where p.team_id = displays.team_id
                     and p.user_id = displays.user_id and p.dm_channel = :channel)))""",
            {"team": team_id, "channel": channel or "", "ts": ts},
        )

    def _has_changed(self, drawing: Drawing) -> bool:
        """Whether one of its subjects has changed since it was read."""
        subjects = {f"subject_{n}": each for n, each in enumerate(drawing.subjects)}
        if not subjects:
            return False
        return bool(
            self._db.rows(
                f"""select 1 as one from subject_changes
                    where subject in (:{", :".join(subjects)}) and changed_at > :read limit 1""",  # noqa: S608 - our own words
                {**subjects, "read": drawing.read_at},
            )
        )

    def _have_subjects(self, display_id: str, subjects: Sequence[str]) -> None:
        self._db.execute("delete from display_subjects where display_id = :id", {"id": display_id})
        self._db.execute_many(
            "insert into display_subjects (display_id, subject) values (:id, :subject)",
            [{"id": display_id, "subject": each} for each in sorted(set(subjects))],
        )

    def _keep_newest(self, team_id: str, user_id: str, kind: str) -> None:
        self._db.execute(
            """delete from displays
               where team_id = :team and user_id = :user and kind = :kind and id not in (
                   select id from displays
                   where team_id = :team and user_id = :user and kind = :kind
                   order by drawn_at desc, id limit :kept)""",
            {"team": team_id, "user": user_id, "kind": kind, "kept": KEPT[kind]},
        )


def of_link(account_id: str) -> str:
    """The subject that the invitations of a linked account are."""
    return f"link {account_id}"


def of_account(team_id: str, cloud: str, project_id: str) -> str:
    """The subject that requests, shares and rights of an account are."""
    return f"account {team_id} {cloud} {project_id}"


def of_groups(team_id: str) -> str:
    """The subject that roles of user groups are: only Slack knows who is in a group."""
    return f"groups {team_id}"


def of_person(team_id: str, user_id: str) -> str:
    """The subject that is a person's own: what they snoozed, asked for or started."""
    return f"person {team_id} {user_id}"


def changed(db: Database, now: datetime, *subjects: str) -> None:
    """
    Have everything that shows these redrawn soon, in the transaction of their change.

    What is due sooner stays so: otherwise repeated changes would delay it forever.

    The change is remembered for what is being drawn from before it. Each is a row of its own:
    concurrent changes of the same subject would wait for each other to write one.
    """
    count = 0
    for subject in subjects:
        db.execute(
            "insert into subject_changes (subject, changed_at) values (:subject, :now)",
            {"subject": subject, "now": now},
        )
        count += db.execute(
            """update displays
               set due_at = case when claim = '' and due_at < :soon then due_at
                                 when rests_until > :soon then rests_until else :soon end
               where id in (select display_id from display_subjects where subject = :subject)""",
            {"soon": now + DELAY, "subject": subject},
        )
    if count:
        db.notify(TABLE)


def sent(db: Database, notices: Sequence[Mapping[str, str]]) -> None:
    """Note the `ts` of notices, by `id`, that Slack has taken."""
    db.execute_many("update displays set ts = :ts where id = :id", notices)


def diverted(db: Database, notice_id: str) -> None:
    """A notice goes to its person instead of a channel."""
    db.execute("update displays set channel = null where id = :id", {"id": notice_id})


def _id_of(card_key: str) -> str:
    return card_key.removeprefix(f"{TABLE} ")


def _home_id(team_id: str, user_id: str) -> str:
    return f"home {team_id} {user_id}"


def _about(row: Row) -> dict[str, Any]:
    about: dict[str, Any] = json.loads(row["about"])
    return about
