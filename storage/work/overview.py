"""
Count the work of each kind that is due, claimed or given up: for metrics, `check` and `work list`.

SOURCES lists all tables of work. When you add one, add a line to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.clock import Clock
from storage.db.columns import parse_time_or_none
from storage.db.database import Database, Row

OFTEN = 5
"""Claims without success, from which a row counts as one that is tried over and over."""
_FIRST = "1971"
"""Due moments before this are none: nobody has reckoned yet when the row is due."""


@dataclass(frozen=True)
class Source:
    """Where the rows of one kind of work are. The columns are SQL expressions."""

    kind: str
    table: str
    key: Sequence[str]
    """Columns that name a row to an operator."""
    waiting: str = "true"
    """Which rows are work that is not finished."""
    due: str = "due_at"
    """When a row is due; text below 1971, or null, while that was not reckoned."""
    held: str = "claim <> '' and claimed_until > :now"
    """Which rows workers have claimed."""
    until: str = "claimed_until"
    """For how long a row in hand is held."""
    tried: str = "attempts"
    """How often a row was claimed since that last succeeded."""
    moved: str = ""
    """When a claimed row last made progress, if that is not when it was due."""
    failed: str = ""
    """Which rows were given up; "" where none ever is."""
    made: str = ""
    """When a row was made, of a kind whose rows end and whose age matters."""
    name: str = ""
    """The column that names kinds of their own within the table."""


_REACHABLE = """not exists (select 1 from people p
    where p.team_id = {0}.team_id and p.user_id = {0}.user_id and p.paused_reason is not null)"""

_UNLESS_RESTING = """case when not exists (
    select 1 from rests r where r.team_id = {0}.team_id and r.until > :now) then due_at end"""
"""Nothing is late that its workspace does not take at the moment."""

SOURCES: tuple[Source, ...] = (
    Source("ticks", "ticks", ("name",), name="name"),
    Source("looks", "places", ("account_id", "region")),
    Source("shared_images", "shared_images", ("account_id", "region", "image_id")),
    Source(
        "digests",
        "digest_schedules",
        ("team_id", "user_id", "number"),
        waiting="due_at is not null",
    ),
    Source("profiles", "people", ("team_id", "user_id")),
    Source(
        "messages",
        "outbox",
        ("id", "team_id", "user_id"),
        waiting=f"sent_at is null and failed_at is null and {_REACHABLE.format('outbox')}",
        due=_UNLESS_RESTING.format("outbox"),
        held="claimed_until > :now",
        failed="sent_at is null and failed_at is not null and coalesce(error, '') <> 'dropped'",
        made="created_at",
    ),
    Source(
        "cards",
        "cards",
        ("key",),
        waiting=f"drawn < version and failed_at is null and {_REACHABLE.format('cards')}",
        due=_UNLESS_RESTING.format("cards"),
        failed="failed_at is not null",
        made="created_at",
    ),
    Source(
        "conversations",
        "conversations",
        ("team_id", "place", "card"),
        waiting="waiting = 1",
        due=_UNLESS_RESTING.format("conversations"),
    ),
    Source("expiries", "expiries", ("team_id", "image_id", "number")),
    Source(
        "transfers",
        "transfers",
        ("id", "team_id", "user_id"),
        waiting="state = 'running'",
        moved="updated_at",
        made="created_at",
    ),
    Source(
        "approvals",
        "approvals",
        ("id", "team_id", "user_id"),
        waiting="state in ('waiting', 'approved', 'running')",
    ),
    Source(
        "workflow_steps",
        "step_runs",
        ("id", "team_id", "user_id"),
        made="ended_at",
    ),
    Source("displays", "displays", ("id",), waiting="due_at is not null"),
    Source("notices", "news", ("team_id", "user_id")),
    Source("escalations", "contacts", ("team_id", "project_id")),
    Source("figures", "counts", ("account_id", "region")),
)
KINDS = tuple(each.kind for each in SOURCES)


@dataclass(frozen=True)
class Backlog:
    """The state of one kind of work."""

    kind: str
    due: int = 0
    """Rows that are due and not claimed by any worker."""
    held: int = 0
    """Rows that workers have claimed."""
    failed: int = 0
    """Rows that were given up."""
    repeated: int = 0
    """Rows that were claimed OFTEN times or more without success."""
    oldest_due_at: datetime | None = None
    """When the most overdue row became due."""
    stalest_held_at: datetime | None = None
    """When the claimed row that is longest without progress made some, or was due."""
    oldest_made_at: datetime | None = None
    """When the oldest row that is not finished was made, of kinds that note it."""


@dataclass(frozen=True)
class WorkRow:
    """One row of work, as an operator sees it."""

    kind: str
    key: str
    due_at: datetime | None
    """None while it was not reckoned."""
    held_until: datetime | None
    """Until when a worker has claimed it; None if none has."""
    attempts: int
    failed: bool
    error: str


class Overview:
    """Reads only; what it counts is what was committed at that moment. Thread-safe."""

    def __init__(self, db: Database, clock: Clock, sources: Sequence[Source] = SOURCES) -> None:
        self._db = db
        self._clock = clock
        self._sources = {each.kind: each for each in sources}

    def all(self) -> Sequence[Backlog]:
        """Count all kinds, in the order of the sources."""
        return [backlog for each in self._sources.values() for backlog in self._of(each)]

    def rows(self, kind: str, limit: int) -> Sequence[WorkRow]:
        """
        Give the rows of a kind, those that were given up first, then by when they are due.

        Raises:
            KeyError: there is no such kind.
        """
        this = self._sources[kind]
        held, failed = f"({this.held})", f"({this.failed or 'false'})"
        rows = self._db.rows(
            f"""select {", ".join(this.key)}, {this.due} as due, {this.tried} as tried,
                    {"error" if this.failed else "''"} as why,
                    case when {failed} then 1 else 0 end as given_up,
                    case when {held} then {this.until} end as held_until
                from {this.table} where ({this.waiting}) or {failed}
                order by given_up desc, due, {", ".join(this.key)} limit :limit""",  # noqa: S608 - our own words
            {"now": self._clock(), "limit": limit},
        )
        return [_work_row(this, row) for row in rows]

    def _of(self, source: Source) -> Iterator[Backlog]:
        states: dict[str, dict[str, Row]] = {} if source.name else {"": {}}
        for row in self._db.rows(_counts(source), {"now": self._clock()}):
            states.setdefault(row["name"], {})[row["state"]] = row
        for name, counted in sorted(states.items()):
            yield _backlog(f"{source.kind}/{name}" if name else source.kind, counted)


def _counts(source: Source) -> str:
    """Count each state separately, so that each uses its own index."""
    free = f"{source.due} <= :now and not coalesce({source.held}, false)"
    states = {
        "due": (f"({source.waiting}) and {free}", source.due),
        "held": (f"({source.waiting}) and {source.held}", source.moved or source.due),
        "repeated": (f"({source.waiting}) and {source.tried} >= {OFTEN}", "null"),
        "failed": (source.failed, "null"),
        "waiting": (source.waiting if source.made or source.name else "", source.made or "null"),
    }
    parts = [
        f"""select {source.name or "''"} as name, '{state}' as state, {at} as at
            from {source.table} where {condition}"""  # noqa: S608 - our own words
        for state, (condition, at) in states.items()
        if condition
    ]
    return f"""select name, state, count(*) as n, min(case when at >= '{_FIRST}' then at end) as at
               from ({" union all ".join(parts)}) as counted group by name, state"""  # noqa: S608


def _backlog(kind: str, states: Mapping[str, Row]) -> Backlog:
    def count(state: str) -> int:
        return int(states[state]["n"]) if state in states else 0

    def first(state: str) -> datetime | None:
        return parse_time_or_none(states[state]["at"]) if state in states else None

    return Backlog(
        kind,
        due=count("due"),
        held=count("held"),
        failed=count("failed"),
        repeated=count("repeated"),
        oldest_due_at=first("due"),
        stalest_held_at=first("held"),
        oldest_made_at=first("waiting"),
    )


def _work_row(source: Source, row: Row) -> WorkRow:
    reckoned = row["due"] is not None and row["due"] >= _FIRST
    return WorkRow(
        source.kind,
        " ".join(str(row[each]) for each in source.key),
        due_at=parse_time_or_none(row["due"]) if reckoned else None,
        held_until=parse_time_or_none(row["held_until"]),
        attempts=row["tried"],
        failed=bool(row["given_up"]),
        error=row["why"] or "",
    )
