"""What a verb of the grammar is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.modal import Reply
from handlers.requests import Command
from handlers.services import Services


@dataclass(frozen=True)
class Verb:
    """One line of the routing table."""

    name: str
    form: str
    """How to write it, after `/images`."""
    help: str
    """One line: what it does."""
    function: Callable[[Command, Services], Reply]
    options: frozenset[str] = frozenset()
    more: str = ""
    """What `help <verb>` adds."""
    opens: Callable[[Command], bool] = lambda _: False
    """Whether such a command is answered with a form. Slack lets one be opened for 3 s only."""
    changes: bool = False
    """Whether it changes something without a question of its own."""
