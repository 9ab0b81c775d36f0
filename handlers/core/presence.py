"""Ask Slack, once a day, who has left the workspace."""

from __future__ import annotations

import logging
from datetime import timedelta

from handlers.core.directory import SlackUnavailable
from handlers.core.errors import PersonLeft
from handlers.core.interactions import Person
from handlers.core.services import Services
from storage import LEFT, PersonRow

log = logging.getLogger(__name__)

PROFILE_TTL = timedelta(days=1)
"""How long what Slack said of a person is trusted before it is asked again."""


def require_present(person: Person, services: Services) -> None:
    """
    Check that the person has not left the workspace.

    Raises:
        PersonLeft: they have. If Slack does not answer, what is known counts.
    """
    known = services.store.people.get(person.team_id, person.user_id)
    if is_stale(known, services):
        known = ask_slack(person, services) or known
    if known and known.paused_reason == LEFT:
        raise PersonLeft(person.user_id)


def note_change(person: Person, left: bool, time_zone: str, services: Services) -> None:
    """
    Ask Slack again about somebody who uses the bot, if an event says what is not known yet.

    Events come late and out of order, and at each change of a status: so they decide nothing.
    """
    known = services.store.people.get(person.team_id, person.user_id)
    if known is None:
        return
    if left != (known.paused_reason == LEFT) or time_zone not in ("", known.time_zone):
        ask_slack(person, services)


def is_stale(known: PersonRow | None, services: Services) -> bool:
    """Whether Slack is to be asked about a person again."""
    asked_at = known.time_zone_at if known else None
    return asked_at is None or services.clock() - asked_at > PROFILE_TTL


def ask_slack(person: Person, services: Services) -> PersonRow | None:
    """Ask Slack about a person and note what it says; None if it does not answer."""
    people = services.store.people
    try:
        found = services.directory.profile(person.team_id, person.user_id)
    except SlackUnavailable:
        return None
    name = found.time_zone or people.time_zone(person.team_id, person.user_id) or "UTC"
    people.set_time_zone(person.team_id, person.user_id, name)
    if people.note_presence(person.team_id, person.user_id, left=found.left):
        log.info("%s has %s the workspace", person.actor, "left" if found.left else "come back to")
    return people.get(person.team_id, person.user_id)
