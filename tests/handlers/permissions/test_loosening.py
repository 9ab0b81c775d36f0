"""Whatever loosens a guard takes what it loosens, and every admin hears of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

import handlers
from handlers import Message, Person, Services
from handlers.approvals import requests as approvals
from sandbox.cloud import CloudStandIn
from storage import Account, Guarded, Policy, Role, Rule, Subject
from tests import taking
from tests.handlers.conftest import PRODUCER
from tests.handlers.talk import Talk, labels, read
from tests.storage import asking

ANN, BOB = Person("T1", "U7"), Person("T1", "U8")
PAGE = "https://bot.example/confirm/"
LOOSENS = (
    "policy --strict off",
    "policy share never",
    "policy share outside",
    "policy --people 1",
    "policy --reason optional",
    "policy --hours 100",
    "allow <@U9> approver",
    "allow <@U9> admin",
    "allow <@U7> none",
    "allow <@U7> operator",
    "unlink",
)
"""It takes a second person where the account asks for one."""
WIDENS = (
    "allow <@U9> viewer",
    "allow <@U9> operator",
    "allow <!subteam^S1> operator",
    "allow <#C9> viewer",
    "limit <#C7> operator",
    "limit <#C7> admin",
    "contact <@U9> 5",
    "digest --channel <#C9>",
    "policy --channel <#C9>",
)
"""It lets more people in: a strict account wants the page for it, too."""
TIGHTENS = (
    "policy delete always",
    "policy --people 3",
    "policy --hours 2",
    "policy --channel off",
    "limit <#C7> none",
    "contact off",
    "digest daily 08:00",
    "allow <@U6> none",
)


@pytest.fixture
def services(services: Services) -> Services:
    return replace(services, public_url="https://bot.example")


@pytest.fixture
def account(services: Services, producer: Person, talk: Talk) -> Account:
    """The producer's, where Ann and Bob approve, and Cy is an operator."""
    for user, role in (("U7", "approver"), ("U8", "approver"), ("U6", "operator")):
        talk.say(producer, f"allow <@{user}> {role}")
    talk.say(producer, "limit <#C7> viewer")
    taking.notices(services.store, 100)
    return services.current_account(producer)


def put(services: Services, account: Account, *, strict: bool = False, rules: bool = True) -> None:
    guards = dict.fromkeys([Guarded.SHARE] if rules else [], Rule.ALWAYS)
    policy = Policy(guards, people=2, reason=True, hours=8, channel_id="C5", strict=strict)
    services.store.policies.put(account.key, policy, "U1")


def say(talk: Talk, person: Person, command: str) -> str:
    """The answer to a command, and to the button of its question."""
    answer = talk.say(person, command)
    if command == "unlink":
        answer = talk.press(person, answer, labels(answer)[0])
    return read(answer)


def state(services: Services, account: Account) -> tuple[object, ...]:
    store = services.store
    return (
        store.policies.of(account.key),
        {(each.kind, each.subject, each.role) for each in store.rights.of_account(account.key)},
        store.rights.ceilings("T1"),
        store.contacts.of(account.key),
        store.preferences.of("T1", "U1"),
        store.accounts.links(account.key),
    )


@pytest.mark.parametrize("command", [*LOOSENS, *WIDENS])
def test_a_strict_account_wants_the_page_for_whatever_loosens(
    talk: Talk, services: Services, producer: Person, account: Account, command: str
) -> None:
    put(services, account, strict=True)
    before = state(services, account)

    assert PAGE in say(talk, producer, command)
    assert state(services, account) == before


@pytest.mark.parametrize("command", LOOSENS[1:])
def test_what_loosens_a_rule_waits_for_the_people_it_asks_for(
    talk: Talk, services: Services, producer: Person, account: Account, command: str
) -> None:
    put(services, account)
    before = state(services, account)

    assert "will do it as soon as" in say(talk, producer, command)
    assert state(services, account) == before
    [waiting] = services.store.approvals.waiting("T1")
    assert waiting.people == 2


@pytest.mark.parametrize("command", TIGHTENS)
def test_what_tightens_needs_nobody_and_no_page(
    talk: Talk, services: Services, producer: Person, account: Account, command: str
) -> None:
    put(services, account, strict=True)
    before = state(services, account)

    answer = say(talk, producer, command)

    assert PAGE not in answer
    assert "will do it as soon as" not in answer
    assert state(services, account) != before or command == "contact off"


@pytest.mark.parametrize("command", WIDENS)
def test_what_only_lets_more_people_in_needs_no_second_person(
    talk: Talk, services: Services, producer: Person, account: Account, command: str
) -> None:
    put(services, account)
    before = state(services, account)

    say(talk, producer, command)

    assert state(services, account) != before


@pytest.mark.parametrize("command", [*LOOSENS[3:-3], *WIDENS])
def test_every_admin_and_the_actor_too_is_told_by_direct_message(
    talk: Talk, services: Services, producer: Person, account: Account, command: str
) -> None:
    put(services, account, rules=False)
    services.store.rights.grant(account.key, account.id, Subject.PERSON, "U5", Role.ADMIN, "U1")

    say(talk, producer, command)

    told = {n.user_id for n in taking.notices(services.store, 100) if n.text.startswith(":unlock:")}
    assert told >= {"U1", "U5"}


def test_a_last_admin_who_unlinks_is_told_too(
    talk: Talk, services: Services, producer: Person, account: Account
) -> None:
    say(talk, producer, "unlink")

    told = [n for n in taking.notices(services.store, 100) if n.text.startswith(":unlock:")]
    assert [n.user_id for n in told] == ["U1"]


def test_a_weaker_rule_that_two_approved_is_set_and_said_to_the_admins(
    talk: Talk, services: Services, producer: Person, account: Account
) -> None:
    put(services, account)
    say(talk, producer, "policy share never")
    [waiting] = services.store.approvals.waiting("T1")
    for person in (ANN, BOB):
        talk.say(person, f'approve {waiting.id} because "we agreed"')

    [approved] = asking.begun(services.store.approvals)
    approvals.carry_out(approved, handlers.DISPATCHER.carry_out, services)

    assert services.store.policies.of(account.key).rule(Guarded.SHARE) == Rule.NEVER
    told = [
        read(Message(n.text, tuple(n.blocks)))
        for n in taking.notices(services.store, 100)
        if n.text.startswith(":unlock:")
    ]
    assert told == [
        ":unlock: <@U1> loosened access to account `1100111` (`Producer`).\n"
        "• `share`: `always` → `never`\n"
        "Approved by <@U7> and <@U8>. See `/images rights`."
    ]


def test_a_command_that_waits_is_about_the_account_that_was_in_use(
    talk: Talk,
    services: Services,
    producer: Person,
    account: Account,
    link: Callable[..., Account],
) -> None:
    put(services, account)
    say(talk, producer, "policy share never")
    link(producer, "2200222", "Another")
    [waiting] = services.store.approvals.waiting("T1")
    for person in (ANN, BOB):
        talk.say(person, f'approve {waiting.id} because "we agreed"')

    [approved] = asking.begun(services.store.approvals)
    approvals.carry_out(approved, handlers.DISPATCHER.carry_out, services)

    assert services.store.policies.of(account.key).rule(Guarded.SHARE) == Rule.NEVER


def test_where_nobody_else_can_approve_an_admin_alone_puts_it_right(
    talk: Talk, services: Services, producer: Person
) -> None:
    talk.say(producer, "policy share always --people 5")

    talk.say(producer, "policy share never")

    key = services.current_account(producer).key
    assert services.store.policies.of(key).rule(Guarded.SHARE) == Rule.NEVER


def test_asking_for_more_people_than_there_are_does_not_free_an_admin(
    talk: Talk, services: Services, producer: Person, account: Account
) -> None:
    talk.say(producer, "policy share always --people 5")

    assert "will do it as soon as" in say(talk, producer, "policy share never")
    [waiting] = services.store.approvals.waiting("T1")
    assert waiting.people == 2


def test_a_trusted_producer_is_said_to_every_admin(
    talk: Talk,
    services: Services,
    producer: Person,
    consumer: Person,
    cloud: CloudStandIn,
    invite: Callable[..., None],
) -> None:
    image = cloud.add_image(owner=PRODUCER, name="gift", visibility="shared")
    invite(image, "2200222")
    answer = talk.say(consumer, "accept gift")

    talk.press(consumer, answer, next(label for label in labels(answer) if "lways" in label))

    told = [n for n in taking.notices(services.store, 100) if n.text.startswith(":unlock:")]
    assert [n.user_id for n in told] == ["U2"]


def test_the_policy_explains_itself_by_effects_and_takes_their_words(
    talk: Talk, services: Services, producer: Person
) -> None:
    said = read(talk.say(producer, "policy takes-access-away always data-leaves always"))

    assert (
        "Needs approval: anything that restores access, ends access or stops booting "
        "(`unshare`) or exports data (`export`)." in said
    )
    key = services.current_account(producer).key
    assert services.store.policies.of(key).rules == {
        Guarded.UNSHARE: Rule.ALWAYS,
        Guarded.EXPORT: Rule.ALWAYS,
    }


def test_a_stored_policy_that_cannot_be_read_is_the_strictest_and_says_so(
    talk: Talk,
    services: Services,
    producer: Person,
    account: Account,
    caplog: pytest.LogCaptureFixture,
) -> None:
    put(services, account)
    services.store._db.execute("update policies set rules = '{', hours = -3", {})

    policies = [services.store.policies.of(account.key) for _ in range(3)]
    said = read(talk.say(producer, "rights"))

    assert dict(policies[0].rules) == dict.fromkeys(Guarded, Rule.ALWAYS)
    assert (policies[0].hours, policies[0].people, policies[0].strict) == (1, 2, False)
    assert ":warning: The stored `rules` and `hours` cannot be read, so the strictest" in said
    logged = [each for each in caplog.messages if "policies of" in each]
    assert len(logged) == 2
    assert all(each.endswith("counts as the strictest") for each in logged)


def test_a_stored_value_that_cannot_be_read_is_set_again(
    talk: Talk, services: Services, producer: Person, account: Account
) -> None:
    put(services, account)
    services.store._db.execute("update policies set hours = -3", {})

    talk.say(producer, "policy --hours 1")

    assert services.store.policies.of(account.key).unreadable == ()
