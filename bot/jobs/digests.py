"""
The daily digest: at nine in a person's own time zone, once, and not at all if nothing waits.

A slot that was missed, because the bot or Slack was down, is served late within a window;
one older than that is skipped. A slot that began before the person was linked is not theirs.
"""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.slack.refusals import Refused
from bot.wiring import Runtime
from handlers import Message, Person, digest, split
from storage import PersonRow, SlotState
from storage.errors import StorageError
from storage.preferences import ALL

log = logging.getLogger(__name__)

AT = time(9, 0)
LATE = timedelta(hours=12)
ZONE_LIFE = timedelta(days=1)
"""How long a time zone is trusted before Slack is asked again."""


def put_due(runtime: Runtime, *, now: bool = False) -> None:
    """Put into the outbox each digest that is due, or with *now* each that has something to say."""
    for person in runtime.store.people.all():
        if person.paused_reason is not None:
            continue
        try:
            _put(runtime, person, now=now)
        except StorageError:
            raise
        except Exception:
            log.exception("the digest of %s/%s broke", person.team_id, person.user_id)


def _put(runtime: Runtime, person: PersonRow, *, now: bool) -> None:
    """
    What is put is known by its slot, so that a second scheduler puts nothing; and the slot is
    written as served only after that, so that a crash in between loses nothing.
    """
    slot = f"{runtime.clock():%Y-%m-%d %H:%M:%S} by hand" if now else _due(runtime, person)
    if slot is None:
        return
    message = digest.digest_for(Person(person.team_id, person.user_id), runtime.services)
    if message is not None:
        _put_parts(runtime, person, slot, message)
    if not now:
        row = (person.team_id, person.user_id, ALL, slot)
        runtime.store.digests.claim(*row, runtime.clock())
        runtime.store.digests.settle(*row, SlotState.SENT if message else SlotState.EMPTY)


def _put_parts(runtime: Runtime, person: PersonRow, slot: str, message: Message) -> None:
    for number, part in enumerate(split(message)):
        runtime.store.outbox.put(
            team_id=person.team_id,
            user_id=person.user_id,
            text=part.text,
            blocks=part.blocks,
            dedupe_key=f"digest {person.team_id}/{person.user_id} {slot} {number}",
        )


def _due(runtime: Runtime, person: PersonRow) -> str | None:
    """The slot that is due and not served, as local date and time; None if there is none."""
    linked = [a.linked_at for a in runtime.store.accounts.of(person.team_id, person.user_id)]
    if not linked:
        return None
    where = zone(runtime, person)
    if where is None:
        return None
    begun = slot_at(runtime.clock(), where)
    slot = f"{begun:%Y-%m-%d %H:%M}"
    late = runtime.clock() - begun
    if not timedelta(0) <= late <= LATE or begun < min(linked):
        return None
    served = runtime.store.digests.last(person.team_id, person.user_id, ALL)
    return None if served is not None and served.slot >= slot else slot


def slot_at(now: datetime, where: ZoneInfo) -> datetime:
    """The last nine o'clock in this zone."""
    local = now.astimezone(where)
    today = datetime.combine(local.date(), AT, where)
    return today if today <= local else datetime.combine(local.date() - timedelta(1), AT, where)


def zone(runtime: Runtime, person: PersonRow) -> ZoneInfo | None:
    """
    The person's time zone, asked of Slack once a day; UTC for those of whom Slack tells none.

    None if it was never known and Slack does not answer now: better late than in the night.
    """
    name = person.time_zone
    if person.time_zone_at is None or runtime.clock() - person.time_zone_at > ZONE_LIFE:
        name = _asked_zone(runtime, person)
    return _zone_named(name) if name else None


def _asked_zone(runtime: Runtime, person: PersonRow) -> str | None:
    try:
        name = runtime.poster.time_zone(person.team_id, person.user_id) or "UTC"
    except Refused as refused:
        log.info("time zone of %s/%s: %s", person.team_id, person.user_id, refused.error)
        if not refused.permanent:
            return person.time_zone
        name = person.time_zone or "UTC"
    runtime.store.people.set_time_zone(person.team_id, person.user_id, name)
    return name


def _zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        log.warning("no such time zone: %r", name)
        return ZoneInfo("UTC")
