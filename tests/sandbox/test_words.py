"""No message speaks in words of our own making, or shows a whole id where a short one does."""

from __future__ import annotations

import re

import pytest

from handlers.core.replies import Message, PerSurface
from sandbox.gallery import HOMES, SHOWN, aloud
from tests.docs.test_words import PRIVATE

ODD = (r"said of", r"I tell", r"you are told", r"as far as I know", r"all the same", r"so far as")
"""Phrases that no message has, besides the words that are in no text at all."""
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
COPIED = re.compile(r"`/images [^`]*`|[\w-]+\.vhd")
"""Commands to copy, which mean one image for certain, and names of objects."""
DETAILS = ("show", "update form", "approval details", "delete", "share, in detail", "audit", "task")
"""How the names of samples begin that show details, the audit log, or the cloud's own tasks."""

_HOMES = {name: Message(name, home.blocks) for name, home in HOMES.items()}
ALL = {**SHOWN, **_HOMES}
TEXTS = {name: "\n".join(aloud(sample)) for name, sample in ALL.items()}


@pytest.mark.parametrize("words", [*PRIVATE, *ODD])
def test_no_message_has_a_word_of_our_own(words: str) -> None:
    pattern = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)

    assert [name for name, text in TEXTS.items() if pattern.search(text)] == []


def test_only_details_show_a_whole_id() -> None:
    rows = {name: text for name, text in TEXTS.items() if not name.startswith(DETAILS)}

    assert [name for name, text in rows.items() if UUID.search(COPIED.sub("", text))] == []


@pytest.mark.parametrize("unread", ["<@>", r"\d+ never_heard_of"])
def test_nothing_names_what_is_not_known(unread: str) -> None:
    """Neither nobody, as a mention, nor a status of the API's that we do not know, in a count."""
    assert [name for name, text in TEXTS.items() if re.search(unread, text)] == []


def test_a_warning_is_an_alert_in_a_window_and_no_sign_inside_a_text() -> None:
    texts = {name: sample.text for name, sample in SHOWN.items() if isinstance(sample, Message)}
    blocks = [
        (name, block) for name, sample in ALL.items() if name != "alerts" for block in sample.blocks
    ]

    assert [name for name, text in texts.items() if ":warning:" in text] == []
    assert [
        name
        for name, block in blocks
        if ":warning:" in str(block) and not isinstance(block, PerSurface)
    ] == []
