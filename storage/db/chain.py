"""
Rows that can only be added, each bound to the one before it by a hash.

Whoever changes or takes out a row in the middle breaks the chain, and `verify` says where. Rows
taken off the end are missed against the head, and a head that was changed with them against a
copy of it kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from storage.db.database import Database, Row, as_columns

BATCH = 1000
"""Rows read at a time."""
GENESIS = "0" * 64
"""What the first row is bound to."""


@dataclass(frozen=True)
class Verdict:
    """What a walk along the chain has found."""

    rows: int
    """As many as are sound."""
    head: str
    """Hash of the last of them: keep it elsewhere, and the chain can be held against it."""
    broken: str = ""
    """What is wrong, and at which row; "" if nothing is."""


def append(db: Database, record: Mapping[str, Any]) -> None:
    """
    Bind a record to the last one, and add it. One writer at a time: each waits for the head.

    Args:
        record: all columns of audit_log but seq, previous and hash.
    """
    with db.transaction():
        bind(db, record)


def bind(db: Database, record: Mapping[str, Any]) -> None:
    """As append, within a transaction that is open already."""
    [head] = db.rows("update audit_head set seq = seq + 1 where id = 1 returning seq, hash")
    row = as_columns({**record, "seq": head["seq"], "previous": head["hash"]})
    row["hash"] = digest(row)
    columns = ", ".join(row)
    values = ", ".join(f":{column}" for column in row)
    db.execute(f"insert into audit_log ({columns}) values ({values})", row)  # noqa: S608 - our own
    db.execute("update audit_head set hash = :hash where id = 1", {"hash": row["hash"]})


def digest(row: Mapping[str, Any]) -> str:
    """SHA-256 over all of a row but its own hash."""
    told = {key: value for key, value in row.items() if key != "hash"}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def walk(db: Database) -> Iterator[Row]:
    """Every row, oldest first, without holding them all."""
    seq = 0
    while rows := db.rows(
        "select * from audit_log where seq > :seq order by seq limit :limit",
        {"seq": seq, "limit": BATCH},
    ):
        yield from rows
        seq = rows[-1]["seq"]


def verify(db: Database, kept: str = "") -> Verdict:
    """
    Walk along the whole chain.

    The head is read first: rows that are added meanwhile come after it, and are sound as well.

    Args:
        kept: a head of an earlier walk, kept elsewhere, which must still be in the chain.
    """
    [head] = db.rows("select seq, hash from audit_head where id = 1")
    count, last, met = 0, GENESIS, kept in ("", GENESIS)
    for row in walk(db):
        if row["seq"] != count + 1:
            return Verdict(count, last, f"row {count + 1} is missing")
        if row["previous"] != last or digest(row) != row["hash"]:
            return Verdict(count, last, f"row {row['seq']} was changed")
        if row["seq"] == head["seq"] and row["hash"] != head["hash"]:
            return Verdict(count, last, f"row {row['seq']} is not the one that was written")
        count, last, met = row["seq"], row["hash"], met or row["hash"] == kept
    if count < head["seq"]:
        return Verdict(count, last, f"rows {count + 1} to {head['seq']} are missing")
    return Verdict(count, last, "" if met else "the head that was kept is not in the chain")
