"""Requests for approval, of which only what matters is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from storage import AccountKey, Approval, Store

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


def request(store: Store, names: Sequence[str]) -> list[tuple[str, bool]]:
    """Ask, with an account, for each: its id, and if it is new. A task of a worker."""
    account_id, *targets = names
    asked = [ask(store, target, account_id=account_id) for target in targets]
    return [(approval.id, new) for approval, new in asked]
