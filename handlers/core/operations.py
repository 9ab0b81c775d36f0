"""
An operation that a handler names before its first change, and what was confirmed or approved of it.

An account's policy may require a second person's approval for some effects, and, if it is strict,
a confirmation on a page of the bot. `Services.authorize` raises what is missing; the same request
is carried out again once it is there, and compared with all that was shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cloud.models import Image
from handlers.core.authorization_errors import AskFirst, ConfirmFirst
from handlers.core.effects import EFFECTS, OF_ACCOUNT, Effect
from handlers.core.errors import UserError
from handlers.core.facts import ALL_ACCOUNTS as ALL_ACCOUNTS
from handlers.core.facts import Difference, Facts, ShownImage
from storage import Account, Policy


@dataclass(frozen=True)
class Operation:
    """A change that somebody requests, as policies and approvers see it."""

    action: str
    """As the audit and the table of effects name it."""
    account: Account
    region: str
    target: str
    """The exact thing that is changed: an approval is valid for this target only."""
    words: str
    """The change in words, as they follow "asks to"."""
    facts: Facts = field(default_factory=Facts)

    def __post_init__(self) -> None:
        """
        Raises:
            ValueError: the table of effects has no row for it, or the row lacks what it does.
        """
        row = EFFECTS.get(self.action)
        if row is None or not self._by_change <= row.by_change:
            raise ValueError(f"the table of effects does not say what {self.action} does")

    @classmethod
    def on_image(
        cls,
        action: str,
        account: Account,
        image: Image,
        words: str,
        *,
        target: str = "",
        **facts: Any,
    ) -> Operation:
        """
        Build the operation for a change of one image.

        Args:
            target: if it is more than the image's id.

            facts: fields of its facts, but for the image.
        """
        shown = Facts(image=ShownImage.of(image), **facts)
        return cls(action, account, image.region, target or image.id, words, shown)

    @property
    def effects(self) -> frozenset[Effect]:
        """Its effects, by the table and its facts."""
        row = EFFECTS[self.action]
        gains = row.if_gains if self.facts.gains else frozenset()
        losses = row.if_loses if self.facts.loses else frozenset()
        return row.always | gains | losses | self._by_change

    @property
    def _by_change(self) -> frozenset[Effect]:
        return frozenset(each.effect for each in self.facts.changes if each.effect)

    @property
    def needs_page(self) -> bool:
        """Whether a strict account wants it confirmed: all in the cloud, and what loosens it."""
        return EFFECTS[self.action].in_cloud or bool(self.effects & OF_ACCOUNT)

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
    shown: Facts | None = None
    """All that they were shown; None for what the last release has kept."""
    authorized: set[str] = field(default_factory=set, compare=False)
    """Keys of the operations that `authorize` let pass. Empty if the reply was only a question."""

    def covers(self, operation: Operation) -> bool:
        return operation.key in (self.confirmed, self.approved)


@dataclass(eq=False)
class NeedsApproval(AskFirst):
    """A second person has to approve it."""

    operation: Operation
    policy: Policy
    """With how many people it takes."""


@dataclass(eq=False)
class NeedsPage(ConfirmFirst):
    """The account is strict: a Slack session alone is not enough for it."""

    operation: Operation


@dataclass(eq=False)
class ChangedSince(UserError):
    """The operation now differs from the one shown to the people who confirmed or approved it."""

    differences: Sequence[Difference]


def audit_facts(account: Account, image: Image) -> dict[str, Any]:
    """Return what every audit entry about an image says: where, and its name, if it has one."""
    name = f"named {image.name}" if image.name else ""
    return {"account": account.key, "region": image.region, "detail": name}
