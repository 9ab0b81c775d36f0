"""
The gallery's page: each sample is drawn, with all kinds of names, dark, light, wide and narrow.

Not the pixels are compared, which differ with a machine's fonts, but the boxes: nothing is outside
its sample, no block of it on top of another, and no text wider than its box (by more than six
pixels, for the padding of code at the end of a line hangs over). What is in a box that scrolls
sideways may be wider than that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from handlers.core.replies import Message
from sandbox.gallery.page import Sample, drawn
from sandbox.gallery.values import NAMES
from sandbox.slack import SlackStandIn
from sandbox.slack.limits import HOME, check_blocks, check_view, complaints

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}

MISPLACED = """
() => [...document.querySelectorAll(".sample")].flatMap((sample) => {
  const name = sample.querySelector("h2").textContent;
  const box = sample.getBoundingClientRect();
  const seen = [...sample.querySelectorAll("*")].filter((each) => each.checkVisibility());
  const outside = seen.filter((each) => {
    const { left, right, width } = each.getBoundingClientRect();
    const scrolls = each.parentElement.closest(".scrolls");
    return width > 1 && !scrolls && (right > box.right + 1 || left < box.left - 1);
  });
  const overlaps = [...sample.querySelectorAll(".block")].filter((block) => {
    const next = block.nextElementSibling;
    return next?.matches(".block")
      && next.getBoundingClientRect().top < block.getBoundingClientRect().bottom - 1;
  });
  const flows = (each) => each.clientWidth && each.scrollWidth > each.clientWidth + 6
    && getComputedStyle(each).overflowX === "visible";
  return [
    ...seen.filter(flows).map((each) => `${name}: ${each.tagName}.${each.className} flows over`),
    ...outside.map((each) => `${name}: ${each.tagName}.${each.className} is outside`),
    ...overlaps.map((each) => `${name}: a ${each.className} overlaps the next`),
  ];
})
"""


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as slack:
        slack.pages.samples = drawn
        yield slack


@pytest.fixture
def page(chromium: Browser, slack: SlackStandIn) -> Iterator[Page]:
    """The gallery, whose console stays empty."""
    context = chromium.new_context(viewport=WIDE)
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text))
    page.goto(slack.page_url)
    page.get_by_role("link", name="Gallery").click()
    yield page
    context.close()
    assert said == []


def ready(page: Page) -> None:
    expect(page.locator("#samples:not([aria-busy]) .sample").first).to_be_visible()


@pytest.mark.parametrize("names", NAMES)
def test_every_sample_is_drawn_within_its_box(page: Page, names: str) -> None:
    ready(page)
    if names != "usual":
        with page.expect_response("**/samples*"):
            page.locator("#names").select_option(names)
        ready(page)

    assert page.locator(".sample").count() == len(drawn(names))
    assert page.locator(".broken, .unknown").all_inner_texts() == []
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        assert page.evaluate(MISPLACED) == []
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_it_is_dark_where_the_system_is(page: Page) -> None:
    ready(page)
    ground = "() => getComputedStyle(document.querySelector('.top')).backgroundColor"
    light = page.evaluate(ground)

    page.emulate_media(color_scheme="dark")

    assert page.evaluate(ground) != light
    assert page.evaluate(MISPLACED) == []


def test_alerts_and_tables_are_read_aloud_as_what_they_are(page: Page) -> None:
    ready(page)
    alerts = page.locator(".sample", has=page.get_by_role("heading", name="alerts", exact=True))
    report = page.locator(".sample", has=page.get_by_role("heading", name="report", exact=True))

    notes = alerts.get_by_role("note").all_inner_texts()
    assert [note.split(":")[0].split("\n")[-1] for note in notes] == [
        *["Done", "Done", "Warning", "Warning", "Error", "Error", "Error"],
    ]
    table = report.get_by_role("table", name="Images by region")
    expect(table.get_by_role("columnheader")).to_have_text(
        ["Region", "Images", "Size", "In a week", "In a month"]
    )
    expect(table.get_by_role("rowheader")).to_have_text(["DFW", "ORD"])


def good() -> Iterator[tuple[str, Sample]]:
    yield "good", Message("Well drawn")


def breaking() -> Iterator[tuple[str, Sample]]:
    """One that the page cannot draw, and then one that cannot be made."""
    yield "without its text", Message("x", ({"type": "section", "text": {"type": "mrkdwn"}},))
    raise ZeroDivisionError("of a view")


def test_a_sample_that_breaks_tells_why_and_spoils_no_other(
    slack: SlackStandIn, page: Page
) -> None:
    makers: Sequence[Callable[[], Iterator[tuple[str, Sample]]]] = (good, breaking, good)
    slack.pages.samples = lambda names: drawn(names, makers)
    page.reload()
    ready(page)

    expect(page.locator(".sample")).to_have_count(4)
    expect(page.locator(".sample", has_text="Well drawn")).to_have_count(2)
    broken = page.locator(".broken")
    expect(broken).to_have_count(2)
    expect(broken.nth(0)).to_contain_text("cannot be drawn")
    expect(broken.nth(1)).to_contain_text("ZeroDivisionError: of a view")


@pytest.mark.parametrize("names", NAMES)
def test_slack_would_take_every_sample(names: str) -> None:
    wrong = {each["name"]: found for each in drawn(names) if (found := _refused(each))}

    assert wrong == {}


def _refused(sample: Mapping[str, Any]) -> list[str]:
    if "error" in sample:
        return [sample["error"]]
    if "view" in sample:
        return check_view(sample["view"])
    home = sample.get("surface") == HOME
    return check_blocks(sample["blocks"], HOME) if home else complaints(dict(sample))
