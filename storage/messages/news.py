"""People who may have to be notified at once: a row for each, claimed like all work."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.clock import Clock
from storage.db.claims import Claims
from storage.db.database import Database
from storage.db.table import Table
from storage.messages.delivered import AUTO_ACCEPT_JOB

SLACK = timedelta(minutes=1)
"""By which something may have been stored later than it says that it was first seen."""

_MISSING = """
    select a.team_id, a.user_id,
           case when coalesce(i.answered_at, '') > i.first_seen then i.answered_at
                else i.first_seen end as at
    from accounts a
    join invitations i on i.account_id = a.id
    left join told t on t.team_id = a.team_id and t.user_id = a.user_id
      and t.account_id = i.account_id and t.region = i.region
      and t.image_id = i.image_id and t.first_seen = i.first_seen
    where (((i.state = 'pending' or i.answered_by = :job) and t.image_id is null)
           or (i.state = 'ended' and coalesce(t.state, '') <> 'ended')
           or (i.state = 'accepted' and t.state = 'ended')) and {of_account}
    union all
    select s.team_id, s.user_id,
           case when s.until <> '' and s.until <= :now then s.until else '' end as at
    from snoozes s
    join invitations i on i.account_id = s.account_id and i.region = s.region
      and i.image_id = s.image_id and i.state = 'pending'
    where ((s.until <> '' and s.until <= :now)
           or s.seen <> i.first_seen || ' ' || i.image_name || ' '
              || coalesce(cast(i.size as text), 'None')) and {of_snooze}"""
"""Invitations that people were not notified of, and since when."""
MISSING = _MISSING.format(of_account="true", of_snooze="true")
_THEIRS = _MISSING.format(
    of_account="a.team_id = :team and a.user_id = :user",
    of_snooze="s.team_id = :team and s.user_id = :user",
)

_FIND = f"""
    insert into news (team_id, user_id, due_at, looked_at, attempts, claim)
    select team_id, user_id, :now, max(at), 0, '' from ({MISSING}) as missing
    where true group by team_id, user_id
    on conflict (team_id, user_id) do update set due_at = :now
    where news.due_at > :now and news.looked_at < excluded.looked_at"""  # noqa: S608


@dataclass(frozen=True)
class PersonWithNews:
    """A person who may have to be notified of something, as their worker has claimed them."""

    team_id: str
    user_id: str
    due_at: datetime
    attempts: int
    claim: str = field(repr=False)


class News:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._table = Table(db, "news", PersonWithNews, key=("team_id", "user_id"))
        self.claims = Claims(db, clock, self._table, lane="team_id")

    def find(self) -> None:
        """Make people due who were not notified of something, unless checked since."""
        with self._db.alone():
            if self._db.execute(_FIND, {"now": self._clock(), "job": AUTO_ACCEPT_JOB}):
                self.claims.wake()

    def looked(self, person: PersonWithNews, since: datetime, due_at: datetime) -> None:
        """
        Release a person until there is news, or until then; delete the row if nothing is left.

        If they were made due meanwhile, they stay so.

        Args:
            since: when the look began.
        """
        mine = {
            "team": person.team_id,
            "user": person.user_id,
            "claim": person.claim,
            "now": self._clock(),
            "job": AUTO_ACCEPT_JOB,
        }
        with self._db.alone():
            if not self._db.execute(_FORGET, mine):
                self._db.execute(
                    _LET_GO,
                    {**mine, "seen": person.due_at, "due": due_at, "since": since - SLACK},
                )


_ONE = "team_id = :team and user_id = :user and claim = :claim"
_FORGET = f"delete from news where {_ONE} and not exists ({_THEIRS})"  # noqa: S608
_LET_GO = f"""
    update news
    set due_at = case when due_at = :seen then :due else due_at end, looked_at = :since,
        claim = '', claimed_until = null, attempts = 0
    where {_ONE}"""  # noqa: S608
