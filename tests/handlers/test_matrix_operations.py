"""
Whatever changes something: confirmed where the account is strict, approved where it wants that.

Generated from the routing table, as test_matrix.py is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pytest

import handlers
from handlers import Person
from handlers.approvals.views.cards import AGAIN
from handlers.core.button_values import pack
from handlers.core.interactions import Request
from handlers.editing import undo
from handlers.transfers.views.copy import SAME, Copy
from storage import Guarded, Policy, Role, Rule
from tests.handlers.asking import NEEDS, Thing, answer, text
from tests.handlers.conftest import CONSUMER_A
from tests.handlers.matrix import ASKER, OWNER, World, made

URL = "https://bot.example"
OPERATED = [thing for thing, needs in NEEDS.items() if needs == Role.OPERATOR]
HARMLESS = {
    **dict.fromkeys(("delete", "share", "unshare", "copy", "snapshot", "launch"), "asks first"),
    **dict.fromkeys(("copies.form", "snapshots.choose"), "asks first"),
    **dict.fromkeys(("updates.open", "exports.open", "copies.open"), "opens a form"),
    **dict.fromkeys(("snapshots.open", "sharing.open", "invitations.answer"), "opens a form"),
    **dict.fromkeys(("sharing.details", "sharing.instead"), "asks first"),
    **dict.fromkeys(("name", "names.forget"), "of the workspace, not of the cloud"),
    "shares.remind": "a message to those who have linked the consumer's account",
    "trusted.trust": "is remembered, and holds for no account that is strict",
    "trusted.end": "ends what was remembered",
    "transfers.stop": "waits no longer for what the cloud never finishes",
}
"""Operators' things that change nothing in the cloud by themselves, each with its reason."""
ONE_BY_ONE = frozenset({"invitations.accept_all", "invitations.answer_form"})
"""Where a strict account wants each confirmed below itself, as the answer says."""
DEEDS = [thing for thing in OPERATED if thing[1] not in HARMLESS]
DONE = ("transfers", "expiries", "shares", "signing_keys")
"""Tables by which something is done in the cloud, at once or by a job."""
ALWAYS = Policy(rules=dict.fromkeys(Guarded, Rule.ALWAYS))
GUARDED: Mapping[str, Guarded] = {
    **dict.fromkeys(
        (
            *("sharing.confirm", "sharing.confirm_unknown", "expiries.extend"),
            *("sharing.form", "sharing.sure"),
            *("copies.start_shared", "updates.make_shared", "updates.wake"),
        ),
        Guarded.SHARE,
    ),
    **dict.fromkeys(
        (
            *("sharing.unshare", "sharing.undo", AGAIN, "deactivate"),
            *("update", "updates.form"),
        ),
        Guarded.UNSHARE,
    ),
    "deletion.confirm": Guarded.DELETE,
    **dict.fromkeys(
        ("export", "exports.create", "exports.form", "download", "downloads.link"), Guarded.EXPORT
    ),
}
"""By which rule an operation needs a second person; test_effects.py tries each rule alone."""
OPENED = re.compile(r"(POST .*/members|DELETE .*/members/\w+|DELETE .*/images/[0-9a-f-]{36})$")
"""What shares, unshares or deletes."""


@dataclass(frozen=True)
class Done:
    """What a try has done, and what was said."""

    said: str
    changes: list[str]
    tables: list[str]
    """Of DONE, those that changed."""
    kinds: list[str]
    """Of the transfers that began."""
    asked: list[str]
    """Actions that wait for an approval since."""

    @property
    def nothing(self) -> bool:
        return not (self.changes or self.tables)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with made(tmp_path_factory.mktemp("matrix")) as world:
        yield world


@pytest.fixture
def world(whole: World) -> Iterator[World]:
    with whole.fresh() as world:
        world.services = replace(world.services, public_url=URL)
        yield world


def operations(chosen: list[Thing]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("thing", chosen, ids=" ".join)


def test_what_is_said_to_change_nothing_or_to_be_guarded_is_there() -> None:
    known = {what for _, what in OPERATED}

    assert HARMLESS.keys() | GUARDED.keys() | ONE_BY_ONE <= known
    assert not HARMLESS.keys() & GUARDED.keys()


@operations(DEEDS)
def test_every_example_of_an_operation_does_something_where_nothing_is_asked(
    world: World, thing: Thing
) -> None:
    """Or else the other tests would say nothing of it."""
    done = _try(world, thing, Policy())

    assert not done.nothing, done.said[:300]
    assert done.asked == []


@operations([thing for thing in OPERATED if thing not in DEEDS])
def test_what_is_harmless_changes_nothing_and_needs_no_page(world: World, thing: Thing) -> None:
    done = _try(world, thing, replace(ALWAYS, strict=True))

    assert done.changes == []
    begun = {"transfers", "expiries", "signing_keys"} & set(done.tables)
    assert begun == ({"transfers"} if thing[1] == "transfers.stop" else set())
    assert f"{URL}/confirm/" not in done.said
    assert done.asked == []


@operations(DEEDS)
def test_a_strict_account_does_nothing_but_offers_its_page(world: World, thing: Thing) -> None:
    done = _try(world, thing, Policy(strict=True))

    assert done.nothing, done
    if thing[1] in ONE_BY_ONE:
        assert "its account requires confirming this on a page: press Accept below it" in done.said
    else:
        assert f"<{URL}/confirm/" in done.said, done.said[:300]


@operations(DEEDS)
def test_what_has_to_be_confirmed_can_still_be_done_afterwards(world: World, thing: Thing) -> None:
    """Nothing that works only once was spent on the question."""
    account = world.services.current_account(OWNER)
    world.services.store.policies.put(account.key, Policy(strict=True), OWNER.user_id)
    answer(world, thing, _asking(thing), "C1")

    done = _try(world, thing, Policy())

    assert not done.nothing, done.said[:300]


@operations([thing for thing in DEEDS if thing[1] in GUARDED])
def test_what_is_always_approved_waits_for_a_second_person(world: World, thing: Thing) -> None:
    done = _try(world, thing, ALWAYS)

    assert done.nothing, done
    assert "This needs someone else's approval. I asked" in done.said
    assert len(done.asked) == 1, done


@operations([thing for thing in DEEDS if thing[1] not in GUARDED])
def test_nothing_else_shares_unshares_deletes_or_exports(world: World, thing: Thing) -> None:
    done = _try(world, thing, ALWAYS)

    assert not done.nothing, done.said[:300]
    assert [each for each in done.changes if OPENED.search(each)] == []
    assert "export" not in done.kinds
    assert done.asked == []


@operations([thing for thing in DEEDS if thing[1] in GUARDED])
def test_of_a_strict_account_both_are_wanted_the_page_first(world: World, thing: Thing) -> None:
    done = _try(world, thing, replace(ALWAYS, strict=True))

    assert done.nothing, done
    assert f"<{URL}/confirm/" in done.said


def _community(world: World) -> Request:
    return handlers.parse(OWNER, "update web visibility=community", "C1")


def _community_by_form(world: World) -> Request:
    form = world.form(OWNER, "updates.form")
    return replace(form, fields={**form.fields, "visibility": "community"})


def _community_by_undo(world: World) -> Request:
    account = world.services.current_account(OWNER)
    image = world.services.images(account, "DFW").get(world.place.image_id)
    token = undo.issue(account, {"visibility": "community"}, image, world.services)
    return replace(world.click(OWNER, "changes.undo"), value=pack(token))


def _copy_with(*shares: str) -> Callable[[World], Request]:
    """By the button of a plan without shares, whose value says otherwise."""

    def _pressed(world: World) -> Request:
        asked = Copy.of(world.place, "c1", "ORD", shares)
        return replace(world.click(OWNER, "copies.start"), value=asked.value())

    return _pressed


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(_community, id="update visibility=community"),
        pytest.param(_community_by_form, id="form with visibility=community"),
        pytest.param(_community_by_undo, id="undo back to community"),
        pytest.param(_copy_with(CONSUMER_A), id="copy with an account"),
        pytest.param(_copy_with(SAME), id="copy with the same accounts"),
    ],
)
def test_whatever_gives_others_the_image_counts_as_sharing(
    world: World, asked: Callable[[World], Request]
) -> None:
    request = asked(world)
    only_share = Policy(rules={Guarded.SHARE: Rule.ALWAYS})

    free, waits = _tried(world, request, Policy()), _tried(world, request, only_share)

    assert not free.nothing, free.said[:300]
    assert waits.nothing, waits
    assert len(waits.asked) == 1, waits.said[:300]


def _asking(thing: Thing) -> Person:
    return ASKER if thing[1] == AGAIN else OWNER


def _try(world: World, thing: Thing, policy: Policy) -> Done:
    person = _asking(thing)
    return _watched(world, policy, lambda tried: text(answer(tried, thing, person, "C1")))


def _tried(world: World, request: Request, policy: Policy) -> Done:
    return _watched(world, policy, lambda tried: text(handlers.answer(request, tried.services)))


def _watched(world: World, policy: Policy, ask: Callable[[World], str]) -> Done:
    with world.fresh() as tried:
        store = tried.services.store
        store.policies.put(tried.services.current_account(OWNER).key, policy, OWNER.user_id)
        tables, changes = tried.remembered(), len(tried.changes())
        waiting = {each.id for each in store.approvals.waiting("T1")}
        running = {each.id for each in store.transfers.running()}
        said = ask(tried)
        now = tried.remembered()
        return Done(
            said,
            [" ".join(each) for each in tried.changes()[changes:]],
            [name for name in DONE if now[name] != tables[name]],
            [each.kind for each in store.transfers.running() if each.id not in running],
            [each.action for each in store.approvals.waiting("T1") if each.id not in waiting],
        )
