"""
Many at the same requests for approval at once: what must hold whatever comes first.

Each thread and each process has one long schedule, drawn by a seed before anybody begins:
Hypothesis objects if another thread uses `random` while it draws, as psycopg's pool does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from storage import Account, Approval, ApprovalState, Decision, Store
from tests.storage.asking import ask
from tests.storage.conftest import Link, Race, Start
from tests.storage.deciding import (
    A_ROUND,
    ASKER,
    DEEDS,
    Actor,
    Log,
    Step,
    ask_all,
    at_random,
    from_json,
    seen,
)

PROCESSES, THREADS = 4, 4
LEVELS = {ApprovalState.WAITING: 0, ApprovalState.APPROVED: 1, ApprovalState.RUNNING: 2}
"""How far a request has come; any end is further."""
ENDING = {
    "deny": ApprovalState.DENIED,
    "withdraw": ApprovalState.WITHDRAWN,
    "expire": ApprovalState.EXPIRED,
    "done": ApprovalState.DONE,
    "failed": ApprovalState.FAILED,
    "give up": ApprovalState.UNKNOWN,
}
PLENTY = {
    ApprovalState.DENIED,
    ApprovalState.EXPIRED,
    ApprovalState.DONE,
    ApprovalState.UNKNOWN,
}


@pytest.fixture
def account(link: Link) -> Account:
    return link()


def hold(store: Store, ids: Iterable[str], logs: Sequence[Log]) -> list[Approval]:
    """Whatever they did, it fits together; how each request stands."""
    did = Counter(each for log in logs for each in log.did)
    requests = []
    for id_ in ids:
        approval = store.approvals.get(id_)
        assert approval
        operations = {
            (operation, who): times
            for (operation, about, who), times in did.items()
            if about == id_
        }
        hold_votes(approval, operations)
        hold_ends(approval, operations)
        for log in logs:
            hold_seen(approval, [each for each in log.saw if each[0] == id_])
        requests.append(approval)
    return requests


def hold_votes(approval: Approval, operations: dict[tuple[str, str], int]) -> None:
    """Nobody is counted twice, nor who asked; and as many have approved as it takes."""
    counted = Counter({each: n for each, n in operations.items() if each[0] in tuple(Decision)})
    voters = Counter(who for (_, who), times in counted.items() for _ in range(times))
    assert set(voters.values()) <= {1}
    assert ASKER not in voters
    assert counted == Counter((str(vote.decision), vote.user_id) for vote in approval.votes)

    yes, no = approval.said(Decision.APPROVE), approval.said(Decision.DENY)
    assert len(yes) <= approval.people
    assert len(yes) + len(no) <= approval.people
    if approval.state == ApprovalState.APPROVED or any(
        operation == "claim" for operation, _ in operations
    ):
        assert (len(yes), list(no)) == (approval.people, [])
    if approval.state in (ApprovalState.DENIED, ApprovalState.EXPIRED, ApprovalState.WITHDRAWN):
        assert len(yes) < approval.people


def hold_ends(approval: Approval, operations: dict[tuple[str, str], int]) -> None:
    """One claims it at most, one ends it at most, and it stands as that one said."""
    times = Counter(dict.fromkeys(DEEDS, 0))
    for (operation, _), often in operations.items():
        times[operation] += often
    ends = [operation for operation in ENDING for _ in range(times[operation])]
    assert times["claim"] <= 1
    assert [ENDING[operation] for operation in ends] == (
        [] if approval.ended_at is None else [approval.state]
    )
    if times["claim"] == 0:
        assert not {"done", "failed", "give up"} & set(ends)
    assert {who for operation, who in operations if operation == "withdraw"} <= {ASKER}


def hold_seen(approval: Approval, saw: Sequence[tuple[str, str, int, str]]) -> None:
    """To each it only ever went on; once ended, it stayed as it is; none too early."""
    levels = [LEVELS.get(ApprovalState(state), 3) for _, state, _, _ in saw]
    assert levels == sorted(levels)
    assert {each for each, level in zip(saw, levels, strict=True) if level == 3} <= {seen(approval)}
    for _, state, yes, _ in saw:
        if state in ("approved", "running", "done", "failed", "unknown"):
            assert yes == approval.people


def test_threads_that_decide_at_once_keep_every_promise(store: Store, account: Account) -> None:
    """And come to most ends there are, as processes do."""
    ids = ask_all(store, account.id, 15 * A_ROUND)
    schedules = [list(at_random(f"seed {number}", len(ids), 20)) for number in range(THREADS)]
    barrier = Barrier(THREADS)

    def work(steps: list[Step]) -> Log:
        actor = Actor(store, ids)
        barrier.wait()
        return actor.act(steps)

    with ThreadPoolExecutor(THREADS) as pool:
        logs = list(pool.map(work, schedules))

    requests = hold(store, ids, logs)
    assert {each.state for each in requests} >= PLENTY


def test_processes_that_decide_at_once_keep_every_promise(
    store: Store, account: Account, start: Start
) -> None:
    """
    And come to most ends there are, or little would have been tried.

    How many come to which depends on the moment; to these some come even where one process is
    done before the next begins.
    """
    ids = ask_all(store, account.id, 15 * A_ROUND)
    workers = [start("decide", f"seed {number}", *ids) for number in range(PROCESSES)]

    for worker in workers:
        worker.go()
    logs = [from_json(worker.hears()) for worker in workers]

    requests = hold(store, ids, logs)
    assert {each.state for each in requests} >= PLENTY


def asked_once(results: Sequence[Sequence[tuple[str, bool]]]) -> bool:
    """Whether of all who asked the same, one was the first, and the rest were told of that one."""
    return all(
        sum(new for _, new in same) == 1 and len({id_ for id_, _ in same}) == 1
        for same in zip(*results, strict=True)
    )


def test_of_threads_that_ask_the_same_at_once_one_is_the_first(
    store: Store, account: Account
) -> None:
    """PostgreSQL would have each of them find nothing that waits."""
    barrier = Barrier(THREADS)

    def work(_: int) -> list[tuple[str, bool]]:
        barrier.wait()
        asked = [ask(store, f"i{number}", account_id=account.id) for number in range(20)]
        return [(approval.id, new) for approval, new in asked]

    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(work, range(THREADS)))

    assert asked_once(results)
    assert len(store.approvals.waiting("T1")) == 20


def test_of_processes_that_ask_the_same_at_once_one_is_the_first(
    store: Store, account: Account, race: Race
) -> None:
    results = race("request", account.id, *(f"i{number}" for number in range(20)))

    assert asked_once(results)
    assert len(store.approvals.waiting("T1")) == 20
