"""The servers of one's accounts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers import Person
from sandbox.cloud import CloudStandIn
from storage import Account
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, buttons, labels, read


def test_servers_are_listed_over_accounts_and_regions_by_name(
    talk: Talk, cloud: CloudStandIn, producer: Person, link: Callable[..., Account]
) -> None:
    web = cloud.add_server(PRODUCER, name="web", region="DFW")
    database = cloud.add_server(PRODUCER, name="Database", region="ORD", status="SHUTOFF")
    other = cloud.add_server(CONSUMER_A, name="zebra", region="DFW")
    link(producer, CONSUMER_A, "Consumer A")

    answer = talk.say(producer, "servers")

    assert read(answer) == (
        "*3 servers* in DFW and ORD.\n"
        "*Database* · SHUTOFF · `general1-1`\n"
        "ORD · 203.0.113.5 · created (time) · "
        f"account `1100111` · `{database[:8]}`\n"
        "[Snapshot…]\n"
        "*web* · ACTIVE · `general1-1`\n"
        "DFW · 203.0.113.5 · created (time) · "
        f"account `1100111` · `{web[:8]}`\n"
        "[Snapshot…]\n"
        "*zebra* · ACTIVE · `general1-1`\n"
        "DFW · 203.0.113.5 · created (time) · "
        f"account `2200222` · `{other[:8]}`\n"
        "[Snapshot…]"
    )


def test_a_screen_reader_tells_the_buttons_apart_also_of_a_server_without_a_name(
    talk: Talk, cloud: CloudStandIn, producer: Person
) -> None:
    """A label begins with what is seen, by which people call a button when they speak to it."""
    cloud.add_server(PRODUCER, name="web")
    nameless = cloud.add_server(PRODUCER, name="")

    answer = talk.say(producer, "servers")

    spoken = [button["accessibility_label"] for button in buttons(answer)]
    assert spoken == [f"Snapshot… {nameless[:8]}", "Snapshot… web"]


def test_words_narrow_the_list(talk: Talk, cloud: CloudStandIn, producer: Person) -> None:
    cloud.add_server(PRODUCER, name="web 1", region="DFW")
    cloud.add_server(PRODUCER, name="web 2", region="ORD", status="SHUTOFF")

    assert "*1 server* in DFW and ORD matching `WEB shutoff`." in read(
        talk.say(producer, "servers WEB shutoff")
    )
    assert read(talk.say(producer, "servers nothing")).startswith(
        "No servers in DFW and ORD matching `nothing`."
    )
    assert "*1 server* in ORD." in read(talk.say(producer, "servers --region ord"))


def test_more_servers_than_fit_are_counted(
    talk: Talk, cloud: CloudStandIn, producer: Person
) -> None:
    for n in range(12):
        cloud.add_server(PRODUCER, name=f"web {n:02}", region="DFW")

    answer = talk.say(producer, "servers")

    assert len(labels(answer)) == 10
    assert read(answer).endswith("…and 2 others. Add words: `/images servers WORDS`")


def test_a_silent_region_is_told_beside_those_that_answer(
    talk: Talk, cloud: CloudStandIn, producer: Person
) -> None:
    cloud.add_server(PRODUCER, name="web", region="DFW")
    cloud.fail_next(100, 503, path_prefix="/ORD/")

    answer = read(talk.say(producer, "servers"))

    assert answer.startswith("*1 server* in DFW.\n*web* · ACTIVE")
    assert ":warning: ORD of account `1100111` could not be checked." in answer


def test_one_sees_no_servers_of_others(
    talk: Talk, cloud: CloudStandIn, producer: Person, consumer: Person
) -> None:
    cloud.add_server(PRODUCER, name="web", region="DFW")

    assert read(talk.say(consumer, "servers")) == "No servers in DFW and ORD."


@pytest.mark.parametrize("command", ["servers", "snapshot web golden", "launch web front 2"])
def test_a_cloud_without_servers_is_told_so(
    talk: Talk, cloud: CloudStandIn, producer: Person, command: str
) -> None:
    cloud.identity.services.discard("compute")
    cloud.add_image(PRODUCER, name="web", region="DFW")

    answer = talk.say(producer, command).text

    assert answer.startswith("Your account has no ")
    assert answer.endswith("`DFW`. See `/images status`.")
