"""How Slack says no."""

from __future__ import annotations

from typing import Any


class MethodRefused(Exception):
    """Slack would refuse this, with this code; *messages* go to `response_metadata`."""

    def __init__(self, error: str, *messages: str, **more: str) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages
        self.more = more

    def body(self) -> dict[str, Any]:
        """The refusal as the Web API answers it."""
        body: dict[str, Any] = {"ok": False, "error": self.error} | self.more
        if self.messages:
            body["response_metadata"] = {"messages": list(self.messages)}
        if self.messages and self.error == "invalid_blocks":
            body["errors"] = [message.removeprefix("[ERROR] ") for message in self.messages]
        return body


def needed(args: dict[str, Any], name: str) -> str:
    """An argument that a method cannot do without."""
    if args.get(name):
        return str(args[name])
    known = {"channel": "channel_not_found", "user": "user_not_found", "ts": "message_not_found"}
    message = f"[ERROR] missing required field: {name}"
    raise MethodRefused(known.get(name, "invalid_arguments"), message)
