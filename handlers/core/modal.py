"""Forms, in the window that Slack calls a modal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.core.replies import Block, Message


@dataclass(frozen=True)
class Modal:
    """A form to fill in, or with no word for submitting it, a page to read."""

    name: str
    """`<topic>.<verb>`, as in the routing table."""
    title: str
    """At most 24 characters."""
    blocks: tuple[Block, ...]
    submit: str | None = None
    """What the button says that sends it."""
    value: str = ""
    """What comes back with it; a claim, like a button's value. At most 3,000 characters."""


@dataclass(frozen=True)
class FieldErrors:
    """A form was not taken. It stays open, with what was typed."""

    errors: Mapping[str, str]
    """Plain words by block id; under "" those that concern the form as a whole."""


@dataclass(frozen=True)
class Option:
    """One choice of a menu."""

    text: str
    """At most 75 characters are shown."""
    value: str
    """At most 150 characters: Slack takes no more."""
    description: str = ""


Reply = Message | Modal | FieldErrors
"""
What a handler answers.

A message is said where the request came from: in a modal it is a page of it. A modal is
opened, or takes the place of the one that the request came from.
"""
