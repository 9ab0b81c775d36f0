"""Those who write to SQLite come in the order in which they asked."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import pytest

from storage.db.database import SqliteDatabase
from storage.db.patience import Patience
from storage.db.turns import Turns
from storage.errors import Unreachable
from tests.waiting import PATIENCE_S, until


def test_a_turn_goes_to_whoever_has_waited_longest() -> None:
    turns, came = Turns(), list[int]()
    assert turns.take(0)
    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=lambda n=number: _take(turns, n, came)))
        threads[-1].start()
        until(lambda: len(turns._waiting) == len(threads))

    turns.give()
    for each in threads:
        each.join(PATIENCE_S)

    assert came == [0, 1, 2, 3, 4]
    assert turns.take(0)


def test_whoever_gives_up_waiting_is_passed_over() -> None:
    turns = Turns()
    assert turns.take(0)

    assert not turns.take(0.01)

    turns.give()
    assert turns.take(0)


def test_a_thread_that_writes_all_the_time_keeps_no_other_from_it(tmp_path: Path) -> None:
    """SQLite alone has the others sleep and look again, and it is taken whenever they look."""
    with closing(SqliteDatabase(str(tmp_path / "store.db"), Patience(PATIENCE_S))) as db:
        db.execute("create table things (name text)")
        enough = threading.Event()

        def write() -> None:
            while not enough.is_set():
                with db.transaction():
                    db.execute("insert into things values ('many')")

        writers = [threading.Thread(target=write) for _ in range(4)]
        for each in writers:
            each.start()
        for _ in range(20):
            db.execute("insert into things values ('one')")
        enough.set()
        for each in writers:
            each.join(PATIENCE_S)

        assert len(db.rows("select * from things where name = 'one'")) == 20


def test_readers_wait_for_no_turn_and_writers_no_longer_than_they_may(tmp_path: Path) -> None:
    with closing(SqliteDatabase(str(tmp_path / "store.db"), Patience(0.05))) as db:
        db.execute("create table things (name text)")
        held, go_on = threading.Event(), threading.Event()

        def hold() -> None:
            with db.transaction():
                held.set()
                go_on.wait(PATIENCE_S)

        holder = threading.Thread(target=hold)
        holder.start()
        assert held.wait(PATIENCE_S)
        with pytest.raises(Unreachable):
            db.execute("insert into things values ('one')")
        assert db.rows("select * from things") == []
        go_on.set()
        holder.join(PATIENCE_S)

        assert db.execute("insert into things values ('one')") == 1


def _take(turns: Turns, number: int, came: list[int]) -> None:
    assert turns.take(PATIENCE_S)
    came.append(number)
    turns.give()
