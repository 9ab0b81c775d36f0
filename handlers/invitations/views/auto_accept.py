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
    may_end: bool = True
    """Whether the reader's role lets them end it."""


def trust_button(producer: ProducerRef) -> Block:
    """Return the button offered with an acceptance."""
    asked = confirm(
        "Accept automatically?",
        f"Images that account {code(producer.number)} shares with your account will be accepted "
        "at once, with your login. I'll notify you each time. Do this only if you would boot "
        "from all of them.",
        "Always accept",
    )
    return button(f"Always accept from {producer.number}", TRUST, producer.value(), confirm=asked)


def end_button(trust: Trust) -> Block:
    return button("Stop accepting", END, ProducerRef(trust.account.id, trust.producer).value())


def line(trust: Trust) -> str:
    return (
        f"Images from account {code(trust.producer)} are accepted automatically for account "
        f"{account_label(trust.account)}, set by <@{trust.user_id}>."
    )


def trusted(trust: Trust, *, new: bool) -> str:
    """Say that the producer is now trusted, or, if not *new*, that it already was."""
    if not new:
        return f"{line(trust)} Nothing was changed."
    return (
        f"Images from account {code(trust.producer)} are now accepted automatically for account "
        f"{account_label(trust.account)}, with your login. I'll notify you each time. To stop: "
        "`/images invitations`."
    )


def ended(producer: str, account: Account) -> str:
    return (
        f"Images from account {code(producer)} are no longer accepted automatically for account "
        f"{account_label(account)}. Those accepted before stay accepted."
    )


def strict(account: Account) -> str:
    return (
        f"Account {account_label(account)} requires confirming each change on a page, so nothing "
        "can be accepted automatically for it. Nothing was changed."
    )
