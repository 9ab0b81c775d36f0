"""Rows are read as the values that were written, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from storage import AccountKey, Role, Store
from storage.db.table import Table
from storage.errors import Taken

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Thing:
    key: AccountKey
    name: str
    role: Role
    at: datetime
    until: datetime | None
    day: date
    span: timedelta
    size: int | None
    loud: bool
    regions: tuple[str, ...]
    plan: Mapping[str, Any] = field(default_factory=dict)


THING = Thing(
    key=AccountKey("T1", "https://one", "123"),
    name="x",
    role=Role.VIEWER,
    at=AT,
    until=None,
    day=date(2026, 3, 2),
    span=timedelta(days=2),
    size=None,
    loud=True,
    regions=("DFW", "ORD"),
    plan={"to": ["a"], "size": 5},
)
_COLUMNS = """id text, team_id text not null, cloud text not null, project_id text not null,
    name text not null, role text, at text, until text, day text, span bigint, size bigint,
    loud integer, regions text, plan text, primary key (team_id, cloud, project_id, name)"""


@pytest.fixture
def table(store: Store) -> Table[Thing]:
    store._db.execute(f"create table things ({_COLUMNS})")
    return Table(store._db, "things", Thing, key=("team_id", "cloud", "project_id", "name"))


def test_what_was_written_is_read(table: Table[Thing]) -> None:
    table.insert(**vars(THING))

    assert table.find() == [THING]
    assert table.get(key=THING.key, name="x") == THING
    assert table.get(key=AccountKey("T2", "https://one", "123")) is None


def test_a_time_of_any_zone_is_found_by_its_moment(table: Table[Thing]) -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=-5)))
    table.insert(**{**vars(THING), "at": elsewhere})

    assert table.find(at=AT) == [THING]
    assert table.where("at < :at", {"at": AT + timedelta(seconds=1)}) == [THING]


def test_text_that_no_database_holds_is_written_as_near_as_can_be(table: Table[Thing]) -> None:
    table.insert(**{**vars(THING), "name": "a\0b\ud83d"})

    [held] = table.find()
    assert held.name == "a\N{REPLACEMENT CHARACTER}b?"


def test_a_second_row_of_one_key_is_refused_ignored_or_put_in_place(table: Table[Thing]) -> None:
    table.insert(**vars(THING), id="1")

    with pytest.raises(Taken):
        table.insert(**vars(THING), id="2")
    assert table.insert_or_ignore(**{**vars(THING), "size": 1}) is False
    assert table.find() == [THING]
    after = table.upsert(if_new={"id": "3"}, **{**vars(THING), "size": 7})
    assert (after["id"], table.read(after).size, table.find()[0].size) == ("1", 7, 7)


def test_an_update_gives_the_rows_that_it_changed_and_no_others(table: Table[Thing]) -> None:
    table.insert(**vars(THING))
    table.insert(**{**vars(THING), "name": "y"})

    changed = table.update({"name": "z", "until": AT}, key=THING.key, name="y")

    assert [table.read(row).name for row in changed] == ["z"]
    assert [(each.name, each.until) for each in table.find()] == [("x", None), ("z", AT)]
    assert table.update({"until": AT}, name="nobody") == []


def test_a_delete_tells_whether_there_was_anything(table: Table[Thing]) -> None:
    table.insert(**vars(THING))

    assert [table.delete(name="x"), table.delete(name="x")] == [True, False]


def test_a_field_that_no_column_holds_is_refused_at_once(store: Store) -> None:
    @dataclass(frozen=True)
    class Odd:
        key: complex

    with pytest.raises(TypeError, match="complex"):
        Table(store._db, "odd", Odd, key=("key",))
