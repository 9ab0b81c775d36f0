"""views.*: modals and home tabs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sandbox.slack import limits
from sandbox.slack.refusals import Refused, needed
from sandbox.slack.state import APP_ID, BOT_ID, TEAM_ID, Json, View, Workspace


def open_view(workspace: Workspace, args: Json) -> Json:
    body = _view(args)
    user_id = workspace.tickets.redeem(needed(args, "trigger_id"))
    return _show(workspace, user_id, body, ())


def push(workspace: Workspace, args: Json) -> Json:
    body = _view(args)
    user_id = workspace.tickets.redeem(needed(args, "trigger_id"))
    stack = workspace.modals[user_id]
    if len(stack) >= 3:
        raise Refused("push_limit_reached")
    return _show(workspace, user_id, body, stack)


def update(workspace: Workspace, args: Json) -> Json:
    body = _view(args)
    for user_id, stack in workspace.modals.items():
        for i, view in enumerate(stack):
            if args.get("view_id") == view.id or args.get("external_id") == view.external_id:
                if args.get("hash", view.hash) != view.hash:
                    raise Refused("hash_conflict")
                newer = renewed(workspace, view, body)
                workspace.show(user_id, *stack[:i], newer, *stack[i + 1 :])
                return {"view": _answered_view(newer)}
    raise Refused("not_found")


def publish(workspace: Workspace, args: Json) -> Json:
    body = _view(args)
    user_id = needed(args, "user_id")
    if user_id not in workspace.people:
        raise Refused("user_not_found")
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
        raise Refused("invalid_arguments", *problems)
    assert isinstance(body, dict)
    return body


def _show(workspace: Workspace, user_id: str, body: Json, under: tuple[View, ...]) -> Json:
    view = new_view(workspace, user_id, body, under)
    workspace.show(user_id, *under, view)
    return {"view": _answered_view(view)}


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
