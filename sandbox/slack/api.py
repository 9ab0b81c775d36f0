"""
The Web API: the methods a bot of this kind calls, with Slack's own refusals.

Source: docs.slack.dev/reference/methods; the tests hold requests and answers to the
types of @slack/web-api. The answers leave out a message's blocks and a view's title,
which those types cannot express in JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sandbox.slack import limits
from sandbox.slack.state import (
    APP_ID,
    BOT,
    BOT_ID,
    BOT_NAME,
    BOT_USER_ID,
    TEAM_ID,
    Json,
    Message,
    View,
    Workspace,
)
from sandbox.slack.tickets import Refused, Tickets


@dataclass(frozen=True)
class Reply:
    """An HTTP answer of the Web API."""

    body: Json
    status: int = 200
    retry_after_s: int | None = None


@dataclass
class Trouble:
    """What the next calls are to meet with, on purpose."""

    left: int
    reply: Reply
    method: str | None = None


class WebApi:
    """Answers calls; refusals that a test ordered come first."""

    def __init__(self, workspace: Workspace, tickets: Tickets, bot_token: str) -> None:
        self.workspace = workspace
        self.tickets = tickets
        self.bot_token = bot_token
        self.tokens = {bot_token}
        self.scopes: frozenset[str] | None = None
        """What the token may do; None for everything."""
        self.troubles: list[Trouble] = []

    def call(self, method: str, args: Json, token: str | None) -> Reply:
        if ordered := self._ordered(method):
            return ordered
        try:
            return Reply({"ok": True} | self._answer(method, args, token))
        except _MissingScope as missing:
            return Reply(missing.body)
        except Refused as refused:
            return Reply(_refusal(refused))

    def _answer(self, method: str, args: Json, token: str | None) -> Json:
        if method not in _METHODS:
            raise Refused("unknown_method")
        scope, function = _METHODS[method]
        if scope is not None:
            self._authorize(token, scope)
        return function(self, args)

    def _authorize(self, token: str | None, scope: str) -> None:
        if not token:
            raise Refused("not_authed")
        if token not in self.tokens:
            raise Refused("invalid_auth")
        if scope and self.scopes is not None and scope not in self.scopes:
            raise _MissingScope(scope, self.scopes)

    def _ordered(self, method: str) -> Reply | None:
        with self.workspace.changed:
            for trouble in self.troubles:
                if trouble.left and trouble.method in (None, method):
                    trouble.left -= 1
                    return trouble.reply
        return None

    def _test(self, args: Json) -> Json:
        if args.get("error"):
            raise Refused(args["error"])
        return {"args": args}

    def _auth_test(self, args: Json) -> Json:  # noqa: ARG002 - every method is given its arguments
        return {
            "url": "https://sandbox.slack.com/",
            "team": "Sandbox",
            "user": "cloudimages",
            "team_id": TEAM_ID,
            "user_id": BOT_USER_ID,
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }

    def _post_message(self, args: Json) -> Json:
        channel = self._channel(_needed(args, "channel"))
        text, blocks = content(args)
        message = self.workspace.post(channel, text, blocks)
        return {"channel": channel, "ts": message.ts, "message": _answered(message)}

    def _post_ephemeral(self, args: Json) -> Json:
        channel = _needed(args, "channel")
        if self.workspace.channel_name(channel) is None:
            raise Refused("channel_not_found")
        user_id = _needed(args, "user")
        person = self.workspace.people.get(user_id)
        if person is None or (channel.startswith("D") and person.dm_channel != channel):
            raise Refused("user_not_in_channel")
        text, blocks = content(args)
        message = self.workspace.post(channel, text, blocks, only_for=user_id)
        return {"message_ts": message.ts}

    def _update(self, args: Json) -> Json:
        channel = self._channel(_needed(args, "channel"))
        message = self.workspace.find(channel, _needed(args, "ts"))
        if message is None or message.ephemeral:
            raise Refused("message_not_found")
        if message.author != BOT:
            raise Refused("cant_update_message")
        text, blocks = content(args)
        edited = self.workspace.edit(message, text, blocks)
        answered = _answered(edited)
        del answered["ts"]
        return {"channel": channel, "ts": edited.ts, "text": text, "message": answered}

    def _delete(self, args: Json) -> Json:
        channel = self._channel(_needed(args, "channel"))
        message = self.workspace.find(channel, _needed(args, "ts"))
        if message is None or message.ephemeral:
            raise Refused("message_not_found")
        self.workspace.delete(message)
        return {"channel": channel, "ts": message.ts}

    def _users_info(self, args: Json) -> Json:
        person = self.workspace.people.get(_needed(args, "user"))
        if person is None:
            raise Refused("user_not_found")
        return {
            "user": {
                "id": person.user_id,
                "team_id": TEAM_ID,
                "name": person.handle,
                "real_name": person.name,
                "deleted": False,
                "is_bot": False,
                "tz": person.time_zone,
                "tz_label": person.time_zone.partition("/")[2].replace("_", " "),
                "tz_offset": person.utc_offset_s(self.workspace.clock()),
                "profile": {"real_name": person.name, "display_name": person.name},
            }
        }

    def _open_conversation(self, args: Json) -> Json:
        user_ids = _needed(args, "users").split(",")
        person = self.workspace.people.get(user_ids[0])
        if person is None or len(user_ids) > 1:
            raise Refused("user_not_found")
        return {"channel": {"id": person.dm_channel}}

    def _open_view(self, args: Json) -> Json:
        body = _view(args)
        user_id = self.tickets.redeem(_needed(args, "trigger_id"))
        return self._show(user_id, body, ())

    def _push_view(self, args: Json) -> Json:
        body = _view(args)
        user_id = self.tickets.redeem(_needed(args, "trigger_id"))
        stack = self.workspace.modals[user_id]
        if len(stack) >= 3:
            raise Refused("push_limit_reached")
        return self._show(user_id, body, stack)

    def _update_view(self, args: Json) -> Json:
        body = _view(args)
        for user_id, stack in self.workspace.modals.items():
            for i, view in enumerate(stack):
                if args.get("view_id") == view.id or args.get("external_id") == view.external_id:
                    if args.get("hash", view.hash) != view.hash:
                        raise Refused("hash_conflict")
                    newer = renewed(self.workspace, view, body)
                    self.workspace.show(user_id, *stack[:i], newer, *stack[i + 1 :])
                    return {"view": _answered_view(newer)}
        raise Refused("not_found")

    def _publish_view(self, args: Json) -> Json:
        body = _view(args)
        user_id = _needed(args, "user_id")
        if user_id not in self.workspace.people:
            raise Refused("user_not_found")
        home = new_view(self.workspace, user_id, body, ())
        self.workspace.publish(home)
        return {"view": _answered_view(home)}

    def _oauth(self, args: Json) -> Json:
        if not _needed(args, "code").startswith("good"):
            raise Refused("invalid_code")
        return {
            "access_token": self.bot_token,
            "token_type": "bot",
            "scope": ",".join(sorted(self.scopes or {"commands", "chat:write"})),
            "bot_user_id": BOT_USER_ID,
            "app_id": APP_ID,
            "team": {"id": TEAM_ID, "name": "Sandbox"},
            "authed_user": {"id": next(iter(self.workspace.people))},
            "is_enterprise_install": False,
        }

    def _channel(self, channel: str) -> str:
        """A channel to post in; a person's id stands for their conversation with the bot."""
        if channel in self.workspace.people:
            return self.workspace.people[channel].dm_channel
        if self.workspace.channel_name(channel) is None:
            raise Refused("channel_not_found")
        return channel

    def _show(self, user_id: str, body: Json, under: tuple[View, ...]) -> Json:
        view = new_view(self.workspace, user_id, body, under)
        self.workspace.show(user_id, *under, view)
        return {"view": _answered_view(view)}


def content(args: Json) -> tuple[str, list[Json]]:
    """The text and blocks of a message, if Slack would take them."""
    text, blocks = args.get("text") or "", args.get("blocks") or []
    if not text and not blocks:
        raise Refused("no_text")
    problems = limits.check_blocks(blocks)
    if problems:
        raise Refused("invalid_blocks", *problems)
    if limits.too_long(blocks):
        raise Refused("msg_blocks_too_long")
    return str(text)[: limits.TEXT_MAX], blocks


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


class _MissingScope(Exception):  # noqa: N818
    def __init__(self, needed: str, provided: frozenset[str]) -> None:
        super().__init__(needed)
        scopes = ",".join(sorted(provided))
        self.body: Json = {"ok": False, "error": "missing_scope", "needed": needed}
        self.body["provided"] = scopes


def _refusal(refused: Refused) -> Json:
    body: Json = {"ok": False, "error": refused.error}
    if refused.messages:
        body["response_metadata"] = {"messages": list(refused.messages)}
    if refused.messages and refused.error == "invalid_blocks":
        body["errors"] = [message.removeprefix("[ERROR] ") for message in refused.messages]
    return body


def _needed(args: Json, name: str) -> str:
    if not args.get(name):
        known = {
            "channel": "channel_not_found",
            "user": "user_not_found",
            "ts": "message_not_found",
        }
        raise Refused(
            known.get(name, "invalid_arguments"), f"[ERROR] missing required field: {name}"
        )
    return str(args[name])


def _view(args: Json) -> Json:
    return checked_view(args.get("view"))


def _answered(message: Message) -> Json:
    return {
        "type": "message",
        "user": BOT_USER_ID,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "team": TEAM_ID,
        "ts": message.ts,
        "text": message.text,
        "bot_profile": {"id": BOT_ID, "app_id": APP_ID, "name": BOT_NAME, "team_id": TEAM_ID},
    }


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


_METHODS: dict[str, tuple[str | None, Callable[[WebApi, Json], Json]]] = {
    # Each with the scope it needs: "" for any token, None for no token at all.
    "api.test": (None, WebApi._test),
    "auth.test": ("", WebApi._auth_test),
    "chat.postMessage": ("chat:write", WebApi._post_message),
    "chat.postEphemeral": ("chat:write", WebApi._post_ephemeral),
    "chat.update": ("chat:write", WebApi._update),
    "chat.delete": ("chat:write", WebApi._delete),
    "conversations.open": ("im:write", WebApi._open_conversation),
    "oauth.v2.access": (None, WebApi._oauth),
    "users.info": ("users:read", WebApi._users_info),
    "views.open": ("", WebApi._open_view),
    "views.push": ("", WebApi._push_view),
    "views.update": ("", WebApi._update_view),
    "views.publish": ("", WebApi._publish_view),
}
