"""Mentions of people, user groups and channels, as Slack writes them into a command."""

from __future__ import annotations

import re

from handlers.core.authorization_errors import NoSuchChannel

_PERSON = re.compile(r"<@([UW][A-Z0-9]{1,20})(?:\|[^>]*)?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]{1,20})(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]{1,20})(?:\|[^>]*)?>")


def person(word: str) -> str | None:
    """The id of the person mentioned."""
    return _id(_PERSON, word)


def person_with(word: str) -> tuple[str, str] | None:
    """The id of the person mentioned, and which of their accounts: `@cara/1100111`, or ""."""
    mention, _, number = word.partition("/")
    user_id = person(mention)
    return (user_id, number) if user_id else None


def group(word: str) -> str | None:
    """The id of the user group mentioned."""
    return _id(_GROUP, word)


def channel(word: str) -> str | None:
    """The id of the channel mentioned."""
    return _id(_CHANNEL, word)


def mentions(word: str) -> bool:
    """Whether it reads as a mention of any kind."""
    return bool(person_with(word) or group(word) or channel(word))


def _id(pattern: re.Pattern[str], word: str) -> str | None:
    found = pattern.fullmatch(word)
    return found[1] if found else None


HERE, ALL = "here", "all"


def channel_or_here(word: str, channel_id: str) -> str:
    """
    The id of the channel that was mentioned; `here` is the one it was said in.

    Raises:
        NoSuchChannel: it is none.
    """
    if word.casefold() == HERE and channel_id and not channel_id.startswith("D"):
        return channel_id
    found = channel(word)
    if not found:
        raise NoSuchChannel(word)
    return found
