"""A browser takes the tour of the sandbox's page, all six steps, by what it offers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.demo import Demo
from sandbox.scene import ACCOUNT_B

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with Demo() as demo:
        yield demo


def act(page: Page, words: str) -> None:
    page.locator("#tour").get_by_role("button", name=words, exact=True).click()


def send(page: Page, command: str, answer: str) -> Locator:
    """Have the tour type a command, and send it."""
    act(page, command)
    page.get_by_label("Message to Cloud Images").press("Enter")
    found = page.locator(".message.bot", has_text=answer).last
    expect(found).to_be_visible()
    return found


def test_the_tour_shows_what_it_says(page: Page) -> None:
    expect(page.locator("#tour")).to_contain_text("1 of 6")
    asked = send(page, f"share web-2026 {ACCOUNT_B}", f"with {ACCOUNT_B}?")
    asked.get_by_role("button", name="Share", exact=True).click()
    expect(page.locator(".message", has_text="Shared web-2026").last).to_be_visible()

    act(page, "Next")
    act(page, "Deliver the digest now")
    expect(page.locator("#toast")).to_contain_text("Delivered to")

    act(page, "Next")
    act(page, "Act as Consumer B")
    accept = page.get_by_role("button", name=re.compile("^Accept"))
    page.locator(".message", has=accept).last.get_by_role("button", name="Accept").first.click()
    expect(page.locator(".message", has_text="accepted web-2026").first).to_be_visible()
    send(page, "list --shared", "web-2026")

    act(page, "Next")
    send(page, "allow @consumer.a approver", "approver")
    send(page, "policy delete always", "policy of account")
    asked = send(page, "delete web-2025", "Delete web-2025")
    asked.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".message", has_text="approval").last).to_be_visible()
    act(page, "Act as Consumer A")
    wanted = page.locator(".message", has_text="asks to delete web-2025")
    wanted.last.get_by_role("button", name="Approve").click()
    expect(page.locator(".message", has_text="approved").last).to_be_visible()

    act(page, "Next")
    send(page, "export web-2026 exports", "Export of web-2026")

    act(page, "Next")
    asked = send(page, f"share db-2026 {ACCOUNT_B} for 1d", "Share db-2026")
    asked.get_by_role("button", name="Share", exact=True).click()
    expect(page.locator(".message", has_text="Shared db-2026").last).to_be_visible()
    act(page, "In a week")
    expect(page.locator("#ahead")).to_contain_text("7 days ahead")
    act(page, "Done")
    expect(page.locator("#tour")).to_be_hidden()
