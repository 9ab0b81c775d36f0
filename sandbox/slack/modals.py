"""What people do with the modals that an app opens."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sandbox.slack import payloads
from sandbox.slack.sender import Ack
from sandbox.slack.state import Json, Message, View, Workspace
from sandbox.slack.views import checked_view, new_view, renewed

Interact = Callable[[str, Json, int], Ack]
"""Sends the bot an interaction: its kind, its payload, the workspace's version before it."""


class Modals:
    """The modals each person has open, the last on top."""

    def __init__(self, workspace: Workspace, interact: Interact) -> None:
        self._workspace = workspace
        self._interact = interact

    def top(self, user_id: str) -> View | None:
        """The modal on top, if any."""
        stack = self._workspace.modals[user_id]
        return stack[-1] if stack else None

    def click(self, user_id: str, action_id: str, value: Any = None) -> Ack:
        """Press a button of the modal on top."""
        view = self._top(user_id)
        shown = Message("", "", "", tuple(view.body["blocks"]))
        element = shown.element(action_id)
        action = payloads.action(element, self._workspace.clock(), value)
        trigger = self._workspace.tickets.trigger(user_id)
        body = payloads.click_in_view(
            self._workspace.people[user_id], view, action, trigger=trigger
        )
        return self._interact("action", body, self._workspace.version)

    def submit(self, user_id: str, given: Mapping[str, Any]) -> Ack:
        """Send the modal on top, with what was given to its inputs by action id."""
        view, trigger = self._top(user_id), self._workspace.tickets.trigger(user_id)
        body = payloads.submission(self._workspace.people[user_id], view, given, trigger=trigger)
        ack = self._interact("view", body, self._workspace.version)
        if ack.ok:
            self._after_submission(user_id, view, json.loads(ack.body or "{}"))
        else:
            self._redraw(user_id, replace(view, errors={"": ack.complaint}))
        return ack

    def close(self, user_id: str) -> None:
        """Close the modal on top without sending it."""
        view = self._top(user_id)
        self._workspace.show(user_id, *self._workspace.modals[user_id][:-1])
        if view.body.get("notify_on_close"):
            body = payloads.closing(self._workspace.people[user_id], view, cleared=False)
            self._interact("view", body, self._workspace.version)

    def _top(self, user_id: str) -> View:
        view = self.top(user_id)
        if view is None:
            raise LookupError(f"{user_id} has no modal open")
        return view

    def _redraw(self, user_id: str, view: View) -> None:
        self._workspace.show(user_id, *self._workspace.modals[user_id][:-1], view)

    def _after_submission(self, user_id: str, view: View, answer: Json) -> None:
        stack = self._workspace.modals[user_id]
        match answer.get("response_action"):
            case "errors":
                self._redraw(user_id, replace(view, errors=answer["errors"]))
            case "update":
                body = checked_view(answer["view"])
                self._redraw(user_id, renewed(self._workspace, view, body))
            case "push":
                body = checked_view(answer["view"])
                on_top = new_view(self._workspace, user_id, body, stack)
                self._workspace.show(user_id, *stack, on_top)
            case "clear":
                self._workspace.show(user_id)
            case _:
                self._workspace.show(user_id, *(v for v in stack if v.id != view.id))
