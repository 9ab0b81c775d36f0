"""
Every verb, button and form, for every role and every relation to the account.

Generated from the routing table: what is added to it and has no example here fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pytest

import handlers
from cloud import AuthType, Clouds, Credentials
from handlers import FieldErrors, Message, Modal, Person, Reply, Services
from handlers.replays import Request
from sandbox.cloud import CloudStandIn
from storage import Policy, Role, Store, Subject, new_key
from storage.clock import utc_now
from storage.roles import lowest
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PASSWORD, PRODUCER
from tests.handlers.matrix import COMMANDS, World

OWNER = Person("T1", "U1")
NOWHERE = "9900999"
"""An account that nobody shares anything with."""
VERBS = {verb.name: verb.needs for verb in handlers.VERBS if verb.needs}
BUTTONS = {name: button.needs for name, button in handlers.ACTIONS.items() if button.needs}
FORMS = {name: form.needs for name, form in handlers.VIEWS.items() if form.needs}
NEEDS = {**VERBS, **BUTTONS, **FORMS, "name": Role.OPERATOR}
"""To look into the address book takes less than to write in it, as the example does."""
OWN = frozenset({"home.transfer", "transfers.look"})
"""Whoever began a transfer may look at it wherever they are."""
THINGS = [
    *(("say", name) for name in VERBS),
    *(("press", name) for name in BUTTONS),
    *(("send", name) for name in FORMS),
]
REFUSED = re.compile(
    r"That takes the role|In this channel|No cloud account is linked|This is for account"
    r"|You are a guest from another workspace|This button speaks of an account"
    r"|This list was made for|There is no (transfer|task|request)|needs a cloud account"
    r"|Neither you nor your accounts have a task|You have linked no account"
)
OWN_LIST = frozenset({"invitations.page", "invitations.page_back", "changes.undo"})
"""Buttons of a list that was made for one person, and for nobody else whatever their role."""
UNBOUND = frozenset(
    {
        *("home.images", "home.invitations", "home.status", "digest", "preferences.open"),
        *("preferences.save", "preferences.forget", "preferences.form"),
    }
)
"""They show or change one's own, whatever it is."""


@dataclass(frozen=True)
class Stranger:
    person: Person
    team: str = ""


class Groups:
    """One user group, with one person in it."""

    def members(self, team_id: str, group_id: str) -> frozenset[str]:
        return frozenset({"U60"}) if (team_id, group_id) == ("T1", "S1") else frozenset()


@pytest.fixture(scope="module")
def cloud() -> Iterator[CloudStandIn]:
    with CloudStandIn(regions=("DFW", "ORD")) as cloud:
        for number in (PRODUCER, CONSUMER_A, CONSUMER_B, NOWHERE):
            cloud.add_account(number, f"Account {number}", f"user-{number}", password=PASSWORD)
        yield cloud


@pytest.fixture(scope="module")
def world(cloud: CloudStandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all: what is refused changes nothing, and what is not is asked for last."""
    path = tmp_path_factory.mktemp("matrix") / "store.db"
    store = Store.open(f"sqlite:///{path}", [new_key()])
    store.migrate()
    clouds = Clouds(timeout_s=(2, 5))
    world = World(Services(store, clouds, utc_now, directory=Groups()), cloud, OWNER)
    for user_id, number in (("U1", PRODUCER), ("U2", CONSUMER_A), ("U3", CONSUMER_B)):
        _link(world, Person("T1", user_id), number)
    world.furnish()
    yield world
    clouds.close()
    store.close()


@pytest.fixture(scope="module")
def people(world: World) -> Mapping[tuple[str, Person], Role]:
    """Whoever is to be tried, with the role that they have in all channels."""
    rights, account = world.services.store.rights, world.services.account_of(OWNER)
    people: dict[tuple[str, Person], Role] = {("the owner", OWNER): Role.ADMIN}
    for n, role in enumerate(Role):
        colleague, lent = Person("T1", f"U4{n}"), Person("T1", f"U5{n}")
        _link(world, colleague, PRODUCER)
        for person in (colleague, lent):
            key = (account.key, account.id, Subject.PERSON, person.user_id)
            rights.grant(*key, role, OWNER.user_id)
        people[f"a colleague who is {role}", colleague] = role
        people[f"a borrower who is {role}", lent] = role
    rights.grant(account.key, account.id, Subject.GROUP, "S1", Role.OPERATOR, OWNER.user_id)
    people["somebody in a group", Person("T1", "U60")] = Role.OPERATOR
    people["somebody with nothing", Person("T1", "U70")] = Role.NONE
    return people


def test_everything_that_takes_a_role_has_an_example(world: World) -> None:
    assert COMMANDS.keys() >= VERBS.keys()
    assert world.values.keys() >= BUTTONS.keys()
    assert world.forms.keys() >= FORMS.keys()


@pytest.mark.parametrize(("how", "what"), THINGS, ids=lambda each: str(each))
def test_who_may_is_answered_and_who_may_not_is_told_what_is_missing(
    world: World, people: Mapping[tuple[str, Person], Role], how: str, what: str
) -> None:
    needs = NEEDS[what]

    wrong = []
    for ceiling in (Role.NONE, Role.VIEWER, Role.ADMIN):
        _limit(world, ceiling)
        for (name, person), role in sorted(people.items(), key=lambda item: item[1].rank):
            for channel in ("C1", "D1"):
                most = Role.ADMIN if channel == "D1" else ceiling
                allowed = lowest(role, most).allows(needs)
                if allowed or (what in OWN and person == OWNER):
                    continue
                before = world.changes()
                reply = handlers.answer(_ask(world, how, what, person, channel), world.services)
                if world.changes() != before:
                    wrong.append(f"{name} ({role}, {ceiling}) changed something")
                if not _refused(reply) and what not in UNBOUND:
                    wrong.append(f"{name} ({role}, {ceiling}) was told {_text(reply)[:90]!r}")
    assert wrong == []


@pytest.mark.parametrize(("how", "what"), THINGS, ids=lambda each: str(each))
def test_nobody_of_another_workspace_does_or_learns_anything(
    world: World, how: str, what: str
) -> None:
    """Neither as a guest of a shared channel, nor with a value taken from here."""
    guest = Stranger(Person("T2", "U1"), "T1")
    elsewhere = Stranger(Person("T3", "U1"), "T3")
    _link(world, elsewhere.person, NOWHERE)
    before = world.changes()

    for stranger in (guest, elsewhere):
        request = _ask(world, how, what, stranger.person, "C1", stranger.team)
        said = _text(handlers.answer(request, world.services))

        for typed in (f"no account `{PRODUCER}`", f"no image `{world.place.image_id}`"):
            said = said.replace(typed, "")  # which they gave themselves
        assert PRODUCER not in said
        assert world.place.image_id not in said
    assert world.changes() == before


@pytest.mark.parametrize(
    ("how", "what"),
    [each for each in THINGS if NEEDS[each[1]] == Role.OPERATOR],
    ids=lambda each: str(each),
)
def test_a_strict_account_changes_nothing_by_a_word_or_a_click(
    world: World, how: str, what: str
) -> None:
    services = replace(world.services, public_url="https://bot.example")
    key, before = services.account_of(OWNER).key, world.changes()
    services.store.policies.put(key, Policy(strict=True), "U1")

    handlers.answer(_ask(world, how, what, OWNER, "D1"), services)

    services.store.policies.put(key, Policy(), "U1")
    assert world.changes() == before


@pytest.mark.parametrize(
    ("how", "what"),
    [each for each in THINGS if NEEDS[each[1]] != Role.ADMIN],
    ids=lambda each: str(each),
)
def test_whoever_has_the_role_is_not_refused(
    world: World, people: Mapping[tuple[str, Person], Role], how: str, what: str
) -> None:
    needs = NEEDS[what]
    able = [person for (_, person), role in people.items() if role.allows(needs)]

    refused = []
    for person in able:
        if what in OWN_LIST and person != OWNER:
            continue
        reply = handlers.answer(_ask(world, how, what, person, "D1"), world.services)
        if re.search("That takes the role|In this channel", _text(reply)):
            refused.append((person, _text(reply)))
    assert refused == []


def _link(world: World, person: Person, number: str) -> None:
    options = {"username": f"user-{number}", "password": PASSWORD, "project_id": number}
    url = world.cloud.auth_url_v3
    credentials = Credentials(AuthType.V3_PASSWORD, url, {**options, "user_domain_id": "default"})
    world.services.store.accounts.link(
        person.team_id,
        person.user_id,
        cloud=url,
        project_id=number,
        project_name="",
        user_name="",
        regions=("DFW", "ORD"),
        region=None,
        credentials=credentials.to_json(),
    )


def _limit(world: World, ceiling: Role) -> None:
    account = world.services.account_of(OWNER)
    if ceiling == Role.ADMIN:
        world.services.store.rights.unlimit(account.key, "C1")
    else:
        world.services.store.rights.limit(account.key, "C1", ceiling, OWNER.user_id)


def _ask(
    world: World, how: str, what: str, person: Person, channel: str, team: str = ""
) -> Request:
    match how:
        case "say":
            return world.command(person, COMMANDS[what], channel, team)
        case "press":
            return world.click(person, what, channel, team)
    return world.form(person, what, channel, team)


def _refused(reply: Reply) -> bool:
    return bool(REFUSED.search(_text(reply)))


def _text(reply: Reply) -> str:
    match reply:
        case Message():
            return f"{reply.text} {reply.blocks}"
        case FieldErrors():
            return " ".join(reply.errors.values())
        case Modal():
            return f"{reply.title} {reply.blocks} {reply.value}"
