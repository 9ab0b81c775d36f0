"""No message speaks in words of our own making, or shows a whole id where a short one does."""

from __future__ import annotations

import re

import pytest

from handlers.core.replies import Message
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
TEXTS = {name: "\n".join(aloud(sample)) for name, sample in {**SHOWN, **_HOMES}.items()}


@pytest.mark.parametrize("words", [*PRIVATE, *ODD])
def test_no_message_has_a_word_of_our_own(words: str) -> None:
    pattern = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)

    assert [name for name, text in TEXTS.items() if pattern.search(text)] == []


def test_only_details_show_a_whole_id() -> None:
    rows = {name: text for name, text in TEXTS.items() if not name.startswith(DETAILS)}

    assert [name for name, text in rows.items() if UUID.search(COPIED.sub("", text))] == []
