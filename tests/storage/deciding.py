"""
What people and workers do with requests for approval, at random, and what they got and saw.

Requests come in rounds, so that all are at the same few at a time. Those of a round that are
short-lived lapse when the next begins, which only some have noticed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from storage import Approval, ApprovalState, Decision, Store
from storage.access.approvals import Approvals
from tests.storage import asking
from tests.storage.asking import ask
from tests.storage.fixtures import START

ASKER = "U1"
PEOPLE = (ASKER, "U2", "U3", "U4", "U5")
A_ROUND = 4
DEEDS = {
    "approve": 9,
    "deny": 1,
    "withdraw": 2,
    "expire": 2,
    "claim": 4,
    "end": 6,
    "give up": 1,
}
"""How often each is done, of so many."""

LONG = timedelta(days=300)


@dataclass(frozen=True)
class Step:
    operation: str
    number: int
    """Of the request."""
    user_id: str = ASKER


@dataclass
class Log:
    """What one of them got and saw, as JSON can hold it."""

    did: list[tuple[str, str, str]] = field(default_factory=list)
    """Operation, request and person, of what succeeded."""
    saw: list[tuple[str, str, int, str]] = field(default_factory=list)
    """Request, state, how many had approved, and everything; in order."""


def ask_all(store: Store, account_id: str, count: int) -> list[str]:
    """Ask for approval of so many things, of one to three people; their ids."""
    asked = []
    for number in range(count):
        short = number % A_ROUND % 2 == 1
        life = _when(number) - START + timedelta(minutes=30) if short else LONG
        people = 1 + number % 3
        approval, _ = ask(store, f"i{number}", account_id=account_id, people=people, life=life)
        asked.append(approval.id)
    return asked


def at_random(seed: str, count: int, a_round: int) -> Iterator[Step]:
    """*a_round* steps with the requests of each round, one round after another."""
    chance = random.Random(seed)  # noqa: S311 - a schedule, not a secret
    for first in range(0, count, A_ROUND):
        numbers = range(first, min(first + A_ROUND, count))
        for _ in range(a_round):
            [operation] = chance.choices(list(DEEDS), list(DEEDS.values()))
            yield Step(operation, chance.choice(numbers), chance.choice(PEOPLE))


class Actor:
    """One of those who act, with a clock of their own: that of the round they are in."""

    def __init__(self, store: Store, ids: Sequence[str]) -> None:
        self._approvals = Approvals(store._db, lambda: self._now)
        self._ids = ids
        self._now = START
        self._held: list[Approval] = []
        self.log = Log()

    def act(self, steps: Iterator[Step] | Sequence[Step]) -> Log:
        for step in steps:
            self._now = _when(step.number)
            self._do(step)
            self._see(self._approvals.get(self._ids[step.number]))
        return self.log

    def _do(self, step: Step) -> None:
        approvals, id_ = self._approvals, self._ids[step.number]
        match step.operation:
            case "approve" | "deny":
                _, counted = approvals.vote(id_, step.user_id, Decision(step.operation), "")
                self._note(step, id_ if counted else None)
            case "withdraw":
                self._note(step, id_ if approvals.withdraw(id_, step.user_id) else None)
            case "end":
                self._end(step)
            case _:
                self._sweep(step)

    def _sweep(self, step: Step) -> None:
        """What workers do with all that there is. To some, it is an hour later than to others."""
        approvals = self._approvals
        if step.operation == "claim":
            done = asking.begun(approvals, 2)
            self._held += done
        else:
            self._now += timedelta(hours=1)
            over = asking.expired if step.operation == "expire" else asking.given_up
            done = over(approvals)
        for approval in done:
            self._note(step, approval.id)
            self._see(approval)

    def _end(self, step: Step) -> None:
        """Of what was claimed, even what has ended since."""
        if self._held:
            held = self._held[-1 - step.number % min(2, len(self._held))]
            state = ApprovalState.FAILED if step.user_id == ASKER else ApprovalState.DONE
            ended = self._approvals.end(held, state, f"as {step.user_id} says")
            self._note(Step(str(state), step.number, step.user_id), held.id if ended else None)

    def _note(self, step: Step, id_: str | None) -> None:
        if id_:
            self.log.did.append((step.operation, id_, step.user_id))

    def _see(self, approval: Approval | None) -> None:
        assert approval, "nothing is forgotten here"
        self.log.saw.append(seen(approval))


def decide(store: Store, names: Sequence[str]) -> dict[str, Any]:
    """A task of a worker, by a seed, with requests of these ids."""
    seed, *ids = names
    return asdict(Actor(store, ids).act(at_random(seed, len(ids), 20)))


def seen(approval: Approval) -> tuple[str, str, int, str]:
    yes = {vote.user_id for vote in approval.said(Decision.APPROVE)} - {approval.user_id}
    return approval.id, approval.state.value, len(yes), repr(approval)


def from_json(log: dict[str, Any]) -> Log:
    return Log([tuple(each) for each in log["did"]], [tuple(each) for each in log["saw"]])


def _when(number: int) -> datetime:
    """Each round is an hour after the one before."""
    return START + timedelta(hours=number // A_ROUND)
