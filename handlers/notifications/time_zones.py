"""The time zones of people, from their preferences or from Slack, and whether it is quiet there."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from handlers.core.directory import SlackUnavailable
from handlers.core.services import Services
from handlers.notifications import slots
from storage import Mode, PersonRow, Preference

ZONE_TTL = timedelta(days=1)
"""How long a time zone is trusted before Slack is asked again."""


def time_zone_of(person: PersonRow, preference: Preference, services: Services) -> ZoneInfo | None:
    """
    Return the zone that the person has chosen, or Slack's; UTC where Slack knows none.

    None if it was never known and Slack does not answer now: wait rather than notify at night.
    """
    if preference.zone:
        return slots.zone_of(preference, None)
    name = person.time_zone
    if person.time_zone_at is None or services.clock() - person.time_zone_at > ZONE_TTL:
        name = _ask_slack(person, services)
    return slots.zone_of(preference, name) if name else None


def may_notify_now(person: PersonRow, preference: Preference, services: Services) -> bool:
    """Return whether the person is neither paused, off, nor in quiet hours."""
    if person.paused_reason is not None or preference.mode == Mode.OFF:
        return False
    zone = time_zone_of(person, preference, services)
    return zone is not None and not slots.quiet_until(preference, zone, services.clock())


def _ask_slack(person: PersonRow, services: Services) -> str | None:
    try:
        found = services.directory.time_zone(person.team_id, person.user_id)
    except SlackUnavailable:
        return person.time_zone
    name = found or person.time_zone or "UTC"
    services.store.people.set_time_zone(person.team_id, person.user_id, name)
    return name
