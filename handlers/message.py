"""An answer: its blocks and its fallback text as one value, so that none lacks the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

Block = Mapping[str, Any]
"""One Block Kit block, as Slack's JSON."""


@dataclass(frozen=True)
class Message:
    """
    What to say. To a command it is the answer, seen by the person alone unless public.
    To a click it redraws the message clicked, unless it is a note beside it.
    """

    text: str
    """Plain words for notifications and screen readers; never empty."""
    blocks: tuple[Block, ...] = ()
    public: bool = False
    note: bool = False
    """Say this beside the message that was clicked, which stays as it is."""

    def as_note(self) -> Message:
        return replace(self, note=True)
