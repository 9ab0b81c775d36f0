"""Work for each person: their digests, and refreshing their Slack profile."""

from __future__ import annotations

from datetime import timedelta

from bot.settings import Settings
from bot.wiring import Runtime
from bot.work.kinds import Kind, TableRows
from handlers.core.presence import PROFILE_TTL
from handlers.notifications import refresh_people, send_digests, send_escalations, slots
from storage import ContactDue, DigestSchedule, Profile

ESCALATED_EVERY = timedelta(minutes=5)
"""How often it is looked whether a second contact is to be notified."""


def _digest_rows(runtime: Runtime) -> TableRows[DigestSchedule]:
    return TableRows(runtime.store.digest_schedules.claims, slots.FURTHEST)


def _profile_rows(runtime: Runtime) -> TableRows[Profile]:
    """One person of a workspace at a time, so that Slack is not asked for all of them at once."""
    return TableRows(runtime.store.people.profiles, PROFILE_TTL + timedelta(hours=1), per_lane=1)


def _contact_rows(runtime: Runtime) -> TableRows[ContactDue]:
    return TableRows(runtime.store.contacts.claims, ESCALATED_EVERY)


def _escalate(runtime: Runtime, due: ContactDue) -> None:
    send_escalations.serve(due.contact, runtime.services)
    runtime.store.contacts.claims.release(due, runtime.clock() + ESCALATED_EVERY, attempts=0)


def _serve(runtime: Runtime, schedule: DigestSchedule) -> None:
    send_digests.serve(schedule, runtime.services)


def _ask(runtime: Runtime, profile: Profile) -> None:
    refresh_people.ask(profile, runtime.services)


def _digest_hands(settings: Settings) -> int:
    return settings.digest_hands


def _profile_hands(settings: Settings) -> int:
    return settings.profile_hands


ESCALATIONS = Kind(_contact_rows, _escalate, _digest_hands)
DIGESTS = Kind(_digest_rows, _serve, _digest_hands, topics=frozenset({"digest_schedules"}))
PROFILES = Kind(_profile_rows, _ask, _profile_hands, topics=frozenset({"people"}))
