"""
What the last release says to the database is understood by a database that this one has migrated.

So its processes run beside this one's while it is rolled out. `data/last_release.json` has every
statement that the storage of the last release ran in its own tests, with the parameters of one run.
A clone of any depth has it; it is recorded anew for each release, by running those tests with a
tracer on the database. What it cannot show is what the old code makes of new rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from storage import Store
from storage.errors import Taken
from tests.storage.version_0_1 import DATA

STATEMENTS: list[Mapping[str, Any]] = json.loads((DATA / "last_release.json").read_text())
FINE = ("foreign key",)
"""Of rows that refer to what only that run had; the statement itself was understood."""


class Undone(Exception):
    """Ends a transaction so that nothing of it stays."""


def test_statements_of_every_kind_and_table_were_recorded(store: Store) -> None:
    words = {each["sql"].split()[0].lower() for each in STATEMENTS}
    text = " ".join(each["sql"] for each in STATEMENTS)

    assert {"select", "insert", "update", "delete"} <= words
    assert len(STATEMENTS) > 200
    for table in ("outbox", "places", "invitations", "transfers", "approvals", "cards", "once"):
        assert f" {table}" in text


def test_each_is_understood_and_takes_what_it_took(store: Store) -> None:
    assert list(_refused(store)) == []


def _refused(store: Store) -> Iterator[str]:
    for each in STATEMENTS:
        try:
            with store._db.transaction():
                store._db.rows(each["sql"], each["params"])
                raise Undone
        except (Undone, Taken):
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, it was not understood
            if not any(words in str(error).lower() for words in FINE):
                yield f"{error}\n{each['sql']}"


@pytest.mark.parametrize("change", ["alter table outbox drop column error", "drop table snoozes"])
def test_a_migration_that_contracts_too_early_is_found(store: Store, change: str) -> None:
    store._db.execute(change)

    assert list(_refused(store)) != []
