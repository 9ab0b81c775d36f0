"""What a person's home tab is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handlers.core.roles import AccountAccess
from handlers.invitations.views import cards
from storage import Approval, Share, Transfer


@dataclass(frozen=True)
class Steps:
    """Which of the first steps were taken."""

    linked: bool = False
    viewed_images: bool = False
    chose_schedule: bool = False
    """Whether they have chosen when to be notified."""

    @property
    def done(self) -> bool:
        return self.linked and self.viewed_images and self.chose_schedule


@dataclass(frozen=True)
class Schedule:
    """When a person is notified of an account's invitations."""

    number: str
    digests: bool
    instant: bool
    paused_until: datetime | None = None
    next_at: datetime | None = None


@dataclass(frozen=True)
class HomeFacts:
    """All that a person's home is drawn from."""

    now: datetime
    steps: Steps = field(default_factory=Steps)
    invitations: Sequence[cards.Card] = ()
    silenced_count: int = 0
    """Number of invitations that the person has snoozed or muted."""
    decidable: Sequence[Approval] = ()
    asked: Sequence[Approval] = ()
    shares: Sequence[Share] = ()
    """What the person has shared, the newest first."""
    transfers: Sequence[Transfer] = ()
    accesses: Sequence[AccountAccess] = ()
    schedules: Sequence[Schedule] = ()
