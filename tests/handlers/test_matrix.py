"""
Everything that one can say, press, send and look up, for every role and relation to the account.

Generated from the routing table: what is added to it and has no example in matrix.py fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace

import pytest

from cloud import Clouds
from handlers import DISPATCHER, Click, Command, Person
from handlers.accounts.views.accounts import RUN
from handlers.approvals.views.cards import AGAIN
from handlers.core.button_values import pack
from handlers.core.list_cache import Cache
from storage import Role
from tests.handlers.asking import (
    DECIDES,
    NEEDS,
    REPEATED,
    ROUTED,
    Thing,
    answer,
    asked,
    text,
    things,
)
from tests.handlers.conftest import PRODUCER
from tests.handlers.everybody import PRIVATE, Who, everybody, strangers
from tests.handlers.matrix import ASKER, OWNER, World, made

ANYONES = frozenset(
    {
        *("help", "link", "home.link", "requests", "forms.reopen"),
        *("sharing.cancel", "copies.cancel", "snapshots.cancel", "launch.cancel"),
    }
)
"""They speak of no account, or only of what the button says."""
LINKERS = frozenset({"accounts", "unlink", "home.unlink", "accounts.unlink", "accounts.keep"})
"""What one has linked oneself, whatever else one may do."""
EXPLAINS = frozenset({"approvals.explain", "approvals.explain_form"})
ASKERS = frozenset({"approvals.withdraw", AGAIN, *EXPLAINS})
"""For the one who has asked, and nobody else."""
ONES_OWN = {
    "digest": "what one wants to hear is nobody else's",
    "preferences.open": "as digest",
    "preferences.save": "as digest",
    "preferences.forget": "as digest",
    "preferences.form": "as digest",
    "preferences.zone": "the time zones of the world",
    "menus.account": "the numbers that people of the workspace share with",
}
"""Viewers' things that touch no account, each with its reason."""
ONE_READER = frozenset(
    f"{topic}.{turn}" for topic in ("approvals", "invitations") for turn in ("page", "page_back")
)
"""Buttons of a list that was made for one person."""
ONE_BEGINNER = frozenset({"home.transfer", "transfers.look", "transfers.stop"})
"""Whoever began a transfer may look at it, and let go of it, wherever they are."""

HIDDEN = DECIDES | ONE_BEGINNER
"""They do not tell those with no role whether there is such a thing."""

ADMINS = "<@U1>"
REFUSALS = (
    rf"You need the role \w+ on account {PRODUCER}; you (have none|are \w+)\. "
    rf"Ask {ADMINS}, who can give it to you\. Nothing was done\.",
    rf"Account {PRODUCER} (cannot be used|is limited to viewer) in this channel\. Send me the "
    rf"command in a direct message, or ask {ADMINS} to raise the channel's limit\. Nothing was "
    r"done\.",
    r"You have not linked a cloud account yet\. Ask the people who run this bot to run ",
    rf"This is for account {PRODUCER}, which <@U\d+> has linked and you have not\.",
)
REFUSED = re.compile("|".join(REFUSALS))
UNKNOWN = re.compile("No request|No task")
"""Of what one may know nothing of, not even whether it is there."""
RIGHTS = re.compile(
    "You need the role|in this channel|You have not linked a cloud account|This is for "
    "account|button is out of date|You are a guest|button is for an account|No request `"
)
LENT = "with the login of <@U1>, so only they can unlink it"
GUEST = "You are a guest from another workspace"
SECRETS = re.compile(
    rf"{PRODUCER}|\bweb\b|basis|locked|hidden|more-\d|gift-\d|db-1|twin|disk\.vhd"
    r"|partner-\d|Company 1|[0-9a-f]{8}-[0-9a-f]{4}-|<@U(?!1>)\d+>"
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with made(tmp_path_factory.mktemp("matrix")) as world:
        yield world


@pytest.fixture(scope="module")
def people(whole: World) -> list[Who]:
    return everybody(whole)


@pytest.fixture(scope="module")
def foreigners(whole: World) -> dict[str, tuple[Person, str]]:
    return strangers(whole)


@pytest.fixture
def world(
    whole: World, people: list[Who], foreigners: dict[str, tuple[Person, str]]
) -> Iterator[World]:
    with whole.fresh() as world:
        yield world


def test_everything_that_one_can_say_press_send_and_look_up_has_an_example(whole: World) -> None:
    known: Mapping[str, Mapping[str, object]]
    known = {"say": whole.texts, "press": whole.values, "send": whole.forms, "find": whole.chosen}

    missing = [f"{how} {what}" for how, what in ROUTED if what not in known[how]]

    assert missing == [], "give them an example in tests/handlers/matrix.py"


def test_what_takes_no_role_is_named_with_whom_it_is_for() -> None:
    free = {what for (how, what), needs in ROUTED.items() if needs is None}

    assert free == ANYONES | LINKERS | DECIDES | EXPLAINS | {
        *("approvals.page", "approvals.page_back"),
        "approvals.withdraw",
        "workflows.decline",
    }


@things(*Role)
def test_whoever_may_not_is_told_what_is_missing_and_nothing_is_changed(
    world: World, people: list[Who], thing: Thing
) -> None:
    before, changes, wrong = world.remembered(), len(world.changes()), []

    for who in people:
        for channel, role in who.places():
            if role.allows(NEEDS[thing]) or _excused(thing[1], who):
                continue
            said = text(answer(world, thing, who.person, channel))
            if not _is_refusal(thing, said, who, channel):
                wrong.append(f"{who.name} in {channel} was told {said[:120]!r}")

    assert wrong == []
    assert world.changes()[changes:] == []
    assert world.remembered() == before


@things(*Role)
def test_whoever_may_is_not_refused(world: World, people: list[Who], thing: Thing) -> None:
    wrong = []
    for who in people:
        able = [channel for channel, role in who.places() if role.allows(NEEDS[thing])]
        if (thing[1] in ONE_READER and who.person != OWNER) or thing[1] in ASKERS:
            continue
        for channel in able if who.person == OWNER else able[-1:]:
            with world.fresh() as tried:
                said = text(answer(tried, thing, who.person, channel))
            if RIGHTS.search(said) or not said:
                wrong.append(f"{who.name} in {channel} was told {said[:120]!r}")

    assert wrong == []


@pytest.mark.parametrize("thing", ROUTED, ids=" ".join)
def test_nobody_of_another_workspace_does_or_learns_anything(
    world: World, foreigners: dict[str, tuple[Person, str]], thing: Thing
) -> None:
    """Not even with a button or a form of here."""
    before, changes, wrong = _ours(world), len(world.changes()), []

    for name, (person, team) in foreigners.items():
        if thing[0] == "find" and team:
            continue  # a menu stands in a form, which they cannot open here
        said = text(answer(world, thing, person, "C-any-admin", team))
        told = set(SECRETS.findall(said)) - set(SECRETS.findall(_given(world, thing)))
        if told:
            wrong.append(f"{name} learns {told}: {said[:200]!r}")
        if team and ROUTED[thing] and not said.startswith(GUEST) and thing[1] not in REPEATED:
            wrong.append(f"{name} was told {said[:120]!r}")

    assert wrong == []
    assert world.changes()[changes:] == []
    assert _ours(world) == before


@pytest.mark.parametrize("thing", ROUTED, ids=" ".join)
def test_what_says_that_it_asks_no_cloud_asks_none(world: World, thing: Thing) -> None:
    """Not even for a login: what is in that lane must not wait for a cloud."""
    how, what = thing
    request = world.search(OWNER, what) if how == "find" else asked(world, thing, OWNER)
    if DISPATCHER.asks_cloud(request):
        return
    world.cloud.requests.clear()
    with closing(Clouds()) as clouds:
        world.services = replace(world.services, clouds=clouds, menus=Cache())
        answer(world, thing, OWNER, "C1")

    assert world.cloud.requests == []


def test_what_people_ask_most_when_a_cloud_hangs_asks_none() -> None:
    quick = {what for how, what in ROUTED if how == "say" and not _asks_cloud(what)}

    assert quick == {
        *("help", "link", "accounts", "use", "unlink", "name", "requests", "approve", "deny"),
        *("digest", "contact", "rights", "allow", "limit", "policy", "audit"),
    }
    assert not _asks_cloud("hepl")  # it is answered with what may have been meant
    again = [Click(OWNER, RUN, pack(text)) for text in ("help", "list")]
    assert [DISPATCHER.asks_cloud(each) for each in again] == [False, True]


@pytest.mark.parametrize("what", sorted(ASKERS))
def test_what_somebody_has_asked_for_is_theirs_alone(
    world: World, people: list[Who], what: str
) -> None:
    how = next(how for how, name in ROUTED if name == what)
    before, changes, wrong = world.remembered(), len(world.changes()), []

    for who in people:
        for channel, _ in who.places():
            said = text(answer(world, (how, what), who.person, channel))
            if not said.startswith(f"This list is for {ASKER.mention}"):
                wrong.append(f"{who.name} in {channel} was told {said[:120]!r}")

    assert wrong == []
    assert world.changes()[changes:] == []
    assert world.remembered() == before


def test_whoever_asked_may_withdraw_it_but_asks_again_only_within_their_role(
    world: World,
) -> None:
    again = ("press", AGAIN)
    refused = text(answer(world, again, ASKER, "C-any-viewer"))
    guest = text(answer(world, again, ASKER, "C-any-admin", "T9"))
    changes = len(world.changes())

    assert "is limited to viewer in this channel" in refused
    assert guest.startswith(GUEST)
    assert not RIGHTS.search(text(answer(world, again, ASKER, "C-any-admin")))
    assert len(world.changes()) == changes + 1
    withdrawn = text(answer(world, ("press", "approvals.withdraw"), ASKER, "C-any-none"))
    assert withdrawn.startswith("Withdrew your request")


@pytest.mark.parametrize("what", sorted(LINKERS))
def test_what_one_has_linked_is_ones_own_whatever_the_role(
    world: World, people: list[Who], what: str
) -> None:
    how = next(how for how, name in ROUTED if name == what)
    before, changes, wrong = world.remembered(), len(world.changes()), []

    for who in people:
        for channel in (who.channel(Role.NONE), PRIVATE):
            with world.fresh() as tried:
                said = text(answer(tried, (how, what), who.person, channel))
                changed = tried.remembered() != before
            if changed != (who.linked and what == "accounts.unlink"):
                wrong.append(f"{who.name} in {channel} changed something, or did not")
            if who.linked and RIGHTS.search(said):
                wrong.append(f"{who.name} was refused: {said[:120]!r}")
            if not (who.linked or what == "accounts" or LENT in said or REFUSED.search(said)):
                wrong.append(f"{who.name} was told {said[:120]!r}")

    assert wrong == []
    assert world.changes()[changes:] == []


@pytest.mark.parametrize("what", sorted(ANYONES))
def test_what_speaks_of_no_account_is_for_everyone_and_changes_nothing(
    world: World, people: list[Who], what: str
) -> None:
    how = next(how for how, name in ROUTED if name == what)
    before, changes = world.remembered(), len(world.changes())

    said = {
        text(answer(world, (how, what), who.person, channel))
        for who in people
        for channel, _ in who.places()
    }

    assert not [each for each in said if RIGHTS.search(each)]
    assert world.changes()[changes:] == []
    assert world.remembered() == before


def _asks_cloud(verb: str) -> bool:
    return DISPATCHER.asks_cloud(Command(OWNER, verb))


def _excused(what: str, who: Who) -> bool:
    """Whether it is theirs however little they may do."""
    return what in {*ONES_OWN, *ASKERS} or (what in ONE_BEGINNER and who.person == OWNER)


def _is_refusal(thing: Thing, said: str, who: Who, channel: str) -> bool:
    how, what = thing
    if how == "find":
        return said == ""
    if what in ONE_READER and said.startswith(f"This list is for {OWNER.mention}"):
        return True
    if who.holds(channel) and who.role.allows(NEEDS[thing]):
        return bool(re.search(REFUSALS[1], said))
    hidden = what in HIDDEN and not who.holds(channel)
    return bool(REFUSED.search(said) or (hidden and UNKNOWN.search(said)))


def _given(world: World, thing: Thing) -> str:
    """What one has to know to ask for it."""
    how, what = thing
    match how:
        case "say":
            return world.texts[what]
        case "press":
            return world.values[what]
        case "send":
            form = world.form(OWNER, what)
            return f"{form.value} {dict(form.fields)}"
    return world.search(OWNER, what).value


def _ours(world: World) -> dict[str, list[tuple[object, ...]]]:
    """All that is remembered but of other workspaces."""
    theirs = {"T2", "T3"}
    theirs |= {each.id for each in world.services.store.accounts.all() if each.team_id in theirs}
    return {
        name: [row for row in rows if theirs.isdisjoint(_owners(name, row))]
        for name, rows in world.remembered().items()
    }


def _owners(table: str, row: tuple[object, ...]) -> Iterable[object]:
    """The columns of a row, or the words of a subject: one names the workspace or the account."""
    return str(row[0]).split() if table == "subject_changes" else row
