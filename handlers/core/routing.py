"""The routes: verbs, buttons, forms and menus, of which each topic has its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Self

from handlers.core.command_line import VALUED
from handlers.core.errors import UnknownVerb
from handlers.core.interactions import Click, Command, Request, Search, Submission
from handlers.core.replies import Option, Reply
from handlers.core.services import Services
from handlers.core.suggestions import closest
from storage import Role

LOCATION_OPTIONS = frozenset({"region", "account"})
PUBLIC_OPTION = frozenset({"public"})


@dataclass(frozen=True)
class Pick:
    """The fields of a bare verb's form, besides the image."""

    label: str = ""
    """The label of a field for the other words; "" if there are none."""
    reason: bool = False
    """Whether it asks for the reason, too; a form that follows asks for it itself."""


def typed_alone(command: Command) -> bool:
    """Tell whether nothing follows the verb."""
    return not command.words


@dataclass(frozen=True)
class Verb:
    """A command."""

    name: str
    form: str
    """How to write it, after `/images`."""
    help: str
    """One line: what it does."""
    needs: Role | None
    """Role needed on an account; None if it concerns no account."""
    function: Callable[[Command, Services], Reply]
    options: frozenset[str] = frozenset()
    details: str = ""
    """The additional text of `help <verb>`."""
    opens: Callable[[Command], bool] = lambda _: False
    """Whether the command opens a form. Slack accepts that within 3 s only."""
    opened: Callable[[Command, Services], Reply] | None = None
    """Answers the command if it opens a form; None if `function` does that, too."""
    changes: bool = False
    """Whether it changes something without a question of its own."""
    asks_cloud: bool = True
    """Whether answering it may ask a cloud. Those that do not never wait behind the others."""
    picks: Pick | None = None
    """If bare, it opens a form that asks for the image."""
    aliases: tuple[str, ...] = ()
    """Other words for it."""
    takes_reason: bool = False
    """Whether it takes `because "…"`: what it does may need approval."""

    def answer(self, command: Command, services: Services) -> Reply:
        opened = self.opened if self.opens(command) else None
        return (opened or self.function)(command, services)

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)

    @property
    def usage(self) -> tuple[str, ...]:
        """
        Its own options beside those in its form, with examples of their values.

        Options that many verbs share, such as the region, are left out.
        """
        own = self.options - LOCATION_OPTIONS - PUBLIC_OPTION
        left = sorted(option for option in own if f"--{option}" not in self.form)
        return tuple(f"--{option} {VALUED.get(option, '')}".strip() for option in left)


@dataclass(frozen=True)
class Button:
    """The function that answers a click."""

    function: Callable[[Click, Services], Reply]
    needs: Role | None
    """As of a verb; checked again when the button is pressed."""
    opens: bool = False
    """Whether it is answered with a form."""
    asks_cloud: bool = True
    """As of a verb."""


@dataclass(frozen=True)
class Repeat:
    """A button that repeats an earlier request."""

    request: Callable[[Click, Services], Request]
    needs: Role | None = None
    command: Callable[[Click], Command | None] = lambda _: None
    """The command that the button repeats, read from its value alone; None if it is no command."""


@dataclass(frozen=True)
class Form:
    """The function that answers a submitted form."""

    function: Callable[[Submission, Services], Reply]
    needs: Role | None
    asks_cloud: bool = True
    """As of a verb."""
    stays: bool = False
    """Whether its outcome is sent as a message, too: a window is closed and forgotten."""


@dataclass(frozen=True)
class Menu:
    """The function that finds the options of a menu for the words typed so far."""

    function: Callable[[Search, Services], Sequence[Option]]
    asks_cloud: bool = True
    """As of a verb."""


Recovery = Callable[[Request, Any, Services], Reply]
"""What to do about an error, besides showing its words."""


@dataclass(frozen=True)
class Routes:
    """The rows of a topic, or of several."""

    verbs: tuple[Verb, ...] = ()
    buttons: Mapping[str, Button] = field(default_factory=dict)
    """By action id."""
    repeats: Mapping[str, Repeat] = field(default_factory=dict)
    """By action id."""
    forms: Mapping[str, Form] = field(default_factory=dict)
    """By callback id."""
    resubmits: Mapping[str, Callable[[Submission, Services], Command]] = field(default_factory=dict)
    """By callback id: forms that complete a command."""
    menus: Mapping[str, Menu] = field(default_factory=dict)
    """By action id."""
    recoveries: Mapping[type[Exception], Recovery] = field(default_factory=dict)
    """By error."""

    @classmethod
    def sum(cls, topics: Sequence[Routes]) -> Self:
        """
        Join the routes of all topics.

        Raises:
            ValueError: two topics have a row of the same name.
        """
        tables: dict[str, Any] = {"verbs": tuple(v for topic in topics for v in topic.verbs)}
        for table in (each.name for each in fields(cls) if each.name != "verbs"):
            tables[table] = _joined(table, [getattr(topic, table) for topic in topics])
        return cls(**tables)


def find_verb(name: str, verbs: Sequence[Verb]) -> Verb:
    """
    Return the verb of that name.

    Raises:
        UnknownVerb: there is none; with the most similar one as a suggestion.
    """
    for verb in verbs:
        if name in verb.names:
            return verb
    raise UnknownVerb(name, closest(name, [verb.name for verb in verbs]))


def _joined(table: str, parts: Sequence[Mapping[Any, Any]]) -> Mapping[Any, Any]:
    joined = {key: row for part in parts for key, row in part.items()}
    if len(joined) != sum(map(len, parts)):
        raise ValueError(f"two topics name the same row in {table}")
    return joined
