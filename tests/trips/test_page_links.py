"""Every page that the demo links to opens in a browser, and its console stays empty."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from sandbox.demo import Demo
from sandbox.scene import PRODUCER
from sandbox.slack import SlackStandIn

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with Demo() as demo:
        yield demo


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context()
    yield context
    context.close()


def silent(context: BrowserContext, url: str) -> list[str]:
    """Open a page, and give the links of it to where it stands itself."""
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text))
    answer = page.goto(url)
    assert answer
    assert answer.ok, (url, answer.status)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert said == [], url
    links: list[str] = page.eval_on_selector_all("a[href]", "all => all.map((each) => each.href)")
    here = re.match(r"https?://[^/]+/", url)
    assert here
    return [each.partition("#")[0] for each in links if each.startswith(here[0])]


def test_the_pages_of_the_sandbox(context: BrowserContext, demo: Demo) -> None:
    found, opened = {demo.slack.page_url}, set[str]()
    while waiting := found - opened:
        url = waiting.pop()
        opened.add(url)
        found.update(silent(context, url))

    assert f"{demo.slack.page_url}gallery" in opened


def test_the_pages_of_the_bot(context: BrowserContext, demo: Demo, slack: SlackStandIn) -> None:
    offered = [slack.ask(PRODUCER, words) for words in ("link", "help", "status")]

    urls = set(
        re.findall(rf"{demo.slack.bot_url}/[^\s\"|>\\]+", json.dumps([m.blocks for m in offered]))
    )

    assert urls
    for url in sorted(urls):
        silent(context, url)
