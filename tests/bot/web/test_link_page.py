"""The linking page in a real browser, without JavaScript, by keyboard, on a phone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.wiring import Runtime
from handlers import Person
from handlers.accounts import commands as accounts
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID
from tests.bot.people import NUMBERS, PRODUCER

pytestmark = pytest.mark.browser

PERSON = Person(TEAM_ID, PRODUCER)
USER = f"user-{NUMBERS[PRODUCER]}"


@pytest.fixture
def environ(environ: Mapping[str, str], cloud: CloudStandIn) -> Mapping[str, str]:
    clouds = f"Rackspace={cloud.auth_url_v2},Lab={cloud.auth_url_v3}"
    return {**environ, "PUBLIC_URL": "http://127.0.0.1", "LINK_CLOUDS": clouds}


@pytest.fixture
def page(chromium: Browser, home: str, runtime: Runtime) -> Iterator[Page]:
    """The page of a new link, on a phone, without JavaScript. Only the picture is elsewhere."""
    viewport = {"width": 390, "height": 844}
    context = chromium.new_context(viewport=viewport, java_script_enabled=False)  # type: ignore[arg-type] # a size
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text))
    services = replace(runtime.services, public_url=home)
    page.goto(accounts.link_address(PERSON, "", services))
    yield page
    context.close()
    elsewhere = [url for url in asked if not url.startswith(home)]
    assert [url for url in elsewhere if not url.endswith("_192.png")] == [], "but the picture"
    assert [each for each in complaints if "Content Security Policy" in each] == []


def test_an_account_is_linked_by_keyboard_alone(page: Page, runtime: Runtime) -> None:
    page.get_by_label("User name").first.focus()
    page.keyboard.type(USER)
    page.keyboard.press("Tab")
    page.keyboard.type("made-up-key")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Linked")).to_be_visible()
    expect(page.get_by_role("table", name="What this login can do")).to_contain_text("share images")
    [account] = runtime.store.accounts.of(TEAM_ID, PRODUCER)
    assert account.project_id == NUMBERS[PRODUCER]


def test_a_wrong_key_is_said_as_an_alert_and_what_was_typed_stays_but_for_the_secret(
    page: Page,
) -> None:
    page.get_by_label("User name").first.fill(USER)
    page.get_by_label("API key").fill("a wrong key")
    page.get_by_role("button", name="Log in and link").first.click()

    expect(page.get_by_role("alert")).to_contain_text("did not accept this login")
    expect(page.get_by_label("User name").first).to_have_value(USER)
    expect(page.get_by_label("API key")).to_have_value("")
    assert "a wrong key" not in page.content()


def test_the_page_says_whom_it_links_and_fits_a_phone(page: Page) -> None:
    expect(page.locator(".who")).to_contain_text(f"Slack user Producer ({PRODUCER})")
    expect(page.locator(".who")).to_contain_text("Continue only if that is you")
    width = page.locator("main").bounding_box()
    assert width is not None
    assert width["width"] <= 390
    for label in ("User name", "API key"):
        expect(page.get_by_label(label, exact=True).first).to_be_visible()
    expect(page.get_by_role("combobox", name="Cloud").first).to_be_visible()


def test_the_other_ways_to_log_in_open_without_a_script(page: Page) -> None:
    page.get_by_text("OpenStack: application credential").click()

    expect(page.get_by_label("Secret")).to_be_visible()
    expect(page.get_by_label("API key")).to_be_hidden()
