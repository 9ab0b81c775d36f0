"""No message speaks in words of our own making, or shows a whole id where a short one does."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from handlers.core.replies import Message
from sandbox.gallery import HOMES, SHOWN, aloud

PRIVATE: Mapping[str, int] = {
    r"hears? of": 23,
    r"waits? for (?:you|your)": 33,
    r"stands": 2,
    r"lives": 1,
    r"lets? be": 0,
    r"by itself": 12,
    r"goes on": 3,
    r"said of": 0,
    r"at most look": 1,
    r"hears? nothing": 7,
    r"told of": 4,
    r"I tell": 21,
}
"""
Words that no cloud engineer would say, with the number of messages that still have them.

Lower a number when you mend a message; none is ever raised.
"""
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ROWS = (
    *("list", "choice", "almost a name", "invitations", "accepted", "rejected"),
    *("withdrawn", "snoozed", "unsnoozed", "muted", "trusted", "digest", "home", "told"),
    *("share?", "share for", "share with", "asked again", "which invitation", "members"),
)
"""How the names of samples begin that show lists, questions and notices, which are no details."""

_HOMES = {name: Message(name, home.blocks) for name, home in HOMES.items()}
TEXTS = {name: "\n".join(aloud(sample)) for name, sample in {**SHOWN, **_HOMES}.items()}


@pytest.mark.parametrize("words", PRIVATE)
def test_private_words_become_fewer(words: str) -> None:
    pattern = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)

    found = [name for name, text in TEXTS.items() if pattern.search(text)]

    assert len(found) <= PRIVATE[words], found


def test_no_list_question_or_notice_shows_a_whole_id() -> None:
    found = [n for n, text in TEXTS.items() if n.startswith(ROWS) and UUID.search(text)]

    assert found == []
