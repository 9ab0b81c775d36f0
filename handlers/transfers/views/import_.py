"""Words for importing objects as images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.core.button_values import ButtonValue
from handlers.core.names import MAX_NAME_LENGTH
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message, Modal, Option
from handlers.transfers.views import progress
from handlers.ui.blocks import button, buttons, command, context, named, section
from handlers.ui.form_fields import select, text_input, typeahead
from handlers.ui.labels import account_label
from handlers.ui.typeahead_options import OBJECT
from storage import Account

FORM = "imports.form"
NAME = "imports.name"
FORMAT = "imports.format"

FORMATS = ("qcow2", "raw", "vhd", "vhdx", "vmdk", "vdi", "iso", "ploop")
"""Formats of disks that a Glance takes. Source: its configuration, `disk_formats`."""

BOOT: Mapping[str, str] = {
    "vm_mode": "hvm",
    "img_config_drive": "mandatory",
    "xenapi_use_agent": "False",
}
"""
What an imported image usually needs before it boots on Rackspace.

Source: preparing-an-image-for-import-into-the-rackspace-open-cloud.md
"""
ALL = "all"
SET: Mapping[str, str] = {name: f"imports.{name}" for name in (*BOOT, ALL)}
"""Action ids: in one row no two buttons may have the same."""


@dataclass(frozen=True)
class Follow(ButtonValue):
    """The value of those buttons: an image, and the property that it is to get, or ALL."""

    place: ImageRef
    which: str

    @property
    def properties(self) -> Mapping[str, str]:
        return {name: text for name, text in BOOT.items() if self.which in (ALL, name)}


@dataclass(frozen=True)
class Import(ButtonValue):
    """Value of the form: the account and region that it was opened for."""

    account_id: str
    region: str
    click: str
    """Token of this form: however often it is sent, one image is made."""


def form(account: Account, region: str, click: str, *, formats: bool) -> Modal:
    """
    Ask for the object and the name of the image; sending it is the confirmation.

    Args:
        formats: ask for the disk format, too, which this cloud has to be told.
    """
    other = f"For another region: {command('import --region R')}"
    return Modal(
        FORM,
        "Import an image",
        (
            section(
                f"Create an image in {region} from an object of your account "
                f"{account_label(account)}."
            ),
            typeahead("Object", OBJECT, placeholder="exports/my-image.vhd", hint=_HINT),
            text_input("Image name", NAME, max_length=MAX_NAME_LENGTH),
            *(_formats() if formats else (context(_VHD),)),
            context(other),
        ),
        submit="Import",
        value=Import(account.id, region, click).value(),
    )


def begun(location: str, region: str, name: str, transfer_id: str, *, new: bool) -> Message:
    doing = f"importing {named(location, 200)} in {region} as image {named(name)}"
    return progress.begun(doing, transfer_id, new=new)


def follow_up(place: ImageRef) -> Sequence[Block]:
    """Offer the properties that an imported image may need to boot, a button each."""
    each = [
        button(f"{name}={text}", SET[name], Follow(place, name).value())
        for name, text in BOOT.items()
    ]
    every = button("Set all 3", SET[ALL], Follow(place, ALL).value(), style="primary")
    why = "If servers don't boot from it, set these properties:"
    return section(why), buttons(every, *each)


def _formats() -> Sequence[Block]:
    options = [Option(each, each) for each in FORMATS]
    hint = "If empty, the object's file extension decides."
    return (select("Disk format", FORMAT, options, optional=True, hint=hint),)


_HINT = "Very long names are not in the menu. Use /images import CONTAINER/OBJECT NAME"
_VHD = (
    "It must be a single VHD file, fixed or dynamic, without Windows. Importing an object twice "
    "creates two images."
)
"""Source: the API's page about importing."""
