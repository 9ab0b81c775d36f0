"""
A sample of every message and form the bot can show, made from plain values.

`python -m sandbox.gallery` reads them aloud. The tests hold each against Slack's rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

from handlers.core.replies import Message, Modal
from handlers.home.views.home import Home
from handlers.ui import error_words
from sandbox.gallery import (
    accounts,
    addressbook,
    approvals,
    core,
    editing,
    home,
    images,
    invitations,
    notifications,
    permissions,
    reports,
    servers,
    sharing,
    tracking,
    transfers,
    workflows,
)
from sandbox.gallery import help as helps

TOPICS = (
    helps,
    home,
    images,
    editing,
    sharing,
    tracking,
    invitations,
    notifications,
    accounts,
    addressbook,
    permissions,
    approvals,
    reports,
    transfers,
    servers,
    workflows,
    core,
)
"""As in `handlers`; each module has `samples()`, and `ERRORS` of its own."""


def samples() -> Iterator[tuple[str, Message | Modal]]:
    """
    Draw each message and form, and each error in words.

    Yields:
        A name, which no other sample has, and what people see.
    """
    for topic in TOPICS:
        yield from topic.samples()
        yield from errors_of(topic)


def errors_of(topic: ModuleType) -> Iterator[tuple[str, Message]]:
    """Each error of a topic in words."""
    for n, error in enumerate(getattr(topic, "ERRORS", ()), 1):
        name = topic.__name__.rpartition(".")[2]
        yield f"{name}, error {n}: {type(error).__name__}", error_words.explain(error)


SHOWN: Mapping[str, Message | Modal] = dict(samples())
HOMES: Mapping[str, Home] = dict(home.homes())
SAMPLES: Mapping[str, Message] = {
    name: sample for name, sample in SHOWN.items() if isinstance(sample, Message)
}
FORMS: Mapping[str, Modal] = {
    name: sample for name, sample in SHOWN.items() if isinstance(sample, Modal)
}


def aloud(message: Message | Modal) -> Iterator[str]:
    """What a person would read, a line for each block."""
    for block in message.blocks:
        yield from _texts(block)


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if part.get("type") in _WHOLE:
            yield from _WHOLE[part["type"]](part)
        elif isinstance(part.get("text"), str):
            yield part["text"]
        else:
            for key in ("text", "label", "fields", "accessory", "elements", "element", "hint"):
                yield from _texts(part.get(key))
            yield from _filled_in(part)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _texts(each)


def _rich(part: Mapping[str, Any]) -> str:
    """A line of rich text, as mrkdwn would have it."""
    if "elements" in part:
        return "".join(_rich(each) for each in part["elements"])
    match part["type"]:
        case "user":
            return f"<@{part['user_id']}>"
        case "emoji":
            return f":{part['name']}:"
        case "date":
            return f"<!date^{part['timestamp']}^{part['format']}|{part['fallback']}>"
    mark = {"bold": "*", "code": "`"}.get(next(iter(part.get("style", ())), ""), "")
    return f"{mark}{part['text']}{mark}"


def _filled_in(element: Mapping[str, Any]) -> Iterator[str]:
    """What a field holds when the form opens, and what it offers."""
    if "initial_value" in element:
        yield f"> {element['initial_value']}"
    for option in element.get("options", ()):
        chosen = [element.get("initial_option"), *element.get("initial_options", ())]
        yield f"{'(x)' if option in chosen else '( )'} {option['text']['text']}"
    if element.get("type") == "external_select" and "initial_option" in element:
        yield f"> {element['initial_option']['text']['text']}"


_WHOLE: Mapping[str, Callable[[Mapping[str, Any]], Iterable[str]]] = {
    "data_table": lambda table: [" | ".join(map(_cell, row)) for row in table["rows"]],
    "rich_text": lambda block: map(_rich, block["elements"]),
    "button": lambda button: [f"[{button['text']['text']}]"],
}
"""How parts are read that are more than their texts, by type."""


def _cell(part: Mapping[str, Any]) -> str:
    return "".join(_texts(part)) if part["type"] == "rich_text" else str(part["text"])
