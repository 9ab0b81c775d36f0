"""Under what a request is answered: who asks, from where, and what it takes."""

from __future__ import annotations

from dataclasses import dataclass, field

from handlers.core.interactions import Person
from handlers.core.operations import Clearances
from storage import Role


@dataclass(frozen=True)
class RequestContext:
    """Made by the routing table for each request, and asked wherever an account is opened."""

    person: Person
    channel_id: str = ""
    """Where they speak; "" in a form, whose opening was judged by its channel."""
    needs: Role | None = None
    """What an account must give them; None for what concerns no account."""
    clearances: Clearances = field(default_factory=Clearances)
    """What was made sure of since it was asked for the first time."""
