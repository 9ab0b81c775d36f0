"""
views.*: modals and home tabs.

Source: docs.slack.dev/reference/methods/views.open, .push, .update.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sandbox.slack import limits
from sandbox.slack.refusals import MethodRefused, needed
from sandbox.slack.state import APP_ID, BOT_ID, TEAM_ID, Json, View, Workspace

VIEW_MAX = 250 * 1024
"""Bytes of JSON in a view; above, Slack answers `view_too_large`."""
STACK_MAX = 3
"""Views on top of each other: the one that was opened and two pushed."""


def open_view(workspace: Workspace, args: Json) -> Json:
    body = _view(args)
    user_id = workspace.tickets.redeem(needed(args, "trigger_id"))
    _unused(workspace, body)
    view = new_view(workspace, user_id, body, ())
    workspace.show(user_id, view)
    return {"view": _answered_view(view)}


def push(workspace: Workspace, args: Json) -> Json:
    body = _view(args)
    user_id = workspace.tickets.redeem(needed(args, "trigger_id"))
    return {"view": _answered_view(push_on(workspace, user_id, body))}


def update(workspace: Workspace, args: Json) -> Json:
    body = _view(args)
    with workspace.changed:
        view = _found(workspace, args)
        if args.get("hash", view.hash) != view.hash:
            raise MethodRefused("hash_conflict")
        newer = renewed(workspace, view, body)
        workspace.swap(view.id, newer)
    return {"view": _answered_view(newer)}


def publish(workspace: Workspace, args: Json) -> Json:
    body = _view(args)
    user_id = needed(args, "user_id")
    if user_id not in workspace.people:
        raise MethodRefused("user_not_found")
    home = new_view(workspace, user_id, body, ())
    workspace.publish(home)
    return {"view": _answered_view(home)}


def new_view(workspace: Workspace, user_id: str, body: Json, under: tuple[View, ...]) -> View:
    """A view on top of those *under* it."""
    view_id = workspace.new_id("V")
    return View(
        id=view_id,
        user_id=user_id,
        body=body | {"blocks": list(workspace.named(body["blocks"]))},
        hash=workspace.new_id("h"),
        root_view_id=under[0].id if under else view_id,
        previous_view_id=under[-1].id if under else None,
    )


def renewed(workspace: Workspace, view: View, body: Json) -> View:
    """The same view with another body."""
    blocks = list(workspace.named(body["blocks"]))
    return replace(view, body=body | {"blocks": blocks}, hash=workspace.new_id("h"), errors={})


def checked_view(body: Any) -> Json:
    """A view that Slack would take."""
    problems = limits.check_view(body) if isinstance(body, dict) else ["[ERROR] not a view"]
    if problems:
        raise MethodRefused("invalid_arguments", *problems)
    assert isinstance(body, dict)
    if len(json.dumps(body).encode()) > VIEW_MAX:
        raise MethodRefused("view_too_large")
    return body


def checked_errors(view: View, errors: Any) -> dict[str, str]:
    """Return the errors of an app, if each belongs to an input of the view."""
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise MethodRefused("invalid_errors")
    if not all(isinstance(text, str) and text for text in errors.values()):
        raise MethodRefused("invalid_errors")
    return errors


def push_on(workspace: Workspace, user_id: str, body: Json) -> View:
    """Put a view on top of those a person has open."""
    with workspace.changed:
        stack = workspace.modals[user_id]
        if not stack:
            raise MethodRefused("not_found")
        if len(stack) >= STACK_MAX:
            raise MethodRefused("push_limit_reached")
        _unused(workspace, body)
        view = new_view(workspace, user_id, body, stack)
        workspace.show(user_id, *stack, view)
    return view


def _found(workspace: Workspace, args: Json) -> View:
    if not args.get("view_id") and not args.get("external_id"):
        raise MethodRefused("invalid_arguments", "[ERROR] missing required field: view_id")
    for view in (view for stack in workspace.modals.values() for view in stack):
        if args.get("view_id") == view.id or args.get("external_id") == (view.external_id or 0):
            return view
    raise MethodRefused("not_found")


def _unused(workspace: Workspace, body: Json) -> None:
    used = {view.external_id for stack in workspace.modals.values() for view in stack}
    if body.get("external_id") and body["external_id"] in used:
        raise MethodRefused("duplicate_external_id")


def _view(args: Json) -> Json:
    return checked_view(args.get("view"))


def _answered_view(view: View) -> Json:
    return {
        "id": view.id,
        "team_id": TEAM_ID,
        "app_id": APP_ID,
        "bot_id": BOT_ID,
        "hash": view.hash,
        "root_view_id": view.root_view_id,
        "callback_id": view.body.get("callback_id", ""),
        "private_metadata": view.body.get("private_metadata", ""),
        "external_id": view.external_id,
    }
