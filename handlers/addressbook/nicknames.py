"""What accounts may be called in the address book."""

from __future__ import annotations

import re
import unicodedata

from handlers.addressbook.errors import LONGEST, BadNickname

TAKEN = frozenset({"for", "because", "with", "to", "me", "here", "all", "and"})
"""Words that mean something else where a nickname may stand."""
_NICKNAME = re.compile(r"(?=.*[^\W\d_])[^\W_](?:[\w.-]*[\w-])?")
_ID = re.compile(r"[0-9a-f-]{16,}", re.IGNORECASE)


def nickname(word: str) -> str:
    """
    A name for an account: it has a letter, and cannot pass for a number or an id.

    Raises:
        BadNickname: it is none.
    """
    word = unicodedata.normalize("NFC", word)
    if len(word) > LONGEST or not _NICKNAME.fullmatch(word) or _ID.fullmatch(word):
        raise BadNickname(word)
    if word.casefold() in TAKEN:
        raise BadNickname(word)
    return word
