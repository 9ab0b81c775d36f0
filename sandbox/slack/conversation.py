"""What the people do: type commands, press buttons, fill in modals, and look."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.slack import links, payloads, workflows
from sandbox.slack.answers import Answers
from sandbox.slack.controls import control
from sandbox.slack.escaping import escaped
from sandbox.slack.modals import Modals
from sandbox.slack.refusals import MethodRefused
from sandbox.slack.sender import Ack, Sender
from sandbox.slack.state import BOT_USER_ID, HUMAN, SLACK, Json, Message, Person, View, Workspace
from sandbox.slack.suggestions import Suggestions
from sandbox.slack.tickets import ResponseUrl

PATIENCE_S = 120.0
"""Seconds after which what is waited for will not come any more."""


class Conversation:
    """The people's side of the workspace: each method is something a person does or looks at."""

    def __init__(self, workspace: Workspace, sender: Sender) -> None:
        self.workspace = workspace
        self.answers = Answers(workspace)
        self.suggestions = Suggestions(workspace, self._interact)
        self.modals = Modals(workspace, self._interact, self.suggestions)
        self.calls: list[Json] = []
        """All traffic, each line as `validate_contract` reads it."""
        self.sender = sender
        self.base_url = ""
        self.command_name = "/images"

    def person(self, user_id: str) -> Person:
        return self.workspace.people[user_id]

    def messages(self, user_id: str) -> list[Message]:
        """What this person sees of the bot and of Slack, oldest first; not what they typed."""
        return [m for m in self.workspace.seen_by(user_id) if m.author != HUMAN]

    def command(self, user_id: str, text: str, channel_id: str = "") -> Ack:
        """Type `/images …` (with or without the command itself), by default to the bot itself."""
        person = self.person(user_id)
        channel = channel_id or person.dm_channel
        words = text.removeprefix(self.command_name).strip()
        typed = f"{self.command_name} {words}".strip()
        self.workspace.post(channel, typed, author=HUMAN, user_id=user_id, only_for=user_id)
        version = self.workspace.version
        token = self.workspace.tickets.response_url(user_id, channel)
        name = self.workspace.channel_name(channel) or "directmessage"
        body = payloads.command(
            person,
            escaped(words, self.workspace),
            channel,
            name,
            url=f"{self.base_url}/commands/{token}",
            trigger=self.workspace.tickets.trigger(user_id),
            name=self.command_name,
        )
        self.calls.append({"kind": "command", "body": body})
        ack = self.sender.form(body, version)
        self._say_how_it_went(person, channel, ack)
        return ack

    def say(
        self, user_id: str, text: str, channel_id: str = "", *, shared: bool = False
    ) -> tuple[Message, Ack | None]:
        """
        Post a message of one's own; the app gets an event in the person's conversation with it
        and where it is mentioned, and of addresses of its domains.

        *shared* is whether people of another workspace read the channel, too.
        """
        person = self.person(user_id)
        channel = channel_id or person.dm_channel
        message = self.workspace.post(channel, text, author=HUMAN, user_id=user_id)
        told = self._tell_of(person, message)
        found = links.links_in(text)
        if not found:
            return message, told
        body = payloads.links_shared(
            person,
            message,
            found,
            self.workspace.new_id("Ev"),
            unfurl_id=links.unfurl_id(message),
            member=self.workspace.channel_name(message.channel_id) is not None,
            shared=shared,
        )
        self.calls.append({"kind": "event", "body": body})
        return message, self.sender.event(body, message.version)

    def run_step(self, callback_id: str, inputs: Mapping[str, Any]) -> tuple[str, Ack]:
        """
        Run a step of the app's, as a workflow does; its id, and how the app took the event.

        What it comes to is in `workspace.step_outcomes`.

        Raises:
            MethodRefused: the manifest has no such step, or it is not given what it needs.
        """
        run_id = self.workspace.new_id("Fx")
        function = workflows.checked(callback_id, inputs)
        self.workspace.step_runs[run_id] = callback_id
        at = self.workspace.clock()
        body = payloads.step_begun(function, inputs, run_id, self.workspace.new_id("Ev"), at)
        self.calls.append({"kind": "event", "body": body})
        return run_id, self.sender.event(body, self.workspace.version)

    def _tell_of(self, person: Person, message: Message) -> Ack | None:
        """Tell the app of a message that was said to it."""
        text = escaped(message.text, self.workspace)
        if message.channel_id != person.dm_channel and f"<@{BOT_USER_ID}>" not in text:
            return None
        body = payloads.spoken(person, message, text, self.workspace.new_id("Ev"))
        self.calls.append({"kind": "event", "body": body})
        return self.sender.event(body, message.version)

    def ask(self, user_id: str, text: str, timeout_s: float = PATIENCE_S) -> Message:
        """Type a command and wait for its answer, whatever else the bot says meanwhile."""
        ack = self.command(user_id, text)
        alone = None if "--public" in text else user_id
        return self.wait_for(
            user_id,
            lambda message: message.only_for == alone,
            newer_than=ack.version,
            timeout_s=timeout_s,
        )

    def click(
        self,
        user_id: str,
        message: Message,
        action_id: str,
        *,
        value: Any = None,
        label: str | None = None,
        nth: int = 0,
    ) -> Ack:
        """
        Press a button, or choose *value* from a menu, of a message as it was shown.

        *label* and *nth* tell buttons with the same action id apart. The message may
        be out of date by now, as it is when someone clicks twice.
        """
        element = message.element(action_id, label, nth)
        if message.only_for not in (None, user_id):
            raise LookupError(f"{user_id} does not see that message")
        return self.send_click(user_id, message, element, value)

    def press(
        self,
        user_id: str,
        message: Message,
        action_id: str,
        *,
        timeout_s: float = PATIENCE_S,
        **which: Any,
    ) -> Message:
        """
        Press a button and wait for what comes of it: the redrawn message, or a note.

        Whatever else the bot says meanwhile is no answer.
        """
        ack = self.click(user_id, message, action_id, **which)
        return self.wait_for(
            user_id,
            lambda seen: seen.ts == message.ts or seen.only_for == user_id,
            newer_than=ack.version,
            timeout_s=timeout_s,
        )

    def send_click(self, user_id: str, message: Message, element: Json, value: Any = None) -> Ack:
        """As click, with the element itself."""
        self.workspace.warn(message, user_id, "")
        version = self.workspace.version
        person, now = self.person(user_id), self.workspace.clock()
        chosen = {element["action_id"]: value}
        value = self.suggestions.resolved(user_id, message.blocks, chosen)[element["action_id"]]
        token = self.workspace.tickets.response_url(user_id, message.channel_id, message.ts)
        body = payloads.click(
            person,
            message,
            self.workspace.channel_name(message.channel_id) or "directmessage",
            payloads.action(element, now, value),
            url=f"{self.base_url}/actions/{token}",
            trigger=self.workspace.tickets.trigger(user_id),
        )
        ack = self._interact("action", body, version)
        if not ack.ok:
            self.workspace.warn(message, user_id, ack.complaint)
        return ack

    def shortcut(self, user_id: str, message: Message, name: str) -> Ack:
        """Choose a shortcut from the menu of a message."""
        if message.ephemeral:
            raise LookupError("what only one person sees has no shortcuts")
        version, channel = self.workspace.version, message.channel_id
        body = payloads.shortcut(
            self.person(user_id),
            message,
            self.workspace.channel_name(channel) or "directmessage",
            name,
            url=f"{self.base_url}/actions/{self.workspace.tickets.response_url(user_id, channel)}",
            trigger=self.workspace.tickets.trigger(user_id),
        )
        return self._interact("shortcut", body, version)

    def global_shortcut(self, user_id: str, name: str) -> Ack:
        """Choose a shortcut that belongs to no message."""
        version, now = self.workspace.version, self.workspace.clock()
        trigger = self.workspace.tickets.trigger(user_id)
        body = payloads.global_shortcut(self.person(user_id), name, now, trigger=trigger)
        return self._interact("shortcut", body, version)

    def open_home(self, user_id: str) -> Ack:
        """Open the app's home tab; Slack tells the app, and shows what was there before."""
        now, version = self.workspace.clock(), self.workspace.version
        body = payloads.home_opened(
            self.person(user_id),
            self.workspace.homes.get(user_id),
            now,
            self.workspace.new_id("Ev"),
        )
        self.calls.append({"kind": "event", "body": body})
        return self.sender.event(body, version)

    def home(self, user_id: str) -> View | None:
        """What their home tab shows; None before the app has published one."""
        return self.workspace.homes.get(user_id)

    def press_home(self, user_id: str, action_id: str, label: str | None = None) -> Ack:
        """Press a button in the home tab."""
        blocks = self.workspace.homes[user_id].body["blocks"]
        return self.send_home_click(user_id, control(blocks, action_id, label))

    def send_home_click(self, user_id: str, element: Json, value: Any = None) -> Ack:
        """As press_home, with the element itself, or choosing *value* from a menu."""
        view, person = self.workspace.homes[user_id], self.person(user_id)
        trigger = self.workspace.tickets.trigger(user_id)
        action = payloads.action(element, self.workspace.clock(), value)
        body = payloads.click_in_view(person, view, action, {}, trigger=trigger)
        return self._interact("action", body, self.workspace.version)

    def wait_for_home(
        self,
        user_id: str,
        predicate: Callable[[View], bool] = lambda view: True,  # noqa: ARG005
        timeout_s: float = PATIENCE_S,
    ) -> View:
        """
        What their home tab shows once it is as *predicate* says.

        Raises:
            AssertionError: it was not, in time.
        """
        with self.workspace.changed:
            self.workspace.changed.wait_for(
                lambda: (view := self.home(user_id)) is not None and predicate(view), timeout_s
            )
            view = self.home(user_id)
        assert view is not None, "no home was published"
        assert predicate(view), view.body
        return view

    def suggest(
        self,
        user_id: str,
        place: Message | View,
        action_id: str,
        words: str = "",
        given: Mapping[str, Any] | None = None,
    ) -> list[Json]:
        """
        Type *words* into a menu whose options the app finds, and see its options.

        *given* is the content of the other inputs by then, by action id. What was once
        offered can be chosen afterwards, by its value.

        Raises:
            Refused: Slack would show no options; see `Suggestions.ask`.
        """
        return self.suggestions.ask(user_id, place, action_id, words, given or {})

    def wait_for(
        self,
        user_id: str,
        predicate: Callable[[Message], bool] = lambda message: True,  # noqa: ARG005
        timeout_s: float = PATIENCE_S,
        *,
        newer_than: int = 0,
    ) -> Message:
        """
        The first message a person sees that is as *predicate* says, waiting for it.

        Args:
            newer_than: leave out messages not posted or edited since this version of
                the workspace (see `Ack.version`).

        Raises:
            AssertionError: no such message in time; it tells what was seen instead.
        """
        deadline = time.monotonic() + timeout_s
        with self.workspace.changed:
            while True:
                for message in self.messages(user_id):
                    if message.version > newer_than and predicate(message):
                        return message
                if not self.workspace.changed.wait(max(0.0, deadline - time.monotonic())):
                    seen = [message.text for message in self.messages(user_id)]
                    raise AssertionError(f"{user_id} waited {timeout_s} s and saw only {seen}")

    def _say_how_it_went(self, person: Person, channel: str, ack: Ack) -> None:
        if not ack.ok:
            self._notice(
                person, channel, f'{self.command_name} failed with the error "{ack.error}"'
            )
            return
        said = _said(ack.body)
        if not said:
            return
        try:
            self.answers.apply(ResponseUrl(person.user_id, channel, None, 0), said)
        except MethodRefused as refused:
            self._notice(
                person, channel, f'{self.command_name} failed with the error "{refused.error}"'
            )

    def _notice(self, person: Person, channel: str, text: str) -> None:
        self.workspace.post(channel, text, author=SLACK, only_for=person.user_id)

    def _interact(self, kind: str, body: Json, version: int) -> Ack:
        self.calls.append({"kind": kind, "body": body})
        return self.sender.payload(body, version)


def _said(body: str) -> Json | None:
    """The message in the body of an ack: JSON, or plain text, or none."""
    if not body.strip():
        return None
    try:
        said = json.loads(body)
    except ValueError:
        return {"text": body}
    return said if isinstance(said, dict) and said else None
