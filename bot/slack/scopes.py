"""The scopes the bot needs in a workspace, and why; manifest.json asks for the same."""

from __future__ import annotations

from collections.abc import Mapping

SCOPES: Mapping[str, str] = {
    "app_mentions:read": "Answer when somebody mentions the bot in a channel",
    "channels:read": "Check before posting whether other workspaces share a public channel",
    "chat:write": "Post messages: notifications, digests, cards, requests for approval",
    "commands": "Receive the slash command, the shortcuts, buttons and forms",
    "files:write": "Upload the chart of `report`",
    "groups:read": "As `channels:read`, for private channels",
    "im:history": "Read direct messages to the bot, and check whether one of its own arrived",
    "im:write": "Open a conversation with a person to notify",
    "links:read": "Receive links to images",
    "links:write": "Show a preview below a link to an image",
    "usergroups:read": "List the user groups, and read who is in one that has a role",
    "users:read": "Read people's names and time zones, and who has left or is a guest",
}
"""What each scope is for."""
