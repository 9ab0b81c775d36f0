"""Why somebody asks for a change: `because "…"` at the end of a command, or a field of its form."""

from __future__ import annotations

from dataclasses import replace

from handlers.core.errors import LooksLikeKey
from handlers.core.interactions import Command
from handlers.core.secret_detection import looks_like_key
from handlers.core.text import clean, clip

BECAUSE = "because"
FIELD = "request.because"
"""The field of any form; what is in it is the reason of whatever the form asks for."""
MAX_REASON_LENGTH = 300
"""Characters of a reason: a button has to carry it."""


def split(command: Command) -> tuple[Command, str]:
    """Return the command without its reason, and the reason as it was typed; "" if it has none."""
    words = command.words
    for at in (*range(1, len(words) - 1), *([0] if len(words) > 1 else [])):
        if words[at].casefold() == BECAUSE:
            return replace(command, words=words[:at]), " ".join(words[at + 1 :])
    return command, ""


def tidy(text: str) -> str:
    """
    Return a reason as it is kept: approvers, consumers and the audit's readers see it.

    Raises:
        LooksLikeKey: it looks like a secret.
    """
    if looks_like_key(text):
        raise LooksLikeKey
    return clip(clean(text), MAX_REASON_LENGTH)
