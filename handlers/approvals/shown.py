"""What a request for approval shows, as it is kept with it."""

from __future__ import annotations

from handlers.core.facts import Facts
from storage import Approval


def shown_facts(approval: Approval) -> Facts | None:
    """Return all that is shown of it; None for what the last release has kept."""
    kept = approval.request.get("shown")
    return Facts.from_json(kept) if kept else None
