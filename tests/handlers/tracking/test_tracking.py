"""What producers see of the shares that they made."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from handlers import Message, Person, Services
from sandbox.cloud import CloudStandIn
from tests import taking
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import Talk, labels, read
from tests.storage.fixtures import HandClock


@pytest.fixture
def web(cloud: CloudStandIn, producer: Person, consumer: Person) -> str:
    return cloud.add_image(owner=PRODUCER, name="web", region="DFW", visibility="shared")


def share(talk: Talk, person: Person, number: str = CONSUMER_A) -> Message:
    answer = talk.say(person, f"share web {number}")
    while buttons := [label for label in labels(answer) if label.startswith("Share")]:
        answer = talk.press(person, answer, buttons[0])
    return answer


def cards(services: Services) -> Mapping[str, str]:
    """What each person's card shows, as a worker would draw it now."""
    drawn = {}
    for card in taking.cards(services.store):
        drawn[card.user_id] = read(Message(card.text, tuple(card.blocks)))
        services.store.cards.drawn(card, "D1", "1.0")
    return drawn


def told(services: Services, user_id: str) -> list[Message]:
    notices = taking.notices(services.store)
    for notice in notices:
        taking.sent(services.store, notice.id, "1.0")
    return [Message(n.text, tuple(n.blocks)) for n in notices if n.user_id == user_id]


def test_one_card_shows_how_the_shares_of_an_image_stand(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str
) -> None:
    share(talk, producer)
    share(talk, producer, CONSUMER_B)
    first = cards(services)
    talk.say(consumer, "accept web")

    assert first == {
        "U1": "`web` (DFW) is shared with 2 accounts: *0 of 2 accepted*, 2 pending.\n"
        ":hourglass_flowing_sand: *2200222* · pending\nsince (time)\n[Remind]\n"
        ":hourglass_flowing_sand: *3300333* · pending\nsince (time)\n[Remind]\n"
        "[Members]"
    }
    assert cards(services)["U1"].startswith(
        "`web` (DFW) is shared with 2 accounts: *1 of 2 accepted*, 1 pending.\n"
        ":white_check_mark: *2200222* · accepted\nsince (time)\n"
    )


def test_a_rejection_is_told_at_once_and_once(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str
) -> None:
    share(talk, producer)
    told(services, "U1")

    talk.say(consumer, "reject web")

    assert [read(each) for each in told(services, "U1")] == [
        ":no_entry_sign: `2200222` rejected `web` (DFW).\n"
        f"They can still boot it. To end access: `/images unshare {web} 2200222`"
    ]
    assert told(services, "U1") == []


def test_when_none_is_left_the_card_says_so(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    talk.press(producer, share(talk, producer), "Undo")

    assert cards(services)["U1"] == "`web` (DFW) is no longer shared with anyone."
    assert services.store.shares._table.find() == []


def test_remind_asks_the_people_of_the_account_once_a_day(
    talk: Talk,
    services: Services,
    producer: Person,
    consumer: Person,
    web: str,
    clock: HandClock,
    cloud: CloudStandIn,
) -> None:
    share(talk, producer)
    told(services, "U2")
    [card] = [Message(c.text, tuple(c.blocks)) for c in taking.cards(services.store)]

    first = talk.press(producer, card, "Remind")
    again = talk.press(producer, card, "Remind")
    [asked] = told(services, "U2")
    clock.advance(days=1)
    next_day = talk.press(producer, card, "Remind")
    talk.press(consumer, asked, "Accept")
    late = talk.press(producer, card, "Remind")

    assert first.note
    assert read(first) == "Reminded <@U2> about `web` (DFW)."
    assert read(again).startswith("`2200222` was already reminded about `web` (DFW) today.")
    assert read(asked).startswith(":bell: <@U1> asks for your answer: `web` (DFW) was shared")
    assert read(next_day) == read(first)
    assert read(late).startswith("`2200222` has already accepted `web` (DFW), so I sent")
    assert cloud.members(web) == {CONSUMER_A: "accepted"}


def test_where_nobody_has_linked_the_account_the_number_is_to_be_checked(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    share(talk, producer, CONSUMER_B)
    [card] = [Message(c.text, tuple(c.blocks)) for c in taking.cards(services.store)]

    answer = read(talk.press(producer, card, "Remind"))

    assert answer.startswith("Nobody in this workspace has linked `3300333`")
    assert answer.endswith("the account number may be wrong.")


def test_only_who_may_use_the_account_reminds(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str
) -> None:
    share(talk, producer)
    told(services, "U2")
    [card] = [Message(c.text, tuple(c.blocks)) for c in taking.cards(services.store)]

    refused = read(talk.press(consumer, card, "Remind"))

    assert refused.startswith("This is for account `1100111`")
    assert told(services, "U2") == []
