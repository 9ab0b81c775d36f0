"""Notifies people at once of what they were not told of: each person is a row."""

from __future__ import annotations

from datetime import timedelta

from bot.settings import Settings
from bot.wiring import Runtime
from bot.work.kinds import Kind, TableRows
from handlers.core.interactions import Person
from handlers.notifications import send_instant
from storage import PersonWithNews

LOOK_AGAIN = timedelta(minutes=5)
"""At somebody who was not told of something, and to whom nothing new has happened since."""


def _rows(runtime: Runtime) -> TableRows[PersonWithNews]:
    return TableRows(runtime.store.news.claims, LOOK_AGAIN)


def do(runtime: Runtime, person: PersonWithNews) -> None:
    """Notify a person, or note when to look again: a burst goes on, or it is quiet there."""
    since = runtime.clock()
    again = send_instant.serve(Person(person.team_id, person.user_id), runtime.services)
    due_at = min(again or since + LOOK_AGAIN, since + LOOK_AGAIN)
    runtime.store.news.looked(person, since, due_at)


def _hands(settings: Settings) -> int:
    return settings.digest_hands


NOTICES = Kind(_rows, do, _hands, topics=frozenset({"news"}))
