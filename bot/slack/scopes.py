"""What the bot may do in a workspace; manifest.json asks for the same."""

SCOPES = (
    *("app_mentions:read", "channels:read", "chat:write", "commands", "files:write"),
    *("groups:read", "im:history", "im:write", "links:read", "links:write"),
    *("usergroups:read", "users:read"),
)
