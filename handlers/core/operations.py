"""
An operation that a handler names before its first change, and what was confirmed or approved of it.

An account's policy may require a second person's approval for some operations, and, if it is
strict, a confirmation on a page of the bot for all. `Services.authorize` raises what is missing;
the same request is carried out again once it is there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cloud.models import Image
from handlers.core.authorization_errors import AskFirst, ConfirmFirst
from storage import Account, Guarded, Policy

ALL_ACCOUNTS = "*"
"""Stands for all accounts of a cloud."""


@dataclass(frozen=True)
class Operation:
    """A change that somebody requests, as policies and approvers see it."""

    action: str
    """As the audit names it."""
    account: Account
    region: str
    target: str
    """What is changed, exactly: an approval is valid for this target only."""
    words: str
    """The change in words, as they follow "asks to"."""
    guarded: Guarded | None = None
    """The rule of the policy that applies; None if it never needs approval."""
    numbers: tuple[str, ...] = ()
    """Numbers of the accounts that gain access; EVERY_ACCOUNT for all."""
    image_id: str = ""
    """The image that the command's first word means now; later the word may mean another."""
    because: str = ""

    @classmethod
    def on_image(
        cls, action: str, account: Account, image: Image, words: str, **fields: Any
    ) -> Operation:
        """
        Build the operation for a change of one image.

        Args:
            fields: any other field; *target* if it is more than the image's id.
        """
        target = fields.pop("target", image.id)
        return cls(action, account, image.region, target, words, image_id=image.id, **fields)

    @property
    def key(self) -> str:
        """Equal for two operations if an approval of one is valid for the other."""
        account = self.account
        place = (account.team_id, account.cloud, account.project_id, self.region)
        return " ".join((self.action, *place, self.target))


@dataclass(frozen=True)
class Clearances:
    """The confirmations and approvals that a request carries."""

    confirmed: str = ""
    """Key of the operation that the person confirmed on a page."""
    approved: str = ""
    """Key of the operation that others approved."""
    approvers: tuple[str, ...] = ()
    """Who they are, as the audit names them."""
    authorized: set[str] = field(default_factory=set, compare=False)
    """Keys of the operations that `authorize` let pass. Empty if the reply was only a question."""


@dataclass(eq=False)
class NeedsApproval(AskFirst):
    """A second person has to approve it."""

    operation: Operation
    policy: Policy


@dataclass(eq=False)
class NeedsPage(ConfirmFirst):
    """The account is strict: a Slack session alone is not enough for it."""

    operation: Operation


def audit_facts(account: Account, image: Image) -> dict[str, Any]:
    """Return what every audit entry about an image says: where, and its name, if it has one."""
    name = f"named {image.name}" if image.name else ""
    return {"account": account.key, "region": image.region, "detail": name}
