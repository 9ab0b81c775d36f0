"""
Deliver a digest that is already due when somebody changes their times.

Slots that are due are stored as claimed rows, which the job that sends digests settles.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.core.interactions import Person
from handlers.core.services import Services
from handlers.notifications import slots
from handlers.notifications.classify import Group, groups
from storage import ALL_ACCOUNTS, SlotState


def slots_start(person: Person, group: Group, services: Services) -> datetime:
    """Return the time from which the slots of this preference apply to the person."""
    linked = min(account.linked_at for account in group.accounts)
    changed = services.store.preferences.changed_at(person.team_id, person.user_id, group.number)
    return max(linked, changed) if changed else linked


def keep_due_digest(
    person: Person, number: str, services: Services, *, new_number: str | None = None
) -> None:
    """
    Store the slots that are due now. Call it before the preference of that number changes.

    Args:
        new_number: the preference that covers the account from now on, if not its own.
    """
    group = _group_of(person, number, services)
    where = _zone(person, group, services) if group else None
    if group is None or where is None or not group.preference.mode.digests:
        return
    digests, owner, now = services.store.digests, (person.team_id, person.user_id), services.clock()
    last = digests.last(*owner, group.number)
    since = max(slots_start(person, group, services), now - slots.LOOK_BACK)
    for slot in slots.slots(group.preference, where, since, now):
        if last is None or last.due_at < slot.at or last.state == SlotState.CLAIMED:
            digests.claim(*owner, number if new_number is None else new_number, slot.name, slot.at)


def _group_of(person: Person, number: str, services: Services) -> Group | None:
    """Return the group whose digest covers that account now."""
    for group in groups(person, services):
        numbers = {account.project_id for account in group.accounts}
        if number == group.number or (group.number == ALL_ACCOUNTS and number in numbers):
            return group
    return None


def _zone(person: Person, group: Group, services: Services) -> ZoneInfo | None:
    """None while nobody knows where they live."""
    slack_zone = services.store.people.time_zone(person.team_id, person.user_id)
    if not (group.preference.zone or slack_zone):
        return None
    return slots.zone_of(group.preference, slack_zone)
