"""Whoever may meet the bot: every role, however it was come by, wherever it is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handlers import Person
from handlers.core.roles import OPEN_MOST
from storage import Role, Subject, lowest
from tests.handlers.conftest import PRODUCER
from tests.handlers.matrix import NOWHERE, OWNER, World

CEILINGS = (Role.NONE, Role.VIEWER, Role.ADMIN)
"""Of the channels in which everything is tried; the last is no limit."""
PRIVATE = "D1"


@dataclass(frozen=True)
class Who:
    """A person, and what they hold of the producer's account."""

    name: str
    person: Person
    role: Role
    linked: bool = False
    by_channel: bool = False
    """Whether they hold it only where they speak in channels that were given the role."""

    def places(self) -> Iterator[tuple[str, Role]]:
        """Channels to speak in, each with the role that counts there."""
        for ceiling in CEILINGS:
            yield self.channel(ceiling), lowest(self.role, ceiling)
        yield PRIVATE, self.role if self.holds(PRIVATE) else Role.NONE

    def holds(self, channel: str) -> bool:
        """Whether they have any role there, were it not for the channel's ceiling."""
        return self.role != Role.NONE and not (self.by_channel and channel == PRIVATE)

    def channel(self, ceiling: Role) -> str:
        return f"C-{self.role if self.by_channel else 'any'}-{ceiling}"


def everybody(world: World) -> list[Who]:
    """All of the workspace, with their roles given and their channels bounded."""
    people = [
        Who("the one who linked it first", OWNER, Role.ADMIN, linked=True),
        Who("a colleague who linked it too", Person("T1", "U40"), Role.OPERATOR, linked=True),
        Who("somebody with nothing", Person("T1", "U70"), Role.NONE),
    ]
    world.link(Person("T1", "U40"), PRODUCER)
    for n, role in enumerate(Role):
        linked, lent = Person("T1", f"U41{n}"), Person("T1", f"U5{n}")
        world.link(linked, PRODUCER)
        _give(world, Subject.PERSON, linked.user_id, role)
        _give(world, Subject.PERSON, lent.user_id, role)
        people.append(Who(f"a colleague who linked it and is {role}", linked, role, linked=True))
        people.append(Who(f"a borrower who is {role}", lent, role))
        if role == Role.NONE:
            continue
        held = lowest(role, OPEN_MOST)
        _give(world, Subject.GROUP, f"S-{role}", role)
        people.append(Who(f"one of a group that is {role}", Person("T1", f"U6{n}"), held))
        by_channel = Who(f"one of a channel that is {role}", Person("T1", "U70"), held, False, True)
        people.append(by_channel)
        for ceiling in CEILINGS:
            _give(world, Subject.CHANNEL, by_channel.channel(ceiling), role)
    for who in people:
        _bound(world, who)
    return people


def strangers(world: World) -> dict[str, tuple[Person, str]]:
    """
    People of other workspaces, each with the workspace where they speak, "" for their own.

    They have the same user id as the one who linked the account first.
    """
    elsewhere = Person("T3", "U1")
    world.link(elsewhere, NOWHERE)
    return {
        "a guest of a shared channel": (Person("T2", "U1"), "T1"),
        "a guest who has linked an account at home": (elsewhere, "T1"),
        "somebody with the same bot elsewhere": (elsewhere, ""),
        "somebody elsewhere who has linked nothing": (Person("T2", "U1"), ""),
    }


def _give(world: World, kind: Subject, subject: str, role: Role) -> None:
    account = world.services.current_account(OWNER)
    world.services.store.rights.grant(account.key, account.id, kind, subject, role, OWNER.user_id)


def _bound(world: World, who: Who) -> None:
    key = world.services.current_account(OWNER).key
    for ceiling in CEILINGS[:-1]:
        world.services.store.rights.limit(key, who.channel(ceiling), ceiling, OWNER.user_id)
