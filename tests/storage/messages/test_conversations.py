"""Conversations are claimed, not messages: in order within one, in turns between workspaces."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from storage import NO_ANSWER, PACE, PATIENT, Notice, Served, Store, Turn
from storage.messages.conversations import BULK_TURN, OVERLOOKED
from tests import taking
from tests.storage.fixtures import START, HandClock

BOUND = 8
"""Of conversations of one workspace that may have a turn."""


def put(
    store: Store, text: str, user_id: str = "U1", team_id: str = "T1", channel: str | None = None
) -> None:
    store.outbox.put(team_id=team_id, user_id=user_id, text=text, channel=channel)


def turns(store: Store, limit: int = 20, bound: int = BOUND) -> list[Turn[Notice]]:
    return store.notices_due.serve([], limit, bound)


def sent(turn: Turn[Notice], clock: HandClock) -> Served:
    return Served(turn.conversation, clock() + PACE, (turn.message.id, "1.1"), turn.shaky)


def texts(given: Sequence[Turn[Any]]) -> list[str]:
    return sorted(each.message.text for each in given)


def delivered(store: Store, clock: HandClock) -> list[str]:
    """Serve all that is due for a minute, and give the texts in order."""
    heard: list[str] = []
    for _ in range(60):
        given = turns(store)
        heard += [each.message.text for each in given]
        store.notices_due.serve([sent(each, clock) for each in given], 0, BOUND)
        clock.advance(seconds=1)
    return heard


def test_a_conversation_hears_one_message_at_a_time_in_order(
    store: Store, clock: HandClock
) -> None:
    for text in ("one", "two", "three"):
        put(store, text)

    [first] = turns(store)
    meanwhile = turns(store)
    at_once = store.notices_due.serve([sent(first, clock)], 20, BOUND)
    clock.advance(seconds=1)
    [second] = turns(store)

    assert (first.message.text, meanwhile, at_once) == ("one", [], [])
    assert second.message.text == "two"


def test_several_conversations_have_their_turns_at_the_same_time(store: Store) -> None:
    """A channel is one, too, whoever it is that its messages are for."""
    put(store, "for the channel", "U1", channel="C1")
    put(store, "for the channel, later", "U2", channel="C1")
    put(store, "for one", "U1")
    put(store, "for another", "U2")

    assert texts(turns(store)) == ["for another", "for one", "for the channel"]


def digests(store: Store, people: int) -> None:
    for n in range(people):
        store.outbox.put(team_id="T1", user_id=f"U{n:02}", text="digest", bulk=True)


def test_a_notice_goes_ahead_of_the_digests_of_others(store: Store, clock: HandClock) -> None:
    digests(store, 30)
    first = turns(store, 2)
    clock.advance(seconds=1)
    put(store, "an answer", "U99")

    assert texts(first) == ["digest", "digest"]
    assert texts(turns(store, 1)) == ["an answer"]
    assert texts(turns(store, 1)) == ["digest"]


def test_digests_are_not_starved_by_notices(store: Store, clock: HandClock) -> None:
    digests(store, 30)
    clock.advance(seconds=1)
    for n in range(30, 60):
        put(store, "notice", f"U{n}")

    heard = [text for _ in range(4 * BULK_TURN) for text in texts(turns(store, 1, bound=60))]

    assert heard.count("digest") == 4


def test_digests_and_notices_of_a_workspace_share_its_bound(store: Store) -> None:
    digests(store, 30)
    for n in range(30, 34):
        put(store, "notice", f"U{n}")

    assert texts(turns(store)) == ["digest"] * 4 + ["notice"] * 4
    assert turns(store) == []


def test_whoever_waits_for_a_notice_and_a_digest_does_not_wait_with_the_digests(
    store: Store, clock: HandClock
) -> None:
    """Order is kept in a conversation, so the digest that came first is said first."""
    digests(store, 10)
    [one] = turns(store, 1)
    store.notices_due.serve([sent(one, clock)], 0, BOUND)
    clock.advance(seconds=2)
    put(store, "notice", "U09")

    [next_] = turns(store, 1)
    assert (next_.conversation.place, next_.message.text) == ("U09", "digest")


def test_a_message_right_after_another_is_paced_as_well(store: Store, clock: HandClock) -> None:
    put(store, "one")
    [first] = turns(store)
    store.notices_due.serve([sent(first, clock)], 0, BOUND)

    put(store, "two")
    too_soon = turns(store)
    due = store.notices_due.next_due()
    clock.advance(seconds=1)

    assert (too_soon, due) == ([], START + PACE)
    assert texts(turns(store)) == ["two"]


def test_workspaces_have_turns_alike_and_none_has_more_than_its_share(store: Store) -> None:
    for number in range(20):
        put(store, f"busy {number}", f"U{number}", "T1")
    for team in ("T2", "T3"):
        put(store, team, team_id=team)

    first = turns(store, limit=3)
    then = turns(store, bound=4)

    assert {each.conversation.team_id for each in first} == {"T1", "T2", "T3"}
    assert [each.conversation.team_id for each in then] == ["T1"] * 3


def test_a_card_waits_behind_no_notice_of_its_conversation(store: Store) -> None:
    for number in range(20):
        put(store, f"notice {number}")
    turns(store)
    store.cards.draw(key="approval 1", team_id="T1", user_id="U1", text="Approve?", blocks=())

    assert texts(store.cards_due.serve([], 1, BOUND)) == ["Approve?"]


def test_a_workspace_rests_for_all_workers_and_then_one_message_is_tried(
    store: Store, database_url: str, keys: list[str], clock: HandClock
) -> None:
    for number in range(4):
        put(store, f"T1 {number}", f"U{number}")
    put(store, "T2", team_id="T2")
    news = store.rests.rest("T1", clock() + timedelta(seconds=40), "ratelimited")
    again = store.rests.rest("T1", clock() + timedelta(seconds=30), "ratelimited")

    with closing(Store.open(database_url, keys, clock)) as other:
        resting = turns(other)
        due = other.notices_due.next_due()
        clock.advance(seconds=40)
        [probe] = turns(other)
        meanwhile = turns(other)
        other.notices_due.serve([sent(probe, clock)], 0, BOUND)

    assert (news, again) == (True, False)
    assert (texts(resting), due) == (["T2"], START + timedelta(seconds=40))
    assert (probe.shaky, meanwhile) == (True, [])
    assert len(turns(store)) == 3


def test_a_workspace_that_does_not_answer_rests_longer_each_time(
    store: Store, clock: HandClock
) -> None:
    """One answer that is lost says nothing yet."""
    pauses = []
    for _ in range(5):
        store.rests.unanswered("T1", NO_ANSWER)
        [rest] = store.rests.all()
        pauses.append((rest.until - clock()).total_seconds())
        clock.now = rest.until

    assert pauses == [0, 0, 5, 10, 20]


def test_what_a_worker_that_died_had_is_given_to_another_who_knows_of_it(
    store: Store, clock: HandClock
) -> None:
    put(store, "one")
    turns(store)

    clock.advance(seconds=59)
    before = turns(store)
    clock.advance(seconds=1)
    [after] = turns(store)

    assert (before, after.message.text, after.message.error) == ([], "one", NO_ANSWER)


def test_a_message_that_fails_is_waited_for_at_first(store: Store, clock: HandClock) -> None:
    """And then it is the message that is the trouble."""
    put(store, "odd")
    put(store, "fine")
    heard = []
    for _ in range(PATIENT + 1):
        [turn] = turns(store)
        heard.append(turn.message.text)
        later = clock() + timedelta(seconds=10)
        store.outbox.retry(turn.message.id, later, "internal_error")
        due = later if turn.message.attempts < PATIENT else clock()
        store.notices_due.serve([Served(turn.conversation, due)], 0, BOUND)
        clock.now = due

    assert heard == ["odd"] * PATIENT + ["fine"]


def test_one_that_is_tried_again_later_is_due_then(store: Store, clock: HandClock) -> None:
    put(store, "odd")
    later = clock() + timedelta(minutes=30)
    for _ in range(PATIENT):
        [turn] = turns(store)
        store.outbox.retry(turn.message.id, clock(), "internal_error")
        store.notices_due.serve([Served(turn.conversation, clock())], 0, BOUND)
    [turn] = turns(store)
    store.outbox.retry(turn.message.id, later, "internal_error")
    store.notices_due.serve([Served(turn.conversation, clock())], 0, BOUND)

    assert turns(store) == []
    assert store.notices_due.next_due() == later


def test_nobody_whose_notices_are_paused_has_a_turn_until_they_are_resumed(store: Store) -> None:
    put(store, "kept")
    store.people.pause("T1", "U1", "user_disabled")
    paused = turns(store)
    idle = store.notices_due.next_due()

    store.people.resume("T1", "U1")

    assert (paused, idle) == ([], None)
    assert texts(turns(store)) == ["kept"]


def test_what_was_diverted_or_is_sent_again_is_due_where_it_is_to_go(
    store: Store, clock: HandClock
) -> None:
    put(store, "one", channel="C1")
    [turn] = turns(store)
    store.outbox.divert(turn.message.id, "is_archived")
    store.notices_due.serve([Served(turn.conversation, clock())], 0, BOUND)
    [diverted] = turns(store)
    store.outbox.fail(diverted.message.id, "invalid_blocks")
    store.notices_due.serve([Served(diverted.conversation, clock())], 0, BOUND)
    failed = turns(store)
    store.outbox.send_again(diverted.message.id)

    assert (diverted.conversation.place, diverted.message.channel, failed) == ("U1", None, [])
    assert texts(turns(store)) == ["one"]


def test_what_an_earlier_release_enqueued_or_has_claimed_is_delivered_once(
    store: Store, clock: HandClock
) -> None:
    """It writes no conversation, and claims messages for five minutes."""
    for text in ("one", "two"):
        put(store, text)
    [held] = taking.notices(store, 1)

    assert turns(store) == []
    taking.sent(store, held.id, "1.1")
    clock.advance(minutes=5)

    assert texts(turns(store)) == ["two"]


def test_what_is_due_and_was_overlooked_is_found(store: Store, clock: HandClock) -> None:
    put(store, "one")
    [turn] = turns(store)
    store.notices_due.serve([Served(turn.conversation, clock())], 0, BOUND)
    store._db.execute("update conversations set waiting = 0")
    store._db.execute("update outbox set claimed_until = null")

    clock.advance(seconds=OVERLOOKED.total_seconds() + 1)
    store.notices_due.mend()

    assert texts(turns(store)) == ["one"]


def test_what_a_clock_that_was_ahead_has_put_off_is_due(store: Store, clock: HandClock) -> None:
    put(store, "one")
    clock.advance(days=3)
    [turn] = turns(store)
    store.outbox.retry(turn.message.id, clock(), "internal_error")
    store.notices_due.serve([Served(turn.conversation, clock())], 0, BOUND)
    clock.now = START

    store.notices_due.mend()

    assert texts(turns(store)) == ["one"]


def test_conversations_with_nothing_to_hear_are_forgotten(store: Store, clock: HandClock) -> None:
    put(store, "one", "U1")
    put(store, "two", "U2")
    first, _ = turns(store)
    store.notices_due.serve([sent(first, clock)], 0, BOUND)
    clock.advance(hours=1)

    assert store.notices_due.prune() == 1
    assert delivered(store, clock) == ["two"]


def test_everything_of_many_conversations_is_heard_once_and_in_order(
    store: Store, clock: HandClock
) -> None:
    for number in range(60):
        put(store, f"{number:02}", f"U{number % 20}", f"T{number % 20 % 3}")

    heard = delivered(store, clock)

    assert sorted(heard) == [f"{number:02}" for number in range(60)]
    for user in range(20):
        of_user = [int(text) for text in heard if int(text) % 20 == user]
        assert of_user == sorted(of_user)


@pytest.mark.parametrize("waiting", [0, 2])
def test_how_much_waits_and_since_when_is_told(
    store: Store, clock: HandClock, waiting: int
) -> None:
    for _ in range(waiting):
        put(store, "hello")
        clock.advance(seconds=1)

    [messages] = [each for each in store.work.all() if each.kind == "messages"]
    assert store.outbox.waiting() == messages.due == waiting
    assert messages.oldest_made_at == (START if waiting else None)


@pytest.mark.parametrize("held", ["x", "[]", "{}", "5"])
def test_a_message_that_cannot_be_read_is_given_up_and_holds_up_none_after_it(
    store: Store, clock: HandClock, held: str
) -> None:
    for text, user_id in (("one", "U1"), ("two", "U1"), ("three", "U2")):
        put(store, text, user_id)
        clock.advance(seconds=1)
    store._db.execute(
        "update outbox set message = :held where created_at = (select min(created_at) from outbox)",
        {"held": held},
    )

    assert sorted(delivered(store, clock)) == ["three", "two"]
    [given_up] = store.outbox.unsent()
    assert (given_up.error, given_up.failed_at is not None) == ("unreadable", True)


def test_a_card_that_cannot_be_read_is_drawn_once_there_is_a_newer_version(
    store: Store, clock: HandClock
) -> None:
    store.cards.draw(key="share 1", team_id="T1", user_id="U1", text="old", blocks=[])
    store._db.execute("update cards set message = 'x'")

    odd = store.cards_due.serve([], 20, BOUND)
    clock.advance(minutes=10)
    store.cards.draw(key="share 1", team_id="T1", user_id="U1", text="new", blocks=[])
    [turn] = store.cards_due.serve([], 20, BOUND)

    assert (odd, turn.message.text) == ([], "new")
