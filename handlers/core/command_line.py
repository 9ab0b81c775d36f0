"""Reads `/images <verb> <words> --option value` as people and their phones type it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from handlers.core.interactions import Command, Person
from handlers.core.mentions import mentions

FLAGS = frozenset({"failed", "mine", "standard", "shared", "pending", "public"})
"""Options without a value; every other one takes the word after it."""

VALUED = MappingProxyType(
    {
        "account": "1100111",
        "after": "2",
        "action": "image.share",
        "by": "@ann",
        "channel": "#ops",
        "format": "qcow2",
        "from": "1100111",
        "holding": "web",
        "hours": "8",
        "image": "3e1d2c4b-…",
        "people": "2",
        "quiet": "22:00-07:00",
        "reason": "required",
        "region": "DFW",
        "since": "7d",
        "sort": "name",
        "status": "active",
        "strict": "on",
        "tag": "web",
        "until": "2026-03-05",
        "weekends": "no",
        "zone": "Europe/Zurich",
    }
)
"""The others, each with an example."""

_QUOTES = str.maketrans({**dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("‘’‚‛′", "'")})
_LINK = re.compile(
    r"<(?:(?P<mention>[@#][A-Z0-9]+|!subteam\^[A-Z0-9]+)|!(?P<all>here|channel|everyone)"
    r"|(?P<url>[a-z][a-z0-9+.-]*:[^<>|]*))(?:\|(?P<label>[^<>]*))?>"
)
_ENTITY = re.compile("&(amp|lt|gt);")
_ENTITIES = MappingProxyType({"amp": "&", "lt": "<", "gt": ">"})
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Stand for the brackets that Slack itself writes, until words are told apart."""
_UNUSED = str.maketrans({_OPEN: None, _CLOSE: None})
_BRACKETS = str.maketrans({_OPEN: "<", _CLOSE: ">"})
_DASHES = re.compile(r"^(?:--|[—–―‒−]+-?|-[—–―‒−])(?=\w)")


def parse(person: Person, text: str, channel_id: str = "", team_id: str = "") -> Command:
    """
    The command in *text*; `help` if it is empty.

    Never raises: what cannot be read is marked, and refused when it is answered.
    """
    words, closed = _split(_plain(text))
    verb, *rest = words or [_Word("help")]
    plain, options = _options(rest)
    return Command(
        person,
        verb.text.translate(_BRACKETS).lower(),
        plain,
        MappingProxyType(options),
        channel_id,
        text,
        unreadable=not closed,
        team_id=team_id,
    )


@dataclass(frozen=True)
class _Word:
    text: str
    literal: bool = False
    """Begun with a quotation mark, and so never an option."""


def _plain(text: str) -> str:
    """Slack's escapes undone, quotes straight, spaces plain, and without invisible marks."""
    typed = _LINK.sub(_typed, text.translate(_UNUSED))
    straight = _ENTITY.sub(lambda found: _ENTITIES[found[1]], typed).translate(_QUOTES)
    return "".join(
        " " if c.isspace() else c for c in straight if unicodedata.category(c) not in ("Cc", "Cf")
    )


def _typed(link: re.Match[str]) -> str:
    """
    What Slack made a link of, as it was typed; mentions without the name, which may hold spaces.

    Source: docs.slack.dev/interactivity/implementing-slash-commands, "should_escape".
    """
    if link["mention"]:
        return f"{_OPEN}{link['mention']}{_CLOSE}"
    if link["all"]:
        return f"@{link['all']}"
    return link["label"] or link["url"].removeprefix("mailto:")


def _split(text: str) -> tuple[list[_Word], bool]:
    """
    Words, and whether every quotation was closed.

    A double quote opens anywhere, a single one only where a word or a value begins:
    the apostrophe in `Bob's` is no quotation.
    """
    words: list[_Word] = []
    word, quote, literal, begun = "", "", False, False
    for c in text + " ":
        if quote:
            word, quote = (word, "") if c == quote else (word + c, quote)
        elif c == '"' or (c == "'" and (not begun or word.endswith("="))):
            quote, literal, begun = c, literal or not begun, True
        elif c != " ":
            word, begun = word + c, True
        elif begun:
            words.append(_Word(word, literal))
            word, literal, begun = "", False, False
    return words + ([_Word(word.rstrip(), literal)] if quote else []), not quote


def _options(words: list[_Word]) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    plain: list[str] = []
    options: dict[str, tuple[str, ...]] = {}
    rest = iter(words)
    for word in rest:
        dashes = None if word.literal else _DASHES.match(word.text)
        if not dashes:
            plain.append(_bracketed(word.text))
            continue
        name, equals, value = word.text[dashes.end() :].partition("=")
        values = (value,) if equals else _next(name.lower(), rest)
        told = tuple(map(_bracketed, values))
        options[name.lower()] = options.get(name.lower(), ()) + told
    return tuple(plain), options


def _bracketed(text: str) -> str:
    """With the brackets of Slack's mentions; what only looks like one stays as it was escaped."""
    if mentions(text):
        return text.replace("<", "&lt;").replace(">", "&gt;")
    return text.translate(_BRACKETS)


def _next(option: str, rest: Iterator[_Word]) -> tuple[str, ...]:
    if option in FLAGS:
        return ()
    return tuple(word.text for _, word in zip(range(1), rest, strict=False))
