"""
Send instant notifications of invitations that were just found, or shared through the bot.

A burst becomes one message. Quiet hours postpone and gather notifications; they drop none, and
those older than the person's `patience_days` are sent all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.core.interactions import Person
from handlers.core.services import Services
from handlers.notifications import classify, compose, slots
from handlers.notifications.classify import Group, Item
from handlers.notifications.enqueue_once import enqueue_once
from handlers.notifications.time_zones import time_zone_of
from storage import PersonRow, invitation_key

BURST_GAP = timedelta(seconds=2)
"""Time without a new invitation after which a burst is over,"""
MAX_WAIT = timedelta(seconds=20)
"""and the longest that an invitation is delayed for it."""


def serve(person: Person, services: Services) -> datetime | None:
    """
    Enqueue what a person is to be notified of at once.

    Returns:
        When to look again, if something waits for the end of a burst, a pause or quiet hours.
    """
    row = services.store.people.get(person.team_id, person.user_id)
    if row is None or row.paused_reason is not None:
        return None
    groups = [each for each in classify.groups(person, services) if each.preference.mode.instant]
    waits = [until for each in groups if (until := _enqueue(services, row, each))]
    return min(waits, default=None)


def _enqueue(services: Services, row: PersonRow, group: Group) -> datetime | None:
    """Until when it waits; None if it does not."""
    where = time_zone_of(row, group.preference)
    if where is None:
        return None
    person, now = Person(row.team_id, row.user_id), services.clock()
    briefing = classify.classify_invitations(person, group, where, services)
    urgent = briefing.urgent
    if not urgent:
        return None
    if until := _postponed_until(services, group, urgent, where):
        return until
    if not _burst_is_over(services, urgent):
        return now + BURST_GAP
    message = compose.compose_message(person, group, briefing, now)
    if message is not None:
        enqueue_once(person, briefing, message, _key(row, group, urgent, now), services)
    return None


def _burst_is_over(services: Services, urgent: Sequence[Item]) -> bool:
    ages = [services.clock() - item.since for item in urgent]
    return min(ages) >= BURST_GAP or max(ages) >= MAX_WAIT


def _postponed_until(
    services: Services, group: Group, urgent: Sequence[Item], where: ZoneInfo
) -> datetime | None:
    """
    When a pause or quiet hours end that postpone it; quiet hours do not postpone what is overdue.
    """
    now, preference = services.clock(), group.preference
    if preference.paused_until is not None and now < preference.paused_until:
        return preference.paused_until
    until = slots.quiet_until(preference, where, now)
    overdue_at = min(item.since for item in urgent) + timedelta(days=preference.patience_days)
    return min(until, overdue_at) if until and now < overdue_at else None


def _key(row: PersonRow, group: Group, urgent: Sequence[Item], now: datetime) -> str:
    """Return a unique key: repetition is prevented by what is recorded as delivered."""
    each = [" ".join([*invitation_key(item.invitation), item.kind]) for item in urgent]
    news = hashlib.sha256("\n".join(sorted(each)).encode()).hexdigest()[:16]
    return f"notice {row.team_id}/{row.user_id} {group.number or '*'} {news} {now.isoformat()}"
