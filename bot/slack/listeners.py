"""
Bolt's listeners: acknowledge at once, and hand the work on.

They run in the thread of the request (`process_before_response`): Bolt would otherwise look
for the acknowledgement every 10 ms. So nothing here may wait for a database or a network.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App, BoltResponse

import handlers
from bot import logs
from bot.metrics import Metrics
from bot.slack import payloads, posting
from bot.slack.payloads import Incoming
from bot.slack.workspaces import Workspaces
from bot.work import Work
from handlers import Person, Services
from storage.errors import Unreachable

log = logging.getLogger(__name__)

COMMAND = "/images"
ACTION = re.compile(r"^[a-z_]+\.[a-z_-]+$")
BUSY = (
    "Very many requests are waiting at the moment. Nothing was done: please try again in a minute."
)
EVENT_S = 3600.0
"""How long an event is remembered; Slack repeats one for up to an hour if it doubts our answer."""


class Listeners:
    """What Slack may ask of us, wired to the conversation."""

    def __init__(
        self,
        services: Services,
        workspaces: Workspaces,
        work: Work,
        regrets: Work,
        metrics: Metrics,
    ) -> None:
        self._services = services
        self._workspaces = workspaces
        self._work = work
        self._regrets = regrets
        self._metrics = metrics

    def register(self, app: App) -> None:
        app.command(COMMAND)(self._command)
        app.action(ACTION)(self._click)
        app.event("app_uninstalled")(self._uninstalled)
        app.event("tokens_revoked")(self._uninstalled)

    def _command(self, ack: Ack, body: dict[str, Any]) -> None:
        self._take("command", lambda: payloads.command(body), ack)

    def _click(self, ack: Ack, body: dict[str, Any]) -> None:
        self._take("click", lambda: payloads.click(body), ack)

    def _uninstalled(self, body: dict[str, Any]) -> BoltResponse:
        """Not acknowledged when full: then Slack sends the event again."""
        taken = self._work.take(lambda: self._forget(body))
        return BoltResponse(status=200 if taken else 503)

    def _forget(self, body: dict[str, Any]) -> None:
        event = f"event:{payloads.event_id(body)}"
        if payloads.bot_was_removed(body) and self._services.store.once.claim(event, EVENT_S):
            self._workspaces.forget(*payloads.team_of_event(body))

    def _take(self, kind: str, read: Callable[[], Incoming], ack: Ack) -> None:
        """
        Promise an answer, if there is room for the work. A click has no words in its
        acknowledgement, so a person who clicks while we are full hears it as a note.
        """
        self._metrics.requests.labels(kind).inc()
        if self._work.take(lambda: self._answer(read())):
            ack()
            return
        self._metrics.refused.inc()
        if kind == "command":
            ack(BUSY)
        else:
            ack()
            self._regrets.take(lambda: posting.say(read(), BUSY))

    def _answer(self, incoming: Incoming) -> None:
        logs.begin()
        started = time.monotonic()
        person = incoming.request.person
        message = handlers.answer(incoming.request, self._services)
        posting.answer(incoming, message)
        self._seen(person)
        seconds = time.monotonic() - started
        self._metrics.seconds.labels(_known(incoming)).observe(seconds)
        log.info("%s by %s took %.2f s", _known(incoming), person.actor, seconds)

    def _seen(self, person: Person) -> None:
        try:
            self._services.store.people.seen(person.team_id, person.user_id)
        except Unreachable as error:
            log.warning("%s is not remembered: %s", person.actor, error)


def _known(incoming: Incoming) -> str:
    """Its name, if we gave it: what people invent would make a metric of each."""
    return incoming.what if incoming.what in _NAMES else "unknown"


_NAMES: Mapping[str, None] = dict.fromkeys(
    [*(f"{COMMAND} {verb.name}" for verb in handlers.VERBS), *handlers.ACTIONS]
)
