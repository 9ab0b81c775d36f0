"""A browser on the sandbox page watches the bar of a copy, whose bytes the cloud sends slowly."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sandbox.cloud import CloudStandIn
from sandbox.demo import BYTES_PER_S, Demo
from sandbox.scene import REGIONS, Scene

pytestmark = pytest.mark.browser

BAR = re.compile(r"▓+░+ \d+ %, [\d.]+ MB of 430\.0 MB")


@pytest.fixture(scope="module")
def cloud() -> CloudStandIn:
    """The demo's, which a test that has seen enough may hurry."""
    cloud = CloudStandIn(regions=REGIONS)
    cloud.bytes_per_s = BYTES_PER_S
    return cloud


@pytest.fixture(scope="module")
def demo(cloud: CloudStandIn) -> Iterator[Demo]:
    with Demo(scene=Scene(cloud)) as demo:
        yield demo


def test_the_bar_of_a_copy_moves_with_its_bytes(page: Page, cloud: CloudStandIn) -> None:
    page.get_by_label("Message to Cloud Images").fill("/images copy web-2026 to ORD")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Start", exact=True).click()

    card = page.locator(".message", has_text="Copy of web-2026").last
    expect(card).to_contain_text(BAR)
    first = BAR.search(card.inner_text())
    assert first
    expect(card).not_to_contain_text(first[0])
    assert BAR.search(card.inner_text())
    cloud.bytes_per_s = float("inf")
