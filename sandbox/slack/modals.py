"""What people do with the modals that an app opens."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sandbox.slack import fields, payloads
from sandbox.slack.refusals import MethodRefused
from sandbox.slack.sender import Ack
from sandbox.slack.state import Json, View, Workspace
from sandbox.slack.suggestions import Suggestions
from sandbox.slack.views import checked_errors, checked_view, push_on, renewed

TROUBLE = "We had some trouble connecting. Try again?"
"""What Slack shows above a form when the app's answer to it was none, or not to be used."""

Interact = Callable[[str, Json, int], Ack]
"""Sends the bot an interaction: its kind, its payload, the workspace's version before it."""


class Modals:
    """The modals each person has open, the last on top."""

    def __init__(self, workspace: Workspace, interact: Interact, suggestions: Suggestions) -> None:
        self._workspace = workspace
        self._interact = interact
        self._suggestions = suggestions

    def top(self, user_id: str) -> View | None:
        """The modal on top, if any."""
        stack = self._workspace.modals[user_id]
        return stack[-1] if stack else None

    def click(
        self,
        user_id: str,
        action_id: str,
        value: Any = None,
        given: Mapping[str, Any] | None = None,
    ) -> Ack:
        """Press a button, or choose *value*, in the modal on top, whose inputs hold *given*."""
        view = self._top(user_id)
        given = self._resolved(view, {**(given or {}), action_id: value})
        action = payloads.action(view.element(action_id), self._workspace.clock(), given[action_id])
        person = self._workspace.people[user_id]
        body = payloads.click_in_view(person, view, action, given, trigger=self._trigger(view))
        ack = self._interact("action", body, self._workspace.version)
        if not ack.ok:
            self._tell(view, {"": ack.complaint})
        return ack

    def submit(self, user_id: str, given: Mapping[str, Any]) -> Ack:
        """
        Send the modal on top, with what was given to its inputs by action id.

        What Slack itself finds wrong is shown in the form and not sent: the answer is
        then `not_sent`.
        """
        view = self._top(user_id)
        given = self._resolved(view, given)
        blocks = view.body["blocks"]
        if wrong := fields.problems(blocks, payloads.state_values(blocks, given)):
            self._tell(view, wrong)
            return Ack(0, 0, error="not_sent", version=self._workspace.version)
        return self._send(view, given)

    def close(self, user_id: str, *, everything: bool = False) -> None:
        """Close the modal on top, or with *everything* all of them, without sending it."""
        stack = self._workspace.modals[user_id]
        cleared = everything or bool(self._top(user_id).body.get("clear_on_close"))
        closed = stack if cleared else stack[-1:]
        self._workspace.show(user_id, *stack[: len(stack) - len(closed)])
        for view in reversed(closed):
            if view.body.get("notify_on_close"):
                body = payloads.closing(self._workspace.people[user_id], view, cleared=cleared)
                self._interact("view", body, self._workspace.version)

    def _send(self, view: View, given: Mapping[str, Any]) -> Ack:
        person, trigger = self._workspace.people[view.user_id], self._trigger(view)
        body = payloads.submission(person, view, given, trigger=trigger)
        ack = self._interact("view", body, self._workspace.version)
        try:
            self._after_submission(view, _answer(ack))
        except MethodRefused:
            self._tell(view, {"": TROUBLE})
        return ack

    def _trigger(self, view: View) -> str:
        return self._workspace.tickets.trigger(view.user_id)

    def _top(self, user_id: str) -> View:
        view = self.top(user_id)
        if view is None:
            raise LookupError(f"{user_id} has no modal open")
        return view

    def _resolved(self, view: View, given: Mapping[str, Any]) -> dict[str, Any]:
        return self._suggestions.resolved(view.user_id, view.body["blocks"], given)

    def _after_submission(self, view: View, answer: Json) -> None:
        """As the app answered. It may have updated the view, or the person closed it, by then."""
        match answer.get("response_action"):
            case None:
                self._workspace.swap(view.id)
            case "errors":
                self._tell(view, checked_errors(view, answer.get("errors")))
            case "update":
                newer = renewed(self._workspace, view, checked_view(answer.get("view")))
                self._workspace.swap(view.id, newer)
            case "push":
                push_on(self._workspace, view.user_id, checked_view(answer.get("view")))
            case "clear":
                self._workspace.show(view.user_id)
            case _:
                raise MethodRefused("invalid_response_action")

    def _tell(self, view: View, errors: Mapping[str, str]) -> None:
        now = self._workspace.modal(view.id)
        if now:
            self._workspace.swap(view.id, replace(now, errors=errors))


def _answer(ack: Ack) -> Json:
    """What the app wants done with the form it got. Nothing but JSON or nothing will do."""
    if not ack.ok:
        raise MethodRefused(ack.error)
    try:
        answer = json.loads(ack.body or "{}")
    except ValueError as garbled:
        raise MethodRefused("invalid_response") from garbled
    if not isinstance(answer, dict):
        raise MethodRefused("invalid_response")
    return answer
