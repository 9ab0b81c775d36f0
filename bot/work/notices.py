"""Send instant notifications: a row for each person who was not notified of something."""

from __future__ import annotations

from datetime import timedelta

from bot.settings import Settings
from bot.wiring import Runtime
from bot.work.kinds import Kind, TableRows
from handlers.core.interactions import Person
from handlers.notifications import send_instant
from storage import PersonWithNews

LOOK_AGAIN = timedelta(minutes=5)
"""How soon to check a person again who was not notified, if nothing new has happened."""


def _rows(runtime: Runtime) -> TableRows[PersonWithNews]:
    return TableRows(runtime.store.news.claims, LOOK_AGAIN)


def do(runtime: Runtime, person: PersonWithNews) -> None:
    """Notify a person, or record when to check again, as in a burst or quiet hours."""
    since = runtime.clock()
    again = send_instant.serve(Person(person.team_id, person.user_id), runtime.services)
    due_at = min(again or since + LOOK_AGAIN, since + LOOK_AGAIN)
    runtime.store.news.looked(person, since, due_at)


def _hands(settings: Settings) -> int:
    return settings.digest_hands


NOTICES = Kind(_rows, do, _hands, topics=frozenset({"news"}))
