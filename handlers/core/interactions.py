"""Requests of people, parsed from Slack's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Fields = Mapping[str, str | tuple[str, ...]]
"""What a form holds, by action id: a text, or several chosen values. "" where nothing is."""


@dataclass(frozen=True)
class Person:
    """Someone in a Slack workspace. User ids are unique only within their workspace."""

    team_id: str
    user_id: str

    @property
    def actor(self) -> str:
        """How the audit names them: `T1/U2`."""
        return f"{self.team_id}/{self.user_id}"

    @property
    def mention(self) -> str:
        """How a message names them."""
        return f"<@{self.user_id}>"


def is_shared(channel_id: str | None) -> bool:
    """Tell whether others read a conversation: it is not a person's own with the bot."""
    return bool(channel_id) and not str(channel_id).startswith("D")


@dataclass(frozen=True)
class Command:
    """`/images <verb> <words> --option=value`, parsed."""

    person: Person
    verb: str
    words: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Each `--option` with the values it was given, in order; an empty tuple for a bare flag."""
    channel_id: str = ""
    text: str = ""
    """What was typed after `/images`."""
    unreadable: bool = False
    """A quotation mark was opened and never closed, so the words are not to be trusted."""
    team_id: str = ""
    """The workspace in which it was given; "" if that is the person's own."""

    def last(self, option: str) -> str | None:
        """The value of an option that has one; the last, if it was given twice."""
        values = self.options.get(option)
        return values[-1] if values else None


@dataclass(frozen=True)
class Click:
    """A button pressed. Its value is a claim, never a permission: check it again."""

    person: Person
    action_id: str
    """`<topic>.<verb>`, as in the routing table."""
    value: str = ""
    channel_id: str = ""
    ephemeral: bool = True
    """Whether the message with the button is seen by this person alone."""
    message_ts: str = ""
    """The message with the button; "" in a window or a home."""
    team_id: str = ""
    """The workspace in which it was pressed; "" if that is the person's own."""

    @property
    def read_by_others(self) -> bool:
        """Whether others read the message with the button. Nobody else reads a window or a home."""
        lasting = bool(self.message_ts) and not self.ephemeral
        return lasting and is_shared(self.channel_id)


@dataclass(frozen=True)
class Submission:
    """A form sent. Its value is a claim, as a button's is."""

    person: Person
    view: str
    """`<topic>.<verb>`, as in the routing table."""
    value: str = ""
    fields: Fields = field(default_factory=lambda: MappingProxyType({}))
    channel_id: str = ""
    """Where the form was asked for."""
    team_id: str = ""
    """The workspace in which it was sent; "" if that is the person's own."""

    def text(self, name: str) -> str:
        """What was typed or chosen, without the spaces around it; "" if nothing was."""
        value = self.fields.get(name, "")
        return value.strip() if isinstance(value, str) else " ".join(value)

    def chosen(self, name: str) -> tuple[str, ...]:
        """What was chosen where several may be."""
        value = self.fields.get(name, ())
        return value if isinstance(value, tuple) else (value,) if value else ()


Request = Command | Click | Submission


@dataclass(frozen=True)
class Search:
    """Words typed into a menu whose options we give."""

    person: Person
    action_id: str
    words: str = ""
    value: str = ""
    """The value of the form that the menu is in; "" in a message."""
    channel_id: str = ""
    """Where the form was asked for."""


@dataclass(frozen=True)
class Links:
    """Addresses in a message that somebody has posted."""

    person: Person
    urls: tuple[str, ...]
    channel_id: str
