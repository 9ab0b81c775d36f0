"""Words for resumed notifications."""

from __future__ import annotations

from dataclasses import replace

from handlers.core.replies import Message
from handlers.core.text import clean, escape
from handlers.ui.blocks import context, section


def resumed(message: Message, reason: str) -> Message:
    """Add to a reply that notifications had been stopped, why, and that they are on again."""
    line = f"Your notifications had stopped ({escape(clean(reason))}). They are on again."
    blocks = message.blocks or (section(message.text),)
    return replace(message, text=f"{message.text} {line}", blocks=(*blocks, context(line)))
