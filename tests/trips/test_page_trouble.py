"""A browser on the sandbox page has things go wrong, looks at what was sent, and begins anew."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.demo import Demo
from sandbox.scene import ACCOUNT_B, CONSUMER_B, PRODUCER
from sandbox.slack import SlackStandIn
from tests.waiting import PATIENCE_S

PATIENCE_MS = 1000 * PATIENCE_S
pytestmark = [pytest.mark.browser, pytest.mark.in_order]


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with Demo() as demo:
        yield demo


def switch(page: Page, words: str) -> Locator:
    if not page.locator("#switches").is_visible():
        page.locator("#trouble summary").click()
    return page.get_by_role("switch", name=words, exact=True)


def say(page: Page, command: str) -> None:
    page.get_by_label("Message to Cloud Images").fill(command)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    "words",
    [
        *("Slack limits", "Slack away", "Answers lost", "Cloud slow"),
        *("Region hanging", "Login expired", "Quota full"),
    ],
)
def test_trouble_is_seen_while_it_is_on_and_ends_by_one_click(page: Page, words: str) -> None:
    switch(page, words).click()

    expect(switch(page, words)).to_be_checked()
    banner = page.locator(".banner")
    expect(banner).to_contain_text(words)
    banner.get_by_role("button").click()
    expect(banner).to_have_count(0)
    expect(switch(page, words)).not_to_be_checked()


def test_a_region_that_hangs_is_told_and_the_others_are_listed(page: Page) -> None:
    switch(page, "Region hanging").click()
    expect(page.locator(".banner")).to_contain_text("ORD does not answer")

    say(page, "/images list")

    expect(page.locator(".message.bot").last).to_contain_text("ORD of account")
    expect(page.locator(".message.bot").last).to_contain_text("web-2026")
    page.locator(".banner").get_by_role("button").click()
    expect(page.locator(".banner")).to_have_count(0)


def test_the_json_of_a_message_is_what_the_bot_sent(page: Page, slack: SlackStandIn) -> None:
    shown = slack.ask(PRODUCER, "show web-2026")
    message = page.locator(f'.message[data-ts="{shown.ts}"]')
    message.hover()
    message.get_by_label("More message shortcuts").click()
    message.get_by_role("button", name="Show the JSON").click()

    dialog = page.get_by_role("dialog", name="The message as JSON")
    told = json.loads(dialog.locator("pre").inner_text())
    assert (told["text"], told["blocks"]) == (shown.text, list(shown.blocks))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_message_whose_answer_was_lost_comes_once(
    page: Page, demo: Demo, slack: SlackStandIn
) -> None:
    question = slack.ask(PRODUCER, f"share web-2026 {ACCOUNT_B}")
    slack.press(PRODUCER, question, "sharing.confirm")
    switch(page, "Answers lost").click()
    expect(page.locator(".banner")).to_contain_text("Answers lost")
    page.locator(f'[data-user="{CONSUMER_B}"]').click()
    told = page.locator(".message.bot", has_text="web-2026")

    page.get_by_role("button", name="Deliver the digest now").click()

    expect(told).to_have_count(1, timeout=PATIENCE_MS)
    page.locator(".banner").get_by_role("button").click()
    expect(page.locator(".banner")).to_have_count(0)
    demo.deliver()
    expect(told).to_have_count(1)


def test_a_login_that_has_expired_is_told_and_works_again_afterwards(page: Page) -> None:
    switch(page, "Login expired").click()
    expect(page.locator(".banner")).to_contain_text("logins fail")
    say(page, "/images list")
    expect(page.locator(".message.bot").last).to_contain_text("no longer accepts")

    page.locator(".banner").get_by_role("button").click()
    expect(page.locator(".banner")).to_have_count(0)
    say(page, "/images list --mine")

    expect(page.locator(".message.bot").last).to_contain_text("web-2026")


def test_reset_has_everything_be_as_at_the_start(
    page: Page, demo: Demo, slack: SlackStandIn
) -> None:
    asked = slack.ask(PRODUCER, f"share web-2025 {ACCOUNT_B}")
    slack.press(PRODUCER, asked, "sharing.confirm")
    demo.move_clock("week", "UTC")
    switch(page, "Cloud slow").click()
    expect(page.locator(".banner", has_text="Cloud slow")).to_have_count(1)

    page.get_by_role("button", name="Reset everything").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset", exact=True).click()

    expect(page.get_by_text("The sandbox was reset.")).to_be_visible()
    expect(page.locator(f'.message[data-ts="{asked.ts}"]')).to_have_count(0)
    expect(page.locator(".banner")).to_have_count(0)
    expect(page.locator("#ahead")).to_have_text("real time")
    shown = slack.ask(PRODUCER, "members web-2025")
    assert ACCOUNT_B not in f"{shown.text} {shown.blocks}"
    assert demo.broken() is None
