"""
How Slack escapes what people type into a command whose app asks for it.

Source: docs.slack.dev/interactivity/implementing-slash-commands, "should_escape": people,
channels and links are resolved, and `&`, `<` and `>` become entities.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sandbox.slack.state import CHANNEL_ID, Workspace

_TOKEN = re.compile(r"@([\w][\w.-]*)|#([\w][\w-]*)|(https?://[^\s<>|]+)|([&<>])")
_ENTITIES: Mapping[str, str] = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(text: str, workspace: Workspace) -> str:
    """What the app is sent; a name that nobody has stays as it was typed."""
    return _TOKEN.sub(lambda found: _resolved(found, workspace), text)


def _resolved(found: re.Match[str], workspace: Workspace) -> str:
    handle, channel, link, special = found.groups()
    if special:
        return _ENTITIES[special]
    if link:
        return f"<{link}>"
    if channel:
        known = workspace.channel_name(CHANNEL_ID)
        return f"<#{CHANNEL_ID}|{channel}>" if channel == known else found[0]
    for person in workspace.people.values():
        if person.handle == handle:
            return f"<@{person.user_id}|{handle}>"
    for group_id, name in workspace.group_handles.items():
        if name == handle:
            return f"<!subteam^{group_id}|@{handle}>"
    return found[0]
