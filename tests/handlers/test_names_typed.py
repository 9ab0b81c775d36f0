"""Images and people, named as people name them: in either order, in lists, almost right."""

from __future__ import annotations

import pytest

import handlers
from handlers import Person, Services
from sandbox.cloud import CloudStandIn
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import Talk, labels, read


@pytest.fixture
def web(cloud: CloudStandIn) -> str:
    return cloud.add_image(owner=PRODUCER, name="web-2026", region="DFW")


def changes(cloud: CloudStandIn) -> list[str]:
    """What was asked of the cloud that changes something there."""
    asked = [method for method, path, _ in cloud.requests if "/images" in path]
    return [method for method in asked if method != "GET"]


@pytest.mark.parametrize(
    "typed",
    [
        "share web-2026 <@U2|ann>, <@U3|bob lee>",
        "share web-2026 <@U2>,<@U3>",
        "share web-2026 <@U2> and <@U3>.",
        "share web-2026 with <@U2>, and <@U3>!",
        "share <@U2> <@U3> web-2026",
        "share <@U2>, <@U3> web-2026",
        "share with <@U2> and <@U3> web-2026",
        f"share web-2026 {CONSUMER_A}, {CONSUMER_B}.",
        f"share web-2026 {CONSUMER_A},{CONSUMER_B} for 7d.",
        f"share web-2026 {CONSUMER_A} and {CONSUMER_B} because they asked, politely.",
        f"share web-2026 <@U2>, {CONSUMER_B}",
        f"copy web-2026 to ORD with <@U2>, {CONSUMER_B} and <@U3>",
    ],
)
def test_people_and_accounts_are_listed_as_in_a_sentence(
    talk: Talk, producer: Person, consumer: Person, other: Person, web: str, typed: str
) -> None:
    question = read(talk.say(producer, typed))

    assert all(number in question for number in (CONSUMER_A, CONSUMER_B))


def test_one_person_may_stand_before_the_image_of_other_verbs_too(
    talk: Talk, cloud: CloudStandIn, producer: Person, consumer: Person, web: str
) -> None:
    cloud.add_member(web, CONSUMER_A)

    for typed in ("unshare <@U2> web-2026", "unshare web-2026 <@U2>.", "member <@U2>, web-2026"):
        assert CONSUMER_A in talk.say(producer, typed).text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("share <@U2>", "Name the image first: `/images share IMAGE"),
        ("share <@U2> for 7d", "Name the image first: `/images share IMAGE"),
        ("show <@U2>", "<@U2> is not an image. Put the image first"),
        ("delete <#C1|ops>", "<#C1> is not an image."),
        ("list --account <@U2>", "You have not linked an account <@U2>."),
        ("limit <@U2> viewer", "<@U2> is not a channel."),
        ("share web-2026 <@U2>/999", "<@U2> has linked"),
        ("digest --from <@U2>", "`--from` cannot be <@U2>."),
    ],
)
def test_no_answer_shows_the_id_of_somebody_who_was_mentioned(
    talk: Talk, producer: Person, consumer: Person, web: str, typed: str, says: str
) -> None:
    answer = talk.say(producer, typed).text

    assert says in answer
    assert "`<" not in answer
    assert "&lt;@U2" not in answer


@pytest.mark.parametrize("typed", ["&lt;@U2&gt;", "&lt;@U2&gt;,", "&lt;@U2&gt;,&lt;@U2&gt;"])
def test_a_mention_that_was_written_by_hand_names_nobody(
    talk: Talk, producer: Person, consumer: Person, web: str, typed: str
) -> None:
    assert labels(talk.say(producer, f"share web-2026 {typed}")) == []


@pytest.mark.parametrize(
    "word",
    [
        "WEB-2026",
        "Web-2026.",
        "web-2026!",
        "`Web-2026`.",
        "<https://mycloud.rackspace.com/cloud/1100111/images#{id}>",
        "<https://dfw.images.api.example/v2/images/{id}|dfw.images.api.example/v2/images/{id}>",
    ],
)
def test_a_name_is_found_whatever_its_capitals_and_an_address_by_its_id(
    talk: Talk, producer: Person, web: str, word: str
) -> None:
    shown = talk.say(producer, f"show {word.format(id=web)}")

    assert shown.text.startswith("`web-2026` in DFW")


def test_slack_s_names_of_emoji_are_understood(
    talk: Talk, cloud: CloudStandIn, producer: Person
) -> None:
    cloud.add_image(owner=PRODUCER, name="Web 🚀", region="DFW")

    assert talk.say(producer, 'show "web :rocket:"').text.startswith("`Web 🚀` in DFW")


def test_an_exact_name_comes_before_others_and_several_are_a_choice(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    cloud.add_image(owner=PRODUCER, name="WEB-2026", region="ORD")

    assert talk.say(producer, "show WEB-2026").text.startswith("`WEB-2026` in ORD")
    assert labels(talk.say(producer, "show Web-2026")) == ["Choose"] * 2


def test_a_name_that_is_almost_right_is_suggested_and_never_taken(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    answer = talk.say(producer, "tag web-2062 prod")

    assert answer.text == (
        "No image named `web-2062`, or with that id, in DFW and ORD. Did you mean `web-2026`?"
    )
    assert changes(cloud) == []
    talk.press(producer, answer, "Choose")
    assert cloud.state.regions["DFW"].images[web]["tags"] == ["prod"]


def test_a_chosen_image_keeps_the_people_who_were_named_before_it(
    talk: Talk, cloud: CloudStandIn, producer: Person, consumer: Person, web: str
) -> None:
    answer = talk.say(producer, "share <@U2> web-2062")

    assert CONSUMER_A in read(talk.press(producer, answer, "Choose"))


def test_an_invitation_is_found_whatever_its_capitals(
    talk: Talk, cloud: CloudStandIn, consumer: Person, web: str
) -> None:
    cloud.add_member(web, CONSUMER_A)

    talk.say(consumer, "accept WEB-2026")

    assert cloud.members(web) == {CONSUMER_A: "accepted"}


def test_a_misspelt_verb_is_suggested_with_a_button(talk: Talk, producer: Person, web: str) -> None:
    answer = talk.say(producer, "shwo web-2026")

    assert "Did you mean `/images show`?" in answer.text
    assert talk.press(producer, answer, "Do that").text.startswith("`web-2026` in DFW")


@pytest.mark.parametrize(
    "typed", ["allow here viewer", "limit here viewer", "policy --channel here"]
)
def test_here_is_explained_where_there_is_no_channel(
    services: Services, producer: Person, typed: str
) -> None:
    said = handlers.answer(handlers.parse(producer, typed, "D1"), services)

    assert isinstance(said, handlers.Message)
    assert said.text.startswith("`here` only works in a channel, and this is a direct message.")
