"""chat.*: messages posted and edited with the bot's token."""

from __future__ import annotations

import json
from typing import Any

from sandbox.slack import limits
from sandbox.slack.refusals import MethodRefused, needed
from sandbox.slack.state import (
    APP_ID,
    BOT,
    BOT_ID,
    BOT_NAME,
    BOT_USER_ID,
    TEAM_ID,
    Json,
    Message,
    Workspace,
)

METADATA_MAX = 8_000


def post_message(workspace: Workspace, args: Json) -> Json:
    channel = channel_of(workspace, needed(args, "channel"))
    text, blocks = content(args)
    message = workspace.post(channel, text, blocks, metadata=_metadata(args.get("metadata")))
    return {"channel": channel, "ts": message.ts, "message": _answered(message)}


def post_ephemeral(workspace: Workspace, args: Json) -> Json:
    channel = needed(args, "channel")
    if workspace.channel_name(channel) is None:
        raise MethodRefused("channel_not_found")
    user_id = needed(args, "user")
    person = workspace.people.get(user_id)
    if person is None or (channel.startswith("D") and person.dm_channel != channel):
        raise MethodRefused("user_not_in_channel")
    text, blocks = content(args)
    message = workspace.post(channel, text, blocks, only_for=user_id)
    return {"message_ts": message.ts}


def update(workspace: Workspace, args: Json) -> Json:
    channel = channel_of(workspace, needed(args, "channel"))
    message = workspace.find(channel, needed(args, "ts"))
    if message is None or message.ephemeral:
        raise MethodRefused("message_not_found")
    if message.author != BOT:
        raise MethodRefused("cant_update_message")
    text, blocks = content(args)
    edited = workspace.edit(message, text, blocks)
    answered = _answered(edited)
    del answered["ts"]
    return {"channel": channel, "ts": edited.ts, "text": text, "message": answered}


def delete(workspace: Workspace, args: Json) -> Json:
    channel = channel_of(workspace, needed(args, "channel"))
    message = workspace.find(channel, needed(args, "ts"))
    if message is None or message.ephemeral:
        raise MethodRefused("message_not_found")
    workspace.delete(message)
    return {"channel": channel, "ts": message.ts}


def content(args: Json) -> tuple[str, list[Json]]:
    """The text and blocks of a message, if Slack would take them."""
    text, blocks = args.get("text") or "", args.get("blocks") or []
    if not text and not blocks:
        raise MethodRefused("no_text")
    problems = limits.check_blocks(blocks)
    if problems:
        raise MethodRefused("invalid_blocks", *problems)
    if limits.too_long(blocks):
        raise MethodRefused("msg_blocks_too_long")
    return str(text)[: limits.TEXT_MAX], blocks


def _metadata(given: Any) -> Json:
    """
    What a message is to carry, as Slack takes it.

    Source: docs.slack.dev/messaging/message-metadata
    """
    if given is None:
        return {}
    if not isinstance(given, dict) or given.keys() != {"event_type", "event_payload"}:
        raise MethodRefused("invalid_metadata_format")
    if not isinstance(given["event_type"], str) or not isinstance(given["event_payload"], dict):
        raise MethodRefused("invalid_metadata_schema")
    if len(json.dumps(given)) > METADATA_MAX:
        raise MethodRefused("metadata_too_large")
    return given


def channel_of(workspace: Workspace, channel: str) -> str:
    """A channel to post in; a person's id means their conversation with the bot."""
    if channel in workspace.people:
        return workspace.people[channel].dm_channel
    if workspace.channel_name(channel) is None:
        raise MethodRefused("channel_not_found")
    return channel


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
