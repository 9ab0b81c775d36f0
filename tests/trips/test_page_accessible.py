"""axe-core on the sandbox's page and gallery: each main state, light and wide, dark and narrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from sandbox.cloud import CloudStandIn
from sandbox.cloud.switches import CloudTrouble
from sandbox.demo import Demo
from sandbox.scene import ACCOUNT_B, CONSUMER_A, CONSUMER_B, PRODUCER
from sandbox.slack.state import CHANNEL_ID
from tests.accessibility import findings
from tests.trips.test_page import be, newest, say

pytestmark = pytest.mark.browser

Colors = Literal["light", "dark"]
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}
LOOKS: tuple[tuple[Colors, ViewportSize], ...] = (("light", WIDE), ("dark", NARROW))


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """A demo in which something was said already."""
    with Demo() as demo:
        slack = demo.slack
        slack.say(PRODUCER, "Which image is it?", CHANNEL_ID)
        slack.ask(PRODUCER, "show web-2026")
        slack.ask(PRODUCER, f"share web-2026 {ACCOUNT_B}")
        slack.ask(PRODUCER, "list")
        slack.ask(CONSUMER_A, "invitations")
        yield demo


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]} {look[1]['width']}")
def page(request: pytest.FixtureRequest, chromium: Browser, demo: Demo) -> Iterator[Page]:
    colors, size = request.param
    context = chromium.new_context(color_scheme=colors, viewport=size, reduced_motion="reduce")
    page = context.new_page()
    page.goto(demo.slack.page_url)
    be(page, PRODUCER)
    yield page
    context.close()
    cloud = demo.scene.cloud
    assert isinstance(cloud, CloudStandIn)
    cloud.switches.turn(CloudTrouble.SLOW, on=False)
    for user in (PRODUCER, CONSUMER_A, CONSUMER_B):
        if demo.slack.modals.top(user):
            demo.slack.modals.close(user, everything=True)


def talked(page: Page) -> None:
    newest(page, "web-2026")


def invited(page: Page) -> None:
    be(page, CONSUMER_A)
    newest(page, "db-2026")


def welcomed(page: Page) -> None:
    be(page, CONSUMER_B)
    expect(page.get_by_label("Message to Cloud Images")).to_be_focused()


def at_home(page: Page) -> None:
    be(page, CONSUMER_A)
    page.get_by_role("tab", name="Home").click()
    expect(page.get_by_role("tabpanel", name="Home")).to_contain_text("db-2026")


def in_a_form(page: Page) -> None:
    say(page, "/images share")
    expect(page.get_by_role("dialog")).to_be_visible()


def in_a_long_form(page: Page) -> None:
    say(page, "/images update web-2026")
    expect(page.get_by_role("dialog")).to_be_visible()


def asked_to_confirm(page: Page) -> None:
    if (page.viewport_size or WIDE)["width"] < WIDE["width"]:
        page.get_by_role("button", name="Clock and more").click()
    page.get_by_role("button", name="Reset everything").click()
    expect(page.get_by_role("dialog", name="Reset the sandbox?")).to_be_visible()


def in_the_menu_of_a_message(page: Page) -> None:
    message = page.locator(".message").last
    message.hover()
    message.get_by_label("More message shortcuts").click()
    expect(message.get_by_role("button", name="Show the JSON")).to_be_visible()


def in_the_shortcuts(page: Page) -> None:
    page.get_by_label("Shortcuts", exact=True).click()
    expect(page.locator("#shortcuts-menu")).to_be_visible()


def in_the_form_of_the_workflow(page: Page) -> None:
    page.get_by_label("Shortcuts", exact=True).click()
    page.locator("#shortcuts-menu").get_by_role("button", name="Workflow:").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def with_a_workflow_that_failed(page: Page) -> None:
    in_the_form_of_the_workflow(page)
    page.get_by_role("dialog").get_by_label("Image").fill("no-such-image")
    page.get_by_role("dialog").get_by_label("With").fill(ACCOUNT_B)
    page.keyboard.press("Enter")
    expect(page.locator(".run").last).to_contain_text("failed")


def completing(page: Page) -> None:
    page.get_by_label("Message to Cloud Images").press_sequentially("/images sh")
    expect(page.get_by_role("listbox", name="Completions")).to_be_visible()


def in_trouble(page: Page) -> None:
    if (page.viewport_size or WIDE)["width"] < WIDE["width"]:
        page.get_by_role("button", name="Clock and more").click()
    page.locator("#trouble > summary").click()
    page.locator('[data-switch="cloud-slow"]').click()
    expect(page.locator(".banner")).to_have_count(1)


STATES: tuple[Callable[[Page], None], ...] = (
    talked,
    invited,
    welcomed,
    at_home,
    in_a_form,
    in_a_long_form,
    asked_to_confirm,
    in_the_menu_of_a_message,
    in_the_shortcuts,
    in_the_form_of_the_workflow,
    with_a_workflow_that_failed,
    completing,
    in_trouble,
)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing_in_the_page(page: Page, state: Callable[[Page], None]) -> None:
    state(page)

    assert findings(page) == []


def test_axe_finds_nothing_in_the_gallery(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.slack.page_url}gallery")
    expect(page.locator("#samples:not([aria-busy]) .sample").first).to_be_visible()

    assert findings(page) == []
