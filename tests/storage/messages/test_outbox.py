"""Messages on their way: said at least once, and as seldom twice as can be."""

from __future__ import annotations

from datetime import timedelta

from storage import Notice, Store
from tests import taking
from tests.storage.fixtures import START, HandClock

BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "100% :new: “web”"}}]


def put(store: Store, text: str = "hello", user_id: str = "U1", key: str | None = None) -> bool:
    return bool(store.outbox.put(team_id="T1", user_id=user_id, text=text, dedupe_key=key))


def texts(notices: list[Notice]) -> list[str]:
    return [notice.text for notice in notices]


def test_a_message_is_claimed_as_it_was_put(store: Store) -> None:
    store.outbox.put(team_id="T1", user_id="U1", text="hello", blocks=BLOCKS, channel="C1")

    [notice] = taking.notices(store)

    assert notice == Notice(notice.id, "T1", "U1", "C1", "hello", BLOCKS, 1, START)


def test_a_dedupe_key_is_used_once_even_after_the_message_was_said(store: Store) -> None:
    first = put(store, "hello", key="digest:U1:2026-03-02")
    [notice] = taking.notices(store)
    taking.sent(store, notice.id, "1.1")

    again = put(store, "hello again", key="digest:U1:2026-03-02")

    assert (first, again, store.outbox.waiting()) == (True, False, 0)


def test_messages_without_a_key_are_never_the_same(store: Store) -> None:
    assert put(store)
    assert put(store)
    assert store.outbox.waiting() == 2


def test_the_oldest_are_claimed_first_and_no_more_than_asked_for(
    store: Store, clock: HandClock
) -> None:
    for text in ("first", "second", "third"):
        put(store, text)
        clock.advance(seconds=1)

    assert texts(taking.notices(store, limit=2)) == ["first", "second"]
    assert texts(taking.notices(store, limit=2)) == ["third"]


def test_what_was_said_is_never_claimed_again(store: Store, clock: HandClock) -> None:
    put(store)
    [notice] = taking.notices(store)

    taking.sent(store, notice.id, "1.1")

    clock.advance(hours=1)
    assert (taking.notices(store), store.outbox.waiting()) == ([], 0)


def test_what_was_said_after_its_lease_ended_is_not_said_again(
    store: Store, clock: HandClock
) -> None:
    """Nor may the other worker, who has failed, have it tried again."""
    put(store)
    [slow] = taking.notices(store)
    clock.advance(minutes=6)
    [quick] = taking.notices(store)

    taking.sent(store, slow.id, "1.1")
    store.outbox.retry(quick.id, clock(), "ratelimited")
    store.outbox.fail(quick.id, "channel_not_found")

    clock.advance(hours=1)
    assert (taking.notices(store), store.outbox.waiting()) == ([], 0)


def test_a_lease_may_be_shorter(store: Store, clock: HandClock) -> None:
    put(store)
    taking.notices(store, lease=timedelta(seconds=10))

    clock.advance(seconds=11)

    assert [notice.attempts for notice in taking.notices(store)] == [2]


def test_a_retry_waits_for_its_time(store: Store, clock: HandClock) -> None:
    put(store)
    [notice] = taking.notices(store)

    store.outbox.retry(notice.id, clock() + timedelta(seconds=30), "ratelimited")

    assert (taking.notices(store), store.outbox.waiting()) == ([], 1)
    clock.advance(seconds=30)
    assert [notice.attempts for notice in taking.notices(store)] == [2]


def test_a_wait_for_another_s_sake_is_no_attempt(store: Store, clock: HandClock) -> None:
    put(store)
    [notice] = taking.notices(store)

    store.outbox.retry(notice.id, clock(), "invalid_auth", counted=False)

    assert [notice.attempts for notice in taking.notices(store)] == [1]


def test_what_can_never_be_said_is_given_up(store: Store, clock: HandClock) -> None:
    put(store)
    [notice] = taking.notices(store)

    store.outbox.fail(notice.id, "user_not_found")

    clock.advance(hours=1)
    assert (taking.notices(store), store.outbox.waiting()) == ([], 0)


def test_messages_for_a_paused_person_wait_and_keep_nobody_elses_back(store: Store) -> None:
    put(store, "for the paused", "U1")
    put(store, "for another", "U2")
    store.people.pause("T1", "U1", "is_inactive")

    while_paused = texts(taking.notices(store, limit=1))
    store.people.resume("T1", "U1")

    assert while_paused == ["for another"]
    assert texts(taking.notices(store, limit=1)) == ["for the paused"]


def test_only_what_has_ended_is_forgotten(store: Store, clock: HandClock) -> None:
    for text in ("said", "given up", "waiting"):
        put(store, text, key=text)
    said, given_up, _ = taking.notices(store)
    taking.sent(store, said.id, "1.1")
    store.outbox.fail(given_up.id, "user_not_found")
    clock.advance(days=31)
    put(store, "young")

    forgotten = store.outbox.prune(clock() - timedelta(days=30))

    assert forgotten == 2
    assert texts(taking.notices(store)) == ["waiting", "young"]
    assert put(store, "said", key="said")
