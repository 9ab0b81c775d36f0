"""Talking to the bot as Slack would, and reading what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import handlers
from handlers import Click, Message, Modal, Person, Reply, Search, Services, Submission
from handlers.ui import rows
from sandbox.gallery import aloud


def read(message: Message) -> str:
    """What a person reads, with every time as (time)."""
    return re.sub(r"<!date\^[^>]*>", "(time)", "\n".join(aloud(message)))


def buttons(part: Any) -> Iterator[Mapping[str, Any]]:
    """Every button of a message, in order."""
    if isinstance(part, Message):
        part = part.blocks
    if isinstance(part, Mapping):
        if part.get("type") == "button":
            yield part
        for value in part.values():
            yield from buttons(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from buttons(each)


def options(part: Any) -> Iterator[Mapping[str, Any]]:
    """Every option of the ⋮ menus of a message, in order, as the button that it was."""
    if isinstance(part, Message):
        part = part.blocks
    if isinstance(part, Mapping):
        if part.get("type") == "overflow":
            for each in part["options"]:
                action_id, value = rows.pressed(part["action_id"], each["value"])
                yield {**each, "action_id": action_id, "value": value}
        for value in part.values():
            yield from options(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from options(each)


def labels(message: Message) -> list[str]:
    return [button["text"]["text"] for button in buttons(message)]


@dataclass(frozen=True)
class Talk:
    services: Services

    def say(self, person: Person, text: str) -> Message:
        """The answer to `/images <text>`."""
        return said(handlers.answer(handlers.parse(person, text, "C1"), self.services))

    def form(self, person: Person, text: str) -> Modal:
        """The form that `/images <text>` opens."""
        command = handlers.parse(person, text, "C1")
        assert handlers.DISPATCHER.opens(command)
        reply = handlers.answer(command, self.services)
        assert isinstance(reply, Modal), reply
        return reply

    def submit(self, person: Person, form: Modal, **changes: str | tuple[str, ...]) -> Reply:
        """What comes of sending a form as it opened, but for *changes*, whose dots are `__`."""
        given = {name.replace("__", "."): value for name, value in changes.items()}
        fields = {**filled(form), **given}
        assert fields.keys() == filled(form).keys(), "no such field"
        return handlers.answer(Submission(person, form.name, form.value, fields), self.services)

    def find(self, person: Person, form: Modal, name: str, words: str = "") -> list[str]:
        """The texts of the options that a menu of the form offers for these words."""
        search = Search(person, name, words, form.value)
        return [option.text for option in handlers.DISPATCHER.find_options(search, self.services)]

    def press(self, person: Person, message: Message, label: str, which: int = 0) -> Message:
        """The answer to the button or option with that label, the first of them or a later one."""
        found = [b for b in [*buttons(message), *options(message)] if b["text"]["text"] == label]
        button = found[which]
        click = Click(person, button["action_id"], button["value"], "C1")
        return said(handlers.answer(click, self.services))

    def open(self, person: Person, message: Message, label: str) -> Modal:
        """The form that the button or option with that label opens."""
        both = [*buttons(message), *options(message)]
        [button] = [b for b in both if b["text"]["text"] == label]
        click = Click(person, button["action_id"], button["value"], "C1")
        assert handlers.DISPATCHER.opens(click)
        reply = handlers.answer(click, self.services)
        assert isinstance(reply, Modal), reply
        return reply


def said(reply: Reply) -> Message:
    """The answer, which is to be a message."""
    assert isinstance(reply, Message), reply
    return reply


def filled(form: Modal) -> dict[str, str | tuple[str, ...]]:
    """What a form holds when it opens, by field."""
    return {
        block["element"]["action_id"]: _held(block["element"])
        for block in form.blocks
        if block["type"] == "input"
    }


def _held(element: Mapping[str, Any]) -> str | tuple[str, ...]:
    if element["type"] in ("checkboxes", "multi_static_select", "multi_external_select"):
        return tuple(option["value"] for option in element.get("initial_options", ()))
    if element["type"] in ("multi_users_select", "multi_conversations_select"):
        return ()
    for initial in ("initial_user", "initial_conversation", "initial_date"):
        if initial in element:
            return str(element[initial])
    if "initial_option" in element:
        return str(element["initial_option"]["value"])
    return str(element.get("initial_value", ""))
