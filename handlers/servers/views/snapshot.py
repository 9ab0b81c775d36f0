"""Words for making images of servers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.core.button_values import ButtonValue, pack, unpack
from handlers.core.errors import Trouble
from handlers.core.names import MAX_NAME_LENGTH
from handlers.core.replies import Message, Modal
from handlers.servers.views.list import SHOWN, SNAPSHOT, FoundServer, ServerRef, described, row
from handlers.transfers.views import progress
from handlers.ui.blocks import button, buttons, context, counted, named, section, text_message
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
    """Ask which server is meant: a button each, which asks for what is still open."""
    text = f"{counted(len(found), 'server')} match {named(word)}. Which one do you mean?"
    blocks = [section(text)]
    for seen in found[:SHOWN]:
        action, value = SNAPSHOT, seen.place.value()
        if name:
            action, value = CHOOSE, Snapshot(seen.place, name).value()
        press = button("This one", action, value, label=seen.server.id)
        blocks.append(section(row(seen), press))
    if len(found) > SHOWN:
        blocks.append(context(f"…and {len(found) - SHOWN} more. Give the server's id instead."))
    return Message(text, (*blocks, *trouble_notes(troubles)))


def form(seen: FoundServer, name: str, click: str) -> Modal:
    """Ask for the name of the image, *name* being suggested; sending it is the confirmation."""
    return Modal(
        FORM,
        "Image of a server",
        (
            section(f"An image of your server {described(seen)}."),
            text_input("Name of the image", NAME, initial=name, max_length=MAX_NAME_LENGTH),
            section(_warnings(seen)),
        ),
        submit="Make the image",
        value=Snapshot(seen.place, "", click).value(),
    )


def confirm(seen: FoundServer, name: str, click: str) -> Message:
    """Ask whether to make the image, with what that means."""
    text = f"Make an image {named(name)} of your server {described(seen)}?"
    yes = button(
        "Make the image", CONFIRM, Snapshot(seen.place, name, click).value(), style="primary"
    )
    no = button("Cancel", CANCEL, pack(seen.server.name))
    return text_message(text, section(_warnings(seen)), buttons(yes, no))


def begun(seen: FoundServer, name: str, transfer_id: str, *, new: bool) -> Message:
    """Say that it has begun; *name* is the one under which it was begun first."""
    doing = f"making an image {named(name)} of {described(seen)}"
    return progress.begun(doing, transfer_id, new=new)


def cancelled(value: str) -> Message:
    text = f"Cancelled: no image of {named(unpack(value, 1)[0])} is made. Nothing was changed."
    return text_message(text)


def _warnings(seen: FoundServer) -> str:
    lines = [
        "It takes about 2 minutes for each GB on its disk. I tell you when it is done.",
        "The server may pause meanwhile. What it has not yet written to its disk is not in the "
        "image: stop databases first.",
        "Passwords and keys that lie on its disk are in the image too.",
    ]
    if not seen.server.image_id:
        lines.append("It was booted from a volume: some clouds make no image of such a server.")
    return "\n".join(f"• {line}" for line in lines)
