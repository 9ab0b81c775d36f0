"""
The statements that every family repeats: read, insert, upsert, update and delete rows by columns.

What decides a race (a claim, an insert that depends on other rows) is not for here: families
write it as SQL, and read its rows by `Table.read`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, Generic, TypeVar, get_type_hints

from storage.db.columns import NOTHING, column_reader, default_of
from storage.db.database import Database, Row
from storage.db.unreadable import ODD, Unreadable, UnreadableRow

Value = TypeVar("Value")
FieldReaders = Mapping[str, Callable[[Row], Any]]
_hints = cache(get_type_hints)


class Table(Generic[Value]):
    """
    A table whose rows are read as frozen dataclasses.

    A field is read from the column of its name. A field or argument that is a dataclass itself,
    such as an AccountKey, is spread over the columns of its own fields.

    Args:
        key: columns of the unique key that an upsert goes by. Rows come in its order, too, unless
            *order* says otherwise.

        fields: functions that read those fields from a row that are not just a column.

        instead: what counts where a field cannot be read, if not its default or that of its type.
            A row with a field that has none of these is left out.

    Raises:
        TypeError: a field's type is none that a column holds.
    """

    def __init__(
        self,
        db: Database,
        name: str,
        value: type[Value],
        *,
        key: Sequence[str],
        order: str = "",
        fields: FieldReaders | None = None,
        instead: Mapping[str, Any] | None = None,
    ) -> None:
        self._db = db
        self._name = self.name = name
        self._value = value
        self._fields = _field_readers(value, fields or {})
        self._instead = {**_defaults(value), **(instead or {})}
        self._unreadable = Unreadable()
        self._left_out = Unreadable("no row")
        self._key = self.key = tuple(key)
        self._order = order or ", ".join(key)

    def get(self, **columns: Any) -> Value | None:
        """Give the first row with these values; None if there is none."""
        where = _spread(columns)
        return next(iter(self.where(_equal(where), where, f"{self._order} limit 1")), None)

    def find(self, **columns: Any) -> list[Value]:
        """Give the rows with these values, all of them if none are named."""
        where = _spread(columns)
        return self.where(_equal(where) or "true", where)

    def where(self, condition: str, params: Mapping[str, Any], order: str = "") -> list[Value]:
        """Give the rows that meet a condition, which is SQL with `:name` parameters."""
        rows = self._db.rows(
            f"select * from {self._name} where {condition} order by {order or self._order}",  # noqa: S608 - our own words
            params,
        )
        return self.read_all(rows)

    def insert(self, **columns: Any) -> None:
        """
        Add a row.

        Raises:
            storage.errors.Taken: another has the same unique key.
        """
        row = _spread(columns)
        self._db.execute(self._insert(row), row)

    def insert_or_ignore(self, **columns: Any) -> bool:
        """Add a row. False, and nothing is changed, if another has the same unique key."""
        row = _spread(columns)
        return bool(self._db.execute(f"{self._insert(row)} on conflict do nothing", row))

    def upsert(self, *, if_new: Mapping[str, Any] | None = None, **columns: Any) -> Row:
        """
        Add a row, or change the one with the same key, in one statement.

        Args:
            if_new: further columns, for a new row only.

        Returns:
            The row as it is then.
        """
        changed = _spread(columns)
        row = {**changed, **(if_new or {})}
        settings = ", ".join(
            f"{each} = excluded.{each}" for each in changed if each not in self._key
        )
        [after] = self._db.rows(
            f"""{self._insert(row)} on conflict ({", ".join(self._key)})
                do update set {settings} returning *""",
            row,
        )
        return after

    def update(self, changes: Mapping[str, Any], **columns: Any) -> list[Row]:
        """Change the rows with these values, and give them as they are then."""
        settings = ", ".join(f"{each} = :new_{each}" for each in changes)
        old = _spread(columns)
        return self._db.rows(
            f"update {self._name} set {settings} where {_equal(old)} returning *",  # noqa: S608
            {**old, **{f"new_{each}": value for each, value in changes.items()}},
        )

    def delete(self, **columns: Any) -> bool:
        """Delete the rows with these values. True if there were any."""
        where = _spread(columns)
        return bool(self._db.execute(f"delete from {self._name} where {_equal(where)}", where))  # noqa: S608

    def read(self, row: Row) -> Value:
        """
        Give a row, of whatever statement, as a value.

        What cannot be read of it counts as its default, and the log says so once.

        Raises:
            UnreadableRow: there is no default of what cannot be read.
        """
        try:
            return self._value(**{name: read(row) for name, read in self._fields.items()})
        except ODD:
            return self._value(**{name: self._read_field(name, row) for name in self._fields})

    def read_all(self, rows: Iterable[Row]) -> list[Value]:
        """Return rows as values, without those that cannot be read, which affect no others."""
        found = []
        for row in rows:
            with suppress(UnreadableRow):
                found.append(self.read(row))
        return found

    def _read_field(self, name: str, row: Row) -> Any:
        try:
            return self._fields[name](row)
        except ODD:
            key = " ".join(repr(row.get(each)) for each in self._key)
            place = f"{self._name} {key}: {name}"
            if name not in self._instead:
                self._left_out.log(place)
                raise UnreadableRow(place) from None
            self._unreadable.log(place)
            return self._instead[name]

    def _insert(self, row: Mapping[str, Any]) -> str:
        values = ", ".join(f":{each}" for each in row)
        return f"insert into {self._name} ({', '.join(row)}) values ({values})"  # noqa: S608


def _field_readers(value: Any, given: FieldReaders) -> FieldReaders:
    hints = _hints(value)
    names = [field.name for field in dataclasses.fields(value)]
    return {name: given.get(name) or _field_reader(hints[name], name) for name in names}


def _defaults(value: Any) -> dict[str, Any]:
    """What each field counts as that cannot be read, of those that can count as anything."""
    hints = _hints(value)
    found = {}
    for field in dataclasses.fields(value):
        if field.default is not dataclasses.MISSING:
            found[field.name] = field.default
        elif (default := default_of(hints[field.name])) is not NOTHING:
            found[field.name] = default
    return found


def _field_reader(kind: Any, column: str) -> Callable[[Row], Any]:
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        parts = _field_readers(kind, {})
        return lambda row: kind(**{name: read(row) for name, read in parts.items()})
    parse = column_reader(kind)
    return lambda row: parse(row[column])


def _spread(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Columns, with those of a dataclass in its place."""
    spread: dict[str, Any] = {}
    for name, value in columns.items():
        spread |= vars(value) if dataclasses.is_dataclass(value) else {name: value}
    return spread


def _equal(columns: Mapping[str, Any]) -> str:
    return " and ".join(f"{name} = :{name}" for name in columns)
