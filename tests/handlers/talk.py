"""Talking to the bot as Slack would, and reading what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import handlers
from handlers import Click, Message, Person, Services
from sandbox.gallery import aloud


def read(message: Message) -> str:
    """What a person reads, with every time as (time)."""
    return re.sub(r"<!date\^[^>]*>", "(time)", "\n".join(aloud(message)))


def buttons(part: Any) -> Iterator[Mapping[str, Any]]:
    """Every button of a message, in order."""
    if isinstance(part, Message):
        part = part.blocks
    if isinstance(part, Mapping):
        if part.get("type") == "button":
            yield part
        for value in part.values():
            yield from buttons(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from buttons(each)


def labels(message: Message) -> list[str]:
    return [button["text"]["text"] for button in buttons(message)]


@dataclass(frozen=True)
class Talk:
    services: Services

    def say(self, person: Person, text: str) -> Message:
        """The answer to `/images <text>`."""
        return handlers.answer(handlers.parse(person, text, "C1"), self.services)

    def press(self, person: Person, message: Message, label: str, which: int = 0) -> Message:
        """The answer to the button with that label, the first of them or a later one."""
        button = [b for b in buttons(message) if b["text"]["text"] == label][which]
        click = Click(person, button["action_id"], button["value"], "C1")
        return handlers.answer(click, self.services)
