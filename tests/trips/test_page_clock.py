"""A browser on the sandbox page moves the clock, and what became due happens."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sandbox.cloud import CloudStandIn
from sandbox.demo import Demo
from sandbox.scene import ACCOUNT_B, CONSUMER_A, PRODUCER, REGIONS, Scene
from sandbox.slack import SlackStandIn
from tests.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def cloud() -> CloudStandIn:
    return CloudStandIn(regions=REGIONS)


@pytest.fixture(scope="module")
def demo(cloud: CloudStandIn) -> Iterator[Demo]:
    with Demo(scene=Scene(cloud)) as demo:
        yield demo


@pytest.fixture(autouse=True)
def _at_the_real_time(demo: Demo) -> Iterator[None]:
    yield
    demo.move_clock("now", "UTC")


def jump(page: Page, words: str) -> None:
    page.get_by_role("group", name="Move the clock").get_by_role("button", name=words).click()


def test_tomorrow_at_nine_the_digest_comes(page: Page) -> None:
    expect(page.locator("#clock")).to_contain_text("real time")
    page.locator(f'[data-user="{CONSUMER_A}"]').click()
    jump(page, "Tomorrow 9:00")

    expect(page.locator("#time")).to_contain_text(", 09:0")
    expect(page.locator("#ahead")).to_contain_text("ahead")
    digest = page.locator(".message", has_text="Next digest:")
    expect(digest.first).to_be_visible()
    expect(digest.first.locator(".byline")).to_contain_text(re.compile(r"9:0\d AM"))

    jump(page, "Back to now")
    expect(page.locator("#clock")).to_contain_text("real time")


def test_a_share_for_two_days_has_ended_in_a_week(
    page: Page, cloud: CloudStandIn, slack: SlackStandIn
) -> None:
    asked = slack.ask(PRODUCER, f"share web-2025 {ACCOUNT_B} for 2d")
    slack.press(PRODUCER, asked, "sharing.confirm")
    [image_id] = [
        each["id"]
        for region in cloud.state.regions.values()
        for each in region.images.values()
        if each["name"] == "web-2025"
    ]
    assert set(cloud.members(image_id)) == {ACCOUNT_B}

    jump(page, "In a week")

    until(lambda: not cloud.members(image_id), "the share did not end")


def test_a_jump_that_there_is_not_is_refused(page: Page, demo: Demo) -> None:
    sent = {"user": PRODUCER, "jump": "yesterday"}

    answer = page.request.post(f"{demo.slack.page_url}clock", data=sent)

    assert (answer.status, "no such jump" in answer.text()) == (400, True)
