"""What the routing table says of a verb, a button and a form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.core.interactions import Click, Command, Submission
from handlers.core.modal import Reply
from handlers.core.services import Services
from storage.access.roles import Role


@dataclass(frozen=True)
class Verb:
    """One line of the routing table."""

    name: str
    form: str
    """How to write it, after `/images`."""
    help: str
    """One line: what it does."""
    needs: Role | None
    """What an account must give the person for it; None if it concerns no account."""
    function: Callable[[Command, Services], Reply]
    options: frozenset[str] = frozenset()
    more: str = ""
    """What `help <verb>` adds."""
    opens: Callable[[Command], bool] = lambda _: False
    """Whether such a command is answered with a form. Slack lets one be opened for 3 s only."""
    changes: bool = False
    """Whether it changes something without a question of its own."""


@dataclass(frozen=True)
class Button:
    """What answers a click."""

    function: Callable[[Click, Services], Reply]
    needs: Role | None
    """As of a verb. It is asked again of whoever presses."""
    opens: bool = False
    """Whether it is answered with a form."""


@dataclass(frozen=True)
class Form:
    """What answers a form that was sent."""

    function: Callable[[Submission, Services], Reply]
    needs: Role | None
