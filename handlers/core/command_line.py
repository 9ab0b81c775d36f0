"""Parse `/images <verb> <words> --option value` as people and their phones type it."""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from dataclasses import dataclass
from itertools import dropwhile
from types import MappingProxyType

from handlers.core import clock_times, spans, zones
from handlers.core.interactions import Command, Person
from handlers.core.lists import STOPS, parts
from handlers.core.mentions import mentions
from handlers.core.text import escape

FLAGS = frozenset({"failed", "mine", "standard", "shared", "pending", "public", "community"})
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
        "key-name": "laptop",
        "network": "private",
        "people": "2",
        "quiet": "22:00-07:00",
        "reason": "required",
        "region": "DFW",
        "security-group": "web",
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

MAX_TEXT = 12_000
"""Characters of a command that are looked at; Slack's own field takes about 8,000."""

_QUOTES = str.maketrans({**dict.fromkeys("“”„‟«»″＂❝❞", '"'), **dict.fromkeys("‘’‚‛′‹›＇", "'")})
_CODE = re.compile("`+")
"""Slack's mark for code, and that for a block of it."""
_MARKS = "*_~`"
"""The marks that Slack writes around bold, italic, struck-through and code text."""
_SPANS = re.compile(r"([`*])(?![\s`*])([^`*]*[^\s`*])\1(?=[\s.,;:!?]|$)")
"""Marked words, from the mark before the first to that after the last."""
USUAL_COMMAND = "images"
"""The command's name as most people know it, also where it is typed without its slash."""
_COMMAND = re.compile(r"/[\w-]+")
_LINK = re.compile(
    r"<(?:(?P<mention>[@#][A-Z0-9]+|!subteam\^[A-Z0-9]+)|!(?P<all>here|channel|everyone)"
    r"|(?P<url>[a-z][a-z0-9+.-]*:[^<>|]*))(?:\|(?P<label>[^<>]*))?>"
)
_ENTITY = re.compile("&(amp|lt|gt);")
_ENTITIES = MappingProxyType({"amp": "&", "lt": "<", "gt": ">"})
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Replace the brackets that Slack itself writes, until words are split."""
_UNUSED = str.maketrans({_OPEN: None, _CLOSE: None})
_BRACKETS = str.maketrans({_OPEN: "<", _CLOSE: ">"})
_DASHES = re.compile(r"^(?:--|[—–―‒−]+-?|-[—–―‒−])(?=\w)")


def parse(person: Person, text: str, channel_id: str = "", team_id: str = "") -> Command:
    """
    The command in *text*; `help` if it is empty.

    Never raises: what cannot be read, or is longer than is looked at, is refused when it is
    answered.
    """
    words, closed = _split(_plain(text[:MAX_TEXT]))
    verb, *rest = _after_command(words) or [_Word("help")]
    named, options = _options(rest)
    return Command(
        person,
        _verb(verb.text.translate(_BRACKETS)),
        named,
        MappingProxyType(options),
        channel_id,
        text,
        unreadable=not closed,
        team_id=team_id,
    )


def as_word(text: str) -> str:
    """Give a text as `parse` reads it between quotes; its double quotes become single ones."""
    return " ".join(_plain(text).translate(_BRACKETS).replace('"', "'").split())


def quoted(text: str) -> str:
    """Write a text so that `parse` reads it as one word, as `as_word` gives it."""
    return f'"{escape(as_word(text))}"'


@dataclass(frozen=True)
class _Word:
    text: str
    literal: bool = False
    """Begun with a quotation mark, and so never an option, and its marks are its own."""


def _plain(text: str) -> str:
    """
    Slack's escapes undone, quotes straight, spaces plain, and without invisible characters.

    White space first: a line's end is a control character, too, and parts words.
    """
    typed = _LINK.sub(_typed, text.translate(_UNUSED))
    straight = _ENTITY.sub(lambda found: _ENTITIES[found[1]], typed).translate(_QUOTES)
    spaced = "".join(" " if c.isspace() else c for c in straight.replace("\r\n", "\n"))
    seen = "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf"))
    return _unwrapped(_CODE.sub("`", seen).strip())


def _unwrapped(text: str) -> str:
    """A command that was copied with the marks of code around all of it."""
    whole = len(text) > 1 and text[0] == text[-1] == "`" and text.count("`") == 2
    return text[1:-1] if whole else text


def _after_command(words: list[_Word]) -> list[_Word]:
    """What follows the command itself, if that was typed once more."""
    rest = dropwhile(lambda word: not word.literal and _COMMAND.fullmatch(word.text), words)
    found = list(rest)
    return found[1:] if len(found) > 1 and found[0].text.lower() == USUAL_COMMAND else found


def _verb(text: str) -> str:
    return text.rstrip(STOPS).lower() or text


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
    the apostrophe in `Bob's` is no quotation. A mark of Slack's opens there, too, if it is closed.
    """
    words: list[_Word] = []
    word, quote, literal, begun, marked = "", "", False, False, 0
    for at, c in enumerate(text + " "):
        if at < marked:
            continue
        begins = not begun or (word.endswith("=") and c != "*")
        if quote:
            word, quote = (word, "") if c == quote else (word + c, quote)
        elif begins and (span := _SPANS.match(text, at)):
            word, begun, marked = word + span[2], True, span.end()
        elif c == '"' or (c == "'" and begins):
            quote, literal, begun = c, literal or not begun, True
        elif c != " ":
            word, begun = word + c, True
        elif begun:
            words += _parted(_Word(word, literal))
            word, literal, begun = "", False, False
    return words + ([_Word(word.rstrip(), literal)] if quote else []), not quote


def _parted(word: _Word) -> list[_Word]:
    """The word without Slack's marks around it; of a list of mentions, each."""
    if word.literal:
        return [word]
    text = word.text
    while len(text) > 2 and text[0] == text[-1] and text[0] in _MARKS:
        text = text[1:-1]
    each = parts(text)
    if each and all(mentions(part.translate(_BRACKETS)) for part in each) and _OPEN in text:
        return [_Word(part) for part in each]
    return [_Word(text)]


def _options(words: list[_Word]) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    plain: list[str] = []
    options: dict[str, tuple[str, ...]] = {}
    rest = deque(words)
    while rest:
        word = rest.popleft()
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
    if "=" not in text and any(map(mentions, parts(text))):
        return text.replace("<", "&lt;").replace(">", "&gt;")
    return text.translate(_BRACKETS)


def _next(option: str, rest: deque[_Word]) -> tuple[str, ...]:
    """The word after an option, with those that belong to it: `7 days`, `10pm to 7am`."""
    if option in FLAGS or not rest:
        return ()
    continues_range, value = _GOING_ON.get(option), rest.popleft().text
    while continues_range and value and rest and not _DASHES.match(rest[0].text):
        if not continues_range(value, rest[0].text):
            break
        value = f"{value} {rest.popleft().text}"
    return (value,)


_GOING_ON = {
    **dict.fromkeys(("after", "hours", "since", "until"), spans.continues_range),
    "quiet": clock_times.continues_range,
    "zone": zones.continues_range,
}
