"""Words for exporting images to containers."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.models import Image
from handlers.core.button_values import ButtonValue
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message, Modal
from handlers.transfers.views import progress
from handlers.ui.blocks import button, context, named, section
from handlers.ui.form_fields import reason, text_input, typeahead
from handlers.ui.labels import account_label, image_label
from handlers.ui.typeahead_options import EXPORT_CONTAINER
from storage import Account

CREATE = "exports.create"
FORM = "exports.form"
NEW = "exports.new"

LONGEST = 256
"""Bytes of a container's name."""


@dataclass(frozen=True)
class Export(ButtonValue):
    """Value of the button and the form: an image, and the container to export to."""

    place: ImageRef
    click: str
    """Token of this question: however often it is answered, one export begins."""
    container: str = ""


def form(image: Image, account: Account, click: str) -> Modal:
    """Ask for the container; sending it is the confirmation."""
    where = f"in your account {account_label(account)} in {image.region}"
    return Modal(
        FORM,
        "Export an image",
        (
            section(f"Export {image_label(image)} to a container {where}."),
            typeahead("Container", EXPORT_CONTAINER, optional=True, placeholder="exports"),
            text_input("Or create a new one", NEW, optional=True, max_length=LONGEST),
            reason(),
            context("You pay for the exported object until you delete it."),
        ),
        submit="Export",
        value=Export(ImageRef.of(account, image), click).value(),
    )


def begun(image: Image, container: str, transfer_id: str, *, new: bool) -> Message:
    doing = f"exporting {image_label(image)} to container {named(container)}"
    return progress.begun(doing, transfer_id, new=new)


def create_button(place: ImageRef, container: str, click: str) -> Block:
    """Create a container that does not exist, and export into it."""
    return button(
        "Create container and export",
        CREATE,
        Export(place, click, container).value(),
        style="primary",
    )
