"""Which slots of a digest are due, reckoned forward from the last one that was settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.core.interactions import Person
from handlers.core.services import Services
from handlers.notifications import classify, slots
from handlers.notifications.classify import Group
from handlers.notifications.time_zones import time_zone_of
from storage import ALL_ACCOUNTS, DigestSchedule, PersonRow, Slot, SlotState

REMEMBERED = timedelta(days=8)
"""How far back slots of an outage are written down as skipped."""
OVERTAKEN = "overtaken by the next one"


@dataclass(frozen=True)
class Digest:
    """The digests that somebody wants of some accounts."""

    schedule: DigestSchedule
    row: PersonRow
    group: Group
    where: ZoneInfo | None
    """None while nobody knows where they are."""

    @property
    def person(self) -> Person:
        return Person(self.row.team_id, self.row.user_id)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.row.team_id, self.row.user_id, self.group.number


def wanted(schedule: DigestSchedule, services: Services) -> Digest | None:
    """Return the digests of a schedule; None if nobody wants any by that preference now."""
    row = services.store.people.get(schedule.team_id, schedule.user_id)
    person = Person(schedule.team_id, schedule.user_id)
    for group in classify.groups(person, services) if row else ():
        if row and group.number == schedule.number and group.preference.mode.digests:
            return Digest(schedule, row, group, time_zone_of(row, group.preference))
    return None


def due_slots(digest: Digest, where: ZoneInfo, services: Services) -> list[Slot]:
    """Return the slots that are due and neither served nor skipped, in order of time."""
    now, schedule = services.clock(), digest.schedule
    since = max(min(schedule.since, now), now - REMEMBERED)  # a clock may have been ahead
    kept = [schedule.kept] if schedule.kept and schedule.kept.at <= now else []
    found = [*kept, *slots.slots(digest.group.preference, where, since, now)]
    settled = services.store.digests.settled(*digest.key, [slot.name for slot in found])
    return _unless(settled, found)


def next_due(digest: Digest, where: ZoneInfo, services: Services) -> datetime:
    """Return when the next slot comes."""
    [slot] = slots.next_slots(digest.group.preference, where, services.clock(), 1)
    return slot.at


def skip(digest: Digest, missed: Sequence[Slot], services: Services) -> None:
    """Write down the slots that nobody will serve, because a later one is due."""
    for slot in missed:
        services.store.digests.settle(*digest.key, slot, SlotState.SKIPPED, OVERTAKEN)


def settle_before_change(person: Person, number: str, services: Services) -> Slot | None:
    """
    Return the slot that is due now, so that it is served by what is chosen next.

    Call it before the preference of that number changes. Slots before it are skipped.
    """
    digest = _digest_of(person, number, services)
    if digest is None or digest.where is None:
        return None
    due = due_slots(digest, digest.where, services)
    if digest.group.number == number:
        skip(digest, due[:-1], services)
    return due[-1] if due else None


def _digest_of(person: Person, number: str, services: Services) -> Digest | None:
    """Return the digest that covers that account now."""
    for covering in (number, ALL_ACCOUNTS):
        schedule = services.store.digest_schedules.get(person.team_id, person.user_id, covering)
        digest = wanted(schedule, services) if schedule else None
        if digest and number in (covering, *(each.project_id for each in digest.group.accounts)):
            return digest
    return None


def _unless(settled: frozenset[str], found: Sequence[Slot]) -> list[Slot]:
    """Each by its first time: a name may come twice, if a zone has changed."""
    by_name: dict[str, Slot] = {}
    for slot in found:
        if slot.name not in settled:
            by_name.setdefault(slot.name, slot)
    return sorted(by_name.values(), key=lambda slot: slot.at)
