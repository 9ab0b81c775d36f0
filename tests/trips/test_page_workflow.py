"""A browser starts the workflow of the sandbox's page, and sees it through its two steps."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.demo import Demo
from sandbox.scene import ACCOUNT_B, CONSUMER_B, PRODUCER
from tests.trips.test_page import be, newest

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with Demo() as demo:
        yield demo


def start(page: Page, image: str, account: str) -> Locator:
    """Start the workflow, by keyboard alone. Gives what the page shows of the run."""
    page.get_by_label("Shortcuts", exact=True).press("Enter")
    entry = page.locator("#shortcuts-menu").get_by_role("button", name="Workflow:")
    entry.press("Enter")
    form = page.get_by_role("dialog", name="Share an image, and wait for the answer")
    expect(form.get_by_label("Image")).to_be_focused()
    page.keyboard.type(image)
    page.keyboard.press("Tab")
    page.keyboard.type(account)
    page.keyboard.press("Enter")
    expect(form).to_be_hidden()
    return page.locator(".run", has_text=f"{image} with {account}")


def step(run: Locator, title: str) -> Locator:
    return run.get_by_role("listitem").filter(has_text=title)


def test_a_workflow_shares_and_goes_on_with_the_answer(page: Page) -> None:
    run = start(page, "web-2026", ACCOUNT_B)
    expect(step(run, "Share an image")).to_contain_text("running")
    expect(step(run, "Wait for an answer")).to_contain_text("not yet")

    asked = page.locator(".message", has=page.get_by_role("button", name="Review and share"))
    asked.last.get_by_role("button", name="Review and share").click()
    question = page.locator(".message", has_text=f"Share web-2026 with {ACCOUNT_B}?").last
    expect(question).to_be_in_viewport()
    question.get_by_role("button", name="Share", exact=True).click()
    expect(step(run, "Share an image")).to_contain_text(
        re.compile(f"done.*Status: pending.*Account number: {ACCOUNT_B}")
    )
    expect(step(run, "Wait for an answer")).to_contain_text("running")

    be(page, CONSUMER_B)
    expect(page.locator(".run")).to_have_count(0)
    newest(page, "web-2026")
    accept = page.get_by_role("button", name=re.compile("^Accept"))
    page.locator(".message", has=accept).last.get_by_role("button", name="Accept").first.click()
    be(page, PRODUCER)

    expect(run).to_contain_text("2 of 2 steps done")
    expect(step(run, "Wait for an answer")).to_contain_text("Answer: accepted")
    run.get_by_role("button", name="Dismiss").click()
    expect(run).to_have_count(0)
    expect(page.get_by_label("Message to Cloud Images")).to_be_focused()


def test_a_step_that_fails_says_why_and_ends_the_workflow(page: Page) -> None:
    run = start(page, "no-such-image", ACCOUNT_B)

    expect(run).to_contain_text("failed")
    expect(step(run, "Share an image")).to_contain_text("no-such-image")
    expect(step(run, "Wait for an answer")).to_contain_text("not yet")
