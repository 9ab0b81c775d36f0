"""Copy all that one database holds into another, whichever of the two each is, and compare."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from itertools import islice

from storage.db import migrations
from storage.db.database import Database, Row
from storage.errors import Different

BATCH = 500
"""Rows written together."""


def copy(source: Database, target: Database) -> Mapping[str, int]:
    """
    Replace all that *target* holds with what *source* holds at this moment.

    Both have taken the same steps. What other processes write to *source* meanwhile is left out,
    and none of them waits; those that read *target* find all of it, or what was there before.

    Returns:
        The number of rows by table, each compared after it was written.

    Raises:
        Different: what was written is not what was read. *target* is then not to be used.
    """
    tables = migrations.tables()
    with source.snapshot():
        with target.transaction():
            for table in reversed(tables):
                target.execute(f"delete from {table}")  # noqa: S608 - our own words
            for table in tables:
                _copy_table(source, target, table)
        return {table: _compare(source, target, table) for table in tables}


def is_empty(db: Database) -> bool:
    """Whether nothing was ever kept here but what its own migrations wrote."""
    return all(
        db.rows(f"select count(*) as n from {table}")[0]["n"] == 0  # noqa: S608
        for table in migrations.tables()
        if table != "audit_head"
    )


def _copy_table(source: Database, target: Database, table: str) -> None:
    for batch in _batches(_stream(source, table)):
        columns = list(batch[0])
        values = ", ".join(f":{each}" for each in columns)
        target.execute_many(
            f"insert into {table} ({', '.join(columns)}) values ({values})",  # noqa: S608
            batch,
        )


def _compare(source: Database, target: Database, table: str) -> int:
    rows, digest = _fingerprint(_stream(source, table))
    if _fingerprint(_stream(target, table)) != (rows, digest):
        raise Different(f"the rows of `{table}` are not those that were read")
    return rows


def _stream(db: Database, table: str) -> Iterator[Row]:
    return db.stream(f"select * from {table}")  # noqa: S608


def _fingerprint(rows: Iterator[Row]) -> tuple[int, int]:
    """The number of rows, and a sum over the hashes of each, in whatever order they come."""
    count = total = 0
    for row in rows:
        count += 1
        text = json.dumps(row, sort_keys=True).encode()
        total = (total + int.from_bytes(hashlib.sha256(text).digest())) % 2**256
    return count, total


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
