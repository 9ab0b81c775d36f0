"""The time zones of people, from their preferences or from Slack, and whether it is quiet there."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers.core.interactions import Person
from handlers.core.presence import ask_slack, is_stale
from handlers.core.services import Services
from handlers.notifications import slots
from storage import LEFT, Mode, PersonRow, Preference


def time_zone_of(person: PersonRow, preference: Preference, services: Services) -> ZoneInfo | None:
    """
    Return the zone that the person has chosen, or Slack's; UTC where Slack knows none.

    None if it was never known and Slack does not answer now: wait rather than notify at night.
    None, too, if Slack says that they have left.
    """
    if preference.zone:
        return slots.zone_of(preference, None)
    if is_stale(person, services):
        person = ask_slack(Person(person.team_id, person.user_id), services) or person
    if person.time_zone is None or person.paused_reason == LEFT:
        return None
    return slots.zone_of(preference, person.time_zone)


def may_notify_now(person: PersonRow, preference: Preference, services: Services) -> bool:
    """Return whether the person is neither paused, off, nor in quiet hours."""
    if person.paused_reason is not None or preference.mode == Mode.OFF:
        return False
    zone = time_zone_of(person, preference, services)
    return zone is not None and not slots.quiet_until(preference, zone, services.clock())
