"""Where people are, by the clock: what Slack knows of their time zones."""

from __future__ import annotations

import logging
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.slack.refusals import SlackRefusal
from bot.wiring import Runtime
from handlers.notifications import slots
from storage import PersonRow, Preference

log = logging.getLogger(__name__)

ZONE_LIFE = timedelta(days=1)
"""How long a time zone is trusted before Slack is asked again."""


def time_zone_of(runtime: Runtime, person: PersonRow, preference: Preference) -> ZoneInfo | None:
    """
    The zone that the person has chosen, or else their own; UTC where Slack knows none.

    None if it was never known and Slack does not answer now: better late than in the night.
    """
    if preference.zone:
        return slots.zone(preference, None)
    name = person.time_zone
    if person.time_zone_at is None or runtime.clock() - person.time_zone_at > ZONE_LIFE:
        name = _asked(runtime, person)
    return slots.zone(preference, name) if name else None


def _asked(runtime: Runtime, person: PersonRow) -> str | None:
    try:
        name = runtime.poster.time_zone(person.team_id, person.user_id) or "UTC"
    except SlackRefusal as refused:
        log.info("time zone of %s/%s: %s", person.team_id, person.user_id, refused.error)
        if not refused.permanent:
            return person.time_zone
        name = person.time_zone or "UTC"
    runtime.store.people.set_time_zone(person.team_id, person.user_id, name)
    return name
