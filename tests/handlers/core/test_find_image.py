"""IMAGE is an id, the beginning of one, or a name; never a guess."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers import Person
from sandbox.cloud import CloudStandIn
from storage import Account
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, labels, read

WEB = "abcdef01-1111-4222-8333-444455556666"
WEB_2 = "abcdef02-1111-4222-8333-444455556666"


@pytest.fixture
def web(cloud: CloudStandIn) -> str:
    return cloud.add_image(owner=PRODUCER, name="web one", region="ORD", id=WEB)


@pytest.mark.parametrize("word", [WEB, WEB.upper(), "abcdef", "ABCDEF01-1", '"web one"'])
def test_one_image_is_found_by_id_prefix_or_name(
    talk: Talk, producer: Person, web: str, word: str
) -> None:
    assert read(talk.say(producer, f"show {word}")).startswith("web one\n")


@pytest.mark.parametrize("word", ["we", "abcde", "abcdef99", WEB_2])
def test_what_is_like_nothing_is_not_guessed(
    talk: Talk, producer: Person, web: str, word: str
) -> None:
    assert talk.say(producer, f'show "{word}"').text == (
        f"No image named `{word}`, or with that id, in DFW and ORD. Use the full name, or at "
        "least 6 characters of the id. To find it: `/images list`, or `/images invitations` if "
        "you have not accepted it yet."
    )


def test_a_region_narrows_the_search(talk: Talk, producer: Person, web: str) -> None:
    assert talk.say(producer, 'show "web one" --region ord').text.startswith("`web one` in ORD")
    assert talk.say(producer, 'show "web one" --region DFW').text.startswith(
        "No image named `web one`, or with that id, in DFW."
    )


def test_several_matches_are_a_choice_and_the_chosen_one_is_shown(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    cloud.add_image(owner=PRODUCER, name="web two", region="DFW", id=WEB_2)

    choice = talk.say(producer, "show abcdef")
    shown = [talk.press(producer, choice, "Choose", n) for n in (0, 1)]

    assert choice.text == "2 images match `abcdef`. Which one?"
    assert labels(choice) == ["Choose", "Choose"]
    assert [message.text for message in shown] == [
        "`web two` in DFW: active, 1.0 KB",
        "`web one` in ORD: active, 1.0 KB",
    ]


def test_a_name_and_the_beginning_of_an_id_are_told_apart(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    cloud.add_image(owner=PRODUCER, name="abcdef", region="DFW", id=WEB_2.replace("abc", "fff"))

    assert labels(talk.say(producer, "show abcdef")) == ["Choose", "Choose"]


def test_choosing_for_a_change_leads_to_its_confirmation(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    cloud.add_image(owner=PRODUCER, name="web one", region="DFW", id=WEB_2)

    choice = talk.say(producer, f'share "web one" {CONSUMER_A}')
    question = talk.press(producer, choice, "Choose", 1)

    assert question.text.startswith("Share `web one` with ")
    assert labels(question) == ["Share", "Details", "Cancel"]


def test_many_matches_show_ten(talk: Talk, cloud: CloudStandIn, producer: Person) -> None:
    for _ in range(12):
        cloud.add_image(owner=PRODUCER, name="web", region="DFW")

    choice = talk.say(producer, "show web")

    assert labels(choice) == ["Choose"] * 10
    assert read(choice).endswith("…and 2 more. Use the image's id instead.")


def test_a_consumer_finds_what_was_not_accepted(
    talk: Talk, consumer: Person, web: str, invite: Callable[..., None]
) -> None:
    invite(web, CONSUMER_A)

    for word in ("web one", "abcdef", WEB):
        assert talk.say(consumer, f'show "{word}"').text.startswith("`web one` in ORD")

    talk.say(consumer, 'reject "web one"')

    for word in ("web one", "abcdef", WEB):
        assert talk.say(consumer, f'show "{word}"').text.startswith("`web one` in ORD")


def test_an_image_seen_by_two_linked_accounts_is_found_once_for_its_owner(
    talk: Talk, web: str, invite: Callable[..., None], link: Callable[..., Account]
) -> None:
    both = Person("T1", "U7")
    link(both, PRODUCER, "Producer")
    link(both, CONSUMER_A, "Consumer A")
    invite(web, CONSUMER_A)

    controls = ["Share…", "Members", "Update…", "Export…", "Copy…"]
    assert labels(talk.say(both, 'show "web one"')) == controls
    assert labels(talk.say(both, f'show "web one" --account {CONSUMER_A}')) == ["Accept", "Reject"]


def test_a_region_that_could_not_be_searched_is_named(
    talk: Talk, link: Callable[..., Account]
) -> None:
    person = Person("T1", "U5")
    link(person, PRODUCER, "Producer", regions=("DFW", "LON"))

    answer = talk.say(person, "show nothing")

    assert answer.text.startswith("No image named `nothing`, or with that id, in DFW. ")
    assert read(answer).endswith(
        ":warning: LON of account `1100111` could not be checked. Your account has no region "
        "`LON`. Available: DFW and ORD."
    )
