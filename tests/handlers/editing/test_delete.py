"""Deleting an image."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from cloud import MemberStatus
from handlers import Person, Services
from sandbox.cloud import CloudStandIn
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import Talk, labels, read


@pytest.fixture
def web(cloud: CloudStandIn) -> str:
    return cloud.add_image(owner=PRODUCER, name="web", region="DFW", size=2_500_000_000)


def is_there(cloud: CloudStandIn, image_id: str) -> bool:
    return image_id in cloud.state.regions["DFW"].images


def test_delete_asks_first_and_tells_who_loses_it(
    talk: Talk,
    cloud: CloudStandIn,
    services: Services,
    producer: Person,
    consumer: Person,
    web: str,
) -> None:
    cloud.add_member(web, CONSUMER_A)
    cloud.add_member(web, CONSUMER_B)
    images = services.images(services.current_account(consumer), "DFW")
    images.set_member_status(web, MemberStatus.ACCEPTED)

    question = talk.say(producer, "delete web")

    assert read(question) == (
        "Delete `web` (DFW, 2.5 GB) from your account `1100111` (`Producer`)?\n"
        "web\n"
        "• *This can't be undone.* Export it first if you may need it again.\n"
        "• *2 accounts* lose access at once; `2200222` has accepted it.\n"
        "• Servers and images built from it are not affected.\n"
        f"`{web}` · created (time)\n"
        "[Delete]\n"
        "[Cancel]"
    )
    assert is_there(cloud, web)


def test_delete_confirmed(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    cloud.add_member(web, CONSUMER_A)

    answer = talk.press(producer, talk.say(producer, "delete web"), "Delete")

    assert read(answer) == (
        "Deleted `web` (DFW, 2.5 GB). 1 account lost access. Servers and images built from it "
        "are not affected.\n"
        f"Id: `{web}`"
    )
    assert not is_there(cloud, web)
    [row] = services.store.audit.recent()
    assert (row.actor, row.action, row.target, row.account, row.region, row.outcome) == (
        "T1/U1",
        "image.delete",
        web,
        PRODUCER,
        "DFW",
        "done",
    )
    assert row.before == {"name": "web", "size": 2_500_000_000, "shared_with": [CONSUMER_A]}


def test_delete_cancelled(talk: Talk, cloud: CloudStandIn, producer: Person, web: str) -> None:
    answer = talk.press(producer, talk.say(producer, "delete web"), "Cancel")

    assert read(answer) == "Cancelled: `web` was not deleted."
    assert is_there(cloud, web)


def test_delete_is_asked_again_if_others_have_the_image_meanwhile(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    question = talk.say(producer, "delete web")
    cloud.add_member(web, CONSUMER_A)

    again = talk.press(producer, question, "Delete")

    assert read(again).startswith(":warning: Its members have changed since I asked.")
    assert "• *1 account* loses access at once; none has accepted it.\n" in read(again)
    assert is_there(cloud, web)

    talk.press(producer, again, "Delete")
    assert not is_there(cloud, web)


def test_a_private_image_that_nobody_can_share_is_deleted_too(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    """Today's Glance refuses to tell the members of one."""
    cloud.state.regions["DFW"].images[web]["visibility"] = "private"

    question = talk.say(producer, "delete web")
    talk.press(producer, question, "Delete")

    assert "It is not shared." in read(question)
    assert not is_there(cloud, web)


def test_a_protected_image_says_how_to_unprotect_it(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    talk.say(producer, "protect web")

    answer = talk.say(producer, "delete web")

    assert read(answer) == (
        "`web` (DFW, 2.5 GB) is protected, so it can't be deleted.\n"
        f"Unprotect it here or with `/images unprotect {web}`, then delete it.\n"
        "[Unprotect]"
    )
    assert "`protected`: yes → no" in read(talk.press(producer, answer, "Unprotect"))
    assert labels(talk.say(producer, "delete web")) == ["Delete", "Cancel"]


def test_an_image_protected_since_the_question_stays(
    talk: Talk, cloud: CloudStandIn, producer: Person, web: str
) -> None:
    question = talk.say(producer, "delete web")
    talk.say(producer, "protect web")

    assert "is protected, so it can't be deleted" in read(talk.press(producer, question, "Delete"))
    assert is_there(cloud, web)


def test_pressing_delete_twice_says_that_it_is_gone(talk: Talk, producer: Person, web: str) -> None:
    question = talk.say(producer, "delete web")
    talk.press(producer, question, "Delete")

    again = talk.press(producer, question, "Delete")

    assert again.note
    assert read(again).startswith(f"Image `{web[:8]}` no longer exists")


def test_of_many_presses_at_the_same_moment_one_deletes(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    cloud.delay_s = 0.2
    question = talk.say(producer, "delete web")

    with ThreadPoolExecutor(4) as pool:
        presses = [pool.submit(talk.press, producer, question, "Delete") for _ in range(4)]
        answers = [read(press.result()) for press in presses]

    assert sum(answer.startswith("Deleted") for answer in answers) == 1
    assert sum(method == "DELETE" for method, _, _ in cloud.requests) == 1
    assert [row.outcome for row in services.store.audit.recent()] == ["done"]


def test_only_the_owner_deletes(
    talk: Talk, cloud: CloudStandIn, producer: Person, consumer: Person, web: str
) -> None:
    cloud.add_member(web, CONSUMER_A)

    assert "Only its owner can delete it" in read(talk.say(consumer, "delete web"))
    question = talk.say(producer, "delete web")
    assert f"This is for account `{PRODUCER}`" in read(talk.press(consumer, question, "Delete"))
    assert is_there(cloud, web)


def test_an_image_in_use_is_told(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    question = talk.say(producer, "delete web")
    cloud.before = lambda method, path: (
        cloud.fail_next(status=409, body="It is in use.", path_prefix=path)
        if method == "DELETE"
        else None
    )

    answer = talk.press(producer, question, "Delete")

    assert answer.note
    assert read(answer) == (
        "`web` is in use, so the cloud did not delete it: `It is in use.`. Nothing was "
        "changed. Delete the server or volume that uses it, then try again."
    )
    assert is_there(cloud, web)
    [row] = services.store.audit.recent()
    assert row.outcome == "failed: InUse"
