"""
The main jobs, done in a browser: how many clicks they take, and how many words.

A click is a press of a button or of an option, or the Enter that sends a command. Words typed are
those of commands and fields. Words read are those of the messages and forms that somebody has to
look at to do the job and to know that it is done, with the labels of their buttons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from sandbox.demo import ROOT, Demo
from sandbox.scene import ACCOUNT_A, ACCOUNT_B, CONSUMER_A, CONSUMER_B, PRODUCER
from tests.trips.stages import StandInStage

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 1280, "height": 800}


@dataclass(frozen=True)
class Effort:
    """What a job takes."""

    clicks: int
    typed: int
    read: int

    def within(self, budget: Effort) -> bool:
        return (
            self.clicks <= budget.clicks and self.typed <= budget.typed and self.read <= budget.read
        )


BUDGETS = {
    "Share an image from the list": Effort(5, 4, 95),
    "Accept an invitation": Effort(1, 0, 160),
    "Accept twelve invitations": Effort(3, 2, 220),
    "Reject an invitation": Effort(1, 0, 160),
    "See what is pending for me": Effort(1, 2, 90),
    "Stop sharing an image": Effort(2, 4, 65),
    "Have every deletion approved": Effort(1, 4, 80),
    "Set the policy with its form": Effort(5, 2, 175),
    "Approve a request": Effort(1, 0, 70),
    "Export an image, and see it done": Effort(1, 4, 70),
    "Find out what I can do": Effort(1, 2, 50),
}
"""At most so much. docs/benchmarks.md has this table, too."""


SHOWN = """
(message) => {
  const parts = [...message.querySelectorAll(".block, .content > .text, h2, .dialog-buttons")];
  return parts.map((part) => {
    const copy = part.cloneNode(true);
    for (const each of copy.querySelectorAll(".menu, option, .unseen")) each.remove();
    return copy.innerText;
  }).join(" ");
}
"""
"""What of a message or a form is in sight: no menu that is closed."""


@dataclass
class Hand:
    """Somebody who does a job, and what it has taken so far."""

    page: Page
    clicks: int = field(default=0, init=False)
    typed: int = field(default=0, init=False)
    read_: int = field(default=0, init=False)

    def press(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def fill(self, target: Locator, words: str) -> None:
        target.press_sequentially(words)
        self.typed += len(words.split())

    def choose(self, menu: Locator, value: str) -> None:
        """Open a menu, and press one of its options."""
        menu.select_option(value)
        self.clicks += 2

    def say(self, command: str) -> None:
        self.fill(self.page.get_by_label("Message to Cloud Images"), command)
        self.page.keyboard.press("Enter")
        self.clicks += 1

    def read(self, target: Locator, words: str | re.Pattern[str] = "") -> Locator:
        """Read a message or a form, once it says *words*."""
        expect(target).to_contain_text(words)
        self.read_ += len(target.evaluate(SHOWN).split())
        return target

    def newest(self, words: str) -> Locator:
        return self.page.locator(".message", has_text=words).last

    @property
    def effort(self) -> Effort:
        return Effort(self.clicks, self.typed, self.read_)


@pytest.fixture(scope="module")
def stage() -> StandInStage:
    return StandInStage()


@pytest.fixture(scope="module")
def demo(stage: StandInStage) -> Iterator[Demo]:
    with Demo(scene=stage) as demo:
        yield demo


@dataclass(frozen=True)
class Setting:
    """What is there when the job begins."""

    demo: Demo
    stage: StandInStage
    page: Page

    def be(self, user_id: str) -> None:
        self.page.locator(f'[data-user="{user_id}"]').click()

    def answer_all(self) -> None:
        """Nobody has an invitation left."""
        for region in self.stage.cloud.state.regions.values():
            for members in region.members.values():
                for number, member in members.items():
                    members[number] = replace(member, status="accepted")

    def share(self, name: str, to: str) -> None:
        """Share a new image, whose invitation is pending then."""
        self.stage.image(name)
        asked = self.demo.slack.ask(PRODUCER, f"share {name} {to}")
        self.demo.slack.press(PRODUCER, asked, "sharing.confirm")


@pytest.fixture
def setting(chromium: Browser, demo: Demo, stage: StandInStage) -> Iterator[Setting]:
    context = chromium.new_context(viewport=WIDE)
    page = context.new_page()
    page.goto(demo.slack.page_url)
    yield Setting(demo, stage, page)
    context.close()
    for user_id in (PRODUCER, CONSUMER_A, CONSUMER_B):
        while demo.slack.modals.top(user_id):
            demo.slack.modals.close(user_id, everything=True)


def share_from_the_list(setting: Setting, hand: Hand) -> None:
    setting.stage.image("golden")
    setting.be(PRODUCER)
    hand.say("/images list golden")
    listed = hand.read(hand.newest("1 image in"), "golden")
    hand.press(listed.get_by_role("button", name="Share…"))
    form = hand.read(setting.page.get_by_role("dialog", name="Share an image"), "Share with")
    hand.fill(form.get_by_role("combobox", name="Share with"), ACCOUNT_A)
    hand.press(form.locator(".options").get_by_role("option").first)
    hand.press(form.get_by_role("button", name="Share", exact=True))
    close(hand, hand.read(setting.page.get_by_role("dialog"), "Shared golden"))


def close(hand: Hand, window: Locator) -> None:
    hand.press(window.get_by_role("button", name="Close").last)


def notified_of(setting: Setting, name: str) -> Locator:
    """The message that tells Consumer A of the invitation."""
    setting.share(name, ACCOUNT_A)
    setting.be(CONSUMER_A)
    return setting.page.locator(".message", has_text=name).last


def accept(setting: Setting, hand: Hand) -> None:
    told = notified_of(setting, "new-web")
    hand.read(told)
    hand.press(row(told, "new-web").get_by_role("button", name="Accept"))
    hand.read(hand.newest("accepted new-web"))


def reject(setting: Setting, hand: Hand) -> None:
    told = notified_of(setting, "new-db")
    hand.read(told)
    hand.press(row(told, "new-db").get_by_role("button", name="Reject"))
    hand.read(hand.newest("rejected new-db"))


def row(message: Locator, name: str) -> Locator:
    """The buttons below the line of an image."""
    return message.locator(f'.block:has-text("{name}") ~ .block.actions').first


def accept_twelve(setting: Setting, hand: Hand) -> None:
    for number in range(12):
        setting.share(f"batch-{number}", ACCOUNT_B)
    setting.be(CONSUMER_B)
    hand.say("/images accept")
    form = hand.read(setting.page.get_by_role("dialog"), "Answer invitations")
    hand.press(form.get_by_role("button", name="Answer", exact=True))
    close(hand, hand.read(setting.page.get_by_role("dialog"), "Accepted 12 of 12 invitations"))


def see_what_is_pending(setting: Setting, hand: Hand) -> None:
    setting.share("pending-one", ACCOUNT_B)
    setting.be(CONSUMER_B)
    hand.say("/images invitations")
    hand.read(hand.newest("pending-one"))


def stop_sharing(setting: Setting, hand: Hand) -> None:
    setting.share("ended-one", ACCOUNT_B)
    setting.be(PRODUCER)
    hand.say(f"/images unshare ended-one {ACCOUNT_B}")
    asked = hand.read(hand.newest("Stop sharing ended-one"))
    hand.press(asked.get_by_role("button", name="Unshare"))
    hand.read(hand.newest("no longer shared"))


def have_deletions_approved(setting: Setting, hand: Hand) -> None:
    setting.be(PRODUCER)
    hand.say("/images policy delete always")
    hand.read(hand.newest("Needs approval"))


def set_the_policy(setting: Setting, hand: Hand) -> None:
    """Of another account than the jobs before: what they do needs no approval more."""
    setting.be(CONSUMER_B)
    hand.say("/images policy")
    form = hand.read(setting.page.get_by_role("dialog", name="Policy"), "Approvals needed")
    hand.choose(form.get_by_label("Delete: anything that destroys data"), "always")
    hand.press(form.get_by_role("button", name="Save"))
    close(hand, hand.read(setting.page.get_by_role("dialog"), "Updated the policy"))


def approve(setting: Setting, hand: Hand) -> None:
    slack = setting.demo.slack
    setting.stage.image("doomed")
    for command in ("allow @consumer.a approver", "policy delete always"):
        slack.ask(PRODUCER, command)
    asked = slack.ask(PRODUCER, "delete doomed")
    slack.press(PRODUCER, asked, "deletion.confirm")
    setting.be(CONSUMER_A)
    told = hand.read(hand.newest("doomed"), "Approve")
    hand.press(told.get_by_role("button", name="Approve"))
    hand.read(hand.newest("doomed"), "Approved and done")


def export(setting: Setting, hand: Hand) -> None:
    setting.be(PRODUCER)
    hand.say("/images export web-2025 exports")
    card = hand.newest("Export of web-2025")
    hand.read(card, "is running")
    hand.read(card, "is done")


def find_out(setting: Setting, hand: Hand) -> None:
    setting.be(PRODUCER)
    hand.say("/images help")
    hand.read(hand.newest("Commands"))


JOBS: dict[str, Callable[[Setting, Hand], None]] = {
    "Share an image from the list": share_from_the_list,
    "Accept an invitation": accept,
    "Accept twelve invitations": accept_twelve,
    "Reject an invitation": reject,
    "See what is pending for me": see_what_is_pending,
    "Stop sharing an image": stop_sharing,
    "Have every deletion approved": have_deletions_approved,
    "Set the policy with its form": set_the_policy,
    "Approve a request": approve,
    "Export an image, and see it done": export,
    "Find out what I can do": find_out,
}


@pytest.mark.parametrize("job", JOBS)
def test_a_job_takes_no_more_than_its_budget(job: str, setting: Setting) -> None:
    setting.answer_all()
    hand = Hand(setting.page)

    JOBS[job](setting, hand)

    print(f"{job}: {hand.effort}")  # noqa: T201 - the figures, for whoever asks pytest -s
    assert hand.effort.within(BUDGETS[job]), (hand.effort, BUDGETS[job])


def test_the_docs_have_the_same_budgets() -> None:
    page = (ROOT / "docs/benchmarks.md").read_text()
    section = page.partition("## Clicks and words of the main jobs\n")[2].partition("\n## ")[0]
    told = re.findall(r"^\| (.+?) \| (\d+) \| (\d+) \| (\d+) \|$", section, re.MULTILINE)

    assert {job: Effort(*map(int, numbers)) for job, *numbers in told} == BUDGETS
    assert set(JOBS) == set(BUDGETS)
