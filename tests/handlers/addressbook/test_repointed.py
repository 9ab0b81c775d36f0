"""A name in the address book that means another account than before, or looks like another name."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from handlers import Message, Person, Services
from handlers.addressbook.lookalikes import skeleton
from sandbox.cloud import CloudStandIn
from tests import taking
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import Talk, labels, read
from tests.storage.fixtures import HandClock

MALLORY = Person("T1", "U7")


@pytest.fixture
def web(cloud: CloudStandIn, producer: Person) -> str:
    return cloud.add_image(owner=PRODUCER, name="web", region="DFW", size=2_500_000_000)


@pytest.fixture
def repointed(talk: Talk, services: Services, producer: Person, web: str) -> None:
    """Named by one, used by another, and given to another account by a third."""
    talk.say(producer, "allow <@U7> operator")
    talk.say(producer, "allow <@U8> operator")
    talk.say(producer, f"name {CONSUMER_A} partner")
    talk.say(Person("T1", "U8"), "share web partner")
    taking.notices(services.store)
    talk.press(MALLORY, talk.say(MALLORY, "name"), "Remove")
    talk.say(MALLORY, f"name {CONSUMER_B} partner")


def told(services: Services) -> Sequence[tuple[str, str]]:
    return [(notice.user_id, notice.text) for notice in taking.notices(services.store)]


def confirmed(talk: Talk, person: Person) -> Message:
    return talk.press(person, talk.say(person, "share web partner"), "Share")


@pytest.mark.usefixtures("repointed")
def test_who_gave_the_name_and_who_used_it_are_told(services: Services) -> None:
    said = told(services)

    for user_id in ("U1", "U8"):
        mine = [text for who, text in said if who == user_id and "address book" in text]
        assert mine == [
            "<@U7> removed `partner` (account `2200222`) from the address book.",
            "<@U7> changed `partner` from account `2200222` to account `3300333` in the address "
            "book.",
        ]
    assert not [text for who, text in said if who == "U7" and "address book" in text]


@pytest.mark.usefixtures("repointed")
def test_sharing_with_it_is_asked_twice_for_a_week(
    talk: Talk, producer: Person, web: str, cloud: CloudStandIn, clock: HandClock
) -> None:
    asked = confirmed(talk, producer)

    assert "`partner` meant `2200222` until (time). <@U7> changed it to `3300333`" in read(asked)
    assert labels(asked) == ["Share anyway", "Cancel"]
    assert cloud.members(web) == {}

    clock.advance(days=7, minutes=1)
    confirmed(talk, producer)
    assert cloud.members(web) == {CONSUMER_B: "pending"}


@pytest.mark.usefixtures("repointed")
@pytest.mark.parametrize(
    ("command", "then"),
    [
        ("unshare web partner", "Unshare"),
        ("member web partner", "3300333"),
        ("copy web to ORD with partner", "3300333"),
        ("name Partner other", "3300333"),
    ],
)
def test_every_other_verb_asks_which_account_is_meant(
    talk: Talk, producer: Person, web: str, cloud: CloudStandIn, command: str, then: str
) -> None:
    for number in (CONSUMER_A, CONSUMER_B):
        cloud.add_member(web, number)

    asked = talk.say(producer, command)
    answer = talk.press(producer, asked, "Choose")

    assert read(asked).startswith(
        "`partner` meant `2200222` until (time); <@U7> changed it to `3300333`. Which account do "
        "you mean? Nothing was changed."
    )
    assert labels(asked) == ["Choose", "Choose"]
    assert then in read(answer)
    assert "3300333" in read(answer)


@pytest.mark.usefixtures("repointed")
def test_a_week_later_no_verb_asks_any_more(
    talk: Talk, producer: Person, web: str, cloud: CloudStandIn, clock: HandClock
) -> None:
    cloud.add_member(web, CONSUMER_B)
    clock.advance(days=7, minutes=1)

    assert "3300333" in read(talk.say(producer, "member web partner"))
    assert "Which account" not in read(talk.say(producer, "unshare web partner"))


@pytest.mark.parametrize(
    "given", ["p4rtner", "partner_", "part-ner", "PARTNER1".replace("1", ""), "pärtner"]
)
def test_a_name_that_looks_like_another_is_refused(
    talk: Talk, producer: Person, given: str
) -> None:
    talk.say(producer, f"name {CONSUMER_A} partner")

    said = read(talk.say(producer, f"name {CONSUMER_B} {given}"))

    assert "Nothing was changed." in said
    assert "The address book has 1 name." in read(talk.say(producer, "name"))


@pytest.mark.parametrize("given", ["раrtner", "pаypаl"])
def test_letters_of_several_scripts_that_look_alike_are_refused(
    talk: Talk, producer: Person, given: str
) -> None:
    assert "can't be a name" in read(talk.say(producer, f"name {CONSUMER_B} {given}"))


def test_full_width_letters_are_the_plain_ones(talk: Talk, producer: Person) -> None:
    assert "is now named `partner`" in read(talk.say(producer, f"name {CONSUMER_B} ｐａｒtner"))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("раре", "pape", True),
        ("bi11", "BILL", True),
        ("web1", "web2", False),
        ("acme", "acme-eu", False),
        ("müller", "möller", False),
    ],
)
def test_what_looks_alike(one: str, other: str, alike: bool) -> None:
    assert (skeleton(one) == skeleton(other)) is alike
