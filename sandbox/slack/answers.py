"""
What an app says through a response URL, or in the body of its ack.

Source: docs.slack.dev, "Handling user interaction", "Message responses".
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.slack.chat import content
from sandbox.slack.refusals import MethodRefused
from sandbox.slack.state import Json, Message, Workspace
from sandbox.slack.tickets import ResponseUrl


@dataclass
class Answers:
    """Takes answers, and remembers every one for those who validate them."""

    workspace: Workspace
    taken: list[Json] = field(default_factory=list)

    def through_url(self, token: str, body: Json) -> tuple[int, Json | None]:
        """The HTTP status and refusal, if any, of a POST to a response URL."""
        try:
            url = self.workspace.tickets.answer(token)
            self.apply(url, body)
        except MethodRefused as refused:
            status = 404 if refused.error.endswith("_url") else 400
            self.taken.append({"body": body, "status": status, "error": refused.error})
            return status, refused.body()
        self.taken.append({"body": body, "status": 200})
        return 200, None

    def apply(self, url: ResponseUrl, body: Json) -> None:
        """Post, replace or delete, as *body* asks."""
        original = self._original(url)
        if body.get("delete_original"):
            if original:
                self.workspace.delete(original)
            return
        text, blocks = content(body)
        if body.get("replace_original") and original:
            self.workspace.edit(original, text, blocks)
            return
        public = body.get("response_type") == "in_channel"
        only_for = None if public else url.user_id
        self.workspace.post(url.channel_id, text, blocks, only_for=only_for)

    def _original(self, url: ResponseUrl) -> Message | None:
        if url.message_ts is None:
            return None
        return self.workspace.find(url.channel_id, url.message_ts)
