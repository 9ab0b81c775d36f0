"""
A digest that is due just when somebody chooses other times: it comes all the same, once.

Slots that have come are kept as rows that nobody has settled, for the job that serves them.
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
    """Since when the slots of this preference are the person's."""
    linked = min(account.linked_at for account in group.accounts)
    changed = services.store.preferences.changed_at(person.team_id, person.user_id, group.number)
    return max(linked, changed) if changed else linked


def keep_due_digest(
    person: Person, number: str, services: Services, *, new_number: str | None = None
) -> None:
    """
    To be called before the preference of that number changes.

    Args:
        under: whose digest speaks of it from now on, if not its own.
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
    """Whose digest speaks of that account until now."""
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
