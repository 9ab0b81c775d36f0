"""Servers, end to end: a menu within Slack's time, and what the job makes of a form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from sandbox.cloud.state import Region
from sandbox.demo import Demo
from sandbox.scene import PRODUCER
from sandbox.slack import SlackStandIn
from sandbox.slack.state import View
from tests.trips.stages import StandInStage
from tests.waiting import until

FLAVOR = "launch.flavor"
ADDRESS = "203.0.113.7"
"""What the stand-in gives a server that it has built."""


@pytest.fixture(scope="module")
def stage() -> StandInStage:
    return StandInStage()


@pytest.fixture(scope="module")
def demo(stage: StandInStage) -> Iterator[Demo]:
    with Demo(scene=stage) as demo:
        yield demo


@pytest.fixture
def slack(demo: Demo) -> Iterator[SlackStandIn]:
    yield demo.slack
    demo.slack.modals.close(PRODUCER, everything=True)


def test_a_server_is_launched_by_the_form(slack: SlackStandIn, stage: StandInStage) -> None:
    name = "launch-by-form"
    image_id = stage.image(name)
    slack.command(PRODUCER, f"launch {name}")
    form = opened(slack, "Server name")

    slack.suggest(PRODUCER, form, FLAVOR)
    before = len(stage.cloud.requests)
    options = slack.suggest(PRODUCER, form, FLAVOR, "2 gb")
    assert stage.cloud.requests[before:] == []  # what was read before is not asked for again
    assert [option["value"] for option in options] == ["general1-2"]

    slack.modals.submit(PRODUCER, {"launch.name": "front", FLAVOR: "general1-2"})
    opened(slack, "Launching server `front`")

    told = slack.wait_for(PRODUCER, lambda shown: "New server: " in shown.text)
    assert told.text.endswith(f" at `{ADDRESS}`.")
    servers = [each for region in regions(stage) for each in region.servers.values()]
    [server] = [each for each in servers if each["name"] == "front"]
    assert server["image"]["id"] == image_id


def regions(stage: StandInStage) -> Iterable[Region]:
    return stage.cloud.state.regions.values()


def opened(slack: SlackStandIn, words: str) -> View:
    """The producer's modal, as soon as it says that."""

    def view() -> View | None:
        top = slack.modals.top(PRODUCER)
        return top if top and words in f"{top.body['blocks']} {dict(top.errors)}" else None

    return until(view, lambda: slack.modals.top(PRODUCER))
