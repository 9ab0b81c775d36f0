"""Whoever waits for rows hears of them: at once, once they are there, and from other processes."""

from __future__ import annotations

from collections.abc import Iterator
from queue import SimpleQueue

import pytest

from storage import Store
from tests.storage.fixtures import HandClock
from tests.waiting import PATIENCE_S


@pytest.fixture
def beside(database_url: str, keys: list[str], clock: HandClock, store: Store) -> Iterator[Store]:
    """Another process's store, as far as the database can tell."""
    other = Store.open(database_url, keys, clock)
    yield other
    other.close()


def _next(heard: SimpleQueue[str], topics: set[str]) -> str:
    while (topic := heard.get(timeout=PATIENCE_S)) not in topics:
        pass
    return topic


def test_this_process_hears_the_topic(store: Store) -> None:
    heard: SimpleQueue[str] = SimpleQueue()
    listening = store.listen(heard.put)
    _settle(heard)

    store._db.notify("ticks")

    assert _next(heard, {"ticks"}) == "ticks"
    listening.close()


def test_another_process_hears_that_something_was_written(store: Store, beside: Store) -> None:
    heard: SimpleQueue[str] = SimpleQueue()
    listening = beside.listen(heard.put)
    _settle(heard)

    with store.together():
        store.people.seen("T1", "U1")
        store._db.notify("ticks")

    assert _next(heard, {"ticks", ""}) in ("ticks", "")
    assert beside.people.get("T1", "U1") is not None
    listening.close()


def test_nothing_is_heard_of_what_was_rolled_back(store: Store) -> None:
    heard: SimpleQueue[str] = SimpleQueue()
    listening = store.listen(heard.put)
    _settle(heard)

    with pytest.raises(ZeroDivisionError):
        _notify_and_fail(store)
    with store.together():
        store._db.notify("committed")

    assert _next(heard, {"rolled back", "committed"}) == "committed"
    listening.close()


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_a_lost_connection_is_made_anew(store: Store) -> None:
    heard: SimpleQueue[str] = SimpleQueue()
    listening = store.listen(heard.put)
    _settle(heard)

    store._db.execute(
        """select pg_terminate_backend(pid) from pg_stat_activity
           where query like 'listen %' and pid <> pg_backend_pid()
             and datname = current_database()"""
    )

    assert _next(heard, {""}) == ""
    store._db.notify("ticks")
    assert _next(heard, {"ticks"}) == "ticks"
    listening.close()


def _settle(heard: SimpleQueue[str]) -> None:
    """Until it listens: it says so by its first word."""
    _next(heard, {""})


def _notify_and_fail(store: Store) -> None:
    with store.together():
        store._db.notify("rolled back")
        raise ZeroDivisionError
