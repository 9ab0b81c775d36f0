"""How one's accounts stand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers import Person, Services
from sandbox.cloud import CloudStandIn
from storage import Account
from tests.handlers.conftest import CONSUMER_A
from tests.handlers.talk import Talk, read

HEAD = "Region | Export | Import | Object store | Servers"
READY = "cloud task | cloud task | yes | yes"


def test_status_says_what_a_login_may_do_and_what_its_regions_can(
    talk: Talk, producer: Person
) -> None:
    assert read(talk.say(producer, "status")) == (
        "1 account, login works.\n"
        "*`1100111` (`Producer`)* as `user-1100111`\n"
        "✓ Login works. Role: `admin`.\n"
        "✓ view images, members and invitations\n"
        "✓ share images\n"
        "✓ accept and reject invitations, and unshare\n"
        "✓ update, delete, export, import and copy images\n"
        f"{HEAD}\n"
        f"DFW | {READY}\n"
        f"ORD | {READY}\n"
        "Last checked for invitations: DFW not yet · ORD not yet"
    )


def test_status_says_when_each_region_was_last_looked_at(
    talk: Talk, services: Services, producer: Person
) -> None:
    places = services.store.places.claim(10, 10)
    [dfw] = [each for each in places if each.region == "DFW"]
    services.store.places.looked(dfw, news=False)

    answer = read(talk.say(producer, "status"))

    assert answer.endswith("Last checked for invitations: DFW (time) · ORD not yet")


@pytest.mark.parametrize(
    ("roles", "lacks"),
    [
        (("cloudImages:admin",), []),
        (("member",), []),
        (("cloudimages:ADMIN",), []),
        (("cloudImages:creator",), ["accept", "update"]),
        (("reader",), ["share", "accept", "update"]),
        (("cloudImages:observer", "compute:default"), ["share", "accept", "update"]),
    ],
)
def test_what_a_role_may_not_do_is_said_with_the_role_that_may(
    talk: Talk,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    roles: tuple[str, ...],
    lacks: list[str],
) -> None:
    person = Person("T1", "U7")
    cloud.add_account("7700777", "Seven", "seven", roles=roles)
    link(person, "7700777", "Seven", user="seven")

    answer = read(talk.say(person, "status"))

    refused = [line.split()[1].strip(",") for line in answer.splitlines() if line[0] == "✗"]
    assert refused == lacks
    assert ("needs `cloudImages:admin` (`member` on other OpenStack clouds)" in answer) == (
        "update" in lacks
    )


def test_one_login_that_fails_says_why_beside_those_that_work(
    talk: Talk, producer: Person, link: Callable[..., Account]
) -> None:
    link(producer, CONSUMER_A, "Consumer A", password="changed-since")

    answer = read(talk.say(producer, "status"))

    assert answer.startswith(
        "2 accounts, 1 of 2 logins working.\n"
        "*`2200222` (`Consumer A`)* as `user-2200222` · in use\n"
        "✗ Login failed. The cloud no longer accepts this account's password or key."
    )
    assert "*`1100111` (`Producer`)* as `user-1100111`\n✓ Login works." in answer


def test_a_region_that_cannot_be_asked_is_told_beside_those_that_answer(
    talk: Talk, cloud: CloudStandIn, producer: Person
) -> None:
    cloud.fail_next(100, 503, path_prefix="/ORD/")

    answer = read(talk.say(producer, "status"))

    assert f"{HEAD}\nDFW | {READY}\n:warning: *ORD*: The cloud " in answer
    assert "✓ Login works." in answer


def test_a_region_that_is_gone_from_the_catalog_is_told(
    talk: Talk, link: Callable[..., Account]
) -> None:
    person = Person("T1", "U7")
    link(person, CONSUMER_A, "Consumer A", regions=("DFW", "HKG"))

    assert "\n:warning: *HKG*: " in read(talk.say(person, "status"))


def test_what_the_scheduler_could_not_do_is_said_until_it_can(
    talk: Talk, services: Services, producer: Person
) -> None:
    account = services.current_account(producer)
    services.store.accounts.set_trouble(account.id, "ORD", "Unavailable")

    assert read(talk.say(producer, "status")).endswith(
        ":warning: ORD: my last check for invitations failed: the cloud did not respond. I'll try "
        "again at the next check."
    )
    services.store.accounts.clear_trouble(account.id, "ORD")
    assert "check for invitations" not in read(talk.say(producer, "status"))


def test_status_takes_no_words(talk: Talk, producer: Person) -> None:
    assert talk.say(producer, "status web").text == "Usage: `/images status`. " + (
        "Quote names with spaces."
    )


def test_the_status_holds_no_secret(
    talk: Talk, services: Services, producer: Person, cloud: CloudStandIn
) -> None:
    answer = talk.say(producer, "status")

    assert "made-up" not in str(answer)
    assert not any(token in str(answer) for token in cloud.state.tokens)
