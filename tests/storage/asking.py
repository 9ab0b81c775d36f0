"""Requests for approval, of which only what matters is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from storage import AccountKey, Approval, Store
from storage.access.approvals import Approvals
from storage.errors import LostClaim

KEY = AccountKey("T1", "https://identity.example.com", "123")
LIFE, FIRST_REMINDER = timedelta(hours=8), timedelta(hours=1)


def ask(store: Store, target: str = "i1", **fields: Any) -> tuple[Approval, bool]:
    """Ask as U1 for the deletion of an image, which takes one yes unless more is said."""
    usual: dict[str, Any] = {
        "team_id": "T1",
        "user_id": "U1",
        "account_id": "a1",
        "key": KEY,
        "region": "DFW",
        "action": "image.delete",
        "words": f"delete *{target}*",
        "request": {"verb": "delete", "words": [target]},
        "because": "it is old",
        "people": 1,
        "reason": False,
        "channel_id": "C1",
        "life": LIFE,
        "first_reminder": FIRST_REMINDER,
    }
    return store.approvals.ask(**{**usual, "target": target, **fields})


def begun(approvals: Approvals, limit: int = 10) -> list[Approval]:
    """Claim what is approved, and begin to carry it out."""
    claimed = approvals.claims.claim(limit, where="state = 'approved'")
    return _of_each(claimed, approvals.start)


def expired(approvals: Approvals) -> list[Approval]:
    """End what is over."""
    over = "state = 'waiting' and expires_at <= :now"
    return _of_each(approvals.claims.claim(50, where=over), approvals.expire)


def given_up(approvals: Approvals) -> list[Approval]:
    """Give up what was broken off."""
    return _of_each(approvals.claims.claim(50, where="state = 'running'"), approvals.give_up)


def reminded(approvals: Approvals) -> list[Approval]:
    """Note that approvers are reminded; of what, as it was before."""

    def remind(approval: Approval) -> Approval:
        approvals.reminded(approval, FIRST_REMINDER)
        return replace(approval, claim="")

    lasts = "state = 'waiting' and expires_at > :now"
    return _of_each(approvals.claims.claim(50, where=lasts), remind)


def _of_each(claimed: Sequence[Approval], done: Callable[[Approval], Approval]) -> list[Approval]:
    """Do it with each, but for what others have decided in between."""
    found = []
    for each in claimed:
        with suppress(LostClaim):
            found.append(done(each))
    return found


def request(store: Store, names: Sequence[str]) -> list[tuple[str, bool]]:
    """Ask, with an account, for each: its id, and if it is new. A task of a worker."""
    account_id, *targets = names
    asked = [ask(store, target, account_id=account_id) for target in targets]
    return [(approval.id, new) for approval, new in asked]
