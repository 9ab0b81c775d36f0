"""What waits for a second person: each step from one state to the next, and none back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage import LEASE, Approval, ApprovalState, Decision, Store, Terms, Vote
from tests.storage import asking
from tests.storage.asking import FIRST_REMINDER, KEY, LIFE, ask
from tests.storage.fixtures import START, HandClock

APPROVE, DENY = Decision.APPROVE, Decision.DENY
MINUTE = timedelta(minutes=1)


def asked(store: Store, target: str = "i1", **fields: Any) -> Approval:
    approval, new = ask(store, target, **fields)
    assert new
    return approval


def now(store: Store, approval: Approval) -> Approval:
    found = store.approvals.get(approval.id)
    assert found
    return found


def claimed(store: Store) -> Approval:
    [approval] = asking.begun(store.approvals)
    return approval


def approved(store: Store, **fields: Any) -> Approval:
    approval = asked(store, **fields)
    store.approvals.vote(approval.id, "U2", APPROVE, "")
    return now(store, approval)


def ended(store: Store, clock: HandClock, state: ApprovalState) -> Approval:
    """A request that has come to this end."""
    approval = asked(store, str(state))
    match state:
        case ApprovalState.DENIED:
            store.approvals.vote(approval.id, "U2", DENY, "")
        case ApprovalState.WITHDRAWN:
            store.approvals.withdraw(approval.id, "U1")
        case ApprovalState.EXPIRED:
            clock.advance(hours=8)
            asking.expired(store.approvals)
        case ApprovalState.UNKNOWN:
            store.approvals.vote(approval.id, "U2", APPROVE, "")
            asking.begun(store.approvals)
            clock.advance(minutes=5)
            asking.given_up(store.approvals)
        case _:
            store.approvals.vote(approval.id, "U2", APPROVE, "")
            store.approvals.end(claimed(store), state, "")
    assert now(store, approval).state == state
    return now(store, approval)


ENDS = [
    ApprovalState.DENIED,
    ApprovalState.WITHDRAWN,
    ApprovalState.EXPIRED,
    ApprovalState.DONE,
    ApprovalState.FAILED,
    ApprovalState.UNKNOWN,
]


def test_a_request_is_kept_as_it_was_asked(store: Store) -> None:
    approval, new = ask(store, people=2, reason=True)

    assert new
    assert approval == Approval(
        id=approval.id,
        team_id="T1",
        user_id="U1",
        account_id="a1",
        key=KEY,
        region="DFW",
        action="image.delete",
        target="i1",
        words="delete *i1*",
        request={"verb": "delete", "words": ["i1"]},
        because="it is old",
        people=2,
        reason=True,
        channel_id="C1",
        state=ApprovalState.WAITING,
        outcome="",
        created_at=START,
        expires_at=START + LIFE,
        remind_at=START + FIRST_REMINDER,
        reminders=0,
        ended_at=None,
        votes=(),
        claim="",
    )
    assert store.approvals.get(approval.id) == approval
    assert store.approvals.waiting("T1") == store.approvals.of("T1", "U1") == [approval]


def test_there_is_no_request_of_an_unknown_id(store: Store) -> None:
    asked(store)

    assert store.approvals.get("zzzzzz") is None
    assert store.approvals.vote("zzzzzz", "U2", APPROVE, "") == (None, False)
    assert not store.approvals.withdraw("zzzzzz", "U1")


def test_the_same_asked_again_is_the_one_that_waits(store: Store, clock: HandClock) -> None:
    """Though it was said in other words, and for another reason."""
    first = asked(store)
    clock.advance(minutes=5)

    again = ask(store, because="I said so", words="please", people=2)

    assert again == (first, False)
    assert store.approvals.waiting("T1") == [first]


@pytest.mark.parametrize(
    "other",
    [
        {"team_id": "T2"},
        {"user_id": "U2"},
        {"account_id": "a2"},
        {"action": "image.share"},
        {"target": "i2"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_what_differs_in_what_would_be_done_is_another_request(
    store: Store, other: dict[str, str]
) -> None:
    first = asked(store)

    second = asked(store, **other)

    assert first.id != second.id
    assert [now(store, each) for each in (first, second)] == [first, second]


@pytest.mark.parametrize("state", ENDS)
def test_what_has_ended_can_be_asked_again(
    store: Store, clock: HandClock, state: ApprovalState
) -> None:
    first = ended(store, clock, state)

    second = asked(store, first.target)

    assert (second.id != first.id, second.votes) == (True, ())
    assert now(store, first) == first


def test_what_is_over_can_be_asked_again_before_it_is_noticed(
    store: Store, clock: HandClock
) -> None:
    first = asked(store)
    clock.advance(hours=8)

    second = asked(store)

    assert [each.id for each in store.approvals.waiting("T1")] == [second.id]
    assert [each.id for each in asking.expired(store.approvals)] == [first.id]


def test_only_what_can_still_be_decided_waits_the_oldest_first(
    store: Store, clock: HandClock
) -> None:
    asked(store, "short", life=MINUTE)
    clock.advance(seconds=1)
    older = asked(store, "older")
    clock.advance(minutes=1)
    newer = asked(store, "newer", user_id="U2")
    asked(store, "elsewhere", team_id="T2")
    approved(store, target="decided")

    assert store.approvals.waiting("T1") == [older, newer]


def test_a_person_s_last_requests_are_told_the_newest_first(store: Store, clock: HandClock) -> None:
    for number in range(4):
        asked(store, f"i{number}")
        clock.advance(minutes=1)
    asked(store, "of another", user_id="U2")
    asked(store, "of another team", team_id="T2")

    assert [each.target for each in store.approvals.of("T1", "U1", limit=3)] == ["i3", "i2", "i1"]
    assert [each.target for each in store.approvals.of("T1", "U2")] == ["of another"]


def test_the_last_yes_that_it_takes_approves_it(store: Store, clock: HandClock) -> None:
    approval = asked(store, people=2)
    clock.advance(minutes=1)

    first, counted_first = store.approvals.vote(approval.id, "U3", APPROVE, "fine")
    clock.advance(minutes=1)
    second, counted_second = store.approvals.vote(approval.id, "U2", APPROVE, "")

    votes = (
        Vote("U3", APPROVE, "fine", START + MINUTE),
        Vote("U2", APPROVE, "", START + 2 * MINUTE),
    )
    assert (counted_first, counted_second) == (True, True)
    assert first == replace(approval, votes=votes[:1])
    assert second == replace(approval, state=ApprovalState.APPROVED, votes=votes)
    assert second.said(APPROVE) == list(votes)
    assert second.said(DENY) == []


def test_only_votes_that_count_now_are_counted_and_the_terms_are_kept(store: Store) -> None:
    approval = asked(store, people=1)
    terms = Terms(people=2, reason=True, counts=lambda vote: vote.user_id != "U2")

    for user in ("U2", "U3", "U4"):
        now_, counted = store.approvals.vote(
            approval.id, user, APPROVE, "fine", channel_id="C1", terms=terms
        )
        assert now_
        assert (counted, now_.people, now_.reason) == (True, 2, True)
        assert now_.votes[-1].channel_id == "C1"
        assert (now_.state == ApprovalState.APPROVED) == (user == "U4")


def test_what_was_approved_waits_again_for_who_claimed_it(store: Store) -> None:
    approval = asked(store)
    store.approvals.vote(approval.id, "U2", APPROVE, "")
    taken = claimed(store)

    first, second = (store.approvals.reopen(taken, 3) for _ in range(2))

    waiting = now(store, approval)
    assert (first, second) == (True, False)
    assert (waiting.state, waiting.people, len(waiting.votes)) == (ApprovalState.WAITING, 3, 1)
    assert asking.begun(store.approvals) == []


def test_one_no_ends_it_whatever_was_said_before(store: Store, clock: HandClock) -> None:
    approval = asked(store, people=3)
    store.approvals.vote(approval.id, "U2", APPROVE, "")
    clock.advance(minutes=1)

    denied, counted = store.approvals.vote(approval.id, "U3", DENY, "not now")

    assert counted
    assert denied == replace(
        approval,
        state=ApprovalState.DENIED,
        ended_at=START + MINUTE,
        votes=(Vote("U2", APPROVE, "", START), Vote("U3", DENY, "not now", START + MINUTE)),
    )


@pytest.mark.parametrize("decision", Decision)
def test_who_asked_does_not_decide(store: Store, decision: Decision) -> None:
    approval = asked(store)

    assert store.approvals.vote(approval.id, "U1", decision, "") == (approval, False)
    assert asking.begun(store.approvals) == []


@pytest.mark.parametrize("second", Decision)
def test_nobody_votes_twice(store: Store, second: Decision) -> None:
    approval = asked(store, people=2)
    once, _ = store.approvals.vote(approval.id, "U2", APPROVE, "fine")

    assert store.approvals.vote(approval.id, "U2", second, "no, wait") == (once, False)


@pytest.mark.parametrize("decision", Decision)
def test_a_vote_at_the_end_of_its_time_comes_too_late(
    store: Store, clock: HandClock, decision: Decision
) -> None:
    approval = asked(store)
    in_time = asked(store, "other")
    clock.advance(hours=8, microseconds=-1)
    _, counted = store.approvals.vote(in_time.id, "U2", decision, "")
    clock.advance(microseconds=1)

    late = store.approvals.vote(approval.id, "U2", decision, "")

    assert (counted, late) == (True, (approval, False))


def test_a_request_is_withdrawn_once_and_by_who_asked(store: Store, clock: HandClock) -> None:
    approval = asked(store)
    clock.advance(minutes=1)

    others = store.approvals.withdraw(approval.id, "U2")
    first, second = (store.approvals.withdraw(approval.id, "U1") for _ in range(2))

    assert (others, first, second) == (False, True, False)
    assert now(store, approval) == replace(
        approval, state=ApprovalState.WITHDRAWN, ended_at=START + MINUTE
    )


def test_what_is_approved_cannot_be_withdrawn(store: Store) -> None:
    approval = approved(store)

    assert not store.approvals.withdraw(approval.id, "U1")
    running = claimed(store)
    assert not store.approvals.withdraw(approval.id, "U1")
    assert now(store, approval) == running


def test_what_nobody_decided_in_time_ends_once(store: Store, clock: HandClock) -> None:
    approval = asked(store, people=2)
    store.approvals.vote(approval.id, "U2", APPROVE, "")
    longer = asked(store, "longer", life=2 * LIFE)
    clock.advance(hours=8, microseconds=-1)
    too_early = asking.expired(store.approvals)
    clock.advance(microseconds=1)

    expired, again = asking.expired(store.approvals), asking.expired(store.approvals)

    assert (too_early, again) == ([], [])
    assert expired == [
        replace(
            approval,
            state=ApprovalState.EXPIRED,
            ended_at=START + LIFE,
            votes=(Vote("U2", APPROVE, "", START),),
        )
    ]
    assert now(store, longer) == longer


def test_what_was_approved_in_time_does_not_lapse(store: Store, clock: HandClock) -> None:
    approval = approved(store)
    clock.advance(days=7)

    assert asking.expired(store.approvals) == []
    assert claimed(store).id == approval.id


def test_reminders_come_once_and_each_pause_is_twice_as_long(
    store: Store, clock: HandClock
) -> None:
    approval = asked(store, life=timedelta(days=2))
    reminded_after = []
    for _ in range(16 * 4):
        clock.advance(minutes=15)
        if due := asking.reminded(store.approvals):
            assert (len(due), asking.reminded(store.approvals)) == (1, [])
            reminded_after.append((clock() - START) / timedelta(hours=1))

    assert reminded_after == [1, 3, 7, 15]
    assert now(store, approval) == replace(
        approval, reminders=4, remind_at=START + timedelta(hours=31)
    )


def test_a_reminder_is_told_as_what_it_reminds_of(store: Store, clock: HandClock) -> None:
    approval = asked(store)
    clock.advance(hours=1)

    assert asking.reminded(store.approvals) == [approval]


@pytest.mark.parametrize("state", ENDS)
def test_nobody_is_reminded_of_what_has_ended(
    store: Store, clock: HandClock, state: ApprovalState
) -> None:
    ended(store, clock, state)
    clock.advance(days=1)

    assert asking.reminded(store.approvals) == []


def test_nobody_is_reminded_of_what_nobody_can_decide_any_more(
    store: Store, clock: HandClock
) -> None:
    """Even before it is noticed that its time is over."""
    asked(store)
    clock.advance(hours=8)

    assert asking.reminded(store.approvals) == []


def test_what_is_approved_is_claimed_once(store: Store, clock: HandClock) -> None:
    approval = approved(store)
    asked(store, "waiting")

    running = claimed(store)

    assert running == replace(approval, state=ApprovalState.RUNNING, claim=running.claim)
    assert running.claim
    clock.advance(days=1)
    assert asking.begun(store.approvals) == []


def test_what_was_asked_first_is_claimed_first_and_no_more_than_wanted(
    store: Store, clock: HandClock
) -> None:
    for target in ("i2", "i3", "i1"):
        approved(store, target=target)
        clock.advance(seconds=1)

    batches = [
        asking.begun(store.approvals, 2),
        asking.begun(store.approvals, 2),
        asking.begun(store.approvals, 2),
    ]

    assert [[each.target for each in batch] for batch in batches] == [["i2", "i3"], ["i1"], []]


@pytest.mark.parametrize("state", [ApprovalState.DONE, ApprovalState.FAILED])
def test_it_ends_once_as_who_carried_it_out_says(
    store: Store, clock: HandClock, state: ApprovalState
) -> None:
    approval = approved(store)
    running = claimed(store)
    clock.advance(minutes=1)

    first = store.approvals.end(running, state, "so it is")
    second = store.approvals.end(running, ApprovalState.FAILED, "or is it?")

    assert (first, second) == (True, False)
    assert now(store, approval) == replace(
        approval, state=state, outcome="so it is", ended_at=START + MINUTE
    )


def test_who_has_not_claimed_it_does_not_end_it(store: Store) -> None:
    approval = approved(store)

    before = store.approvals.end(approval, ApprovalState.DONE, "")
    running = claimed(store)
    without = store.approvals.end(replace(running, claim=""), ApprovalState.DONE, "")
    with_another = store.approvals.end(replace(running, claim="x"), ApprovalState.DONE, "")

    assert (before, without, with_another) == (False, False, False)
    assert now(store, approval) == running


def test_what_was_broken_off_is_given_up_once_and_never_carried_out_again(
    store: Store, clock: HandClock
) -> None:
    approval = approved(store)
    running = claimed(store)
    clock.advance(seconds=LEASE.total_seconds() - 1)
    too_early = asking.given_up(store.approvals)
    clock.advance(seconds=1)

    given_up, again = asking.given_up(store.approvals), asking.given_up(store.approvals)

    unknown = replace(approval, state=ApprovalState.UNKNOWN, ended_at=START + LEASE)
    assert (too_early, given_up, again) == ([], [unknown], [])
    assert not store.approvals.end(running, ApprovalState.DONE, "after all")
    assert asking.begun(store.approvals) == []
    assert now(store, approval) == unknown


def test_what_has_ended_is_not_given_up(store: Store, clock: HandClock) -> None:
    done = ended(store, clock, ApprovalState.DONE)
    clock.advance(days=1)

    assert asking.given_up(store.approvals) == []
    assert now(store, done) == done


Operation = Callable[[Store, Approval], object]
DEEDS: dict[str, Operation] = {
    "approve": lambda store, approval: store.approvals.vote(approval.id, "U9", APPROVE, "")[1],
    "deny": lambda store, approval: store.approvals.vote(approval.id, "U9", DENY, "")[1],
    "withdraw": lambda store, approval: store.approvals.withdraw(approval.id, "U1"),
    "expire": lambda store, _: asking.expired(store.approvals),
    "remind": lambda store, _: asking.reminded(store.approvals),
    "claim": lambda store, _: asking.begun(store.approvals),
    "end": lambda store, approval: store.approvals.end(approval, ApprovalState.DONE, ""),
    "give up": lambda store, _: asking.given_up(store.approvals),
}


@pytest.mark.parametrize("state", ENDS)
def test_what_has_ended_stays_as_it_is(
    store: Store, clock: HandClock, state: ApprovalState
) -> None:
    approval = ended(store, clock, state)
    clock.advance(days=1)

    done = {name: operation(store, approval) for name, operation in DEEDS.items()}

    assert [name for name, what in done.items() if what] == []
    assert now(store, approval) == approval


def test_only_what_ended_long_ago_is_forgotten_with_its_votes(
    store: Store, clock: HandClock
) -> None:
    old = approved(store, target="old")
    store.approvals.end(claimed(store), ApprovalState.DONE, "")
    waiting, ready = asked(store, "waiting", life=timedelta(days=30)), approved(store)
    clock.advance(days=1)
    recent = asked(store, "recent")
    store.approvals.withdraw(recent.id, "U1")

    forgotten = store.approvals.prune(START + timedelta(days=1)), store.approvals.prune(START)

    assert forgotten == (1, 0)
    assert store.approvals.get(old.id) is None
    assert store._db.rows("select approval_id from votes") == [{"approval_id": ready.id}]
    assert [now(store, each).state for each in (waiting, ready, recent)] == [
        ApprovalState.WAITING,
        ApprovalState.APPROVED,
        ApprovalState.WITHDRAWN,
    ]
