"""The facts that a request for approval shows, as stored with it."""

from __future__ import annotations

from handlers.core.facts import Facts
from storage import Approval


def shown_facts(approval: Approval) -> Facts | None:
    """Return its facts; None if the last release stored it."""
    kept = approval.request.get("shown")
    return Facts.from_json(kept) if kept else None
