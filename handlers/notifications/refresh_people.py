"""Ask Slack about everybody once a day: who has left is not asked, notified or counted."""

from __future__ import annotations

from handlers.core import presence
from handlers.core.interactions import Person
from handlers.core.services import Services
from handlers.permissions import unmet_policies

AT_ONCE = 50
"""People asked about in one run, so that they are spread over the day."""


def ask_due(services: Services) -> None:
    """Ask about those whose answer is a day old, and tell admins of policies nobody can meet."""
    people = services.store.people
    silent: set[str] = set()
    for row in people.unasked(services.clock() - presence.PROFILE_TTL, AT_ONCE):
        person = Person(row.team_id, row.user_id)
        if row.team_id not in silent and presence.ask_slack(person, services) is None:
            silent.add(row.team_id)
    unmet_policies.enqueue_due(services)
