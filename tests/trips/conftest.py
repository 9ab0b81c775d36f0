"""A demo for each file's trips, on a stage; a file that needs another has its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from sandbox.demo import Demo
from sandbox.scene import PRODUCER
from sandbox.slack import SlackStandIn
from tests.trips.stages import LabStage, Stage, StandInStage


@pytest.fixture(scope="module", params=["standin", pytest.param("lab", marks=pytest.mark.lab)])
def stage(request: pytest.FixtureRequest) -> Stage:
    if request.param == "standin":
        return StandInStage()
    return LabStage(request.getfixturevalue("lab"))


@pytest.fixture(scope="module")
def demo(stage: Stage) -> Iterator[Demo]:
    with Demo(scene=stage) as demo:
        yield demo


@pytest.fixture
def slack(demo: Demo) -> SlackStandIn:
    return demo.slack


@pytest.fixture
def page(chromium: Browser, demo: Demo) -> Iterator[Page]:
    """The sandbox's page, as the producer, which must not complain."""
    page = chromium.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(demo.slack.page_url)
    page.locator(f'[data-user="{PRODUCER}"]').click()
    yield page
    page.close()
    if demo.slack.modals.top(PRODUCER):
        demo.slack.modals.close(PRODUCER, everything=True)
    assert complaints == []
