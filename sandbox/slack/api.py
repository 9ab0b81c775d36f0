"""
The Web API: the methods a bot of this kind calls, with Slack's own refusals.

Source: docs.slack.dev/reference/methods; the tests hold requests and answers to the
types of @slack/web-api. The answers leave out a message's blocks and a view's title,
which those types cannot express in JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack import chat, files, history, links, views, workflows
from sandbox.slack.refusals import MethodRefused, needed
from sandbox.slack.state import (
    APP_ID,
    BOT_ID,
    BOT_USER_ID,
    TEAM_DOMAIN,
    TEAM_ID,
    Json,
    Person,
    Workspace,
)


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
    channel: str | None = None
    """Only of calls about it; None for any."""

    def meets(self, method: str, args: Json) -> bool:
        return (
            self.left > 0
            and self.method in (None, method)
            and self.channel in (None, args.get("channel"))
        )


class WebApi:
    """Answers calls; refusals that a test ordered come first."""

    def __init__(self, workspace: Workspace, bot_token: str) -> None:
        self.workspace = workspace
        self.bot_token = bot_token
        self.base_url = ""
        """Where the stand-in is reached: files are uploaded there."""
        self.tokens = {bot_token}
        self.org_wide = False
        """Whether the token is an organisation's: some methods then need a `team_id`."""
        self.pictures = True
        """Whether people have one. It would be loaded from Slack itself."""
        self.scopes: frozenset[str] | None = None
        """What the token may do; None for everything."""
        self.troubles: list[Trouble] = []

    def call(self, method: str, args: Json, token: str | None) -> Reply:
        if ordered := self._ordered(method, args):
            return ordered
        try:
            return Reply({"ok": True} | self._answer(method, args, token))
        except MethodRefused as refused:
            return Reply(refused.body())

    def _answer(self, method: str, args: Json, token: str | None) -> Json:
        if method not in _METHODS:
            raise MethodRefused("unknown_method")
        scope, function = _METHODS[method]
        if scope is not None:
            self._authorize(token, scope)
        return function(self, args)

    def _authorize(self, token: str | None, scope: str) -> None:
        if not token:
            raise MethodRefused("not_authed")
        if token not in self.tokens:
            raise MethodRefused("invalid_auth")
        self.need(scope)

    def need(self, scope: str) -> None:
        """Refuse if the token may not do that."""
        if scope and self.scopes is not None and scope not in self.scopes:
            provided = ",".join(sorted(self.scopes))
            raise MethodRefused("missing_scope", needed=scope, provided=provided)

    def _ordered(self, method: str, args: Json) -> Reply | None:
        with self.workspace.changed:
            for trouble in self.troubles:
                if trouble.meets(method, args):
                    trouble.left -= 1
                    return trouble.reply
        return None


def _test(_: WebApi, args: Json) -> Json:
    if args.get("error"):
        raise MethodRefused(args["error"])
    return {"args": args}


def _auth_test(_: WebApi, __: Json) -> Json:
    return {
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": "Sandbox",
        "user": "cloudimages",
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def _users_info(api: WebApi, args: Json) -> Json:
    person = api.workspace.people.get(needed(args, "user"))
    if person is None:
        raise MethodRefused("user_not_found")
    user = {
        "id": person.user_id,
        "team_id": TEAM_ID,
        "name": person.handle,
        "real_name": person.name,
        "deleted": person.user_id in api.workspace.left,
        "is_bot": False,
        "tz": person.time_zone,
        "tz_label": person.time_zone.partition("/")[2].replace("_", " "),
        "tz_offset": person.utc_offset_s(api.workspace.clock()),
        "profile": {"real_name": person.name, "display_name": person.name} | _picture(api, person),
    }
    return {"user": user}


def _picture(api: WebApi, person: Person) -> Json:
    url = f"https://avatars.slack-edge.com/made-up/{person.user_id}_192.png"
    return {"image_192": url} if api.pictures else {}


def _group_members(api: WebApi, args: Json) -> Json:
    if api.org_wide and not args.get("team_id"):
        raise MethodRefused("missing_argument", "[ERROR] missing required field: team_id")
    members = api.workspace.groups.get(needed(args, "usergroup"))
    if members is None:
        raise MethodRefused("no_such_subteam")
    return {"users": list(members)}


def _groups(api: WebApi, args: Json) -> Json:
    if api.org_wide and not args.get("team_id"):
        raise MethodRefused("missing_argument", "[ERROR] missing required field: team_id")
    handles = api.workspace.group_handles
    return {
        "usergroups": [
            {"id": group_id, "team_id": TEAM_ID, "name": handle, "handle": handle}
            for group_id, handle in (
                (each, handles.get(each, each)) for each in api.workspace.groups
            )
        ]
    }


def _open_conversation(api: WebApi, args: Json) -> Json:
    user_ids = needed(args, "users").split(",")
    person = api.workspace.people.get(user_ids[0])
    if person is None or len(user_ids) > 1:
        raise MethodRefused("user_not_found")
    if person.user_id in api.workspace.left:
        raise MethodRefused("user_disabled")
    return {"channel": {"id": person.dm_channel}}


def _history(api: WebApi, args: Json) -> Json:
    api.need(history.scope_for(args))
    return history.history(api.workspace, args)


def _channel_info(api: WebApi, args: Json) -> Json:
    channel = needed(args, "channel")
    if api.workspace.channel_name(channel) is None:
        raise MethodRefused("channel_not_found")
    shared = channel in api.workspace.shared_channels
    return {"channel": {"id": channel, "is_channel": True, "is_ext_shared": shared}}


def _oauth(api: WebApi, args: Json) -> Json:
    """Any code that begins with `good` is one that a person brings back from installing."""
    if not needed(args, "code").startswith("good"):
        raise MethodRefused("invalid_code")
    return {
        "access_token": api.bot_token,
        "token_type": "bot",
        "scope": ",".join(sorted(api.scopes or {"commands", "chat:write"})),
        "bot_user_id": BOT_USER_ID,
        "app_id": APP_ID,
        "team": {"id": TEAM_ID, "name": "Sandbox"},
        "authed_user": {"id": next(iter(api.workspace.people))},
        "is_enterprise_install": False,
    }


Method = Callable[[WebApi, Json], Json]


def _on(method: Callable[[Workspace, Json], Json]) -> Method:
    return lambda api, args: method(api.workspace, args)


_METHODS: dict[str, tuple[str | None, Method]] = {
    # Each with the scope it needs: "" for any token, None for no token at all.
    "api.test": (None, _test),
    "auth.test": ("", _auth_test),
    "chat.postMessage": ("chat:write", _on(chat.post_message)),
    "chat.postEphemeral": ("chat:write", _on(chat.post_ephemeral)),
    "chat.update": ("chat:write", _on(chat.update)),
    "chat.delete": ("chat:write", _on(chat.delete)),
    "chat.unfurl": ("links:write", _on(links.unfurl)),
    "conversations.history": ("", _history),
    "conversations.info": ("channels:read", _channel_info),
    "conversations.open": ("im:write", _open_conversation),
    "files.getUploadURLExternal": (
        "files:write",
        lambda api, args: files.upload_url(api.workspace, args, api.base_url),
    ),
    "files.completeUploadExternal": (
        "files:write",
        lambda api, args: files.complete(api.workspace, args, api.base_url),
    ),
    "functions.completeError": ("", _on(workflows.complete_error)),
    "functions.completeSuccess": ("", _on(workflows.complete_success)),
    "oauth.v2.access": (None, _oauth),
    "usergroups.list": ("usergroups:read", _groups),
    "usergroups.users.list": ("usergroups:read", _group_members),
    "users.info": ("users:read", _users_info),
    "views.open": ("", _on(views.open_view)),
    "views.push": ("", _on(views.push)),
    "views.update": ("", _on(views.update)),
    "views.publish": ("", _on(views.publish)),
}
