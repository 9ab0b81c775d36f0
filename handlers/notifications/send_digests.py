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
from handlers.notifications import carry_over, classify, compose, slots
from handlers.notifications.classify import Group
from handlers.notifications.enqueue_once import enqueue_once
from handlers.notifications.slots import Slot
from handlers.notifications.time_zones import time_zone_of
from storage import PersonRow, SlotState, digest_key
from storage.errors import StorageError

log = logging.getLogger(__name__)

LATE = timedelta(hours=12)
GRACE_AFTER_QUIET = timedelta(hours=1)
"""How long after quiet hours a slot is still served that became too late in them."""
SKIPPED_KEPT = timedelta(days=7)
"""How far back skipped slots are written down."""
MAX_TRIES = 3
"""How often a digest is composed, if its news is delivered elsewhere at the same moment."""
TOO_LATE, PAUSED = "too late", "paused"


def enqueue_due(services: Services, *, now: bool = False) -> None:
    """Enqueue each digest that is due, or with *now* each that has something to say."""
    for row in services.store.people.all():
        if row.paused_reason is not None:
            continue
        for group in classify.groups(Person(row.team_id, row.user_id), services):
            if group.preference.mode.digests:
                _try_group(services, row, group, now=now)


def _try_group(services: Services, row: PersonRow, group: Group, *, now: bool) -> None:
    """Log an error of one person, so that it does not stop the others."""
    try:
        where = time_zone_of(row, group.preference, services)
        if now:
            _enqueue_now(services, row, group, where or ZoneInfo("UTC"))
        elif where and (slot := _claim_due(services, row, group, where)):
            _enqueue_slot(services, row, group, where, slot)
    except StorageError:
        raise
    except Exception:
        log.exception("the digest of %s/%s broke", row.team_id, row.user_id)


def _claim_due(services: Services, row: PersonRow, group: Group, where: ZoneInfo) -> Slot | None:
    """The slot that is claimed for this worker; None if none is due, or it is not to be served."""
    now, digests = services.clock(), services.store.digests
    if slots.after_quiet(group.preference, where, now) > now:
        return None
    begun = carry_over.slots_start(Person(row.team_id, row.user_id), group, services)
    slot = _newest_slot(services, row, group, where, begun)
    last = digests.last(row.team_id, row.user_id, group.number)
    if slot is None or (last is not None and slot.at < last.due_at):
        return None
    _skip_missed(services, row, group, where, slot, max(last.due_at, begun) if last else begun)
    if not digests.claim(*_slot_key(row, group, slot), slot.at):
        return None
    digests.overtaken(row.team_id, row.user_id, group.number, slot.at)
    if reason := _skip_reason(group, slot, where, now):
        digests.settle(*_slot_key(row, group, slot), SlotState.SKIPPED, reason)
        return None
    return slot


def _newest_slot(
    services: Services, row: PersonRow, group: Group, where: ZoneInfo, begun: datetime
) -> Slot | None:
    """The newest slot; before the first of a new choice, one that the choice before has left."""
    slot = slots.last_slot(group.preference, where, services.clock())
    if slot is not None and slot.at >= begun:
        return slot
    left = services.store.digests.last(row.team_id, row.user_id, group.number, SlotState.CLAIMED)
    return Slot(left.slot, left.due_at) if left else None


def _skip_reason(group: Group, slot: Slot, where: ZoneInfo, now: datetime) -> str:
    """Why a slot that is due is not served. Quiet hours make none too late."""
    until = group.preference.paused_until
    if until is not None and now < until:
        return PAUSED
    latest = slot.at + LATE
    awake = slots.after_quiet(group.preference, where, latest)
    return TOO_LATE if now > (awake + GRACE_AFTER_QUIET if awake > latest else latest) else ""


def _skip_missed(
    services: Services, row: PersonRow, group: Group, where: ZoneInfo, slot: Slot, since: datetime
) -> None:
    """Write down the slots between the last one and this one: nobody will serve them."""
    start = max(since, services.clock() - SKIPPED_KEPT)
    if start >= slot.at:
        return
    for missed in slots.slots(group.preference, where, start, slot.at):
        if start < missed.at < slot.at:
            names = _slot_key(row, group, missed)
            if services.store.digests.claim(*names, missed.at):
                services.store.digests.settle(*names, SlotState.SKIPPED, TOO_LATE)


def _enqueue_slot(
    services: Services, row: PersonRow, group: Group, where: ZoneInfo, slot: Slot
) -> None:
    try:
        _enqueue_message(services, row, group, where, slot)
    except StorageError:
        raise
    except Exception as error:
        services.store.digests.broke(*_slot_key(row, group, slot), type(error).__name__)
        raise


def _enqueue_message(
    services: Services, row: PersonRow, group: Group, where: ZoneInfo, slot: Slot
) -> None:
    """Enqueue the digest and settle its slot in one transaction, so that it is sent once."""
    names = _slot_key(row, group, slot)
    person = Person(row.team_id, row.user_id)
    group, former_channel = compose.destination_of(person, group, services)
    coming = list(slots.next_slots(group.preference, where, services.clock(), 1))
    for _ in range(MAX_TRIES):
        briefing = classify.classify_invitations(person, group, where, services)
        message = compose.compose_message(
            person,
            group,
            briefing,
            services.clock(),
            next_at=coming[0].at if coming else services.clock(),
            former_channel=former_channel,
        )
        if message is None:
            services.store.digests.settle(*names, SlotState.EMPTY)
            return

        def settled() -> bool:
            return services.store.digests.settle(*names, SlotState.SENT)

        channel = group.preference.channel_id or None
        if enqueue_once(
            person,
            briefing,
            message,
            digest_key(*names),
            services,
            channel=channel,
            precondition=settled,
        ):
            return
    log.info("the digest of %s/%s is drawn again at the next tick", row.team_id, row.user_id)


def _enqueue_now(services: Services, row: PersonRow, group: Group, where: ZoneInfo) -> None:
    """Enqueue a digest of all that is pending, delivered before or not."""
    person = Person(row.team_id, row.user_id)
    group, former_channel = compose.destination_of(person, group, services)
    briefing = classify.classify_invitations(person, group, where, services)
    message = compose.compose_message(
        person, group, briefing, services.clock(), include_known=True, former_channel=former_channel
    )
    if message is None:
        return
    slot = f"{services.clock():%Y-%m-%d %H:%M:%S} by hand"
    channel = group.preference.channel_id or None
    name = digest_key(row.team_id, row.user_id, group.number, slot)
    enqueue_once(person, briefing, message, name, services, channel=channel, include_known=True)


def _slot_key(row: PersonRow, group: Group, slot: Slot) -> tuple[str, str, str, str]:
    return row.team_id, row.user_id, group.number, slot.name
