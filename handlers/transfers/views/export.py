"""Words for exporting images to containers."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.models import Image
from handlers.core.button_values import ButtonValue
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message, Modal
from handlers.ui.blocks import button, code, context, named, section
from handlers.ui.form_fields import search, text_input
from handlers.ui.labels import described, label
from handlers.ui.typeahead_options import EXPORT_CONTAINER
from storage import Account

CREATE = "exports.create"
FORM = "exports.form"
NEW = "exports.new"

LONGEST = 256
"""Bytes of a container's name."""


@dataclass(frozen=True)
class Export(ButtonValue):
    """What the button and the form carry: an image, and where it is to go."""

    place: ImageRef
    click: str
    """What makes this question one of a kind: however often it is answered, one export begins."""
    container: str = ""


def form(image: Image, account: Account, click: str) -> Modal:
    """Which container shall it go to?"""
    where = f"of your account {label(account)} in {image.region}"
    return Modal(
        FORM,
        "Export an image",
        (
            section(f"{described(image)} goes to a container {where}."),
            search("Container", EXPORT_CONTAINER, optional=True, placeholder="exports"),
            text_input("Or a new one, which I create", NEW, optional=True, most=LONGEST),
            context("The object keeps costing money in the container until you delete it."),
        ),
        submit="Export",
        value=Export(ImageRef.of(account, image), click).value(),
    )


def begun(image: Image, container: str, transfer_id: str, *, new: bool) -> Message:
    """It is begun; or it was before."""
    what = f"{described(image)} to the container {named(container)}"
    if new:
        text = f"Exporting {what}. I tell you when it is done."
    else:
        text = f"I was exporting {what} already. Nothing was begun twice."
    return Message(text, (section(text), how_it_goes(transfer_id)))


def how_it_goes(transfer_id: str) -> Block:
    return context(f"How it goes: {code(f'/images task {transfer_id}')}")


def create_button(place: ImageRef, container: str, click: str) -> Block:
    """For a container that is not there yet."""
    return button(
        "Create container and export",
        CREATE,
        Export(place, click, container).value(),
        style="primary",
    )
