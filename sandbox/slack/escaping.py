"""
How Slack escapes what people type into a command whose app asks for it.

Source: docs.slack.dev/interactivity/implementing-slash-commands, "should_escape": people,
channels and links are resolved, and `&`, `<` and `>` become entities.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sandbox.slack.state import BOT_HANDLE, BOT_USER_ID, CHANNEL_ID, Workspace

_ADDRESS = r"[^\s<>|\"'“”‘’]*[^\s<>|\"'“”‘’.,;:!?)]"
"""The rest of a link: quotes and the marks after it are none of it."""
_TOKEN = re.compile(
    rf"(?P<url>https?://{_ADDRESS})"
    r"|(?P<mail>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    rf"|(?P<host>(?<![\w.@/-])(?:[\w-]+\.)+(?:com|example|net|org)\b(?:/{_ADDRESS})?)"
    r"|(?<!\w)@(?P<handle>\w(?:[\w.-]*\w)?)"
    r"|(?<!\w)\#(?P<channel>\w[\w-]*)"
    r"|(?P<special>[&<>])"
)
_ENTITIES: Mapping[str, str] = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ALL = frozenset({"here", "channel", "everyone"})


def escaped(text: str, workspace: Workspace) -> str:
    """What the app is sent; a name that nobody has stays as it was typed."""
    return _TOKEN.sub(lambda found: _resolved(found, workspace), text)


def _resolved(found: re.Match[str], workspace: Workspace) -> str:
    typed = found[0]
    match found.lastgroup:
        case "special":
            return _ENTITIES[typed]
        case "url":
            return f"<{_harmless(typed)}>"
        case "mail":
            return f"<mailto:{typed}|{typed}>"
        case "host":
            return f"<http://{_harmless(typed)}|{_harmless(typed)}>"
        case "channel":
            known = workspace.channel_name(CHANNEL_ID) == found["channel"]
            return f"<#{CHANNEL_ID}|{found['channel']}>" if known else typed
    return _mention(found["handle"], workspace) or typed


def _mention(handle: str, workspace: Workspace) -> str:
    if handle == BOT_HANDLE:
        return f"<@{BOT_USER_ID}>"
    if handle in _ALL:
        return f"<!{handle}>"
    for person in workspace.people.values():
        if person.handle == handle:
            return f"<@{person.user_id}|{handle}>"
    for group_id, name in workspace.group_handles.items():
        if name == handle:
            return f"<!subteam^{group_id}|@{handle}>"
    return ""


def _harmless(text: str) -> str:
    return "".join(_ENTITIES.get(character, character) for character in text)
