"""Validate names for the address book."""

from __future__ import annotations

import re
import unicodedata

from handlers.addressbook.errors import MAX_NICKNAME_LENGTH, BadNickname
from handlers.addressbook.lookalikes import mixes_scripts

RESERVED_WORDS = frozenset({"for", "because", "with", "to", "me", "here", "all", "and"})
"""Words that mean something else where a nickname is allowed."""
_NICKNAME = re.compile(r"(?=.*[^\W\d_])[^\W_](?:[\w.-]*[\w-])?")
_ID = re.compile(r"[0-9a-f-]{16,}", re.IGNORECASE)


def checked_nickname(word: str) -> str:
    """
    A name for an account: it has a letter, is of one script, and cannot pass for a number or an id.

    Raises:
        BadNickname: it is no valid nickname.
    """
    word = unicodedata.normalize("NFKC", word[: 4 * MAX_NICKNAME_LENGTH])
    if mixes_scripts(word):
        raise BadNickname(word)
    if len(word) > MAX_NICKNAME_LENGTH or not _NICKNAME.fullmatch(word) or _ID.fullmatch(word):
        raise BadNickname(word)
    if word.casefold() in RESERVED_WORDS:
        raise BadNickname(word)
    return word
