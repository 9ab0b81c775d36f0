"""Ask Slack about everybody once a day: their time zone, and whether they have left."""

from __future__ import annotations

import random
from datetime import timedelta

from handlers.core import presence
from handlers.core.interactions import Person
from handlers.core.services import Services
from handlers.permissions import unmet_policies
from storage import LEFT, Profile

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
"""Before a workspace is asked again in which Slack did not answer."""


def ask(profile: Profile, services: Services) -> None:
    """Ask about one person; while Slack does not answer, leave their workspace alone."""
    people, now = services.store.people, services.clock()
    person = Person(profile.team_id, profile.user_id)
    if known := presence.ask_slack(person, services):
        if known.paused_reason == LEFT:
            unmet_policies.look(person, services)
        spread = random.uniform(0.9, 1.0)  # noqa: S311 - no secret
        people.profiles.release(profile, now + presence.PROFILE_TTL * spread, attempts=0)
    else:
        people.rest(profile, now + _pause(profile.attempts))


def _pause(attempts: int) -> timedelta:
    doubled: int = 2 ** min(attempts - 1, 10)
    return min(LONGEST_PAUSE, FIRST_PAUSE * doubled)
