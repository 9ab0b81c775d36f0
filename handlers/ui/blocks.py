"""Builders of Block Kit blocks, within Slack's limits, and safe for names given by strangers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from cloud.models import LONG_AGO
from handlers.core.mentions import mentions
from handlers.core.replies import Block, Message
from handlers.core.text import clean, clip, escape

MAX_SECTION = 3000
MAX_FIELD = 2000
MAX_FIELDS = 10
MAX_HEADER = 150
MAX_BUTTON = 75
"""Characters Slack takes in a section, a field (of which so many), a header and a button."""

COMMAND = re.compile(r"(?<![\w/.-])/images\b")
"""The command in our own words, which say its name as it usually is."""
KEPT = "\ue002"
"""Marks names from strangers, after the slash of such a word, until they are sent."""
_UNKNOWN_DATE = "an unknown date"
_DATE = re.compile(r"<!date\^[^|<>]*\|([^<>]*)>")

_MARKUP = re.compile(
    r"`(?P<name>[^`]+)`|\*(?P<bold>[^*]+)\*|<@(?P<user>\w+)>|<#(?P<channel>\w+)>"
    r"|<!subteam\^(?P<group>\w+)>|<!date\^(?P<date>\d+)\^[^<>]*>"
)

MAX_NAME = 80
"""Characters shown of what a stranger named."""
SHORT_ID = 8
"""Characters shown of an id outside details."""


def text_message(text: str, *more: Block) -> Message:
    """Return a message that shows its whole text in one section, then *more* blocks."""
    return Message(text, (section(text), *more))


def section(text: str, accessory: Block | None = None) -> Block:
    block: dict[str, Any] = {"type": "section", "text": _mrkdwn(clip(text, MAX_SECTION))}
    return {**block, "accessory": accessory} if accessory else block


Part = str | Block
"""Of a line of rich text: our own words, or an element such as `strong` or `moment` makes."""


def rich_text(*lines: Sequence[Part]) -> Block:
    """Lines in which nothing is parsed, so that what strangers named needs no escaping."""
    elements: list[Block] = []
    ours = ""
    for part in (part for n, line in enumerate(lines) for part in (["\n", *line] if n else line)):
        if isinstance(part, str):
            ours += part
        else:
            elements += [_rich(ours), part] if ours else [part]
            ours = ""
    elements += [_rich(ours)] if ours else []
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def strong(text: str, limit: int = MAX_NAME) -> Block:
    """What a stranger named, in bold."""
    return _rich(_shown(text, limit), "bold")


def mono(text: str, limit: int = MAX_NAME) -> Block:
    """An id or a number, as code."""
    return _rich(_shown(text, limit), "code")


def who(user_id: str) -> Block:
    """A person, as Slack names them."""
    return {"type": "user", "user_id": user_id}


def emoji(mark: str) -> Block:
    """`:white_check_mark:`, which rich text does not read in words."""
    return {"type": "emoji", "name": mark.strip(":")}


def moment(at: datetime) -> Part:
    """A time in the reader's own zone, as `date`."""
    if at == LONG_AGO:
        return _UNKNOWN_DATE
    utc = at.astimezone(UTC)
    return {
        "type": "date",
        "timestamp": int(utc.timestamp()),
        "format": "{date_short_pretty} at {time}",
        "fallback": f"{utc:%d %b %Y %H:%M} UTC",
    }


def as_parts(text: str, *, leads: bool = False) -> list[Part]:
    """
    Our own words for a line of rich text, which parses none of what `named` and the like write.

    Args:
        leads: the first name leads the eye, in bold; all others are code.
    """
    parts: list[Part] = []
    end = 0
    for found in _MARKUP.finditer(text):
        parts += [_unescaped(text[end : found.start()])] if found.start() > end else []
        parts.append(_part(found, bold=leads and not any(map(_is_bold, parts))))
        end = found.end()
    return [*parts, _unescaped(text[end:])] if end < len(text) else parts


def _part(found: re.Match[str], *, bold: bool) -> Part:
    match found.lastgroup, found[found.lastgroup or 0]:
        case ("name", name):
            return (strong if bold else mono)(_unescaped(name))
        case ("bold", words):
            return _rich(_unescaped(words), "bold")
        case ("user", user_id):
            return who(user_id)
        case ("channel", channel_id):
            return {"type": "channel", "channel_id": channel_id}
        case ("group", group_id):
            return {"type": "usergroup", "usergroup_id": group_id}
        case (_, seconds):
            return moment(datetime.fromtimestamp(int(seconds), UTC))


def _is_bold(part: Part) -> bool:
    return not isinstance(part, str) and part.get("style") == {"bold": True}


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def short_id(text: str) -> str:
    """The first characters of an id, which commands take for the whole."""
    return text[:SHORT_ID]


def _shown(text: str, limit: int) -> str:
    return COMMAND.sub(f"/{KEPT}images", clip(clean(text), limit)) or "(no name)"


def _rich(text: str, style: str = "") -> Block:
    return {"type": "text", "text": text, **({"style": {style: True}} if style else {})}


def fields(*texts: str) -> tuple[Block, ...]:
    """As many sections of two columns as the texts need."""
    chunks = (texts[i : i + MAX_FIELDS] for i in range(0, len(texts), MAX_FIELDS))
    return tuple(
        {"type": "section", "fields": [_mrkdwn(clip(t, MAX_FIELD)) for t in chunk]}
        for chunk in chunks
    )


def header(text: str) -> Block:
    return {"type": "header", "text": _plain(clip(clean(text) or "–", MAX_HEADER))}


def context(text: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [_mrkdwn(clip(text, MAX_SECTION))]}


def buttons(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def button(
    text: str,
    action_id: str,
    value: str,
    *,
    style: str | None = None,
    confirm: Block | None = None,
    label: str | None = None,
) -> Block:
    """
    A button; *label* tells a screen reader which of many equal ones it is.

    It begins with the *text* that is seen, by which people call a button when they speak to it.
    """
    element: dict[str, Any] = {
        "type": "button",
        "text": _plain(clip(text, MAX_BUTTON)),
        "action_id": action_id,
        "value": value,
    }
    extra = {
        "style": style,
        "confirm": confirm,
        "accessibility_label": clip(clean(label), MAX_BUTTON) if label else None,
    }
    return {**element, **{key: value for key, value in extra.items() if value}}


def overflow(action_id: str, *options: tuple[str, str]) -> Block:
    """A ⋮ menu of at most five options, each its label and its value."""
    return {
        "type": "overflow",
        "action_id": action_id,
        "options": [
            {"text": _plain(clip(label, MAX_BUTTON)), "value": value} for label, value in options
        ],
    }


def confirm(title: str, text: str, yes: str) -> Block:
    """A confirmation dialog that Slack shows before it sends the click."""
    return {
        "title": _plain(clip(title, 100)),
        "text": _mrkdwn(clip(text, 300)),
        "confirm": _plain(clip(yes, 30)),
        "deny": _plain("Cancel"),
        "style": "danger",
    }


def named(text: str, limit: int = MAX_NAME) -> str:
    """
    Format a name given by a stranger as code, where Slack formats nothing.

    Invisible and reordering characters are dropped, so that a name cannot pass for another.
    """
    plain = clip(clean(text).replace("`", "ˋ"), limit)
    kept = COMMAND.sub(f"/{KEPT}images", plain)
    return f"`{escape(kept)}`" if plain else "_(no name)_"


def command(text: str) -> str:
    """Format a command of the bot, to be typed exactly so."""
    return f"`/images {code(text)[1:]}"


def typed(word: str) -> str:
    """A word of somebody's command: a mention as Slack draws it, and never as the id in it."""
    return word if mentions(word) else named(word)


def code(text: str) -> str:
    """An id, an account number, a command: as `named`, but whole."""
    return named(text, MAX_SECTION)


def unformatted(text: str) -> str:
    """Our own words for a place where Slack formats nothing, such as a form's errors."""
    return _unescaped(_DATE.sub(r"\1", text.replace("`", "").replace("*", "")))


def date(moment: datetime) -> str:
    """A time in the reader's own zone, as Slack draws it."""
    if moment == LONG_AGO:
        return _UNKNOWN_DATE
    utc = moment.astimezone(UTC)
    fallback = f"{utc:%d %b %Y %H:%M} UTC"
    return f"<!date^{int(utc.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>"


def age(since: datetime, now: datetime) -> str:
    """`3 days`: how long ago, in the largest unit that fits."""
    if since == LONG_AGO:
        return "an unknown time"
    seconds = max(0, int((now - since).total_seconds()))
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return counted(seconds // length, unit)
    return "less than a minute"


def size(count: int | None) -> str:
    """Bytes as people say them: `2.5 GB`."""
    if count is None:
        return "no data yet"
    for unit, length in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if count >= length:
            return f"{count / length:.1f} {unit}"
    return f"{count} bytes"


def exact_size(count: int | None) -> str:
    human = size(count)
    return human if count is None or count < 1000 else f"{human} ({count:,} bytes)"


def counted(count: int, noun: str, plural: str = "") -> str:
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def listed(items: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def sentences(texts: Iterable[str]) -> str:
    return " ".join(text for text in texts if text)


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}
