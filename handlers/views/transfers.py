"""Words about transfers: the card of one while it runs, and what is told at its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from handlers.message import Message
from handlers.views.blocks import age, code, context, listed, named, section, size

RUNNING = "running"
NOUNS: Mapping[str, str] = {
    "export": "Export",
    "import": "Import",
    "copy": "Copy",
    "snapshot": "Snapshot",
    "launch": "New server",
}
_STATES: Mapping[str, str] = {
    RUNNING: "is under way",
    "done": "is done",
    "failed": "has failed",
}


class Transfer(Protocol):
    """What is shown of a transfer."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def step(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def memory(self) -> Mapping[str, Any]: ...
    @property
    def result(self) -> Mapping[str, Any]: ...
    @property
    def words(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...


def card(transfer: Transfer, now: datetime) -> Message:
    """How far it is, and what troubles it."""
    text = f"{_about(transfer)} {_STATES[transfer.state]}."
    if transfer.words:
        text = f"{text} {transfer.words}"
    since = f"{code(transfer.id)}, begun {age(transfer.created_at, transfer.ended_at or now)} ago"
    lines = [context(line) for line in (_progress(transfer), _trouble(transfer), since) if line]
    return Message(text, (section(text), *lines))


def ended(transfer: Transfer) -> Message:
    text = f"{_about(transfer)} {_STATES[transfer.state]}. {transfer.words or _result(transfer)}"
    return Message(text.strip(), (section(text.strip()),))


def locked_out(transfer: Transfer, words: str) -> Message:
    text = f"{_about(transfer)} waits for you. {words} It is tried again each hour for a day."
    return Message(text, (section(text),))


def failure(transfer: Transfer, message: str) -> str:
    said = f"It said: {named(message, 300)}." if message else "It did not say why."
    return f"The cloud could not do it. {said} See {code('/images task ' + transfer.id)}."


def _about(transfer: Transfer) -> str:
    return f"{NOUNS[transfer.kind]} of {named(transfer.title)} in {named(transfer.region)}"


def _progress(transfer: Transfer) -> str:
    """Where it is: its phase, and bytes where they are counted."""
    phase = transfer.step.partition(".")[0]
    progress = transfer.memory.get("progress")
    if transfer.state != RUNNING or not phase:
        return ""
    if not progress or not progress["total"]:
        return f"Step: {phase}"
    return f"Step: {phase}, {size(progress['done'])} of {size(progress['total'])}"


def _trouble(transfer: Transfer) -> str:
    trouble = transfer.memory.get("trouble") if transfer.state == RUNNING else None
    return f":warning: {trouble['words']} I go on trying." if trouble else ""


def _result(transfer: Transfer) -> str:
    match transfer.result:
        case {"container": container, "object": name}:
            return f"It is {named(f'{container}/{name}', 200)}."
        case {"image_id": image_id}:
            return f"The new image is {code(image_id)}."
        case {"server_id": server_id}:
            addresses = listed([code(each) for each in transfer.result.get("addresses", ())])
            at = f", at {addresses}" if addresses else ""
            return f"The new server is {code(server_id)}{at}."
    return ""
