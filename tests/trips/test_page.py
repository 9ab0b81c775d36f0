"""A browser on the sandbox page makes the whole trip: share, digest, accept, list, unshare."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect

from sandbox.demo import ROOT, Demo
from sandbox.scene import ACCOUNT_B, CONSUMER_A, CONSUMER_B, PRODUCER
from sandbox.slack import SlackStandIn

pytestmark = pytest.mark.browser

PICTURE = ROOT / "docs/images/sandbox.gif"
"""Of the README; made of this file's first test where UPDATE_SCREENSHOT is set."""
MAX_PICTURE = 2_000_000
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with Demo() as demo:
        yield demo


@pytest.fixture
def page(chromium: Browser, demo: Demo) -> Iterator[Page]:
    """The sandbox page, which must neither complain nor ask anyone else for anything."""
    context = chromium.new_context(viewport=DESKTOP)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(demo.slack.page_url)
    yield page
    context.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith(demo.slack.page_url)] == []


class Film:
    """Pictures of a page, one after another, as an animated one."""

    def __init__(self) -> None:
        self._frames: list[tuple[Image.Image, float]] = []

    def take(self, page: Page, shown_s: float) -> None:
        if os.environ.get("UPDATE_SCREENSHOT"):
            picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
            self._frames.append((picture.resize((960, 600), Image.Resampling.LANCZOS), shown_s))

    def keep(self, path: Path) -> None:
        if self._frames:
            pictures = [picture.quantize(128) for picture, _ in self._frames]
            pictures[0].save(
                path,
                save_all=True,
                append_images=pictures[1:],
                duration=[int(1000 * shown_s) for _, shown_s in self._frames],
                loop=0,
                optimize=True,
            )


@pytest.fixture
def film() -> Iterator[Film]:
    film = Film()
    yield film
    film.keep(PICTURE)


def be(page: Page, user_id: str) -> None:
    page.locator(f'[data-user="{user_id}"]').click()


def say(page: Page, command: str) -> None:
    page.get_by_label("Message to Cloud Images").fill(command)
    page.keyboard.press("Enter")


def newest(page: Page, words: str) -> str:
    """The newest message that says *words*; others may come after it at any time."""
    message = page.locator(".message", has_text=words).last
    expect(message).to_be_visible()
    return message.inner_text()


def test_producer_shares_and_consumer_accepts_in_the_browser(page: Page, film: Film) -> None:
    be(page, PRODUCER)
    page.get_by_label("Message to Cloud Images").fill(f"/images share web-2026 {ACCOUNT_B}")
    film.take(page, 2.0)
    page.keyboard.press("Enter")
    newest(page, "Only visible to you")
    expect(page.locator(".message").last).to_contain_text(ACCOUNT_B)
    film.take(page, 2.5)
    page.get_by_role("button", name="Share", exact=True).click()
    newest(page, "Shared web-2026")
    film.take(page, 2.5)

    page.get_by_role("button", name="Deliver the digest now").click()
    told = page.get_by_role("status").last
    expect(told).to_have_text("Delivered to Consumer A and Consumer B.")
    for user_id in (CONSUMER_A, CONSUMER_B):
        expect(page.locator(f'[data-user="{user_id}"] .badge')).to_be_visible()
    be(page, CONSUMER_B)
    newest(page, "web-2026")
    film.take(page, 3.0)
    # Whether at once or by the digest, it is shown once; the other only counts it.
    accept = page.get_by_role("button", name=re.compile("^Accept"))
    expect(page.locator(".message", has_text="web-2026").filter(has=accept)).to_have_count(1)
    accept.click()
    assert "@Consumer B" in newest(page, "accepted")
    film.take(page, 2.5)

    say(page, "/images list --shared")
    newest(page, "web-2026")
    film.take(page, 3.0)
    be(page, PRODUCER)
    say(page, f"/images unshare web-2026 {ACCOUNT_B}")
    newest(page, "Stop sharing")
    page.get_by_role("button", name="Unshare", exact=True).last.click()
    newest(page, "no longer shared")
    be(page, CONSUMER_B)
    say(page, "/images list --shared")
    expect(page.locator(".message").last).not_to_contain_text("web-2026")


def test_the_readme_shows_the_trip_in_a_picture_that_moves() -> None:
    with Image.open(PICTURE) as picture:
        assert getattr(picture, "n_frames", 1) >= 6

    assert PICTURE.stat().st_size < MAX_PICTURE
    assert f"({PICTURE.relative_to(ROOT)})" in (ROOT / "README.md").read_text()


def test_page_fits_a_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)
    be(page, CONSUMER_A)
    say(page, "/images invitations")
    newest(page, "db-2026")

    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for name in ("Deliver the digest now", "Send"):
        expect(page.get_by_role("button", name=name)).to_be_in_viewport()


def test_what_is_no_command_of_the_bot_is_told_at_once(page: Page) -> None:
    say(page, "/image list")

    expect(page.locator("#hint")).to_contain_text("Start with /images")


def test_the_home_tab_shows_what_the_bot_has_drawn_and_its_buttons_work(page: Page) -> None:
    page.get_by_role("button", name="Deliver the digest now").click()
    expect(page.get_by_role("status").last).to_contain_text("Delivered to")
    be(page, CONSUMER_A)
    page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("tabpanel", name="Home")

    expect(home).to_contain_text("db-2026")
    expect(page.get_by_label("Message to Cloud Images")).to_be_hidden()
    assert not home.locator(".unknown").all()
    _keep(page, "home")
    home.get_by_role("button", name="Change…").click()
    form = page.get_by_role("dialog")
    expect(form.get_by_role("heading")).to_have_text("Invitations")
    form.get_by_label("Digests in a channel").select_option("#cloud-images")
    _keep(page, "digest-form")
    form.get_by_role("button", name="Preview").click()
    expect(form).to_contain_text("in #cloud-images (invite me there)")
    form.get_by_role("button", name="Close").last.click()
    page.get_by_role("tab", name="Messages").click()
    expect(page.get_by_label("Message to Cloud Images")).to_be_visible()


def test_what_somebody_says_is_read_by_all_and_its_images_can_be_looked_up(
    page: Page, demo: Demo
) -> None:
    be(page, PRODUCER)
    say(page, "/images show web-2026")
    newest(page, "web-2026")
    [image_id] = re.findall(r"[0-9a-f-]{36}", newest(page, "Id"))[:1]
    say(page, f"Is {image_id} broken?")
    expect(page.locator("#hint")).to_contain_text("Posted in #cloud-images")
    be(page, CONSUMER_B)
    message = page.locator(".message", has_text=f"Is {image_id} broken?")
    expect(message.locator(".byline")).to_contain_text("Producer")

    be(page, PRODUCER)
    message.hover()
    message.get_by_label("More message shortcuts").click()
    message.get_by_role("button", name="Look up image").click()

    expect(page.get_by_role("dialog")).to_contain_text("web-2026")
    page.keyboard.press("Escape")


def test_what_the_bot_shows_below_a_link_is_drawn_there(page: Page, demo: Demo) -> None:
    be(page, PRODUCER)
    say(page, "/images show web-2026")
    [image_id] = re.findall(r"[0-9a-f-]{36}", newest(page, "Id"))[:1]

    say(page, f"See https://mycloud.rackspace.com/cloud/1/images/{image_id}")

    below = page.locator(".message .unfurl").last
    expect(below.get_by_role("button", name="Look up")).to_be_visible(timeout=15_000)
    _keep(page, "unfurl")


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """A Slack whose bot is down."""
    with SlackStandIn("http://127.0.0.1:9") as slack:
        yield slack


@pytest.fixture
def alone(chromium: Browser, slack: SlackStandIn) -> Iterator[Page]:
    """The page of a Slack without a bot."""
    page = chromium.new_page()
    page.goto(slack.page_url)
    expect(page.locator(".person")).to_have_count(3)
    yield page
    page.close()


def post(slack: SlackStandIn, text: str, *blocks: dict[str, Any]) -> None:
    slack.workspace.post(slack.person(PRODUCER).dm_channel, text, blocks)


@pytest.mark.parametrize(
    ("mrkdwn", "html"),
    [
        ("*bold* _it_ ~no~", "<strong>bold</strong> <em>it</em> <s>no</s>"),
        ("`a * b` *`w*b` two*", "<code>a * b</code> <strong><code>w*b</code> two</strong>"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
        ("&lt;b&gt; &amp; <script>", "&lt;b&gt; &amp; script"),
        (f"<@{CONSUMER_A}>", '<span class="mention">@Consumer A</span>'),
        ("<javascript:alert(1)|go>", "go"),
        (":white_check_mark: :nope:", "✅ :nope:"),
        ("a\n> said\nb", "a<br><blockquote>said</blockquote>b"),
        ("see\n```x *y*```", "see<br><pre>x *y*</pre>"),
    ],
)
def test_text_is_drawn_as_slack_draws_it(
    slack: SlackStandIn, alone: Page, mrkdwn: str, html: str
) -> None:
    post(slack, mrkdwn)

    drawn = alone.locator(".message .text")
    expect(drawn).to_be_visible()
    assert drawn.inner_html() == html


def test_every_emoji_of_the_bot_is_drawn(slack: SlackStandIn, alone: Page) -> None:
    sources = (ROOT / "handlers").glob("*/views/*.py")
    used = {
        name for path in sources for name in re.findall(r":[a-z]+(?:_[a-z]+)*:", path.read_text())
    }
    post(slack, " ".join(sorted(used)))

    expect(alone.locator(".message .text")).to_be_visible()
    drawn = alone.locator(".message .text").inner_text().split()
    assert ":white_check_mark:" in used
    assert [each for each in drawn if each.startswith(":")] == []


def test_a_date_is_told_in_the_persons_own_time(slack: SlackStandIn, alone: Page) -> None:
    post(slack, "<!date^1767225600^{date_num} {time}|x>")

    expect(alone.locator(".message .text time")).to_have_text("2025-12-31 6:00 PM")


def test_a_click_that_needs_confirming_is_sent_only_when_confirmed(
    slack: SlackStandIn, alone: Page
) -> None:
    words = {"title": "Unshare?", "confirm": "Unshare", "deny": "Keep"}
    confirm = {key: {"type": "plain_text", "text": text} for key, text in words.items()}
    confirm["text"] = {"type": "mrkdwn", "text": "They lose *access*."}
    button = {
        "type": "button",
        "text": {"type": "plain_text", "text": "Go"},
        "action_id": "sharing.unshare",
        "confirm": confirm,
    }
    post(slack, "x", {"type": "actions", "elements": [button]})

    alone.get_by_role("button", name="Go").click()
    alone.get_by_role("button", name="Keep").click()
    assert slack.calls == []
    alone.get_by_role("button", name="Go").click()
    alone.get_by_role("dialog").get_by_role("button", name="Unshare").click()
    expect(alone.locator(".warning")).to_contain_text("This app is not responding.")
    assert [call["kind"] for call in slack.calls] == ["action"]


def test_a_command_to_a_bot_that_is_down_fails_as_in_slack(alone: Page) -> None:
    say(alone, "/images list")

    newest(alone, '/images failed with the error "dispatch_failed"')


def test_page_says_so_when_the_sandbox_has_stopped(chromium: Browser) -> None:
    """As after Ctrl-C, with the page still open."""
    page = chromium.new_page()
    with SlackStandIn() as slack:
        page.goto(slack.page_url)
        expect(page.locator(".person")).to_have_count(3)

    expect(page.locator("#lost")).to_be_visible(timeout=10_000)
    page.close()


def _keep(page: Page, name: str) -> None:
    """A picture to look at, where UPDATE_SCREENSHOT is set."""
    if os.environ.get("UPDATE_SCREENSHOT"):
        page.screenshot(path=ROOT / f"artifacts/{name}.png")
