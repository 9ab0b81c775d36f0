"""
Send instant notifications of invitations that were just found, or shared through the bot.

A burst becomes one message. Quiet hours postpone and gather notifications; they drop none, and
those older than the person's `patience_days` are sent all the same.
"""

from __future__ import annotations

import hashlib
import logging
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
from storage.errors import StorageError

log = logging.getLogger(__name__)

BURST_GAP = timedelta(seconds=2)
"""Time without a new invitation after which a burst is over,"""
MAX_WAIT = timedelta(seconds=20)
"""and the longest that an invitation is delayed for it."""


def enqueue_due(services: Services) -> datetime | None:
    """Enqueue each instant notification that is due. Returns when to look again, if one waits."""
    waits = False
    for team_id, user_id in services.store.delivered.missing():
        try:
            waits |= _enqueue_for(Person(team_id, user_id), services)
        except StorageError:
            raise
        except Exception:
            log.exception("a notice to %s/%s broke", team_id, user_id)
    return services.clock() + BURST_GAP if waits else None


def _enqueue_for(person: Person, services: Services) -> bool:
    """Whether one waits for the end of a burst."""
    row = services.store.people.get(person.team_id, person.user_id)
    if row is None or row.paused_reason is not None:
        return False
    groups = [each for each in classify.groups(person, services) if each.preference.mode.instant]
    waiting = [_enqueue(services, row, each) for each in groups]
    return any(waiting)


def _enqueue(services: Services, row: PersonRow, group: Group) -> bool:
    """Whether it waits for the end of a burst."""
    where = time_zone_of(row, group.preference)
    if where is None:
        return False
    person = Person(row.team_id, row.user_id)
    briefing = classify.classify_invitations(person, group, where, services)
    urgent = briefing.urgent
    if not urgent or _is_postponed(services, group, urgent, where):
        return False
    if not _burst_is_over(services, urgent):
        return True
    message = compose.compose_message(person, group, briefing, services.clock())
    if message is not None:
        enqueue_once(
            person, briefing, message, _key(row, group, urgent, services.clock()), services
        )
    return False


def _burst_is_over(services: Services, urgent: Sequence[Item]) -> bool:
    ages = [services.clock() - item.since for item in urgent]
    return min(ages) >= BURST_GAP or max(ages) >= MAX_WAIT


def _is_postponed(
    services: Services, group: Group, urgent: Sequence[Item], where: ZoneInfo
) -> bool:
    """Whether a pause or quiet hours postpone it; quiet hours do not postpone what is overdue."""
    now, preference = services.clock(), group.preference
    if preference.paused_until is not None and now < preference.paused_until:
        return True
    if slots.quiet_until(preference, where, now) is None:
        return False
    patience = timedelta(days=preference.patience_days)
    return all(now - item.since < patience for item in urgent)


def _key(row: PersonRow, group: Group, urgent: Sequence[Item], now: datetime) -> str:
    """Return a unique key: repetition is prevented by what is recorded as delivered."""
    each = [" ".join([*invitation_key(item.invitation), item.kind]) for item in urgent]
    news = hashlib.sha256("\n".join(sorted(each)).encode()).hexdigest()[:16]
    return f"notice {row.team_id}/{row.user_id} {group.number or '*'} {news} {now.isoformat()}"
