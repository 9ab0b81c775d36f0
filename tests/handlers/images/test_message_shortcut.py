"""Looking up the images that a message speaks of."""

from __future__ import annotations

import pytest

from handlers import Click, Message, Person, Services, answer
from handlers.images import message_shortcut
from sandbox.cloud import CloudStandIn
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B
from tests.handlers.talk import labels, read, said

ID = "1a2b3c4d-0000-4000-8000-00000000000a"
MISSING = "deadbeef-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"boot {ID}, please", [ID]),
        (f"`{ID.upper()}` and {ID}", [ID]),
        ("is 1a2b3c4d broken? 1a2b3c4d-00 too", ["1a2b3c4d", "1a2b3c4d-00"]),
        (f"https://cloud.example/images/{ID}?x", [ID]),
        ("1a2b3c4 on 2026-03-02, md5 d41d8cd98f00b204e9800998ecf8427e", []),
        ("x1a2b3c4d my-1a2b3c4d", []),
    ],
)
def test_ids_are_found_standing_alone(text: str, found: list[str]) -> None:
    assert message_shortcut.ids_in(text) == found


def look(person: Person, text: str, services: Services) -> Message:
    return said(answer(Click(person, "images.lookup", text, "C1"), services))


def test_one_image_is_shown_as_show_does(
    services: Services, cloud: CloudStandIn, consumer: Person
) -> None:
    image_id = cloud.add_image(owner=CONSUMER_A, name="web", region="DFW")

    shown = read(look(consumer, f"boot {image_id}", services))

    assert "*Status*" in shown
    assert image_id in shown


def test_several_are_a_list_and_at_most_five_ids_are_looked_for(
    services: Services, cloud: CloudStandIn, consumer: Person
) -> None:
    ids = [cloud.add_image(owner=CONSUMER_A, name=f"web-{n}", region="DFW") for n in range(6)]

    answered = look(consumer, " ".join(ids), services)

    assert labels(answered) == ["Details", "Share…"] * 5
    assert ids[4][:8] in read(answered)
    assert ids[5][:8] not in read(answered)
    assert "not checked" in read(answered)


def test_what_one_may_not_see_is_said_as_what_is_not_there(
    services: Services, cloud: CloudStandIn, consumer: Person
) -> None:
    hidden = cloud.add_image(owner=CONSUMER_B, name="theirs", region="DFW")

    refused = read(look(consumer, hidden, services))
    missing = read(look(consumer, MISSING, services))

    assert refused.replace(hidden, MISSING) == missing
    assert "theirs" not in refused


def test_a_message_without_ids_is_told_what_is_looked_for(
    services: Services, consumer: Person
) -> None:
    assert "no image id" in look(consumer, "hello", services).text


def test_someone_from_another_workspace_is_refused(
    services: Services, cloud: CloudStandIn, consumer: Person
) -> None:
    image_id = cloud.add_image(owner=CONSUMER_A, name="web", region="DFW")
    click = Click(consumer, "images.lookup", image_id, "C1", team_id="T_ELSEWHERE")

    assert "web" not in read(said(answer(click, services)))
