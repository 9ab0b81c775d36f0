"""Classify a person's invitations: new, known, ended, snoozed, muted, or not to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.core.interactions import Person
from handlers.core.services import Services
from handlers.invitations import auto_accept
from handlers.invitations import silenced as silencing
from handlers.invitations.silenced import Silenced
from handlers.notifications import slots
from storage import (
    ALL_ACCOUNTS,
    AUTO_ACCEPT_JOB,
    Account,
    Delivery,
    Invitation,
    Preference,
    State,
    invitation_key,
)

AUTO_ACCEPT_TIME = timedelta(minutes=15)
"""Time in which the scheduler accepts a trusted producer's image before it counts as new."""


class Kind(StrEnum):
    """The class of an invitation for a person at one time."""

    NEW = "new"
    SNOOZE_ENDED = "back"
    """It was snoozed, and the snooze has ended."""
    KNOWN = "known"
    ENDED = "over"
    """It is no longer pending, and they were not notified of that."""
    SNOOZED = "snoozed"
    MUTED = "muted"
    NOT_SHOWN = "unheard"
    """Not for them, or not yet."""


@dataclass(frozen=True)
class Item:
    kind: Kind
    account: Account
    invitation: Invitation
    told: str = ""
    """The state that they were last notified of."""
    unsnoozed_at: datetime | None = None
    """When its snooze ended; None if it did not by its time."""

    @property
    def again(self) -> bool:
        """Whether they were notified that it ended, and have access again."""
        return self.told == State.ENDED and self.invitation.state == State.ACCEPTED

    @property
    def since(self) -> datetime:
        """Since when they are to be notified of it, by our own clock and not the cloud's."""
        ended = self.invitation.state == State.ENDED or self.again
        at = self.invitation.answered_at if ended else self.unsnoozed_at
        return max(at or self.invitation.first_seen, self.invitation.first_seen)


@dataclass(frozen=True)
class Group:
    """The accounts of a person that share one preference."""

    number: str
    preference: Preference
    accounts: Sequence[Account]


@dataclass(frozen=True)
class Briefing:
    """The classified invitations to some of a person's accounts."""

    items: Sequence[Item]

    def of(self, *kinds: Kind) -> list[Item]:
        return [item for item in self.items if item.kind in kinds]

    @property
    def urgent(self) -> list[Item]:
        """Those that are sent as an instant notification."""
        over = [
            item
            for item in self.of(Kind.ENDED)
            if item.invitation.answered_by == AUTO_ACCEPT_JOB
            or item.invitation.state == State.ENDED
            or item.again
        ]
        return [*self.of(Kind.NEW, Kind.SNOOZE_ENDED), *over]


def groups(person: Person, services: Services) -> Iterator[Group]:
    """Group the accounts that a person has linked by their notification preference."""
    preferences = services.store.preferences.of(person.team_id, person.user_id)
    by_number: dict[str, list[Account]] = {}
    for account in services.store.accounts.of(person.team_id, person.user_id):
        number = account.project_id if account.project_id in preferences else ALL_ACCOUNTS
        by_number.setdefault(number, []).append(account)
    for number, accounts in by_number.items():
        preference = slots.effective_preference(preferences, number)
        yield Group(number, preference, accounts)


def classify_invitations(
    person: Person, group: Group, zone: ZoneInfo, services: Services
) -> Briefing:
    """
    Classify all invitations to these accounts, in the order of accounts, regions and time.

    From what the scheduler read last, without asking the cloud; the buttons ask the cloud when
    they are pressed.
    """
    delivered = services.store.delivered.of(person.team_id, person.user_id)
    view = _Viewer(person, group.preference, zone, silencing.silenced_for(person, services))
    items = []
    for account in group.accounts:
        trusts = auto_accept.trusted_producers(account, services)
        for each in services.store.invitations.of(account.id):
            known = delivered.get(invitation_key(each))
            if known and known.first_seen != each.first_seen:
                known = None
            kind = view.kind(account, each, known, auto_accepted=each.owner in trusts)
            told = known.state if known else ""
            items.append(Item(kind, account, each, told, view.silenced.snooze_end(each)))
    return Briefing(sorted(items, key=lambda item: _order(item, group)))


@dataclass(frozen=True)
class _Viewer:
    """How a person sees invitations now."""

    person: Person
    preference: Preference
    zone: ZoneInfo
    silenced: Silenced

    def kind(
        self, account: Account, each: Invitation, known: Delivery | None, *, auto_accepted: bool
    ) -> Kind:
        muted = self.silenced.muted(account, each.owner)
        if each.state != State.PENDING:
            return Kind.ENDED if not muted and self._ended(each, known) else Kind.NOT_SHOWN
        if not self._fits(each):
            return Kind.NOT_SHOWN
        if muted or self.silenced.snoozed(each):
            return Kind.MUTED if muted else Kind.SNOOZED
        if auto_accepted and self.silenced.now - each.first_seen <= AUTO_ACCEPT_TIME:
            return Kind.NOT_SHOWN
        if self.silenced.snooze_ended(each):
            return Kind.SNOOZE_ENDED
        return Kind.KNOWN if known else Kind.NEW

    def _ended(self, each: Invitation, known: Delivery | None) -> bool:
        """Leave out what the person did themselves, and what cannot be explained yet."""
        if each.state == State.ENDED:
            return known is None or known.state != State.ENDED
        if each.state == State.ACCEPTED and known and known.state == State.ENDED:
            return True
        if each.state == State.GONE or each.answered_by == self.person.actor:
            return False
        if known is None:
            return each.answered_by == AUTO_ACCEPT_JOB
        return known.state == State.PENDING

    def _fits(self, each: Invitation) -> bool:
        """Whether it is what the person has asked for."""
        wanted = self.preference
        since = each.invited_at or each.first_seen
        return (
            (not wanted.regions or each.region in wanted.regions)
            and (not wanted.producers or each.owner in wanted.producers)
            and wanted.name.casefold() in each.image_name.casefold()
            and (
                not wanted.working_days
                or slots.working_days(since, self.silenced.now, self.zone) >= wanted.working_days
            )
        )


def _order(item: Item, group: Group) -> tuple[int, str, datetime]:
    waiting = item.invitation.invited_at or item.invitation.first_seen
    return group.accounts.index(item.account), item.invitation.region, waiting
