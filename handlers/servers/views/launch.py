"""Words for launching a server from an image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cloud.compute import Flavor
from cloud.models import Image
from cloud.networking import Network, SecurityGroup
from handlers.core.button_values import ButtonValue, pack, unpack
from handlers.core.names import MAX_NAME_LENGTH
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message, Modal, Option
from handlers.servers.attachments import Attachable, Attachments
from handlers.transfers.views import progress
from handlers.ui.blocks import button, buttons, named, section, text_message
from handlers.ui.form_fields import multi_select, select, text_input, typeahead
from handlers.ui.labels import account_label, image_label
from handlers.ui.typeahead_options import FLAVOR, MAX_VALUE, memory, option_text
from handlers.ui.typeahead_options import flavor_label as size_described
from storage import Account

CONFIRM = "launch.confirm"
CANCEL = "launch.cancel"
FORM = "launch.form"
NAME = "launch.name"
NETWORK = "launch.network"
KEYPAIR = "launch.keypair"
GROUPS = "launch.groups"


@dataclass(frozen=True)
class Launch(ButtonValue):
    """Value of the button and the form: an image, and the server to launch from it."""

    place: ImageRef
    click: str
    """Token of this question: however often it is answered, one server is launched."""
    name: str = ""
    flavor_id: str = ""
    attached: tuple[str, ...] = ()
    """Network, key pair and security groups."""


def form(image: Image, account: Account, there: Attachable, click: str) -> Modal:
    """Ask for the name and the flavor of the server; sending it is the confirmation."""
    return Modal(
        FORM,
        "Launch a server",
        (
            section(f"From {image_label(image)} in your account {account_label(account)}."),
            text_input("Server name", NAME, max_length=MAX_NAME_LENGTH),
            typeahead("Flavor", FLAVOR, hint=_needs(image), placeholder="2 GB"),
            *_menus(there),
            section(_WARNINGS),
        ),
        submit="Launch",
        value=Launch(ImageRef.of(account, image), click).value(),
    )


def confirm(
    image: Image,
    account: Account,
    name: str,
    flavor: Flavor,
    attached: Attachments,
    click: str,
) -> Message:
    """Ask whether to launch it, because it costs money from then on."""
    text = (
        f"Launch server {named(name)} from {image_label(image)} "
        f"in your account {account_label(account)}?"
    )
    place = ImageRef.of(account, image)
    asked = Launch(place, click, name, flavor.id, attached.ids)
    yes = button("Launch", CONFIRM, asked.value(), style="primary")
    no = button("Cancel", CANCEL, pack(name))
    return text_message(
        text,
        section(f"Flavor: *{named(flavor.name)}*, {size_described(flavor)}.{_told(attached)}"),
        section(_WARNINGS),
        buttons(yes, no),
    )


def begun(name: str, image_name: str, transfer_id: str, *, new: bool) -> Message:
    doing = f"launching server {named(name)} from {named(image_name)}"
    then = "I'll send you its address when it is running."
    return progress.begun(doing, transfer_id, new=new, then=then)


def cancelled(value: str) -> Message:
    text = f"Cancelled: server {named(unpack(value, 1)[0])} was not launched."
    return text_message(text)


def _menus(there: Attachable) -> list[Block]:
    """A menu for each kind with more than one to choose from."""
    menus = []
    if len(there.networks) > 1:
        networks = _options(there.networks)
        menus.append(select("Network", NETWORK, networks, placeholder="Choose a network"))
    if there.keypairs:
        keys = [Option(option_text(k), k) for k in there.keypairs if len(k) <= MAX_VALUE]
        only = keys[0].value if len(there.keypairs) == 1 and keys else ""
        hint = "Anyone with its private key can log in."
        menus.append(select("Key pair", KEYPAIR, keys, initial=only, hint=hint, optional=True))
    if len(there.groups) > 1:
        groups, hint = _options(there.groups), "If empty, the account's default group."
        menus.append(multi_select("Security groups", GROUPS, groups, hint=hint))
    return [menu for menu in menus if menu["element"]["options"]]


def _options(each: Sequence[Network] | Sequence[SecurityGroup]) -> list[Option]:
    """Of several with one name, the id tells them apart."""
    return [Option(option_text(one.name or one.id), one.id, option_text(one.id)) for one in each]


def _told(attached: Attachments) -> str:
    return "".join(f" {label.capitalize()}: {named(value)}." for label, value in attached.told)


def _needs(image: Image) -> str:
    needs = [f"{image.min_disk} GB disk"] if image.min_disk else []
    needs += [f"{memory(image.min_ram)} RAM"] if image.min_ram else []
    return f"The image needs {' and '.join(needs)}." if needs else "The image fits any flavor."


_WARNINGS = "\n".join(
    (
        "• *It costs money* until you delete it, in your provider's control panel: I can't delete "
        "servers.",
        "• I don't show its administrator password. Log in with what is in the image, or set a new "
        "password in the control panel.",
    )
)
