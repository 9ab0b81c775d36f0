"""Roles, limits and the policy by forms: they say all that the commands say, on the same path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pytest

import handlers
from handlers import FieldErrors, Message, Person, Services
from handlers.approvals import requests as approvals
from handlers.core.directory import EmptyDirectory
from handlers.permissions.views import forms, policy_form
from storage import EVERYWHERE, Account, Guarded, Policy, Role, Rule, Subject
from tests import taking
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, filled, labels, read, said
from tests.storage import asking

ANN, BOB = Person("T1", "U7"), Person("T1", "U8")


@dataclass
class Groups(EmptyDirectory):
    """The user groups of the workspace."""

    handles: dict[str, str] = field(default_factory=lambda: {"S1": "ops", "S2": "design"})

    def group_handles(self, team_id: str) -> Mapping[str, str]:
        return self.handles if team_id == "T1" else {}


@pytest.fixture
def services(services: Services) -> Services:
    return replace(services, directory=Groups(), public_url="https://bot.example")


@pytest.fixture
def account(services: Services, producer: Person) -> Account:
    return services.current_account(producer)


def roles(services: Services, account: Account) -> set[tuple[Subject, str, Role]]:
    grants = services.store.rights.of_account(account.key)
    return {(each.kind, each.subject, each.role) for each in grants}


def test_one_form_gives_a_role_to_people_groups_and_channels(
    talk: Talk, services: Services, producer: Person, account: Account
) -> None:
    form = talk.form(producer, "allow")
    assert talk.find(producer, form, forms.GROUPS, "op") == ["@ops"]

    given = talk.submit(
        producer,
        form,
        rights__people=("U7", "U8"),
        rights__groups=("S1",),
        rights__channels=("C9",),
        rights__role="viewer",
    )

    assert isinstance(given, Message)
    assert read(given).startswith("<@U7> is now *viewer* on account `1100111`")
    assert labels(given)[-3:] == ["Roles…", "Limit…", "Policy…"]
    assert roles(services, account) == {
        (Subject.PERSON, "U7", Role.VIEWER),
        (Subject.PERSON, "U8", Role.VIEWER),
        (Subject.GROUP, "S1", Role.VIEWER),
        (Subject.CHANNEL, "C9", Role.VIEWER),
    }
    rows = [row.target for row in services.store.audit.recent() if row.action == "account.allow"]
    assert sorted(rows) == ["channel C9", "group S1", "person U7", "person U8"]
    assert {each.user_id for each in taking.notices(services.store, 9)} >= {"U1", "U7", "U8"}


def test_the_command_takes_several_too(
    talk: Talk, services: Services, producer: Person, account: Account
) -> None:
    talk.say(producer, "allow <@U7>, <@U8> and <!subteam^S1> operator")
    talk.say(producer, "limit <#C7> <#C8> all viewer")

    assert {role for _, _, role in roles(services, account)} == {Role.OPERATOR}
    assert services.store.rights.ceilings("T1")[account.key] == dict.fromkeys(
        ("C7", "C8", EVERYWHERE), Role.VIEWER
    )


@pytest.mark.parametrize(
    ("given", "name", "words"),
    [
        ({}, forms.PEOPLE, "Choose a person, a user group or a channel."),
        ({"rights__people": ("U1",)}, forms.PEOPLE, "<@U1> linked this account first"),
        ({"rights__channels": ("C9",), "rights__role": "admin"}, forms.ROLE, "Only people can be"),
    ],
)
def test_what_cannot_be_given_is_said_beside_its_field_and_nobody_gets_anything(
    talk: Talk,
    services: Services,
    producer: Person,
    account: Account,
    given: dict[str, str],
    name: str,
    words: str,
) -> None:
    form = talk.form(producer, "allow")
    if given:
        given = {"rights__groups": ("S1",), **given}  # type: ignore[dict-item]

    refused = talk.submit(producer, form, **{"rights__role": "viewer", **given})

    assert isinstance(refused, FieldErrors)
    assert list(refused.errors) == [name]
    assert refused.errors[name].startswith(words)
    assert roles(services, account) == set()


def test_the_form_is_for_any_account_that_one_manages(
    talk: Talk, services: Services, producer: Person, link: Callable[..., Account]
) -> None:
    other = link(producer, CONSUMER_A, "Consumer A")
    form = talk.form(producer, f"allow --account {PRODUCER}")

    talk.submit(
        producer, form, rights__account=other.id, rights__people="U7", rights__role="viewer"
    )

    assert roles(services, other) == {(Subject.PERSON, "U7", Role.VIEWER)}


def test_several_approvers_are_not_removed_at_once_without_the_approval_it_takes(
    talk: Talk, services: Services, producer: Person, account: Account
) -> None:
    """One of them could go: the other is enough for the policy."""
    talk.say(producer, "allow <@U7> <@U8> approver")
    services.store.policies.put(account.key, Policy({Guarded.SHARE: Rule.ALWAYS}), "U1")
    form = talk.form(producer, "allow")

    asked = talk.submit(producer, form, rights__people=("U7", "U8"), rights__role="none")

    assert isinstance(asked, Message)
    assert "needs someone else's approval" in read(asked)
    assert {role for _, _, role in roles(services, account)} == {Role.APPROVER}


def test_an_approved_form_gives_the_role_to_all(
    talk: Talk, services: Services, producer: Person, account: Account
) -> None:
    talk.say(producer, "allow <@U7> approver")
    services.store.policies.put(account.key, Policy({Guarded.SHARE: Rule.ALWAYS}), "U1")
    form = talk.form(producer, "allow")
    talk.submit(producer, form, rights__people=("U8", "U9"), rights__role="approver")
    [waiting] = services.store.approvals.waiting("T1")

    talk.say(ANN, f"approve {waiting.id}")
    [claimed] = asking.begun(services.store.approvals)
    approvals.carry_out(claimed, handlers.DISPATCHER.carry_out, services)

    assert {user for _, user, _ in roles(services, account)} == {"U7", "U8", "U9"}


def test_a_limit_is_set_for_several_channels_and_all_others(
    talk: Talk, services: Services, producer: Person, account: Account
) -> None:
    form = talk.form(producer, "limit")

    empty = talk.submit(producer, form, rights__role="viewer")
    limited = talk.submit(
        producer,
        form,
        rights__channels=("C7", "C8"),
        rights__others=("yes",),
        rights__role="viewer",
    )

    assert isinstance(empty, FieldErrors)
    assert list(empty.errors) == [forms.CHANNELS]
    assert isinstance(limited, Message)
    assert "<#C7>: limited to *viewer*" in read(limited)
    assert services.store.rights.ceilings("T1")[account.key] == dict.fromkeys(
        ("C7", "C8", EVERYWHERE), Role.VIEWER
    )


def test_the_policy_form_shows_the_policy_in_force_and_sets_all_of_it(
    talk: Talk, services: Services, producer: Person, account: Account
) -> None:
    talk.say(producer, "policy delete always --people 2 --channel <#C5> --hours 24")
    form = talk.form(producer, "policy")
    assert filled(form) == {
        "policy.share": "never",
        "policy.unshare": "never",
        "policy.delete": "always",
        "policy.export": "never",
        "policy.people": "2",
        "policy.channel": "C5",
        "policy.hours": "24",
        "policy.reason": (),
        "policy.strict": (),
        "request.because": "",
    }
    services.store.policies.put(account.key, Policy(), "U1")

    form = talk.form(producer, "policy")
    changed = talk.submit(
        producer,
        form,
        policy__share="outside",
        policy__unshare="always",
        policy__export="always",
        policy__people="3",
        policy__channel="C6",
        policy__hours="12",
        policy__reason=("on",),
        policy__strict=("on",),
    )

    assert isinstance(changed, Message)
    assert read(changed).startswith("Updated the policy of account `1100111`")
    now = services.store.policies.of(account.key)
    assert (now.people, now.channel_id, now.hours, now.reason, now.strict) == (
        *(3, "C6", 12, True),
        True,
    )
    assert {each: now.rule(each) for each in Guarded} == {
        Guarded.SHARE: Rule.OUTSIDE,
        Guarded.UNSHARE: Rule.ALWAYS,
        Guarded.DELETE: Rule.NEVER,
        Guarded.EXPORT: Rule.ALWAYS,
    }


def test_what_another_admin_changed_meanwhile_is_left_as_it_is(
    talk: Talk, services: Services, producer: Person, account: Account
) -> None:
    form = talk.form(producer, "policy")
    talk.say(producer, "policy delete always --hours 24")

    talk.submit(producer, form, policy__people="2")

    now = services.store.policies.of(account.key)
    assert (now.rule(Guarded.DELETE), now.hours, now.people) == (Rule.ALWAYS, 24, 2)


def test_errors_of_the_policy_stand_beside_their_fields(
    talk: Talk, services: Services, producer: Person
) -> None:
    form = talk.form(producer, "policy")
    without_pages = Talk(replace(services, public_url=""))

    many = talk.submit(producer, form, policy__people="9")
    long = talk.submit(producer, form, policy__hours="500")
    strict = without_pages.submit(producer, form, policy__strict=("on",))

    found = [each.errors for each in (many, long, strict) if isinstance(each, FieldErrors)]
    assert [list(each) for each in found] == [
        [policy_form.PEOPLE],
        [policy_form.HOURS],
        [policy_form.STRICT],
    ]
    assert found[0][policy_form.PEOPLE] == "This cannot be 9. Use a number from 1 to 5."


def test_a_weaker_policy_waits_for_approval_and_is_then_as_the_form_said(
    talk: Talk, services: Services, producer: Person, account: Account
) -> None:
    talk.say(producer, "allow <@U7> approver")
    talk.say(producer, "policy share always")
    form = talk.form(producer, "policy")

    asked = talk.submit(producer, form, policy__share="never", policy__people="2")
    assert isinstance(asked, Message)
    [waiting] = services.store.approvals.waiting("T1")
    before = services.store.policies.of(account.key)
    talk.say(ANN, f"approve {waiting.id}")
    [claimed] = asking.begun(services.store.approvals)
    approvals.carry_out(claimed, handlers.DISPATCHER.carry_out, services)

    assert before.rule(Guarded.SHARE) == Rule.ALWAYS
    now = services.store.policies.of(account.key)
    assert (now.rule(Guarded.SHARE), now.people) == (Rule.NEVER, 2)


def test_a_policy_that_cannot_be_read_is_set_anew_as_it_is_shown(
    talk: Talk, services: Services, producer: Person, account: Account
) -> None:
    damaged = replace(Policy(), hours=4, unreadable=("hours",))
    shown = policy_form.form(account, damaged)

    talk.submit(producer, shown)

    assert services.store.policies.of(account.key).hours == 4


@pytest.mark.parametrize("label", ["Roles…", "Limit…", "Policy…"])
def test_the_forms_are_a_button_away_for_admins_alone(
    talk: Talk, producer: Person, account: Account, label: str
) -> None:
    talk.say(producer, "allow <@U7> operator")
    shown = talk.say(producer, "rights")

    assert talk.open(producer, shown, label).submit == "Save"
    assert label not in labels(talk.say(ANN, "rights"))


@pytest.mark.parametrize("verb", ["allow", "limit", "policy"])
def test_whoever_is_no_admin_is_told_so_instead_of_a_form(
    talk: Talk, services: Services, producer: Person, verb: str
) -> None:
    talk.say(producer, "allow <@U7> operator")

    answer = handlers.answer(handlers.parse(ANN, verb, "C1"), services)

    assert read(said(answer)).startswith("You need the role *admin*")
