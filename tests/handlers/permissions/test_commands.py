"""Who may do what with an account, and how they get it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

import handlers
from handlers import Click, Person, Services
from handlers.core.directory import EmptyDirectory
from sandbox.cloud import CloudStandIn
from storage import Account, AuditRow, Role, Subject
from tests import taking
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, labels, read, said

COLLEAGUE = Person("T1", "U7")
FOREIGN = Person("T2", "U1")


@dataclass
class Groups(EmptyDirectory):
    """The user groups of the workspace."""

    groups: dict[str, frozenset[str]] = field(default_factory=dict)

    def members(self, team_id: str, group_id: str) -> frozenset[str]:
        return self.groups.get(group_id, frozenset()) if team_id == "T1" else frozenset()


@pytest.fixture
def groups() -> Groups:
    return Groups()


@pytest.fixture
def services(services: Services, groups: Groups) -> Services:
    return replace(services, directory=groups)


@pytest.fixture
def web(cloud: CloudStandIn, producer: Person) -> str:
    return cloud.add_image(owner=PRODUCER, name="web", region="DFW", size=2_500_000_000)


def test_whoever_links_an_account_first_is_its_admin(talk: Talk, producer: Person) -> None:
    assert read(talk.say(producer, "rights")) == (
        "Account `1100111` (`Producer`): you are *admin* and can do everything, including "
        "managing roles, limits and the policy.\n"
        "<@U1> linked it first: *admin*\n"
        "Nothing needs approval.\n"
        "[Roles…]\n[Limit…]\n[Policy…]"
    )


def test_a_colleague_who_was_given_a_role_works_with_the_account_of_who_gave_it(
    talk: Talk, producer: Person, web: str
) -> None:
    before = read(talk.say(COLLEAGUE, "show web"))
    talk.say(producer, "allow <@U7|ann> viewer")
    seen = read(talk.say(COLLEAGUE, "show web"))

    assert before.startswith("You have not linked a cloud account yet.")
    assert "2.5 GB" in seen
    assert "login of <@U1> · your role: viewer" in read(talk.say(COLLEAGUE, "accounts"))


def test_a_viewer_is_told_what_is_missing_and_whom_to_ask(
    talk: Talk, producer: Person, web: str, cloud: CloudStandIn
) -> None:
    talk.say(producer, "allow <@U7> viewer")

    refused = read(talk.say(COLLEAGUE, f"share web {CONSUMER_A}"))

    assert refused == (
        "You need the role *operator* on account `1100111`; you are *viewer*. Ask <@U1>, who can "
        "give it to you. Nothing was done."
    )
    assert cloud.members(web) == {}


def test_a_role_that_was_taken_back_is_worth_nothing_to_a_button_that_was_shown(
    talk: Talk, producer: Person, web: str, cloud: CloudStandIn
) -> None:
    talk.say(producer, "allow <@U7> operator")
    question = talk.say(COLLEAGUE, f"share web {CONSUMER_A}")
    talk.say(producer, "allow <@U7> viewer")

    refused = talk.press(COLLEAGUE, question, "Share")

    assert refused.note
    assert read(refused).startswith("You need the role *operator*")
    assert cloud.members(web) == {}


def test_a_user_group_may_what_its_role_says_as_long_as_one_is_in_it(
    talk: Talk, producer: Person, web: str, groups: Groups
) -> None:
    groups.groups["S1"] = frozenset({"U7"})
    talk.say(producer, "allow <!subteam^S1|@ops> operator")
    asked = labels(talk.say(COLLEAGUE, f"share web {CONSUMER_A}"))
    groups.groups["S1"] = frozenset()

    left = read(talk.say(COLLEAGUE, f"share web {CONSUMER_A}"))

    assert asked == ["Share", "Details", "Cancel"]
    assert left.startswith("You have not linked a cloud account yet.")


def test_a_channel_may_what_its_role_says_for_those_who_speak_in_it(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    talk.say(producer, "allow here viewer")
    here = read(talk.say(COLLEAGUE, "show web"))
    elsewhere = handlers.parse(COLLEAGUE, "show web", "C2")

    assert "2.5 GB" in here
    assert read(said(handlers.answer(elsewhere, services))).startswith(
        "You have not linked a cloud account"
    )


def test_what_a_person_was_given_counts_before_what_their_group_has(
    talk: Talk, producer: Person, web: str, groups: Groups
) -> None:
    groups.groups["S1"] = frozenset({"U7"})
    talk.say(producer, "allow <!subteam^S1> operator")

    talk.say(producer, "allow <@U7> viewer")

    assert "you are *viewer*" in read(talk.say(COLLEAGUE, f"share web {CONSUMER_A}"))


def test_a_colleague_who_linked_the_account_too_operates_it_until_an_admin_forbids_it(
    talk: Talk, producer: Person, link: Callable[..., Account], web: str
) -> None:
    link(COLLEAGUE, PRODUCER, "Producer")
    asked = labels(talk.say(COLLEAGUE, f"share web {CONSUMER_A}"))
    refused = read(talk.say(COLLEAGUE, "policy share always"))
    talk.say(producer, "allow <@U7> none")

    assert asked == ["Share", "Details", "Cancel"]
    assert "You need the role *admin*" in refused
    assert read(talk.say(COLLEAGUE, "show web")) == (
        "You need the role *viewer* on account `1100111`; you have none. Ask <@U1>, who can give "
        "it to you. Nothing was done."
    )


def test_a_limit_of_a_channel_holds_for_its_admin_too_but_not_in_private(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    talk.say(producer, "limit here viewer")
    in_channel = read(talk.say(producer, f"share web {CONSUMER_A}"))
    private = handlers.parse(producer, f"share web {CONSUMER_A}", "D1")

    assert in_channel == (
        "Account `1100111` is limited to *viewer* in this channel. Send me the command in a "
        "direct message, or ask <@U1> to raise the channel's limit. Nothing was done."
    )
    assert labels(said(handlers.answer(private, services))) == ["Share", "Details", "Cancel"]


def test_a_limit_for_all_channels_gives_way_to_that_of_one(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    talk.say(producer, "limit <#C9> operator")
    talk.say(producer, "limit all none")

    nothing = read(talk.say(producer, "show web"))
    more = said(handlers.answer(handlers.parse(producer, "show web", "C9"), services))

    assert nothing.startswith("Account `1100111` cannot be used in this channel.")
    assert "2.5 GB" in read(more)


def test_a_stranger_of_a_shared_channel_can_do_nothing(
    services: Services, talk: Talk, producer: Person, web: str, cloud: CloudStandIn
) -> None:
    """Even if their own workspace has the same bot, and a user of ours the same id."""
    talk.say(producer, "allow here operator")
    button = talk.say(producer, f"share web {CONSUMER_A}").blocks[-1]["elements"][0]
    click = Click(FOREIGN, button["action_id"], button["value"], "C1", team_id="T1")

    refused = said(handlers.answer(click, services))

    assert read(refused).startswith("You are a guest from another workspace")
    assert cloud.members(web) == {}


def test_a_group_that_was_given_more_before_gives_no_more_than_an_operators_role(
    talk: Talk, services: Services, groups: Groups, producer: Person
) -> None:
    groups.groups["S1"] = frozenset({"U7"})
    [account] = services.store.accounts.of("T1", producer.user_id)
    services.store.rights.grant(account.key, account.id, Subject.GROUP, "S1", Role.ADMIN, "U1")

    assert read(talk.say(COLLEAGUE, "rights")).startswith(
        "Account `1100111` (`Producer`): you are *operator* and can view and change."
    )
    assert services.roles.admins(account.key) == ["U1"]


def test_the_first_one_stays_admin(talk: Talk, producer: Person) -> None:
    talk.say(producer, "allow <@U7> admin")

    refused = read(talk.say(COLLEAGUE, "allow <@U1> none"))

    assert refused.startswith(
        "<@U1> linked this account first, and stays admin until they unlink it"
    )


def test_a_role_is_taken_back_by_its_button_and_its_person_is_told(
    talk: Talk, services: Services, producer: Person
) -> None:
    shown = talk.say(producer, "allow <@U7> operator")

    after = read(talk.press(producer, shown, "Remove"))

    assert after.startswith("<@U7> no longer has a role on account `1100111`")
    told = [each.text for each in taking.notices(services.store) if each.user_id == "U7"]
    assert told == [
        "<@U1> made you *operator* on account `1100111` (`Producer`): you can view and change.",
        "<@U1> removed your role on account `1100111` (`Producer`).",
    ]
    actions = [(row.action, row.target, row.before, row.after) for row in _audit(services)]
    assert actions == [
        ("account.allow", "person U7", {"role": "operator"}, {"role": "none"}),
        ("account.allow", "person U7", {"role": "none"}, {"role": "operator"}),
    ]


def test_a_lent_account_is_not_the_borrowers_to_unlink(
    talk: Talk, services: Services, producer: Person, link: Callable[..., Account]
) -> None:
    talk.say(producer, "allow <@U7> admin")
    link(COLLEAGUE, CONSUMER_A, "Consumer A")

    refused = read(talk.say(COLLEAGUE, f"unlink {PRODUCER}"))

    assert refused.startswith(
        "You use account `1100111` with the login of <@U1>, so only they can unlink it."
    )
    assert services.store.accounts.of("T1", "U1")


def test_the_borrowers_choice_of_a_region_is_not_the_lenders(
    talk: Talk, services: Services, producer: Person
) -> None:
    talk.say(producer, "allow <@U7> viewer")

    talk.say(COLLEAGUE, f"use {PRODUCER} ORD")

    assert services.current_account(COLLEAGUE).region == "ORD"
    assert services.current_account(producer).region is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("allow ann viewer", "`ann` is not a person, user group or channel."),
        ("allow here admin", "Only people can be *admin*, because"),
        ("allow <!subteam^S1> approver", "Only people can be *approver*, because"),
        ("allow <@U7> boss", "`boss` is not a role."),
        ("allow <@U7>", "Usage: `/images allow WHO… ROLE"),
        ("limit ops viewer", "`ops` is not a channel."),
        ("policy share sometimes", "`share` cannot be `sometimes`. Use `never`, `always`"),
        ("policy delete outside", "`delete` cannot be `outside`. Use `never` or `always`."),
        ("policy dance always", "`policy` cannot be `dance`."),
        ("policy --people 9", "`--people` cannot be `9`. Use a number from 1 to 5."),
        ("policy --people", "`--people` needs a value"),
        ("policy --strict on", "This bot has no linking page."),
        ("rights now", "Usage: `/images rights`"),
    ],
)
def test_what_cannot_be_is_refused_with_the_next_step(
    talk: Talk, producer: Person, text: str, answer: str
) -> None:
    assert read(talk.say(producer, text)).startswith(answer)


def test_help_shows_what_a_person_can_do_here(
    talk: Talk, producer: Person, stranger: Person
) -> None:
    talk.say(producer, "allow <@U7> viewer")
    admin, viewer, nobody = (
        read(talk.say(each, "help all")) for each in (producer, COLLEAGUE, stranger)
    )

    assert "`/images share IMAGE" in admin
    assert ":lock:" not in admin
    assert "`/images share IMAGE" not in viewer
    assert ":lock: As *viewer* you can't use `update`, `tag`," in viewer
    assert ":point_right: You have no account yet." in nobody
    assert "You need the role *operator* here." in read(talk.say(COLLEAGUE, "help share"))


def _audit(services: Services) -> list[AuditRow]:
    return [row for row in services.store.audit.recent() if row.action.startswith("account.")]
