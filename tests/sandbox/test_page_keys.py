"""The sandbox page by keyboard alone, dark and light, wide and narrow, and what it completes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from sandbox.slack import PEOPLE, SlackStandIn
from sandbox.slack.pages import Act, TourStep
from sandbox.slack.state import View
from tests.sandbox.form_app import FormApp, serving
from tests.sandbox.talk import plain
from tests.waiting import until

pytestmark = pytest.mark.browser

PRODUCER, CONSUMER, _ = PEOPLE
SIZES: tuple[ViewportSize, ...] = ({"width": 1280, "height": 800}, {"width": 390, "height": 844})
SEEN: dict[str, Any] = {"type": "button", "action_id": "seen", "text": plain("Seen")}
OTHER: dict[str, Any] = {"type": "button", "action_id": "other", "text": plain("Other")}
TABS = 10
"""The most that the composer may be away."""


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as slack:
        slack.pages.commands = {"/images share": "Share an image", "/images show": "Show one"}
        slack.pages.shortcuts = {"images.lookup": "Look up image"}
        slack.pages.global_shortcuts = {"images.share": "Share an image"}
        slack.pages.deliver = lambda: "Delivered."
        slack.pages.tour = (
            TourStep("First", "Say it.", (Act("show it", CONSUMER.user_id, "/images show"),)),
            TourStep("Second", "And deliver.", (Act("Deliver it", press="deliver"),)),
        )
        yield slack


@pytest.fixture
def app(slack: SlackStandIn) -> Iterator[FormApp]:
    with serving(slack) as app:
        yield app


@pytest.fixture
def page(chromium: Browser, slack: SlackStandIn) -> Iterator[Page]:
    context = chromium.new_context(viewport=SIZES[0])
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(slack.page_url)
    expect(page.locator(".person")).to_have_count(3)
    yield page
    context.close()
    assert complaints == []


def composer(page: Page) -> Locator:
    return page.get_by_label("Message to Cloud Images")


def post(slack: SlackStandIn, text: str, *elements: dict[str, Any]) -> Any:
    blocks = [{"type": "actions", "block_id": "row", "elements": list(elements)}]
    return slack.workspace.post(PRODUCER.dm_channel, text, blocks if elements else ())


def test_the_composer_has_the_focus_and_is_ten_tabs_from_the_top_however_much_was_said(
    slack: SlackStandIn, page: Page
) -> None:
    for number in range(30):
        post(slack, f"message {number}", SEEN, OTHER)
    expect(page.locator(".message")).to_have_count(30)
    expect(composer(page)).to_be_focused()

    page.locator(".skip").focus()
    presses = 1
    while not composer(page).evaluate("field => field === document.activeElement"):
        page.keyboard.press("Tab")
        presses += 1
        assert presses <= TABS


def test_the_first_tab_stop_leads_to_the_composer(page: Page) -> None:
    page.locator(".skip").focus()
    expect(page.locator(".skip")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")

    expect(composer(page)).to_be_focused()


def test_arrows_go_through_people_and_tabs(page: Page) -> None:
    page.locator(f'[data-user="{PRODUCER.user_id}"]').focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(f'[data-user="{CONSUMER.user_id}"]')).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#seen-as")).to_contain_text(CONSUMER.name)

    page.get_by_role("tab", name="Messages").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Home")).to_be_focused()


def test_arrows_go_from_message_to_message_and_tab_into_one(
    slack: SlackStandIn, page: Page
) -> None:
    post(slack, "first", SEEN)
    post(slack, "second", SEEN)
    first, second = page.locator(".message").nth(0), page.locator(".message").nth(1)
    expect(second).to_be_visible()
    page.get_by_role("log").focus()

    page.keyboard.press("ArrowUp")
    expect(second).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    page.keyboard.press("Tab")
    expect(first.get_by_role("button", name="Seen")).to_be_focused()
    page.keyboard.press("Escape")
    expect(first).to_be_focused()


def test_a_menu_that_was_chosen_from_keeps_the_focus_when_its_message_is_redrawn(
    slack: SlackStandIn, app: FormApp, page: Page
) -> None:
    option = {"text": plain("Snooze"), "value": "1"}
    menu = {"type": "overflow", "action_id": "more", "options": [option]}
    shown = post(slack, "web", SEEN, menu)
    message = page.locator(".message")
    more = message.get_by_label("More actions")
    more.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    page.keyboard.press("Enter")
    expect(more).to_be_focused()
    slack.workspace.edit(shown, "web, snoozed", shown.blocks)

    expect(message.locator(".edited")).to_be_visible()
    expect(more).to_be_focused()


def test_a_home_tab_that_is_redrawn_keeps_the_focus(slack: SlackStandIn, page: Page) -> None:
    def publish(*elements: dict[str, Any]) -> None:
        rows = [{"type": "actions", "elements": list(elements)}]
        slack.workspace.publish(
            View(slack.workspace.new_id("V"), PRODUCER.user_id, {"blocks": rows}, str(rows), "")
        )

    publish(SEEN, OTHER)
    page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("tabpanel", name="Home")
    home.get_by_role("button", name="Other").focus()

    publish(OTHER)
    expect(home.get_by_role("button", name="Seen")).to_have_count(0)
    expect(home.get_by_role("button", name="Other")).to_be_focused()
    publish(SEEN)
    expect(home).to_be_focused()


def test_a_button_that_is_gone_leaves_the_focus_on_its_message_not_on_another_button(
    slack: SlackStandIn, page: Page
) -> None:
    shown = post(slack, "Share it?", SEEN, OTHER)
    message = page.locator(".message")
    message.get_by_role("button", name="Seen").focus()

    blocks = [{"type": "actions", "block_id": "row", "elements": [OTHER]}]
    slack.workspace.edit(shown, "Shared.", blocks)

    expect(message.get_by_role("button", name="Seen")).to_have_count(0)
    expect(message).to_be_focused()


def test_escape_closes_the_menu_of_a_message_and_gives_the_focus_back(
    slack: SlackStandIn, page: Page
) -> None:
    post(slack, "hello")
    menu = page.locator(".message .message-menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("button", name="Look up image")).to_be_focused()

    page.keyboard.press("Escape")

    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("/images sha", "/images share "),
        ("/im", "/images share "),
        ("look, @consu", "look, @consumer.a "),
        ("look, @prod", "look, @producer "),
        ("in #cl", "in #cloud-images "),
    ],
)
def test_the_composer_completes_commands_people_and_channels(
    page: Page, typed: str, completed: str
) -> None:
    composer(page).press_sequentially(typed)
    expect(page.get_by_role("listbox", name="Completions")).to_be_visible()

    page.keyboard.press("Tab")

    expect(composer(page)).to_have_value(completed)
    expect(composer(page)).to_be_focused()


def test_completions_are_chosen_by_arrows_and_closed_by_escape(page: Page) -> None:
    composer(page).press_sequentially("/images sh")
    page.keyboard.press("ArrowDown")
    active = composer(page).get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_contain_text("/images show")
    page.keyboard.press("Enter")
    expect(composer(page)).to_have_value("/images show ")

    composer(page).fill("")
    composer(page).press_sequentially("@")
    found = page.locator("#completions").get_by_role("option")
    expect(found).to_have_count(3)
    page.keyboard.press("Escape")
    expect(found).to_have_count(0)
    expect(composer(page)).to_have_value("@")


def test_a_global_shortcut_is_sent_from_its_menu(
    slack: SlackStandIn, app: FormApp, page: Page
) -> None:
    page.get_by_label("Shortcuts").click()
    page.locator("#shortcuts-menu").get_by_role("button", name="Share an image").click()

    expect(page.locator("#shortcuts")).not_to_have_attribute("open", "")
    [call] = until(lambda: [call["body"] for call in slack.calls if call["kind"] == "shortcut"])
    assert (call["type"], call["callback_id"]) == ("shortcut", "images.share")
    assert call["user"]["id"] == PRODUCER.user_id


def test_the_tour_leads_through_its_steps_and_can_be_skipped_for_good(page: Page) -> None:
    tour = page.get_by_role("region", name="First")
    tour.get_by_role("button", name="show it").click()
    expect(composer(page)).to_have_value("/images show")
    expect(page.locator("#seen-as")).to_contain_text(CONSUMER.name)

    tour.get_by_role("button", name="Next").click()
    tour = page.get_by_role("region", name="Second")
    tour.get_by_role("button", name="Deliver it").click()
    expect(page.locator("#toast")).to_have_text("Delivered.")
    tour.get_by_role("button", name="Done").click()
    expect(page.locator("#tour")).to_be_hidden()
    expect(composer(page)).to_be_focused()

    page.reload()
    expect(page.locator(".person")).to_have_count(3)
    expect(page.locator("#tour")).to_be_hidden()
    page.get_by_role("button", name="Tour").click()
    page.get_by_role("button", name="Skip the tour").click()
    expect(page.locator("#tour")).to_be_hidden()


CONTRAST = """
element => {
  const rgb = (color) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const behind = (node) => {
    const color = rgb(getComputedStyle(node).backgroundColor);
    return color[3] === 255 || !node.parentElement ? color : behind(node.parentElement);
  };
  const paint = ([r, g, b, a], under) =>
    [r, g, b].map((each, i) => each * a / 255 + under[i] * (1 - a / 255));
  const light = (color) => {
    const [r, g, b] = color.map((each) => each / 255)
      .map((each) => (each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const ground = behind(element.parentElement);
  const style = getComputedStyle(element);
  return [style.borderTopColor, style.outlineColor]
    .map((color) => ratio(paint(rgb(color), ground), ground));
}
"""
LEAST = 3.0
"""WCAG 2.2, 1.4.11: of what marks a control, and of the focus."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_borders_and_the_focus_stand_out(slack: SlackStandIn, page: Page, scheme: str) -> None:
    post(slack, "hello", SEEN)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    expect(page.locator(".message")).to_be_visible()
    controls = [
        page.locator("#where"),
        page.locator(".message .button"),
        page.locator("#deliver"),
        page.locator("#theme"),
    ]

    for control in controls:
        control.focus()
        page.keyboard.press("Shift")  # so that the focus counts as one by keyboard
        border, ring = control.evaluate(CONTRAST)
        assert border >= LEAST, (control, border)
        assert ring >= LEAST, (control, ring)
    edge, _ = page.locator("#composer").evaluate(CONTRAST)
    assert edge >= LEAST


def test_dark_is_as_the_system_has_it_until_it_is_switched(page: Page) -> None:
    ground = "() => getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(ground)
    assert light != dark
    switch = page.get_by_role("switch", name="Dark")
    expect(switch).to_be_checked()

    switch.click()
    assert page.evaluate(ground) == light
    page.reload()
    expect(page.get_by_role("switch", name="Dark")).not_to_be_checked()
    assert page.evaluate(ground) == light


NAMELESS = """
() => [...document.querySelectorAll("button, a, input, select, textarea, summary, [role]")]
  .filter((each) => each.checkVisibility())
  .filter((each) => !(each.textContent.trim() || each.ariaLabel || each.labels?.length
    || each.getAttribute("aria-labelledby") || each.role === "status"))
  .map((each) => each.outerHTML)
"""


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
def test_nothing_is_wider_than_the_page_and_all_has_a_name(
    slack: SlackStandIn, page: Page, size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    post(slack, "a" * 300, SEEN, OTHER)
    expect(page.locator(".message")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    expect(page.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
    assert page.evaluate(NAMELESS) == []


def test_on_a_phone_avatars_menus_and_whole_badges_are_seen(
    slack: SlackStandIn, page: Page
) -> None:
    page.set_viewport_size(SIZES[1])
    slack.workspace.post(CONSUMER.dm_channel, "news")
    post(slack, "hello")
    person = page.locator(f'[data-user="{CONSUMER.user_id}"]')
    expect(person.locator(".badge")).to_be_visible()

    expect(person.locator(".avatar")).to_be_visible()
    name, badge = (
        person.locator(".person-name").bounding_box(),
        person.locator(".badge").bounding_box(),
    )
    assert name
    assert badge
    assert name["x"] + name["width"] <= badge["x"]
    expect(page.locator(".message .message-menu")).to_have_css("opacity", "1")
    page.get_by_role("button", name="Clock and more").click()
    expect(page.get_by_role("switch", name="Dark")).to_be_visible()
