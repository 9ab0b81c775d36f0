"""axe-core on every page of the bot: light and dark, on a screen and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from bot.web import limits
from bot.wiring import Runtime
from handlers import Person
from handlers.accounts import commands as accounts
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID
from storage import Account
from tests.accessibility import findings
from tests.bot.people import NUMBERS, PASSWORD, PRODUCER
from tests.bot.web.conftest import at_home
from tests.handlers.talk import Talk, labels, read

pytestmark = pytest.mark.browser

ME = Person(TEAM_ID, PRODUCER)
USER = f"user-{NUMBERS[PRODUCER]}"
LOOKS: tuple[tuple[Literal["light", "dark"], ViewportSize], ...] = (
    ("light", {"width": 1280, "height": 800}),
    ("dark", {"width": 390, "height": 844}),
)


@pytest.fixture
def environ(environ: Mapping[str, str], cloud: CloudStandIn) -> Mapping[str, str]:
    clouds = f"Rackspace={cloud.auth_url_v2},Lab={cloud.auth_url_v3}"
    return {**environ, "PUBLIC_URL": "http://127.0.0.1", "LINK_CLOUDS": clouds}


@pytest.fixture(params=LOOKS, ids=lambda look: look[0])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    colors, size = request.param
    context = chromium.new_context(color_scheme=colors, viewport=size)
    yield context.new_page()
    context.close()


@pytest.fixture
def link_page(runtime: Runtime, home: str) -> str:
    """Address of a new linking page."""
    return accounts.link_address(ME, "", replace(runtime.services, public_url=home))


@pytest.fixture
def confirm_page(
    runtime: Runtime, home: str, link: Callable[..., Account], cloud: CloudStandIn
) -> str:
    """Address of a new page on which a change of a strict account is confirmed."""
    link(PRODUCER)
    cloud.add_image(NUMBERS[PRODUCER], name="web", region="DFW")
    talk = Talk(replace(runtime.services, public_url=home))
    talk.say(ME, "policy --strict on")
    answer = talk.say(ME, "update web name=db")
    while "confirm/" not in read(answer):
        answer = talk.press(ME, answer, labels(answer)[0])
    found = re.search(rf"{home}/confirm/[\w-]+", read(answer))
    assert found
    return found[0]


def log_in(page: Page, api_key: str) -> None:
    page.get_by_label("User name").first.fill(USER)
    page.get_by_label("API key").fill(api_key)
    page.get_by_role("button", name="Log in and link").first.click()


def headed(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def test_the_linking_page_in_each_of_its_states(page: Page, link_page: str) -> None:
    page.goto(link_page)
    headed(page, "Link a cloud account")
    assert findings(page) == []

    page.get_by_text("OpenStack: application credential").click()
    assert findings(page) == []

    page.get_by_text("API key").first.click()
    log_in(page, "a wrong key")
    expect(page.get_by_role("alert")).to_be_visible()
    assert findings(page) == []

    log_in(page, "made-up-key")
    headed(page, "Linked")
    assert findings(page) == []

    page.goto(link_page)
    headed(page, "This page has expired")
    assert findings(page) == []


def test_the_confirming_page_in_each_of_its_states(page: Page, confirm_page: str) -> None:
    page.goto(confirm_page)
    headed(page, "Confirm a change")
    assert findings(page) == []

    page.get_by_label("Password").fill("a wrong one")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert findings(page) == []

    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    headed(page, "Confirmed")
    assert findings(page) == []

    page.goto(confirm_page)
    headed(page, "This page has expired")
    assert findings(page) == []


def test_the_page_for_a_form_of_another_site(page: Page, link_page: str) -> None:
    page.set_content(f'<form method="post" action="{link_page}"><button>Go</button></form>')

    page.get_by_role("button", name="Go").click()

    headed(page, "Sent from another site")
    assert findings(page) == []


def test_the_page_after_too_many_attempts(page: Page, link_page: str, runtime: Runtime) -> None:
    for _ in range(limits.MOST):
        limits.failed(runtime.store, ME)
    page.goto(link_page)

    log_in(page, "a wrong key")

    headed(page, "Too many attempts")
    assert findings(page) == []


@pytest.fixture
def many(runtime: Runtime) -> Iterator[str]:
    """Where a bot for many workspaces is served."""
    many = replace(runtime.settings, slack_bot_token="", slack_client_id="1.2")
    many_runtime = Runtime.build(replace(many, slack_client_secret="made-up"))
    with at_home(many_runtime) as home:
        yield home
    many_runtime.close()


def test_the_pages_of_installation(page: Page, many: str) -> None:
    page.goto(f"{many}/slack/install")
    headed(page, "Install Cloud Images")
    assert findings(page) == []

    page.goto(f"{many}/slack/oauth_redirect?code=bad&state=made-up")
    headed(page, "Not installed")
    assert findings(page) == []

    page.goto(f"{many}/slack/install")
    href = page.get_by_role("link", name="Add to Slack").get_attribute("href")
    [state] = parse_qs(urlsplit(href or "").query)["state"]
    page.goto(f"{many}/slack/oauth_redirect?code=good&state={state}")
    headed(page, "Installed")
    assert findings(page) == []


@pytest.mark.parametrize("path", ["link/no-such-page", "nothing/of/the/kind"])
def test_a_page_that_is_not_there(page: Page, home: str, path: str) -> None:
    page.goto(f"{home}/{path}")

    expect(page.get_by_text("in Slack")).to_be_visible()
    assert findings(page) == []
