"""Mentions of people, user groups and channels, as Slack writes them into a command."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from handlers.core.authorization_errors import HereIsPrivate, NoSuchChannel
from handlers.core.errors import NoImageSaid, Usage
from handlers.core.lists import JOINTS

_PERSON = re.compile(r"<@([UW][A-Z0-9]{1,20})(?:\|[^<>]*)?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]{1,20})(?:\|[^<>]*)?>")
_BETWEEN = JOINTS | {"with", "to"}
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]{1,20})(?:\|[^<>]*)?>")


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


def image_first(words: Sequence[str], form: str) -> tuple[str, list[str]]:
    """
    The word for an image, and the others: mentions of people may come before it.

    Raises:
        NoImageSaid: all are mentions.
    """
    before = list(takewhile(lambda word: mentions(word) or word.casefold() in _BETWEEN, words))
    if not any(map(mentions, before)):
        before = []
    rest = list(words[len(before) :])
    if not rest or (before and rest[0].casefold() in ("for", "because")):
        raise NoImageSaid(form) if before else Usage(form)
    return rest[0], [*before, *rest[1:]]


def mentions(word: str) -> bool:
    """Whether it reads as a mention of any kind."""
    return bool(person_with(word) or group(word) or channel(word))


def _id(pattern: re.Pattern[str], word: str) -> str | None:
    found = pattern.fullmatch(word)
    return found[1] if found else None


HERE, ALL = "here", "all"


def here(channel_id: str) -> str:
    """
    The channel that the message was sent in.

    Raises:
        HereIsPrivate: it is no channel.
    """
    if not channel_id or channel_id.startswith("D"):
        raise HereIsPrivate
    return channel_id


def channel_or_here(word: str, channel_id: str) -> str:
    """
    The id of the channel that was mentioned; `here` is the one it was sent in.

    Raises:
        NoSuchChannel: it is no mention of a channel.

        HereIsPrivate: it was sent where only one person reads.
    """
    if word.casefold() == HERE:
        return here(channel_id)
    found = channel(word)
    if not found:
        raise NoSuchChannel(word)
    return found
