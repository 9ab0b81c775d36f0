"""A browser on the sandbox page exports an image by the form and watches its card."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from sandbox.cloud import CloudStandIn, Provider
from sandbox.cloud.contents import Pattern
from sandbox.demo import Demo
from sandbox.scene import PRODUCER_ACCOUNT, REGIONS, Scene

pytestmark = pytest.mark.browser

MB = 1024 * 1024
SIZE = 90 * MB


class Slow(Pattern):
    """Bytes that come a MB a second, which is long enough to be seen, until they need not."""

    hurry = threading.Event()

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        for piece in super().pieces(start, stop):
            self.hurry.wait(1)
            yield piece


@pytest.fixture(scope="module")
def cloud() -> CloudStandIn:
    """One that exports nothing by itself, so that the bot streams and counts the bytes."""
    return CloudStandIn(regions=REGIONS, provider=Provider.GLANCE)


@pytest.fixture(scope="module")
def demo(cloud: CloudStandIn) -> Iterator[Demo]:
    with Demo(scene=Scene(cloud)) as demo:
        image_id = cloud.add_image(PRODUCER_ACCOUNT, name="slow", region="DFW", size=SIZE)
        cloud.state.regions["DFW"].contents[image_id] = Slow(SIZE)
        yield demo
        Slow.hurry.set()


def test_an_export_is_begun_by_the_form_and_its_card_shows_the_bytes(page: Page) -> None:
    page.get_by_label("Message to Cloud Images").fill("/images export slow")
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog")
    expect(form).to_contain_text("to a container in your account")

    form.get_by_role("combobox", name="Container").fill("exp")
    form.get_by_role("option", name=re.compile("exports")).click()
    form.get_by_role("button", name="Export").click()
    expect(form).to_contain_text("Exporting slow (DFW, 94.4 MB) to container exports.")
    form.get_by_role("button", name="Close").first.click()

    card = page.locator(".message", has_text="Export of slow in DFW").filter(has_text="started")
    expect(card).to_contain_text("is running.")
    expect(card).to_contain_text(re.compile(r"▓+░+ \d\d %, \d+\.\d MB of 94\.4 MB"))
    Slow.hurry.set()
    expect(card).to_contain_text("is done.")
    expect(card).to_have_count(1)
    expect(card.get_by_role("button", name="Download link")).to_be_visible()
