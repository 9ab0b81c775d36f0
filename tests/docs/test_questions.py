"""
Twelve questions of somebody who has read the README only, each answered within three links.

A link is followed by the text that it has on its page; what it leads to has the heading, and
below it the words that answer. A page that is moved, or an answer that goes, fails here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_CLICKS = 3


@dataclass(frozen=True)
class Question:
    asked: str
    path: tuple[str, ...]
    """Texts of the links, from the README on."""
    heading: str
    answer: str
    """Words below that heading."""


QUESTIONS = (
    Question(
        "Can I try it without an account?",
        ("the tutorial",),
        "1. Start it",
        "make demo",
    ),
    Question(
        "How long does it take to get it into our Slack?",
        ("docs/deploy.md",),
        "1. Make the Slack app",
        "manifest",
    ),
    Question(
        "Does a key of our cloud pass through Slack?",
        ("security",),
        "Secrets",
        "Secrets are typed on the bot's own pages, never in Slack",
    ),
    Question(
        "What does it see of our Slack, and why?",
        ("the Slack app",),
        "Scopes, and why",
        "chat:write",
    ),
    Question(
        "If a consumer rejects an image, can they still use it?",
        ("share safely",),
        "See who has it, and end it",
        "After rejecting an invitation, the other account can still boot from the image by its id.",
    ),
    Question(
        "Can I be left alone at night and on weekends?",
        ("choose when to be notified",),
        "Quiet",
        "/images digest --quiet 22:00-07:00 --weekends no",
    ),
    Question(
        "Can a colleague use my account without my key?",
        ("link accounts",),
        "Give others a role",
        "Give a colleague, a channel or a user group a role on your account.",
    ),
    Question(
        "Can nobody delete an image alone?",
        ("require approvals",),
        "Set a policy",
        "/images policy share outside delete always",
    ),
    Question(
        "How large a machine does it need for our accounts?",
        ("deploy", "Scale"),
        "Sizes to begin with",
        "1 core, 512 MB",
    ),
    Question(
        "How do I back it up, and move it to PostgreSQL?",
        ("deploy",),
        "6. Back up, move, repair",
        "python -m bot copy-database",
    ),
    Question(
        "What is kept of a person who leaves?",
        ("deploy",),
        "6. Back up, move, repair",
        "python -m bot people forget",
    ),
    Question(
        "Can our cloud notify it, instead of polling?",
        ("docs/index.md", "Use a cloud's message bus"),
        "What to set",
        "driver = messagingv2",
    ),
)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.asked)
def test_a_question_is_answered_within_three_links(question: Question) -> None:
    assert len(question.path) <= MOST_CLICKS
    page = ROOT / "README.md"
    for text in question.path:
        page = _led_to(page, text)

    below = _section(page, question.heading)

    assert question.answer in below, f"{page.name} says: {below}"


def test_there_are_twelve() -> None:
    assert len({question.asked for question in QUESTIONS}) == 12


def _led_to(page: Path, text: str) -> Path:
    """The page that a link of this text leads to."""
    links: dict[str, str] = dict(
        re.findall(r"\[([^\]]+)\]\(([^)#\s]+)[^)]*\)", _flat(page.read_text()))
    )
    assert text in links, f"{page.name} has no link {text!r} any more"
    return (page.parent / links[text]).resolve()


def _section(page: Path, heading: str) -> str:
    """What stands below a heading, in one line, until the next of its level."""
    found = re.search(rf"^(#+) {re.escape(heading)}$", page.read_text(), re.MULTILINE)
    assert found, f"{page.name} has no heading {heading!r} any more"
    rest = page.read_text()[found.end() :]
    return _flat(re.split(rf"^#{{1,{len(found[1])}}} (?=[A-Z\d])", rest, flags=re.MULTILINE)[0])


def _flat(text: str) -> str:
    return " ".join(text.split())
