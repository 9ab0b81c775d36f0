"""Words for snapshots: images of servers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.core.button_values import ButtonValue, pack, unpack
from handlers.core.errors import Trouble
from handlers.core.names import MAX_NAME_LENGTH
from handlers.core.replies import Message, Modal
from handlers.servers.views.list import SHOWN, SNAPSHOT, FoundServer, ServerRef, described, row
from handlers.transfers.views import progress
from handlers.ui.blocks import (
    button,
    buttons,
    context,
    counted,
    named,
    section,
    short_id,
    text_message,
)
from handlers.ui.error_words import trouble_notes
from handlers.ui.form_fields import text_input

CHOOSE = "snapshots.choose"
CONFIRM = "snapshots.confirm"
CANCEL = "snapshots.cancel"
FORM = "snapshots.form"
NAME = "snapshots.name"


@dataclass(frozen=True)
class Snapshot(ButtonValue):
    """Value of the buttons and the form: a server, and the name of its image."""

    place: ServerRef
    name: str
    click: str = ""
    """Token of this question: however often it is answered, one image is made."""


def choice(
    word: str, found: Sequence[FoundServer], name: str, troubles: Sequence[Trouble]
) -> Message:
    """Ask which server is meant; each button asks for what is missing."""
    text = f"{counted(len(found), 'server')} match {named(word)}. Which one?"
    blocks = [section(text)]
    for seen in found[:SHOWN]:
        action, value = SNAPSHOT, seen.place.value()
        if name:
            action, value = CHOOSE, Snapshot(seen.place, name).value()
        press = button(
            "Choose", action, value, label=f"Choose {seen.server.name} {short_id(seen.server.id)}"
        )
        blocks += row(seen, press)
    if len(found) > SHOWN:
        blocks.append(context(f"…and {len(found) - SHOWN} more. Use the server's id instead."))
    return Message(text, (*blocks, *trouble_notes(troubles)))


def form(seen: FoundServer, name: str, click: str) -> Modal:
    """Ask for the name of the image, *name* being suggested; sending it is the confirmation."""
    return Modal(
        FORM,
        "Snapshot a server",
        (
            section(f"Create an image from your server {described(seen)}."),
            text_input("Image name", NAME, initial=name, max_length=MAX_NAME_LENGTH),
            section(_warnings(seen)),
        ),
        submit="Create image",
        value=Snapshot(seen.place, "", click).value(),
    )


def confirm(seen: FoundServer, name: str, click: str) -> Message:
    """Ask whether to create the image, with what that means."""
    text = f"Create image {named(name)} from your server {described(seen)}?"
    yes = button(
        "Create image", CONFIRM, Snapshot(seen.place, name, click).value(), style="primary"
    )
    no = button("Cancel", CANCEL, pack(seen.server.name))
    return text_message(text, section(_warnings(seen)), buttons(yes, no))


def begun(seen: FoundServer, name: str, transfer_id: str, *, new: bool) -> Message:
    """Say that it has started; *name* is the one with which it was started first."""
    doing = f"creating image {named(name)} from {described(seen)}"
    return progress.begun(doing, transfer_id, new=new)


def cancelled(value: str) -> Message:
    text = f"Cancelled: no image was created from {named(unpack(value, 1)[0])}."
    return text_message(text)


def _warnings(seen: FoundServer) -> str:
    lines = [
        "This takes about 2 minutes for each GB on its disk. I'll tell you when it is done.",
        "The server may pause. Data not yet written to its disk is not in the image, so stop "
        "databases first.",
        "Passwords and keys on its disk are in the image, too.",
    ]
    if not seen.server.image_id:
        lines.append("It boots from a volume, and some clouds can't create an image from that.")
    return "\n".join(f"• {line}" for line in lines)
