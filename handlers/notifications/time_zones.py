"""The time zones of people, from their preferences or from Slack, and whether it is quiet there."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers.core.services import Services
from handlers.notifications import slots
from storage import LEFT, Mode, PersonRow, Preference


def time_zone_of(person: PersonRow, preference: Preference) -> ZoneInfo | None:
    """
    Return the zone that the person has chosen, or Slack's; UTC where Slack knows none.

    None until Slack was asked: wait rather than notify at night. None, too, if Slack says that
    they have left. Nobody waits for Slack here: `refresh_people` asks it.
    """
    if preference.zone:
        return slots.zone_of(preference, None)
    if person.time_zone is None or person.paused_reason == LEFT:
        return None
    return slots.zone_of(preference, person.time_zone)


def may_notify_now(person: PersonRow, preference: Preference, services: Services) -> bool:
    """Return whether the person is neither paused, off, nor in quiet hours."""
    if person.paused_reason is not None or preference.mode == Mode.OFF:
        return False
    zone = time_zone_of(person, preference)
    return zone is not None and not slots.quiet_until(preference, zone, services.clock())
