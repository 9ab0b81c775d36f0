"""
Post answers where the request came from, or else to the person who asked.

A response URL cannot be read. So an answer that may have arrived is sent once, one that certainly
did not is retried for a moment, and one that does not arrive is sent as a direct message.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.settings import Settings
from bot.slack import clients, lookback, posting
from bot.slack.clients import SlackClient
from bot.slack.command_name import CommandName
from bot.slack.payloads import Incoming
from bot.slack.refusals import NOT_SENT, SlackRefusal
from bot.slack.workspaces import Workspaces
from handlers import Click, Message, Person, split
from handlers.core.notify import notify
from handlers.ui.blocks import context, section
from storage import Drawing, Notice, Store
from storage.clock import Clock
from storage.errors import Unreachable

log = logging.getLogger(__name__)

USES = 5
"""How often Slack lets a response URL be used, within 30 minutes."""
PAUSES_S = (0.5, 2.0)
"""Before what was not said is tried again, unless Slack names another time."""
MOST_PAUSE_S = 10.0
"""A longer wait leads to a direct message: a thread waits here."""
ELSEWHERE = "I couldn't answer where you asked, so here is the answer."
UNCONFIRMED = "Slack didn't confirm that you got this answer. Here is a copy."
FROM_FORM = "From the form you sent."
CLOSED = "The window was closed before the answer was ready. Here it is."


@dataclass(frozen=True)
class Answers:
    settings: Settings
    workspaces: Workspaces
    store: Store
    clock: Clock
    sleep: Callable[[float], None] = time.sleep

    def say(self, incoming: Incoming, message: Message, *, used: int = 0) -> None:
        """
        Say the answer where the request came from. Long ones go out in several messages.

        A click's answer redraws the message clicked, unless it is a note beside it.

        Args:
            used: how often its response URL was used before.
        """
        person, team_id = incoming.request.person, incoming.team_id
        message = self.workspaces.troubles.below(message, person, team_id)
        if incoming.spoken:
            self._each(incoming, _within_uses(split(message)), self._converse(incoming, message))
        elif incoming.response_url:
            parts = _within_uses(split(message), USES - used)
            self._each(incoming, parts, self._respond(incoming, message))
        else:
            self.send_directly(incoming, message)

    def say_late(self, incoming: Incoming, text: str) -> None:
        """Say that the answer is late. If this does not arrive, the answer alone does."""
        note = Message(text, note=True)
        say = (self._converse if incoming.spoken else self._respond)(incoming, note)
        try:
            say(0, note)
        except SlackRefusal as refused:
            log.warning("the note about %s was not sent: %s", incoming.what, refused.error)

    def say_unreadable(self, url: str, text: str) -> None:
        """Say that an interaction cannot be read, of which no more is known than its URL."""
        try:
            clients.respond(
                url, _body(Message(text), replace=False), self.settings, self.workspaces.observe
            )
        except SlackRefusal as refused:
            log.warning("an unreadable request was not answered: %s", refused.error)

    def send_directly(self, incoming: Incoming, message: Message, why: str = CLOSED) -> None:
        """Send it to the person who asked, after a line that says why it comes this way."""
        person = Person(
            incoming.team_id or incoming.request.person.team_id, incoming.request.person.user_id
        )
        blocks = message.blocks or (section(message.text),)
        sent = replace(message, text=f"{message.text} ({why})", blocks=(context(why), *blocks))
        try:
            notify(person, sent, self.store)
        except Unreachable as error:
            log.warning("the answer to %s was not sent: %s", incoming.what, error)

    def keep_below(self, incoming: Incoming, drawing: Drawing | None) -> None:
        """Have the message below a window that was opened from it drawn again when it changes."""
        click = incoming.request
        if not isinstance(click, Click) or click.read_by_others:
            return
        if drawing and incoming.response_url:
            self._keep(incoming, drawing, incoming.channel_id, click.message_ts)

    def _keep(self, incoming: Incoming, drawing: Drawing | None, channel_id: str, ts: str) -> None:
        """Note what a message shows now. One that only its reader sees has a URL for a while."""
        person, request = incoming.request.person, incoming.request
        if not ts or incoming.team_id != person.team_id:
            return
        alone = isinstance(request, Click) and request.ephemeral
        try:
            if drawing is None:
                self.store.displays.replaced(person.team_id, channel_id, ts)
                return
            self.store.displays.put(
                person.team_id,
                person.user_id,
                drawing,
                channel=channel_id,
                ts=ts,
                reply_url=incoming.response_url if alone else "",
            )
        except Unreachable as error:
            log.warning("the answer to %s will not be redrawn: %s", incoming.what, error)

    def _each(
        self, incoming: Incoming, parts: Sequence[Message], say: Callable[[int, Message], None]
    ) -> None:
        """Say the parts in order. From the first that does not arrive they go to the person."""
        for number, part in enumerate(parts):
            try:
                say(number, part)
            except SlackRefusal as refused:
                log.warning("the answer to %s was not sent: %s", incoming.what, refused.error)
                self.send_directly(incoming, part, UNCONFIRMED if refused.unsure else ELSEWHERE)
                for left in parts[number + 1 :]:
                    self.send_directly(incoming, left, ELSEWHERE)
                return

    def _respond(self, incoming: Incoming, message: Message) -> Callable[[int, Message], None]:
        redraws = isinstance(incoming.request, Click) and not message.note
        command = CommandName(self.settings.slack_command)

        def respond(number: int, part: Message) -> None:
            replaces = redraws and number == 0
            body = command.of(_body(part, replace=replaces))
            self._until_taken(
                lambda: clients.respond(
                    incoming.response_url, body, self.settings, self.workspaces.observe
                ),
                repeatable=replaces,
            )
            if replaces and isinstance(incoming.request, Click):
                drawing = message.drawing if part is message else None
                self._keep(incoming, drawing, incoming.channel_id, incoming.request.message_ts)

        return respond

    def _until_taken(self, call: Callable[[], Any], *, repeatable: bool) -> None:
        """
        Call until Slack takes it, a few times.

        Args:
            repeatable: whether it changes nothing to do it twice, as it is with a redrawn message.

        Raises:
            SlackRefusal: the last one.
        """
        for pause_s in PAUSES_S:
            try:
                call()
            except SlackRefusal as refused:
                wait_s = pause_s if refused.retry_after_s is None else refused.retry_after_s
                if not _again(refused, repeatable=repeatable) or wait_s > MOST_PAUSE_S:
                    raise
                self.sleep(wait_s)
            else:
                return
        call()

    def _converse(self, incoming: Incoming, message: Message) -> Callable[[int, Message], None]:
        """
        Answer a message where it was posted: to the person alone, unless the answer is public.

        In their own conversation with the bot, the answer is a lasting message.
        """
        own, thread = incoming.channel_id.startswith("D"), incoming.thread_ts

        def converse(_: int, part: Message) -> None:
            client = self.workspaces.client(incoming.team_id)
            said: dict[str, Any] = {"channel": incoming.channel_id, "text": part.text}
            said |= {"blocks": [dict(block) for block in part.blocks]} if part.blocks else {}
            said |= {"thread_ts": thread} if thread else {}
            ts = ""
            if own and not thread:
                ts = self._say_once(client, incoming, part)
            elif own or message.public:
                ts = str(client.chat_postMessage(**said).get("ts") or "")
            else:
                client.chat_postEphemeral(**said, user=incoming.request.person.user_id)
            if message.drawing and part is message:
                self._keep(incoming, message.drawing, incoming.channel_id, ts)

        return converse

    def _say_once(self, client: SlackClient, incoming: Incoming, part: Message) -> str:
        """
        Say it in a conversation that can be looked into, should its answer be lost.

        Returns:
            Its `ts`.
        """
        person, channel = incoming.request.person, incoming.channel_id
        notice = Notice(
            id=secrets.token_hex(16),
            team_id=incoming.team_id,
            user_id=person.user_id,
            channel=channel,
            text=part.text,
            blocks=part.blocks,
            attempts=1,
            created_at=self.clock(),
        )
        try:
            return posting.say(client, channel, notice)
        except SlackRefusal as refused:
            if not refused.unsure:
                raise
            found = lookback.find(client, channel, notice)
            if found is None:
                raise SlackRefusal("not_found") from refused
            return found


def _again(refused: SlackRefusal, *, repeatable: bool) -> bool:
    """Whether it may be sent again: it was not done, or nothing comes of doing it twice."""
    return refused.told_to_wait or refused.error == NOT_SENT or (repeatable and refused.unsure)


def _within_uses(parts: Sequence[Message], uses: int = USES) -> Sequence[Message]:
    if len(parts) <= uses:
        return parts
    cut = Message(
        f"{len(parts) - uses + 1} more messages were left out. Narrow down what you asked for."
    )
    return [*parts[: uses - 1], cut]


def _body(message: Message, *, replace: bool) -> dict[str, Any]:
    body: dict[str, Any] = {"text": message.text, "replace_original": replace}
    if message.blocks:
        body["blocks"] = [dict(block) for block in message.blocks]
    if not replace:
        body["response_type"] = "in_channel" if message.public else "ephemeral"
    return body
