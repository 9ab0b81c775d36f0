"""Processes that are killed, threads that fail, and what stands afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import psycopg
import pytest

from storage import Store
from storage.errors import Unreachable
from tests import taking
from tests.storage.conftest import Start
from tests.storage.fixtures import HandClock


def test_a_killed_worker_gives_its_messages_back_when_its_lease_ends(
    store: Store, start: Start, clock: HandClock
) -> None:
    for number in range(5):
        store.outbox.put(team_id="T1", user_id="U1", text=f"message {number}")
    worker = start("claim_and_hang")
    worker.go()
    held = worker.hears()
    worker.kill()

    at_once = [notice.id for notice in taking.notices(store)]
    clock.advance(minutes=4)
    before_its_end = taking.notices(store)
    clock.advance(minutes=1, seconds=1)
    given_back = {notice.id: notice.attempts for notice in taking.notices(store)}

    assert (len(held), len(at_once), before_its_end) == (3, 2, [])
    assert given_back == {**dict.fromkeys(held, 2), **dict.fromkeys(at_once, 2)}


def test_what_a_killed_process_had_claimed_is_free_when_its_claim_lapses(
    store: Store, start: Start, clock: HandClock
) -> None:
    worker = start("hold_and_hang", "job")
    worker.go()
    held = worker.hears()
    worker.kill()

    at_once = store.once.claim("job", 60)
    clock.advance(seconds=60)

    assert (held, at_once, store.once.claim("job", 60)) == (["job"], False, True)


def test_a_process_killed_within_a_transaction_leaves_nothing_of_it(
    store: Store, start: Start
) -> None:
    """Nor its lock: others write on at once."""
    store.people.seen("T1", "before")
    worker = start("hang_half_way", "U1", "U2")
    worker.go()
    assert worker.hears() == ["U1", "U2"]
    worker.kill()

    store.people.seen("T1", "after")

    assert [row.user_id for row in store.people.all()] == ["after", "before"]


def test_an_action_whose_process_was_killed_stays_on_record_as_started(
    store: Store, start: Start
) -> None:
    worker = start("act_and_hang")
    worker.go()
    worker.hears()
    worker.kill()

    [entry] = store.audit.recent()

    assert (entry.action, entry.target, entry.outcome) == ("image.share", "web", "started")
    assert entry.ended_at is None


def test_a_rollback_in_one_thread_leaves_anothers_write(store: Store) -> None:
    """On one shared connection the write would be rolled back with it."""
    begun, written = Event(), Event()

    def fail_in_the_middle() -> None:
        with store._db.transaction():
            store.people.get("T1", "U1")
            begun.set()
            written.wait(0.3)  # not longer: on SQLite the other waits for this thread's lock
            store.people.seen("T1", "failed")
            raise RuntimeError("in the middle")

    with ThreadPoolExecutor(1) as pool:
        failing = pool.submit(fail_in_the_middle)
        begun.wait()
        store.people.seen("T1", "U1")
        written.set()
        with pytest.raises(RuntimeError):
            failing.result()

    assert [row.user_id for row in store.people.all()] == ["U1"]


def test_after_a_failed_transaction_the_thread_writes_on(store: Store) -> None:
    with pytest.raises(RuntimeError), store._db.transaction():
        raise RuntimeError

    with store._db.transaction():
        store.people.seen("T1", "U1")

    assert store.people.get("T1", "U1")


def nest(store: Store) -> None:
    with store._db.transaction():
        store.people.seen("T1", "outer")
        with store._db.transaction():
            store.people.seen("T1", "inner")


def test_a_transaction_within_another_is_refused_and_nothing_of_either_stays(
    store: Store,
) -> None:
    """Or, on PostgreSQL, the end of the inner one would let the outer one's writes escape it."""
    with pytest.raises(RuntimeError, match="not to be nested"):
        nest(store)

    assert store.people.all() == []
    with store._db.transaction():
        store.people.seen("T1", "after")
    assert [row.user_id for row in store.people.all()] == ["after"]


@pytest.mark.postgres
def test_a_restarted_server_is_found_again(postgres_url: str, keys: list[str]) -> None:
    """Connections that died in the pool are replaced, not handed out."""
    store = Store.open(f"{postgres_url}/postgres", keys)
    store._db.rows("select 1 as one")

    with psycopg.connect(f"{postgres_url}/postgres") as operator:
        operator.execute(
            """select pg_terminate_backend(pid, 5000) from pg_stat_activity
               where backend_type = 'client backend' and pid <> pg_backend_pid()"""
        )

    for _ in range(3):  # the pool may hold more than one
        assert store._db.rows("select 1 as one") == [{"one": 1}]
    store.close()


@pytest.mark.postgres
def test_a_connection_that_breaks_in_use_is_an_error_with_a_name(
    postgres_url: str, keys: list[str]
) -> None:
    store = Store.open(f"{postgres_url}/postgres", keys)

    with pytest.raises(Unreachable):
        store._db.execute("select pg_terminate_backend(pg_backend_pid())")

    assert store._db.rows("select 1 as one") == [{"one": 1}]
    store.close()
