"""The context of a request: who asks, from where, and the role that it needs."""

from __future__ import annotations

from dataclasses import dataclass, field

from handlers.core.interactions import Person
from handlers.core.operations import Clearances
from storage import Role


@dataclass(frozen=True)
class RequestContext:
    """Built by the dispatcher for each request, and checked wherever an account is used."""

    person: Person
    channel_id: str = ""
    """Channel of the request; "" in a form, whose channel was checked when it was opened."""
    needs: Role | None = None
    """Role needed on an account; None if the request concerns no account."""
    clearances: Clearances = field(default_factory=Clearances)
    """Confirmations and approvals given since the first request."""
    because: str = ""
    """Why the person asks for it."""
