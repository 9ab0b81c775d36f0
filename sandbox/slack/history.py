"""
What was said in a conversation, for an app that may read it.

Source: docs.slack.dev/reference/methods/conversations.history.
"""

from __future__ import annotations

from sandbox.slack.refusals import MethodRefused, needed
from sandbox.slack.state import BOT, BOT_ID, BOT_USER_ID, Json, Message, Workspace

MOST = 999


def scope_for(args: Json) -> str:
    """Each kind of conversation has its own."""
    return "im:history" if needed(args, "channel").startswith("D") else "channels:history"


def history(workspace: Workspace, args: Json) -> Json:
    """Newest first; what only one person sees is not there."""
    channel, limit = needed(args, "channel"), args.get("limit", 100)
    if workspace.channel_name(channel) is None:
        raise MethodRefused("channel_not_found")
    if not isinstance(limit, int) or not 0 < limit <= MOST:
        raise MethodRefused("invalid_limit")
    oldest, begin = float(args.get("oldest", 0)), _begin(args.get("cursor"))
    found = [
        _told(message, whole=bool(args.get("include_all_metadata")))
        for message in reversed(workspace.said_in(channel))
        if float(message.ts) > oldest
    ]
    more = len(found) > begin + limit
    answer = {"messages": found[begin : begin + limit], "has_more": more, "pin_count": 0}
    return answer | {"response_metadata": {"next_cursor": f"from:{begin + limit}" if more else ""}}


def _begin(cursor: str | None) -> int:
    word, _, number = (cursor or "from:0").partition(":")
    if word != "from" or not number.isdigit():
        raise MethodRefused("invalid_cursor")
    return int(number)


def _told(message: Message, *, whole: bool) -> Json:
    by = {"user": message.user_id} if message.author != BOT else {"bot_id": BOT_ID}
    told = {"type": "message", "user": BOT_USER_ID, **by, "ts": message.ts, "text": message.text}
    return told | ({"metadata": message.metadata} if whole and message.metadata else {})
