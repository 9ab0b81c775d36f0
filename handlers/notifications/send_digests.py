"""
Send digests at the times that each person has chosen, once, and none if there is nothing to say.

A slot that was missed, because the bot or Slack was down, is sent late within a window or until
the next one; an older one is skipped. Slots before the person was linked, or before they chose
them, do not count.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.core.interactions import Person
from handlers.core.services import Services
from handlers.notifications import classify, compose, due_digests, slots
from handlers.notifications.classify import Group
from handlers.notifications.due_digests import Digest
from handlers.notifications.enqueue_once import enqueue_once
from handlers.notifications.time_zones import time_zone_of
from storage import DigestSchedule, PersonRow, Slot, SlotState, digest_key
from storage.errors import StorageError

log = logging.getLogger(__name__)

LATE = timedelta(hours=12)
GRACE_AFTER_QUIET = timedelta(hours=1)
"""How long after quiet hours a slot is still served that became too late in them."""
MAX_TRIES = 3
"""How often a digest is composed, if its news is delivered elsewhere at the same moment."""
AGAIN = timedelta(minutes=1)
"""After so many tries."""
ZONE_UNKNOWN = timedelta(days=1)
"""Until the next check; recording the zone makes it due at once."""
TOO_LATE, PAUSED = "too late", "paused"


def serve(schedule: DigestSchedule, services: Services) -> None:
    """
    Serve the newest slot that is due, skip those before it, and say when the next one is.

    Raises:
        storage.errors.LostClaim: another worker has it, or the preference has just changed.
    """
    digest = due_digests.wanted(schedule, services)
    if digest is None:
        services.store.digest_schedules.park(schedule)
    elif digest.where is None:
        services.store.digest_schedules.put_off(schedule, services.clock() + ZONE_UNKNOWN)
    else:
        _serve(digest, digest.where, services)


def enqueue_all_now(services: Services) -> None:
    """Enqueue each digest that has something to say as if it were due; its own time stays."""
    for row in services.store.people.all():
        if row.paused_reason is not None:
            continue
        for group in classify.groups(Person(row.team_id, row.user_id), services):
            if group.preference.mode.digests:
                _try_now(services, row, group)


def _serve(digest: Digest, where: ZoneInfo, services: Services) -> None:
    now, preference = services.clock(), digest.group.preference
    due = due_digests.due_slots(digest, where, services)
    coming = due_digests.next_due(digest, where, services)
    if not due or digest.row.paused_reason is not None:
        services.store.digest_schedules.put_off(digest.schedule, coming)
    elif (awake := slots.after_quiet(preference, where, now)) > now:
        services.store.digest_schedules.put_off(digest.schedule, awake)
    else:
        *missed, slot = due
        due_digests.skip(digest, missed, services)
        if reason := _skip_reason(digest.group, slot, where, now):
            _settle(digest, slot, coming, services, SlotState.SKIPPED, reason)
        else:
            _enqueue_slot(digest, where, slot, coming, services)


def _skip_reason(group: Group, slot: Slot, where: ZoneInfo, now: datetime) -> str:
    """Why a slot that is due is not served. Quiet hours make none too late."""
    until = group.preference.paused_until
    if until is not None and now < until:
        return PAUSED
    latest = slot.at + LATE
    awake = slots.after_quiet(group.preference, where, latest)
    return TOO_LATE if now > (awake + GRACE_AFTER_QUIET if awake > latest else latest) else ""


def _enqueue_slot(
    digest: Digest, where: ZoneInfo, slot: Slot, coming: datetime, services: Services
) -> None:
    try:
        _enqueue_message(digest, where, slot, coming, services)
    except StorageError:
        raise
    except Exception as error:
        services.store.digest_schedules.note(digest.schedule, type(error).__name__)
        raise


def _enqueue_message(
    digest: Digest, where: ZoneInfo, slot: Slot, coming: datetime, services: Services
) -> None:
    """Enqueue the digest and settle its slot in one transaction, so that it is sent once."""
    person = digest.person
    group, former_channel = compose.destination_of(person, digest.group, services)

    def settled() -> bool:
        return _note_settled(digest, slot, coming, services, SlotState.SENT)

    for _ in range(MAX_TRIES):
        now = services.clock()
        briefing = classify.classify_invitations(person, group, where, services)
        message = compose.compose_message(
            person,
            group,
            briefing,
            now,
            next_at=coming,
            former_channel=former_channel,
        )
        if message is None:
            _settle(digest, slot, coming, services, SlotState.EMPTY)
            return
        if enqueue_once(
            person,
            briefing,
            message,
            digest_key(*digest.key, slot.name),
            services,
            channel=group.preference.channel_id or None,
            precondition=settled,
            bulk=True,
        ):
            return
    log.info("the digest of %s will be composed again in a minute", person.actor)
    services.store.digest_schedules.put_off(digest.schedule, services.clock() + AGAIN)


def _settle(
    digest: Digest,
    slot: Slot,
    coming: datetime,
    services: Services,
    state: SlotState,
    detail: str = "",
) -> None:
    with services.store.together():
        _note_settled(digest, slot, coming, services, state, detail)


def _note_settled(
    digest: Digest,
    slot: Slot,
    coming: datetime,
    services: Services,
    state: SlotState,
    detail: str = "",
) -> bool:
    """Record the outcome of a slot, and continue after it. False if it was settled already."""
    services.store.digest_schedules.served(digest.schedule, slot, coming)
    return services.store.digests.settle(*digest.key, slot, state, detail)


def _try_now(services: Services, row: PersonRow, group: Group) -> None:
    """Log an error of one person, so that it does not stop the others."""
    try:
        _enqueue_now(services, row, group)
    except StorageError:
        raise
    except Exception:
        log.exception("the digest of %s/%s broke", row.team_id, row.user_id)


def _enqueue_now(services: Services, row: PersonRow, group: Group) -> None:
    """Enqueue what a digest says at this moment: what was delivered before is only counted."""
    person = Person(row.team_id, row.user_id)
    where = time_zone_of(row, group.preference) or ZoneInfo("UTC")
    group, former_channel = compose.destination_of(person, group, services)
    now = services.clock()
    briefing = classify.classify_invitations(person, group, where, services)
    [coming] = slots.next_slots(group.preference, where, now, 1)
    message = compose.compose_message(
        person,
        group,
        briefing,
        now,
        next_at=coming.at,
        former_channel=former_channel,
    )
    if message is None:
        return
    slot = f"{services.clock():%Y-%m-%d %H:%M:%S} by hand"
    channel = group.preference.channel_id or None
    name = digest_key(row.team_id, row.user_id, group.number, slot)
    enqueue_once(person, briefing, message, name, services, channel=channel)
