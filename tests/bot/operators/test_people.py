"""`people forget`, `accounts list`, `accounts admin` and `send-test`."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.wiring import Runtime
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID, SlackStandIn
from storage import AuditFilter
from storage.clock import utc_now
from tests import taking
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS, PRODUCER, link_to
from tests.bot.program import Program
from tests.storage.fixtures import HandClock

PERSON = ("--team", TEAM_ID, "--user", PRODUCER)


def test_a_person_is_forgotten_and_what_is_kept_is_said(
    program: Program, runtime: Runtime, cloud: CloudStandIn
) -> None:
    link_to(cloud, runtime, PRODUCER)
    link_to(cloud, runtime, CONSUMER_A)

    code, said, _ = program("people", "forget", *PERSON)

    assert code == 0
    assert "1 accounts" in said
    assert "Kept: the audit log" in said
    assert [each.user_id for each in runtime.store.accounts.all()] == [CONSUMER_A]
    _, record, _ = program("audit", "export", "--action", "person.forget")
    assert f'"target": "{TEAM_ID}/{PRODUCER}"' in record
    assert program("people", "forget", *PERSON)[:2] == (
        1,
        f"There is no data of {PRODUCER} in {TEAM_ID}.\n",
    )


def test_what_nobody_else_could_end_stops_it_until_it_is_meant(
    program: Program, runtime: Runtime, cloud: CloudStandIn
) -> None:
    account = link_to(cloud, runtime, PRODUCER)
    runtime.store.expiries.put(
        account, PRODUCER, "DFW", "i1", "web", "2200222", timedelta(hours=4), ""
    )

    code, said, complaint = program("people", "forget", *PERSON)
    assert (code, said) == (1, "")
    assert "the share of web with 2200222" in complaint
    assert "--even-so" in complaint
    assert runtime.store.accounts.all() == [account]

    code, _, _ = program("people", "forget", *PERSON, "--even-so")
    assert (code, runtime.store.accounts.all()) == (0, [])


def test_accounts_are_listed_with_what_is_wrong(
    program: Program, runtime: Runtime, cloud: CloudStandIn
) -> None:
    account = link_to(cloud, runtime, PRODUCER)
    runtime.store.accounts.set_trouble(account.id, "ORD", "Unavailable")

    code, said, _ = program("accounts", "list")

    line, count = said.splitlines()
    assert (code, count) == (0, "Accounts: 1. People: 1.")
    assert line.split()[:3] == [TEAM_ID, PRODUCER, NUMBERS[PRODUCER]]
    assert line.endswith("TROUBLE ORD: Unavailable")


def test_a_test_message_arrives(program: Program, slack: SlackStandIn) -> None:
    code, said, _ = program("send-test", *PERSON)

    assert (code, said.startswith(f"Sent to {PRODUCER}")) == (0, True)
    [message] = slack.messages(PRODUCER)
    assert "test message" in message.text


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("user_not_found", "check the id"),
        ("missing_scope", "install the app in this workspace again"),
        ("internal_error", "try again later"),
    ],
)
def test_what_slack_refuses_is_said_with_the_next_step(
    error: str, advice: str, program: Program, slack: SlackStandIn
) -> None:
    slack.fail_next("chat.postMessage", error)

    code, said, _ = program("send-test", *PERSON)

    assert code == 1
    assert error in said
    assert advice in said


ADMIN = ("accounts", "admin", "--team", TEAM_ID, "--account", NUMBERS[PRODUCER])


def _left_without_admin(runtime: Runtime, cloud: CloudStandIn) -> None:
    """Its admin has left the workspace; two colleagues have linked it, too."""
    for user_id in (PRODUCER, CONSUMER_A, CONSUMER_B):
        link_to(cloud, runtime, user_id, number=NUMBERS[PRODUCER])
    runtime.store.people.note_presence(TEAM_ID, PRODUCER, left=True)


def test_an_admin_is_named_where_none_is_left_on_record_and_told(
    program: Program, runtime: Runtime, cloud: CloudStandIn, clock: HandClock
) -> None:
    _left_without_admin(runtime, cloud)

    code, said, _ = program(*ADMIN, "--user", CONSUMER_A)

    number = NUMBERS[PRODUCER]
    assert (code, said) == (
        0,
        f"{CONSUMER_A} is now an admin of account {number}, and is notified.\n",
    )
    [link] = runtime.store.accounts.of(TEAM_ID, CONSUMER_A)
    assert list(runtime.services.roles.admins(link.key)) == [CONSUMER_A]
    [row] = runtime.store.audit.find(AuditFilter(action="account.allow"))
    assert (row.actor, row.account, row.cloud) == (
        f"{TEAM_ID}/program/accounts",
        number,
        link.cloud,
    )
    assert (row.before, row.after) == ({"role": "operator"}, {"role": "admin"})
    clock.now = utc_now() + timedelta(minutes=1)
    told = {n.user_id: n.text for n in taking.notices(runtime.store) if ":unlock:" in n.text}
    assert told.keys() == {CONSUMER_A, CONSUMER_B}
    assert "made you *admin* of account" in told[CONSUMER_A]
    assert f"made <@{CONSUMER_A}> *admin* of account" in told[CONSUMER_B]
    assert program(*ADMIN, "--user", CONSUMER_A)[0] == 0


def test_nobody_is_named_beside_an_admin_who_is_there_unless_that_is_meant(
    program: Program, runtime: Runtime, cloud: CloudStandIn
) -> None:
    for user_id in (PRODUCER, CONSUMER_A):
        link_to(cloud, runtime, user_id, number=NUMBERS[PRODUCER])

    code, said, complaint = program(*ADMIN, "--user", CONSUMER_A)

    assert (code, said) == (1, "")
    assert f"has admins: {PRODUCER}. They can give the role with `/images allow`." in complaint
    assert program(*ADMIN, "--user", CONSUMER_A, "--even-so")[0] == 0


def test_nobody_becomes_an_admin_by_the_login_of_another(
    program: Program, runtime: Runtime, cloud: CloudStandIn
) -> None:
    _left_without_admin(runtime, cloud)

    code, _, complaint = program(*ADMIN, "--user", "U0NOBODY")

    assert code == 1
    assert f"U0NOBODY of {TEAM_ID} has not linked account" in complaint
    assert f"(linked by {CONSUMER_A}, {CONSUMER_B})" in complaint
    assert runtime.store.audit.find(AuditFilter(action="account.allow")) == []
