"""
What accounts are called in the address book, and whom a word of `share` can mean.

The words for what goes wrong are in views/names.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from handlers.core.errors import UserError

MOST = 40
TAKEN = frozenset({"for", "because", "with", "to", "me", "here", "all"})
"""Words that mean something else where a nickname may stand."""
_NICKNAME = re.compile(r"(?=.*[^\W\d_])[^\W_][\w.-]*")
_ID = re.compile(r"[0-9a-f-]{16,}", re.IGNORECASE)


class BadNickname(UserError):
    """Not what an account can be called."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class NameTaken(UserError):
    """Another account is called that already."""

    def __init__(self, nickname: str, number: str) -> None:
        super().__init__(nickname)
        self.nickname, self.number = nickname, number


class NoSuchName(UserError):
    """The word is no account number, and nothing in the address book is called that."""

    def __init__(self, word: str, suggestion: str | None) -> None:
        super().__init__(word)
        self.word, self.suggestion = word, suggestion


class PlainMention(UserError):
    """A name after an @ that Slack did not make a mention of."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class NotOnePerson(UserError):
    """A mention of a user group or a channel, where one person is wanted."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class NobodysAccount(UserError):
    """The person mentioned has linked no account of that cloud in this workspace."""

    def __init__(self, user_id: str) -> None:
        super().__init__(user_id)
        self.user_id = user_id


class SeveralAccounts(UserError):
    """The person mentioned has linked several; *commands* say which, by account number."""

    def __init__(self, user_id: str, commands: Sequence[tuple[str, str]]) -> None:
        super().__init__(user_id)
        self.user_id, self.commands = user_id, tuple(commands)


class TooLongWhy(UserError):
    """More characters than a reason may have."""

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most


def nickname(word: str) -> str:
    """
    A name for an account: it has a letter, and cannot pass for a number or an id.

    Raises:
        BadNickname: it is none.
    """
    word = unicodedata.normalize("NFC", word)
    if len(word) > MOST or not _NICKNAME.fullmatch(word) or _ID.fullmatch(word):
        raise BadNickname(word)
    if word.casefold() in TAKEN:
        raise BadNickname(word)
    return word
