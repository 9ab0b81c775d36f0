"""The audit log: an entry is written before and after each action, and never changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from storage.access.roles import AccountKey
from storage.clock import Clock
from storage.db import chain
from storage.db.chain import Verdict
from storage.db.columns import (
    LONG_AGO,
    column_reader,
    new_id,
    parse_time,
    parse_time_or_none,
    to_text,
)
from storage.db.database import Database, Row
from storage.db.unreadable import ODD, Unreadable

Values = Mapping[str, Any]


class Stage(StrEnum):
    """An entry begins with a row of the first stage, and ends with one of another."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class AuditRow:
    """One entry, begun and perhaps ended."""

    at: datetime
    actor: str
    """`T1/U2`, or the job that acted, with the workspace for which it did: `T1/job/expiries`."""
    action: str
    target: str
    account: str
    region: str
    detail: str
    outcome: str
    """`started`, `done`, or `failed: <name of the error>`."""
    ended_at: datetime | None
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    request_id: str = ""
    """The cloud's own id of the change."""
    approvers: tuple[str, ...] = ()
    cloud: str = ""
    """Address of the account's Identity service; "" of entries from before it was kept."""
    seq: int = field(default=0, compare=False)
    """Its place in the chain: later ones have a higher one."""


@dataclass(frozen=True)
class Reader:
    """
    Who reads: they see what was done in their workspace with these accounts.

    Of what concerns no account, they see what they did themself.
    """

    actor: str
    team_id: str
    accounts: tuple[AccountKey, ...]
    unclouded: tuple[str, ...] = ()
    """
    Numbers of these accounts that no other cloud has in this workspace, as far as is known: for
    entries from before the cloud was kept.
    """


@dataclass(frozen=True)
class AuditFilter:
    """
    Which entries; exactly, but of *action* and *target* a beginning will do.

    A region is known in large and small letters.
    """

    actor: str | None = None
    action: str | None = None
    target: str | None = None
    account: str | None = None
    region: str | None = None
    cloud: str | None = None
    outcome: str | None = None
    """A Stage: `started` for those that never ended."""
    team_id: str | None = None
    """Only what people of that workspace did."""
    since: datetime | None = None
    until: datetime | None = None
    reader: Reader | None = None
    """Only what this person may see; None for everything."""


class Entry:
    """An open entry, to which details can be added."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        self.before: Values = {}
        self.after: Values = {}
        self.request_id = ""

    def note(self, text: str) -> None:
        self.detail = f"{self.detail}; {text}" if self.detail else text


class Audit:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    @contextmanager
    def entry(
        self,
        actor: str,
        action: str,
        target: str,
        *,
        account: str = "",
        cloud: str = "",
        region: str = "",
        detail: str = "",
        approvers: Sequence[str] = (),
    ) -> Iterator[Entry]:
        """
        Record what is done within. An error is recorded and raised again.

        An entry that stays `started` is one whose process died: its outcome is unknown.
        """
        entry = Entry(detail)
        fixed = {
            "entry_id": new_id(),
            "actor": actor,
            "action": action,
            "target": target,
            "account": account,
            "cloud": cloud or None,
            "region": region,
            "approvers": json.dumps(list(approvers)),
        }
        self._add(fixed, entry, Stage.STARTED)
        try:
            yield entry
        except BaseException as error:
            self._add(fixed, entry, Stage.FAILED, type(error).__name__)
            raise
        self._add(fixed, entry, Stage.DONE)

    def recent(self, limit: int = 50) -> list[AuditRow]:
        """The newest entries first."""
        return self.find(AuditFilter(), limit)

    def find(
        self,
        wanted: AuditFilter,
        limit: int = 50,
        *,
        before_seq: int | None = None,
        after_seq: int | None = None,
    ) -> list[AuditRow]:
        """
        The entries that fit, newest first.

        Args:
            before_seq: only the next ones before this place in the chain.

            after_seq: only the next ones after it.
        """
        rows = self._found(wanted, limit, before_seq, after_seq)
        return [_entry(row) for row in (rows if after_seq is None else reversed(rows))]

    def export(self, wanted: AuditFilter) -> Iterator[AuditRow]:
        """All entries that fit, newest first, without holding them all."""
        before_seq: int | None = None
        while rows := self._found(wanted, chain.BATCH, before_seq):
            yield from (_entry(row) for row in rows)
            before_seq = rows[-1]["seq"]

    def verify(self, kept: str = "") -> Verdict:
        """Whether nothing was changed or taken out, since *kept* was the head or at all."""
        return chain.verify(self._db, kept)

    def _found(
        self,
        wanted: AuditFilter,
        limit: int,
        before_seq: int | None,
        after_seq: int | None = None,
    ) -> list[Row]:
        """The nearest first."""
        conditions = {"s.seq >= :first": ("first", chain.FIRST), **_conditions(wanted)}
        if before_seq is not None:
            conditions["s.seq < :before_seq"] = ("before_seq", before_seq)
        if after_seq is not None:
            conditions["s.seq > :after_seq"] = ("after_seq", after_seq)
        if wanted.reader:
            conditions |= _readable(wanted.reader)
        where = " and ".join(["s.stage = 'started'", *conditions])
        order = "desc" if after_seq is None else "asc"
        return self._db.rows(
            f"""select s.*, e.stage as end_stage, e.at as ended_at, e.error as end_error,
                       e.detail as end_detail, e.before_json as end_before_json,
                       e.after_json as end_after_json,
                       e.request_id as end_request_id
                from audit_log s
                left join audit_log e on e.entry_id = s.entry_id and e.stage <> 'started'
                     and e.seq > s.seq
                where {where} order by s.seq {order} limit :limit""",  # noqa: S608 - our own words
            {**dict(conditions.values()), **_names(wanted.reader), "limit": limit},
        )

    def _add(self, fixed: Values, entry: Entry, stage: Stage, error: str = "") -> None:
        chain.append(
            self._db,
            {
                **fixed,
                "at": to_text(self._clock()),
                "stage": stage.value,
                "error": error,
                "detail": entry.detail,
                "before_json": json.dumps(entry.before, sort_keys=True),
                "after_json": json.dumps(entry.after, sort_keys=True),
                "request_id": entry.request_id,
            },
        )


def _conditions(wanted: AuditFilter) -> dict[str, tuple[str, Any]]:
    """The filter in SQL: each condition with its parameter."""
    known: dict[str, tuple[str, Any]] = {
        "s.actor = :actor": ("actor", wanted.actor),
        "substr(s.target, 1, length(:target)) = :target": ("target", wanted.target),
        "s.account = :account": ("account", wanted.account),
        "s.cloud = :cloud": ("cloud", wanted.cloud),
        "lower(s.region) = lower(:region)": ("region", wanted.region),
        "coalesce(e.stage, 'started') = :outcome": ("outcome", wanted.outcome),
        "s.at >= :since": ("since", wanted.since),
        "s.at < :until": ("until", wanted.until),
        "substr(s.action, 1, length(:action)) = :action": ("action", wanted.action),
        "substr(s.actor, 1, length(:team)) = :team": (
            "team",
            f"{wanted.team_id}/" if wanted.team_id else None,
        ),
    }
    return {sql: given for sql, given in known.items() if given[1] is not None}


def _readable(reader: Reader) -> dict[str, tuple[str, Any]]:
    """
    Of an account that several workspaces have linked, what one does is not the other's; neither
    is an account of the same number in another cloud.
    """
    own = "(s.cloud is null and s.actor = :reader)"
    theirs = ["(s.account = '' and s.actor = :reader)"]
    theirs += [
        f"(s.account = :number_{n} and (s.cloud = :cloud_{n} or {own}))"
        for n in range(len(reader.accounts))
    ]
    theirs += [
        f"(s.account = :unclouded_{n} and s.cloud is null)" for n in range(len(reader.unclouded))
    ]
    return {
        "substr(s.actor, 1, length(:readers)) = :readers": ("readers", f"{reader.team_id}/"),
        f"({' or '.join(theirs)})": ("reader", reader.actor),
    }


def _names(reader: Reader | None) -> dict[str, str]:
    """A parameter for each account."""
    if reader is None:
        return {}
    names: dict[str, str] = {f"unclouded_{n}": each for n, each in enumerate(reader.unclouded)}
    for n, key in enumerate(reader.accounts):
        names |= {f"number_{n}": key.project_id, f"cloud_{n}": key.cloud}
    return names


def _entry(row: Row) -> AuditRow:
    ended = row["end_stage"] is not None
    failed = row["end_stage"] == Stage.FAILED
    outcome = f"failed: {row['end_error']}" if failed else row["end_stage"] or row["stage"]
    last = {key: row[f"end_{key}"] if ended else row[key] for key in _LEARNT}
    return AuditRow(
        at=_read(row, "at", parse_time, LONG_AGO),
        actor=row["actor"],
        action=row["action"],
        target=row["target"],
        account=row["account"],
        region=row["region"],
        detail=last["detail"],
        outcome=outcome,
        ended_at=_read(row, "ended_at", parse_time_or_none, None),
        before=_read(last, "before_json", _mapping, {}),
        after=_read(last, "after_json", _mapping, {}),
        request_id=last["request_id"],
        approvers=_read(row, "approvers", _texts, ()),
        cloud=row["cloud"] or "",
        seq=row["seq"],
    )


_unreadable = Unreadable("nothing")
_mapping, _texts = column_reader(Mapping), column_reader(tuple[str, ...])


def _read(row: Row, column: str, read: Callable[[Any], Any], instead: Any) -> Any:
    """What cannot be read is shown as nothing; `audit verify` tells that it was changed."""
    try:
        return read(row[column])
    except ODD:
        _unreadable.log(f"audit_log {row.get('seq')}: {column}")
        return instead


_LEARNT = ("detail", "before_json", "after_json", "request_id")
"""Values known only at the end of an entry."""
