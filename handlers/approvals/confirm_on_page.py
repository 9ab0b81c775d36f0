"""
Changes of strict accounts: confirmed on a page of the bot, with the secret of the account.

With a person's Slack session anyone can press any button. The account's own password or key
they do not have, and it never passes through Slack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from handlers.approvals import replay
from handlers.approvals.views import confirm_on_page as views
from handlers.core.errors import NoPages
from handlers.core.facts import Facts
from handlers.core.interactions import Person, Request
from handlers.core.operations import NeedsPage
from handlers.core.replies import Message
from handlers.core.services import Services

PURPOSE = "confirm"
"""The kind of token that the page takes."""
LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True)
class Confirmation:
    """The payload of a token."""

    person: Person
    account_id: str
    number: str
    """Account number."""
    key: str
    """Of the operation."""
    words: str
    """The operation in words."""
    request: Mapping[str, Any]
    until: datetime
    tries: int = 0
    shown: Facts | None = None
    """All that is shown of it; None for what the last release has issued."""

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> Confirmation:
        person = Person(payload["team"], payload["user"])
        told = {name: payload[name] for name in ("account_id", "number", "key", "words", "request")}
        until = datetime.fromisoformat(payload["until"])
        kept = payload.get("shown")
        shown = Facts.from_json(kept) if kept else None
        tries = payload.get("tries", 0)
        return cls(person=person, until=until, tries=tries, shown=shown, **told)

    def payload(self, tries: int = 0) -> dict[str, Any]:
        return {
            "team": self.person.team_id,
            "user": self.person.user_id,
            "account_id": self.account_id,
            "number": self.number,
            "key": self.key,
            "words": self.words,
            "request": dict(self.request),
            "until": self.until.isoformat(),
            "tries": tries,
            "shown": self.shown.to_json() if self.shown else None,
        }

    def replayed(self) -> Request:
        return replay.from_json(self.person, self.request)


def ask_to_confirm(request: Request, needs: NeedsPage, services: Services) -> Message:
    """
    Instead of doing it: where to confirm it, for this person and ten minutes.

    Raises:
        NoPages: PUBLIC_URL is not set.
    """
    person, operation = request.person, needs.operation
    if not services.public_url:
        raise NoPages(person.team_id, person.user_id)
    asked = Confirmation(
        person=person,
        account_id=operation.account.id,
        number=operation.account.project_id,
        key=operation.key,
        words=operation.words,
        request=replay.to_json(replay.pin(request, operation)),
        until=services.clock() + LIFETIME,
        shown=operation.facts,
    )
    token = services.store.once.issue(PURPOSE, asked.payload(), LIFETIME.total_seconds())
    address = f"{services.public_url}/confirm/{quote(token)}"
    return views.ask(operation, address, asked.until)
