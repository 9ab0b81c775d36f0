"""Which invitations a person has snoozed or muted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.core.interactions import Person
from handlers.core.services import Services
from storage import Account, Invitation, InvitationKey, Mute, Snooze, fingerprint, invitation_key


@dataclass(frozen=True)
class Silenced:
    snoozes: Mapping[InvitationKey, Snooze]
    mutes: frozenset[tuple[str, str]]
    """Cloud and account number of each muted producer."""
    now: datetime

    def muted(self, account: Account, producer: str) -> bool:
        return (account.cloud, producer) in self.mutes

    def snoozed(self, invitation: Invitation) -> Snooze | None:
        """Its snooze, if that lasts: it ends with its time, and when the invitation changes."""
        snooze = self.snoozes.get(invitation_key(invitation))
        if snooze is None or snooze.seen != fingerprint(invitation):
            return None
        return snooze if snooze.until is None or snooze.until > self.now else None

    def snooze_ended(self, invitation: Invitation) -> bool:
        """Whether it was snoozed and is no longer, so that it is to be notified again."""
        return invitation_key(invitation) in self.snoozes and self.snoozed(invitation) is None

    def snooze_end(self, invitation: Invitation) -> datetime | None:
        """When its snooze ended by its time; None if it did not."""
        snooze = self.snoozes.get(invitation_key(invitation))
        return snooze.until if snooze and snooze.until and snooze.until <= self.now else None


def silenced_for(person: Person, services: Services) -> Silenced:
    muted: list[Mute] = services.store.snoozes.muted(person.team_id, person.user_id)
    return Silenced(
        services.store.snoozes.of(person.team_id, person.user_id),
        frozenset((each.cloud, each.producer) for each in muted),
        services.clock(),
    )


def nothing_silenced(services: Services) -> Silenced:
    """Return what holds where others read: what a person has silenced is for them alone."""
    return Silenced({}, frozenset(), services.clock())
