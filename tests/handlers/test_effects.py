"""
Every route by what it does to others: a policy guards effects, whatever leads to them.

What each example of the routing table does is observed first, where nothing is asked: what the
cloud got, and what was begun. From that follows what has to be asked under each rule.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.operators.outbox import RECORDED
from handlers.core.effects import EFFECTS, RULES, Effect
from handlers.core.facts import Change, Facts
from handlers.core.operations import Operation
from storage import Account, Guarded, Kind, Policy, Rule
from tests.handlers.asking import ROUTED, Thing
from tests.handlers.matrix import OWNER, World, made
from tests.handlers.test_matrix_operations import URL, Done, _try

ROOT = Path(__file__).parents[2]
OBSERVED: Mapping[str, Effect] = {
    r"POST .*/members": Effect.GIVES_ACCESS,
    r"DELETE .*/members/\w+": Effect.TAKES_ACCESS,
    r"DELETE .*/images/[0-9a-f-]{36}": Effect.DESTROYS,
    r"POST .*/actions/deactivate": Effect.STOPS_BOOTING,
}
"""By call to the cloud."""
SAID: Mapping[str, frozenset[Effect]] = {
    "expiries.extend": frozenset({Effect.GIVES_ACCESS}),
    "copies.start_shared": frozenset({Effect.GIVES_ACCESS}),
    **dict.fromkeys(("updates.make_shared", "updates.wake"), frozenset({Effect.GIVES_BACK})),
    **dict.fromkeys(("update", "updates.form"), frozenset({Effect.STOPS_BOOTING})),
    "deletion.confirm": frozenset({Effect.TAKES_ACCESS}),
    **dict.fromkeys(
        ("download", "downloads.link", "exports.create"), frozenset({Effect.DATA_LEAVES})
    ),
}
"""What cannot be seen from a call alone: members that a visibility wakes, or what a job does."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with made(tmp_path_factory.mktemp("effects")) as world:
        yield world


@pytest.fixture
def world(whole: World) -> Iterator[World]:
    with whole.fresh() as world:
        world.services = replace(world.services, public_url=URL)
        yield world


@pytest.mark.parametrize("thing", [t for t in ROUTED if t[0] != "find"], ids=" ".join)
def test_whatever_has_an_effect_is_guarded_by_its_rules_and_by_no_other(
    world: World, thing: Thing
) -> None:
    free = _try(world, thing, Policy())
    does = _effects(thing, free)

    guards = {guard for effect in does for guard in RULES[effect]}
    for rules in _rules(does):
        done = _try(world, thing, Policy(rules))
        wanted = 1 if guards & rules.keys() else 0
        assert len(done.asked) - len(free.asked) == wanted, (rules, does, done.said[:300])
        assert done.nothing if wanted else (done.nothing == free.nothing), (rules, done)


@pytest.mark.parametrize("thing", [t for t in ROUTED if t[0] != "find"], ids=" ".join)
def test_a_strict_account_confirms_whatever_has_an_effect(world: World, thing: Thing) -> None:
    if not _effects(thing, _try(world, thing, Policy())):
        return
    for rule in (Rule.NEVER, Rule.ALWAYS):
        done = _try(world, thing, Policy(dict.fromkeys(Guarded, rule), strict=True))

        assert done.nothing, done
        assert f"<{URL}/confirm/" in done.said, done.said[:300]


def _rules(does: frozenset[Effect]) -> list[dict[Guarded, Rule]]:
    """Each rule alone; all at once for what has no effect, which none may hold up."""
    if not does:
        return [dict.fromkeys(Guarded, Rule.ALWAYS)]
    outside = {Guarded.SHARE: Rule.OUTSIDE}
    return [*({guard: Rule.ALWAYS} for guard in Guarded), outside]


@pytest.mark.parametrize("action", EFFECTS)
def test_an_operation_does_only_what_its_row_says(world: World, action: str) -> None:
    account = world.services.current_account(OWNER)
    for effect in set(Effect) - EFFECTS[action].by_change:
        with pytest.raises(ValueError, match="table of effects"):
            _operation(action, account, effect)


def test_an_operation_without_a_row_cannot_be_made(world: World) -> None:
    with pytest.raises(ValueError, match="table of effects"):
        _operation("image.melt", world.services.current_account(OWNER), None)


def test_every_effect_is_done_by_something_and_guarded_by_something() -> None:
    rows = EFFECTS.values()
    done = {e for row in rows for e in row.always | row.if_gains | row.if_loses | row.by_change}

    assert done == set(Effect) == RULES.keys()
    assert {guard for guards in RULES.values() for guard in guards} == set(Guarded)


QUIET = {
    **dict.fromkeys(
        (
            "approval.ask",
            "approval.explain",
            "approval.withdraw",
            "approval.expire",
            "approval.give_up",
        ),
        "asks, and changes nothing",
    ),
    "approval.carry_out": "does what another row says",
    "object_store.container": "an empty container, as a step of an export",
    "access.refuse": "what was tried, and not done",
    "account.confirm": "the page's proof",
    "account.link": "whoever has the account's own secret may do all in the cloud anyway",
    **dict.fromkeys(("app.install", "app.uninstall"), "of the workspace, by Slack's admins"),
    **dict.fromkeys(
        ("notices.test", "outbox.retry", "outbox.drop", "person.forget"),
        "by whoever runs the bot, who is trusted with everything",
    ),
    "notices.pause": "says less than before",
    "invitation.distrust": "asks for more than before",
    "account.name": "of the workspace's address book",
    "transfer.stop": "waits no longer for what the cloud never finishes",
    "object_store.signing_key": "a step of a download link",
}
"""Actions of the audit that need no row, each with its reason."""


def test_whatever_is_audited_has_a_row_or_a_reason() -> None:
    """Jobs, too: what they do was authorized by the operation of that name."""
    audited = set(_audited_actions())

    assert "image.unshare" in audited
    assert sorted(audited - EFFECTS.keys() - QUIET.keys()) == []


def _audited_actions() -> Iterator[str]:
    """The names of actions that stand in the code as they are, wherever an entry is begun."""
    name = re.compile(r"[a-z_]+\.[a-z_]+")
    yield from RECORDED.values()
    for path in (*(ROOT / "handlers").rglob("*.py"), *(ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _called(node) in ("audited", "entry"):
                constants = [a.value for a in node.args if isinstance(a, ast.Constant)]
                yield from (each for each in map(str, constants) if name.fullmatch(each))


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _operation(action: str, account: Account, effect: Effect | None) -> Operation:
    facts = Facts(changes=(Change("x", "", "", effect),))
    return Operation(action, account, "DFW", "t", "words", facts)


def _effects(thing: Thing, done: Done) -> frozenset[Effect]:
    """What a try has done to others."""
    found = {
        effect
        for call in done.changes
        for pattern, effect in OBSERVED.items()
        if re.fullmatch(pattern, call)
    }
    if Kind.EXPORT in done.kinds:
        found.add(Effect.DATA_LEAVES)
    return frozenset(found) | SAID.get(thing[1], frozenset())
