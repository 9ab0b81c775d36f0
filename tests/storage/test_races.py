"""What only one may have, when many reach for it at once. In processes, and in threads of one."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest

from storage import Store
from storage.db.database import SqliteDatabase
from storage.db.migrations import MIGRATIONS
from tests import taking
from tests.storage import workers
from tests.storage.conftest import Link, Race

T = TypeVar("T")
THREADS = 8
NAMES = [f"n{number}" for number in range(40)]
EACH_ONCE = dict.fromkeys(("claim", "slot", "dedupe key", "resumed person"), sorted(NAMES))


def in_threads(work: Callable[[], T]) -> list[T]:
    """What each thread got, all having begun at one moment."""
    barrier = Barrier(THREADS)

    def wait_and_work(_: int) -> T:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(wait_and_work, range(THREADS)))


def pause_people(store: Store) -> None:
    for name in NAMES:
        store.people.pause("T1", name, "is_inactive")


def won(results: list[dict[str, list[str]]]) -> dict[str, list[str]]:
    """Everything that somebody won, by kind."""
    return {kind: sorted(name for each in results for name in each[kind]) for kind in EACH_ONCE}


def test_each_thing_is_won_by_one_process(store: Store, race: Race) -> None:
    pause_people(store)

    results = race("contest", *NAMES)

    assert won(results) == EACH_ONCE


def test_each_thing_is_won_by_one_thread(store: Store) -> None:
    pause_people(store)

    results = in_threads(lambda: workers.contest(store, NAMES))

    assert won(results) == EACH_ONCE


def test_a_token_is_redeemed_by_one_process(store: Store, race: Race) -> None:
    tokens = [store.once.issue(workers.TOKEN, {}, 60) for _ in NAMES]

    results = race("redeem", *tokens)

    assert sorted(token for each in results for token in each) == sorted(tokens)


def test_a_token_is_redeemed_by_one_thread(store: Store) -> None:
    tokens = [store.once.issue(workers.TOKEN, {}, 60) for _ in NAMES]

    results = in_threads(lambda: workers.redeem(store, tokens))

    assert sorted(token for each in results for token in each) == sorted(tokens)


def fill(store: Store) -> None:
    for number in range(120):
        store.outbox.put(team_id="T1", user_id="U1", text=f"message {number}")


def test_processes_that_share_an_outbox_claim_every_message_once(store: Store, race: Race) -> None:
    fill(store)

    claimed = Counter(id_ for each in race("drain") for id_ in each)

    assert (len(claimed), set(claimed.values())) == (120, {1})
    assert taking.notices(store) == []


def test_threads_that_share_an_outbox_claim_every_message_once(store: Store) -> None:
    fill(store)

    claimed = Counter(id_ for each in in_threads(lambda: workers.drain(store, [])) for id_ in each)

    assert (len(claimed), set(claimed.values())) == (120, {1})
    assert taking.notices(store) == []


def test_processes_that_migrate_an_empty_database_take_each_step_once(race: Race) -> None:
    taken = race("migrate")

    assert sorted(taken) == [[], [], [], [name for name, _ in MIGRATIONS]]


def test_a_new_file_that_another_process_writes_is_waited_for(tmp_path: Path) -> None:
    """SQLite itself refuses at once to turn on write-ahead logging while another writes."""
    path = str(tmp_path / "x.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        with ThreadPoolExecutor(1) as pool:
            opening = pool.submit(SqliteDatabase, path)
            with pytest.raises(TimeoutError):
                opening.result(timeout=0.2)
            other.execute("commit")

    database = opening.result()
    assert database.rows("pragma journal_mode") == [{"journal_mode": "wal"}]
    database.close()


def test_an_invitation_is_news_to_one_of_the_processes_that_look(
    store: Store, link: Link, race: Race
) -> None:
    account = link()

    news = race("look", account.id, *NAMES)

    assert sorted(news) == [[], [], [], sorted(NAMES, key=NAMES.index)]


def test_processes_that_write_at_once_lose_nothing(store: Store, race: Race) -> None:
    race("write", *NAMES)

    assert [row.user_id for row in store.people.all()] == sorted(NAMES)


def test_threads_that_link_one_account_at_once_make_one(store: Store, link: Link) -> None:
    linked = in_threads(link)

    assert len({account.id for account in linked}) == 1
    assert len(store.accounts.all()) == 1
