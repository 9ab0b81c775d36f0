"""Words and buttons for producers whose invitations are accepted automatically."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.core.places import ProducerRef
from handlers.core.replies import Block
from handlers.ui.blocks import button, code, confirm
from handlers.ui.labels import account_label
from storage import Account

TRUST = "trusted.trust"
END = "trusted.end"


@dataclass(frozen=True)
class Trust:
    """A producer whose invitations to an account are accepted automatically, as *user_id* chose."""

    account: Account
    producer: str
    user_id: str


def trust_button(producer: ProducerRef) -> Block:
    """To be offered with an acceptance."""
    asked = confirm(
        "Accept by itself?",
        f"Whatever account {code(producer.number)} shares with your account from now on is put in "
        "its list at once, with your login, and without a question. You are told each time. Do so "
        "only if you would boot from it.",
        "Always accept",
    )
    return button(f"Always accept from {producer.number}", TRUST, producer.value(), confirm=asked)


def end_button(trust: Trust) -> Block:
    return button("Stop accepting", END, ProducerRef(trust.account.id, trust.producer).value())


def line(trust: Trust) -> str:
    return (
        f"What account {code(trust.producer)} shares with account {account_label(trust.account)} "
        f"is accepted by itself: <@{trust.user_id}> said so."
    )


def trusted(trust: Trust, *, new: bool) -> str:
    """Say that the producer is trusted now, or, if not *new*, that it was before."""
    if not new:
        return f"{line(trust)} Nothing was changed."
    return (
        f"From now on, what account {code(trust.producer)} shares with account "
        f"{account_label(trust.account)} is accepted by itself, with your login. You are told each "
        "time. To stop that: `/images invitations`."
    )


def ended(producer: str, account: Account) -> str:
    return (
        f"What account {code(producer)} shares with account {account_label(account)} waits for an "
        "answer from now on. What was accepted stays accepted."
    )


def strict(account: Account) -> str:
    return (
        f"Account {account_label(account)} wants each change confirmed on a page, so nothing is "
        "accepted by itself for it. Nothing was changed."
    )
