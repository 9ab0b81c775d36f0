"""
Rows that can only be added, each bound to the one before it by a hash.

Changing or removing a row in the middle breaks the chain, and `verify` says where. Rows removed
at the end are detected by the head, and a head changed with them by a copy of it kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from storage.db.database import Database, Row, as_columns
from storage.errors import ChainBroken

BATCH = 1000
"""Rows read at a time."""
GENESIS = "0" * 64
"""The hash that the first row is chained to."""
FIRST = 1
"""Place of the first row. Rows before it are no part of the chain, and are not read."""
LATER_COLUMNS = frozenset({"cloud"})
NO_HEAD = "the row that holds its head is missing from audit_head: take it from a backup"


@dataclass(frozen=True)
class Verdict:
    """The result of walking along the chain."""

    rows: int
    """The number of rows that are intact."""
    head: str
    """Hash of the last of them: keep it elsewhere, and the chain can be held against it."""
    broken: str = ""
    """What is wrong, and at which row; "" if nothing is."""


def append(db: Database, record: Mapping[str, Any]) -> None:
    """
    Bind a record to the last one, and add it. One writer at a time: each waits for the head.

    Args:
        record: all columns of audit_log but seq, previous and hash.

    Raises:
        storage.errors.ChainBroken: the chain has lost its head.
    """
    with db.transaction():
        bind(db, record)


def bind(db: Database, record: Mapping[str, Any]) -> None:
    """As append, within a transaction that is open already."""
    heads = db.rows("update audit_head set seq = seq + 1 where id = 1 returning seq, hash")
    if not heads:
        raise ChainBroken(NO_HEAD)
    [head] = heads
    row = as_columns({**record, "seq": head["seq"], "previous": head["hash"]})
    row["hash"] = digest(row)
    columns = ", ".join(row)
    values = ", ".join(f":{column}" for column in row)
    db.execute(f"insert into audit_log ({columns}) values ({values})", row)  # noqa: S608 - our own
    db.execute("update audit_head set hash = :hash where id = 1", {"hash": row["hash"]})


def digest(row: Mapping[str, Any]) -> str:
    """
    SHA-256 over all of a row but its own hash.

    A column that came later counts where it has a value: older rows were bound without it.
    """
    told = {
        key: value
        for key, value in row.items()
        if key != "hash" and not (key in LATER_COLUMNS and value is None)
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def walk(db: Database) -> Iterator[Row]:
    """Every row, oldest first, without holding them all."""
    seq = FIRST - 1
    while rows := db.rows(
        "select * from audit_log where seq > :seq order by seq limit :limit",
        {"seq": seq, "limit": BATCH},
    ):
        yield from rows
        seq = rows[-1]["seq"]


def verify(db: Database, kept: str = "") -> Verdict:
    """
    Walk along the whole chain, from its first row.

    The head is read first: rows that are added meanwhile come after it, and are sound as well.
    Report rows before the first one, which nobody reads.

    Args:
        kept: a head of an earlier walk, kept elsewhere, which must still be in the chain.
    """
    head = _head(db)
    if head is None:
        return Verdict(0, GENESIS, NO_HEAD)
    count, last, met = 0, GENESIS, kept in ("", GENESIS)
    for row in walk(db):
        if row["seq"] != count + 1:
            return Verdict(count, last, f"row {count + 1} is missing")
        if row["previous"] != last or digest(row) != row["hash"]:
            return Verdict(count, last, f"row {row['seq']} was changed")
        if row["seq"] == head["seq"] and row["hash"] != head["hash"]:
            return Verdict(count, last, f"row {row['seq']} is not the one that was written")
        count, last, met = row["seq"], row["hash"], met or row["hash"] == kept
    if broken := _around(db, count, head["seq"]):
        return Verdict(count, last, broken)
    return Verdict(count, last, "" if met else "the head that was kept is not in the chain")


def _around(db: Database, count: int, head: int) -> str:
    """What is wrong before the first row, or after the last; "" if nothing is."""
    if count < head:
        return f"rows {count + 1} to {head} are missing"
    [outside] = db.rows(
        "select count(*) as n from audit_log where not coalesce(seq >= :first, false)",
        {"first": FIRST},
    )
    if outside["n"]:
        return f"{outside['n']} rows are before the first one, where none was ever written"
    now = _head(db)
    if now is None or now["seq"] < count:
        return f"rows after {head} were added without the head"
    return ""


def _head(db: Database) -> Row | None:
    return next(iter(db.rows("select seq, hash from audit_head where id = 1")), None)
