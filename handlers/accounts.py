"""Linking cloud accounts: which a person has, and how they get one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from handlers.abilities import abilities
from handlers.errors import NoPages, Usage
from handlers.message import Message
from handlers.requests import Command, Person
from handlers.services import Services
from handlers.views import accounts as views
from storage import Account

LINK = "link"
LINKING = "link"
"""The kind of token that the page takes."""
LONGEST = 1500
"""Characters of a command that is remembered; one that is longer is to be given again."""
LIFE = timedelta(minutes=10)


def link(command: Command, services: Services) -> Message:
    """/images link: the address of a page, for this person and ten minutes."""
    if command.words:
        raise Usage(LINK)
    until = services.clock() + LIFE
    return views.link(address(command.person, "", services), until)


def link_first(command: Command, services: Services) -> Message:
    """What a command is answered that needs an account, of a person who has none."""
    until = services.clock() + LIFE
    return views.link(address(command.person, command.text, services), until, command.text)


def linked(account: Account, roles: Sequence[str]) -> Message:
    """What the page has done, said in Slack."""
    return views.linked(account, abilities(roles))


def address(person: Person, then: str, services: Services) -> str:
    """
    Where this person links an account. Whoever has it could link theirs for this person.

    Args:
        then: the command that is to be answered after that; "" for none.

    Raises:
        NoPages: nobody told the bot its own address.
    """
    if not services.public_url:
        raise NoPages(person.team_id, person.user_id)
    until = services.clock() + LIFE
    payload: dict[str, Any] = {
        "team": person.team_id,
        "user": person.user_id,
        "then": then if len(then) <= LONGEST else "",
        "until": until.isoformat(),
    }
    token = services.store.once.issue(LINKING, payload, LIFE.total_seconds())
    return f"{services.public_url}/link/{quote(token)}"
