"""All that can be asked of the bot, as its routing table has it, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

import handlers
from handlers import FieldErrors, Message, Modal, Person, Reply
from handlers.accounts.views.accounts import RUN
from handlers.approvals.views.cards import AGAIN
from handlers.core.interactions import Request
from handlers.images.views.choose import CHOOSE
from storage import Role
from tests.handlers.matrix import World

Thing = tuple[str, str]
"""How it is asked for, and its name in the routing table."""

REPEATED = {RUN: Role.OPERATOR, CHOOSE: Role.OPERATOR, AGAIN: Role.OPERATOR}
"""Buttons that ask for something else again, and what that takes in the examples."""
DECIDES = frozenset(
    {
        *("approve", "deny", "approvals.decide"),
        *("approvals.approve", "approvals.approve_because", "approvals.deny"),
        "approvals.details",
    }
)
"""They look for the role themselves, of the account that the request is about."""
ROUTED = {
    **{("say", verb.name): verb.needs for verb in handlers.ROUTES.verbs},
    **{("press", action_id): button.needs for action_id, button in handlers.ROUTES.buttons.items()},
    **{("press", action_id): needs for action_id, needs in REPEATED.items()},
    **{("send", name): form.needs for name, form in handlers.ROUTES.forms.items()},
    **{("find", menu): Role.VIEWER for menu in handlers.ROUTES.menus},
}
NEEDS = {
    **{thing: needs for thing, needs in ROUTED.items() if needs},
    **{thing: Role.APPROVER for thing in ROUTED if thing[1] in DECIDES},
    ("say", "name"): Role.OPERATOR,  # to look into the address book takes less than the example
}


def things(*needs: Role) -> pytest.MarkDecorator:
    """All that takes one of these roles."""
    chosen = [thing for thing, needed in NEEDS.items() if needed in needs]
    return pytest.mark.parametrize("thing", chosen, ids=" ".join)


def answer(world: World, thing: Thing, person: Person, channel: str, team: str = "") -> Reply:
    how, what = thing
    if how == "find":
        found = handlers.DISPATCHER.find_options(
            world.search(person, what, channel), world.services
        )
        return Message(", ".join(f"{each.text} {each.description}" for each in found))
    return handlers.answer(asked(world, thing, person, channel, team), world.services)


def asked(
    world: World, thing: Thing, person: Person, channel: str = "C1", team: str = ""
) -> Request:
    how, what = thing
    asks: Mapping[str, Callable[..., Request]] = {
        "say": world.command,
        "press": world.click,
        "send": world.form,
    }
    return asks[how](person, what, channel, team)


def text(reply: Reply) -> str:
    """All that one reads, and what it carries, without Slack's marks."""
    match reply:
        case Message():
            said = f"{reply.text} {reply.blocks}" if reply.blocks else reply.text
        case FieldErrors():
            said = " ".join(reply.errors.values())
        case Modal():
            said = f"{reply.title} {reply.blocks} {reply.value}"
    return re.sub("[`*]", "", said)
