"""
What is about to be done in the cloud, and whether that is sure enough for the account.

An account may want a second person to approve some of it, and, if it is strict, all of it to be
confirmed on a page of the bot. A handler asks before its first change; what is missing is raised,
and the same request is answered once more when it is there.
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
    """A change that somebody asks for."""

    action: str
    """As the audit names it."""
    account: Account
    region: str
    target: str
    """What is changed, as exactly as an approver has to know it."""
    words: str
    """The same for people, as it follows "asks to"."""
    guarded: Guarded | None = None
    """By which rule it may need a second person; None for what never does."""
    numbers: tuple[str, ...] = ()
    """Accounts that gain access by it; EVERYBODY for all."""
    image_id: str = ""
    """What the first word of a command means, which may mean another image later."""
    because: str = ""

    @classmethod
    def on_image(
        cls, action: str, account: Account, image: Image, words: str, **fields: Any
    ) -> Operation:
        """
        What changes an image.

        Args:
            more: any other field; *target* if it is more than the image.
        """
        target = fields.pop("target", image.id)
        return cls(action, account, image.region, target, words, image_id=image.id, **fields)

    @property
    def key(self) -> str:
        """Tells whether what was approved is what would be done now."""
        account = self.account
        place = (account.team_id, account.cloud, account.project_id, self.region)
        return " ".join((self.action, *place, self.target))


@dataclass(frozen=True)
class Clearances:
    """What has been made sure of an operation since it was asked for."""

    confirmed: str = ""
    """The key of what the person confirmed on a page."""
    approved: str = ""
    """The key of what others approved."""
    approvers: tuple[str, ...] = ()
    """Who they are, as the audit names them."""
    authorized: set[str] = field(default_factory=set, compare=False)
    """Keys of the operations that were let pass: an answer may also be only another question."""


@dataclass(eq=False)
class NeedsApproval(AskFirst):
    """A second person has to approve it."""

    operation: Operation
    policy: Policy


@dataclass(eq=False)
class NeedsPage(ConfirmFirst):
    """The account is strict: a click in Slack is only as strong as the session in Slack."""

    operation: Operation


def image_detail(image: Image) -> str:
    """What an entry says of an image whose id it holds: its name may be gone by then."""
    return f"named {image.name}" if image.name else ""
