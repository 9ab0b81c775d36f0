"""Members of an image that is private sleep: shared again, they have access again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cloud.patch import Changes
from handlers import Message, Person, Services
from sandbox.cloud import CloudStandIn
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import Talk, labels, read


@pytest.fixture
def web(cloud: CloudStandIn, producer: Person) -> str:
    return cloud.add_image(
        owner=PRODUCER, name="web", region="DFW", size=2_500_000_000, visibility="shared"
    )


@pytest.fixture
def slept(talk: Talk, producer: Person, web: str, cloud: CloudStandIn) -> str:
    """The image, shared with an account past the bot, and then made private."""
    cloud.add_member(web, CONSUMER_A)
    talk.say(producer, "update web visibility=private")
    return web


def by_panel(services: Services, person: Person, image_id: str) -> None:
    """Made private past the bot."""
    images = services.images(services.current_account(person), "DFW")
    images.update(images.get(image_id), Changes({"visibility": "private"}))


def visibility(services: Services, person: Person, image_id: str) -> str:
    return services.images(services.current_account(person), "DFW").get(image_id).visibility


def test_whoever_gets_access_again_is_named_before_it_is_shared(
    talk: Talk, services: Services, producer: Person, slept: str
) -> None:
    question = talk.say(producer, "update web visibility=shared description=new")
    asked = visibility(services, producer, slept)
    answer = talk.press(producer, question, "Make shared")

    assert asked == "private"
    assert read(question).startswith(
        "Make `web` (DFW, 2.5 GB) shared? 1 account can boot it again at once: `2200222`."
    )
    assert ":key: `2200222` can boot it again: it was shared with them before." in read(answer)
    assert "`description`: `new` (new)" in read(answer)
    assert visibility(services, producer, slept) == "shared"


def test_the_make_it_shared_button_asks_too(
    talk: Talk, services: Services, producer: Person, slept: str
) -> None:
    offered = talk.say(producer, f"share web {CONSUMER_B}")

    question = talk.press(producer, offered, "Make shared")

    assert "`2200222`" in read(question)
    assert visibility(services, producer, slept) == "private"


def test_a_form_asks_too(talk: Talk, services: Services, producer: Person, slept: str) -> None:
    form = talk.form(producer, "update web")

    question = talk.submit(producer, form, visibility="shared")

    assert isinstance(question, Message)
    assert "`2200222`" in read(question)
    assert visibility(services, producer, slept) == "private"


def test_a_share_made_here_is_known_whoever_made_it_private(
    talk: Talk, services: Services, producer: Person, web: str, cloud: CloudStandIn
) -> None:
    answer = talk.say(producer, f"share web {CONSUMER_A}")
    while "Share" in labels(answer)[0]:
        answer = talk.press(producer, answer, labels(answer)[0])
    by_panel(services, producer, web)

    question = talk.say(producer, "update web visibility=shared")

    assert "`2200222`" in read(question)


def test_one_more_since_the_question_is_asked_for_again(
    talk: Talk, services: Services, producer: Person, slept: str
) -> None:
    question = talk.say(producer, "update web visibility=shared")
    account = services.current_account(producer)
    services.store.dormant.note(account.cloud, "DFW", slept, [CONSUMER_B])

    again = talk.press(producer, question, "Make shared")

    assert "2 accounts can boot it again at once: `2200222` and `3300333`." in read(again)
    assert visibility(services, producer, slept) == "private"


def test_an_image_that_nobody_is_known_of_is_shared_at_once_and_says_who_has_it_then(
    talk: Talk, services: Services, producer: Person, web: str, cloud: CloudStandIn
) -> None:
    cloud.add_member(web, CONSUMER_A)
    by_panel(services, producer, web)

    answer = read(talk.say(producer, "update web visibility=shared"))

    assert ":key: `2200222` can boot it" in answer
    assert services.store.dormant.of_image("x", "DFW", web) == []


def test_a_forged_value_changes_nothing_that_cannot_be_typed(
    talk: Talk, services: Services, producer: Person, slept: str
) -> None:
    question = talk.say(producer, "update web visibility=shared")
    button = question.blocks[1]["elements"][0]
    button["value"] = button["value"].replace("visibility", "os_glance_x")

    refused = read(talk.press(producer, question, "Make shared"))

    assert "os_glance" in refused
    assert visibility(services, producer, slept) == "private"


@pytest.fixture
def over(talk: Talk, services: Services, producer: Person, web: str, cloud: CloudStandIn) -> str:
    """The image, shared with one account for good and one for a day, then private for two."""
    account = services.current_account(producer)
    for number in (CONSUMER_A, CONSUMER_B):
        cloud.add_member(web, number)
    services.store.expiries.put(account, "U1", "DFW", web, "web", CONSUMER_A, timedelta(days=1), "")
    talk.say(producer, "update web visibility=private")
    services.clock.advance(days=2)  # type: ignore[attr-defined] # a clock that is turned by hand
    return web


def test_a_share_whose_time_is_over_does_not_wake_with_the_others(
    talk: Talk, services: Services, producer: Person, over: str, cloud: CloudStandIn
) -> None:
    question = talk.say(producer, "update web visibility=shared")
    answer = talk.press(producer, question, "Make shared")

    assert "1 account can boot it again at once: `3300333`." in read(question)
    assert cloud.members(over) == {CONSUMER_B: "pending"}
    assert ":key: `3300333` can boot it" in read(answer)


def test_undoing_does_not_wake_it_either(
    talk: Talk, services: Services, producer: Person, web: str, cloud: CloudStandIn
) -> None:
    account = services.current_account(producer)
    cloud.add_member(web, CONSUMER_A)
    services.store.expiries.put(
        account, "U1", "DFW", web, "web", CONSUMER_A, timedelta(minutes=1), ""
    )
    changed = talk.say(producer, "update web visibility=private")
    services.clock.advance(minutes=2)  # type: ignore[attr-defined] # a clock that is turned by hand

    talk.press(producer, changed, "Undo")

    assert visibility(services, producer, web) == "shared"
    assert cloud.members(web) == {}


@pytest.mark.parametrize("command", ["member web 2200222", "unshare web 2200222"])
def test_a_sleeping_member_is_not_said_to_be_none(
    talk: Talk, producer: Person, slept: str, command: str
) -> None:
    answer = talk.say(producer, command)

    assert answer.text.startswith(
        "`web` is private: the cloud keeps its members, but shows and changes them only while the "
        "image is `shared`."
    )
    assert labels(answer) == ["Make shared"]


def test_unsharing_and_extending_while_the_member_sleeps_forget_no_end(
    talk: Talk, services: Services, producer: Person, web: str, cloud: CloudStandIn
) -> None:
    account = services.current_account(producer)
    cloud.add_member(web, CONSUMER_A)
    services.store.expiries.put(account, "U1", "DFW", web, "web", CONSUMER_A, timedelta(1), "")
    members = talk.say(producer, "members web")
    question = talk.say(producer, "unshare web 2200222")
    by_panel(services, producer, web)

    refused = talk.press(producer, question, "Unshare")
    [extend] = [label for label in labels(members) if label.startswith("Extend")]
    extended = talk.press(producer, members, extend)

    assert "`web` is private: the cloud keeps" in refused.text
    assert "`web` is private: the cloud keeps" in extended.text
    assert list(services.store.expiries.of_image(account, "DFW", web)) == [CONSUMER_A]


def test_a_change_of_a_private_image_asks_for_no_members(
    talk: Talk, producer: Person, slept: str, cloud: CloudStandIn
) -> None:
    begun = len(cloud.requests)

    talk.say(producer, "update web description=new")

    assert [path for _, path, _ in cloud.requests[begun:] if "members" in path] == []
