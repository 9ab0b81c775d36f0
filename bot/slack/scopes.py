"""What the bot may do in a workspace, and why; manifest.json asks for the same."""

from __future__ import annotations

from collections.abc import Mapping

SCOPES: Mapping[str, str] = {
    "app_mentions:read": "Answer when somebody mentions the bot in a channel",
    "channels:read": "Ask whether people of other workspaces read a public channel before posting",
    "chat:write": "Say anything at all: notices, digests, cards, requests for approval",
    "commands": "Receive the slash command, the shortcuts, buttons and forms",
    "files:write": "Send the picture of `report`",
    "groups:read": "As `channels:read`, for private channels",
    "im:history": "Hear what people say to the bot, and look for a message whose answer was lost",
    "im:write": "Begin a conversation with a person who has something to hear",
    "links:read": "Notice links to images",
    "links:write": "Show an image below a link to it",
    "usergroups:read": "Know who is in a user group that has a role",
    "users:read": "Know people's names, time zones, and who has left or is a guest",
}
"""By scope: what it is for."""
