"""Launch servers from images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cloud import Flavor, ImageStatus
from cloud.models import Image
from handlers.core import find_image
from handlers.core.errors import Usage
from handlers.core.interactions import Click, Command, Person, Submission
from handlers.core.names import checked_name, new_question_id
from handlers.core.operations import Operation
from handlers.core.replies import Message, Modal, Reply
from handlers.core.services import Services
from handlers.servers.attachments import Attachments, attachable, choose
from handlers.servers.errors import NoSuchFlavor, NotBootable, TooSmall
from handlers.servers.views import launch as views
from handlers.transfers import transfers
from handlers.transfers.plans import LaunchPlan
from handlers.ui import operation_words, typeahead
from handlers.ui.typeahead_options import FLAVOR
from storage import Account, Kind

LAUNCH = "launch IMAGE [NAME FLAVOR]"
OPTIONS = frozenset({"network", "key-name", "security-group"})


def launch(command: Command, services: Services) -> Reply:
    """/images launch <image> <name> <flavor>: ask; with the image alone, open a form."""
    match command.words:
        case (word,):
            name = size = ""
        case (word, given, size):
            name = checked_name(given)
        case _:
            raise Usage(LAUNCH)
    found = find_image.find_image(command, word, services)
    if not name:
        return _form(command.person, found.account, found.image, services)
    flavor = _flavor(found.account, found.image, size, services)
    attached = _attached_to(found.account, found.image, _options(command), services)
    return views.confirm(found.image, found.account, name, flavor, attached, new_question_id())


def opens(command: Command) -> bool:
    """Whether the command opens the form."""
    return len(command.words) == 1


def submitted(submission: Submission, services: Services) -> Message:
    """Begin: the form, sent. It has said what that means."""
    asked = views.Launch.read(submission.value)
    name = checked_name(submission.text(views.NAME))
    asked = replace(
        asked,
        name=name,
        flavor_id=submission.text(FLAVOR),
        attached=(
            submission.text(views.NETWORK),
            submission.text(views.KEYPAIR),
            *submission.chosen(views.GROUPS),
        ),
    )
    return _begin(submission.person, asked, services)


def confirm_clicked(click: Click, services: Services) -> Message:
    """Begin: the Launch button of the question. Pressed twice, it begins once."""
    return _begin(click.person, views.Launch.read(click.value), services)


def cancel_clicked(click: Click, _: Services) -> Message:
    """Say that nothing was done: the Cancel button of the question."""
    return views.cancelled(click.value)


def _form(person: Person, account: Account, image: Image, services: Services) -> Modal:
    _flavors(account, image, services)  # has its own error for images that cannot be booted at all
    there = attachable(services.connection(account), image.region)
    form = views.form(image, account, there, new_question_id())
    typeahead.prefetch(person, form.value, services, FLAVOR)
    return form


def _begin(person: Person, asked: views.Launch, services: Services) -> Message:
    account, image = find_image.image_from_button(person, asked.place, services)
    flavor = _flavor(account, image, asked.flavor_id, services)
    attached = _attached_to(account, image, asked.attached, services)
    services.authorize(_operation(account, image, asked.name, flavor, attached))
    transfer, new = transfers.begin(
        person,
        account,
        image.region,
        Kind.LAUNCH,
        click=asked.click,
        key=f"launch {account.cloud} {account.project_id} {image.region} {asked.name}",
        title=image.name or image.id,
        plan=_plan(image, asked.name, flavor, attached),
        services=services,
    )
    return views.begun(str(transfer.plan["name"]), transfer.title, transfer.id, new=new)


def _plan(image: Image, name: str, flavor: Flavor, attached: Attachments) -> LaunchPlan:
    return LaunchPlan(
        image.id,
        image.name,
        name,
        flavor.id,
        flavor.name,
        attached.network.id if attached.network else "",
        attached.keypair,
        tuple(group.id for group in attached.groups),
    )


def _options(command: Command) -> tuple[str, ...]:
    network, keypair = (command.last(each) or "" for each in ("network", "key-name"))
    return network, keypair, *command.options.get("security-group", ())


def _attached_to(
    account: Account, image: Image, chosen: Sequence[str], services: Services
) -> Attachments:
    there = attachable(services.connection(account), image.region)
    return choose(there, image.region, *chosen)


def _operation(
    account: Account, image: Image, name: str, flavor: Flavor, attached: Attachments
) -> Operation:
    words = operation_words.launch(image, name, flavor.name)
    target = f"{image.id} as {name} of {flavor.id}"
    details = (("server name", name), ("flavor", flavor.name), *attached.told)
    return Operation.on_image(
        "server.launch", account, image, words, target=target, details=details
    )


def _flavor(account: Account, image: Image, word: str, services: Services) -> Flavor:
    """
    Find the flavor with that id or name, and check that it is large enough for the image.

    Raises:
        NoSuchFlavor: the region has none of that id or name.

        TooSmall: the image needs more disk or RAM.

        NotBootable, cloud.errors.NoSuchService: no server can be launched from the image.
    """
    flavors = _flavors(account, image, services)
    by_id = [each for each in flavors if each.id == word]
    by_name = [each for each in flavors if each.name.casefold() == word.casefold()]
    for flavor in by_id or by_name:
        # A size without a disk of its own makes one as large as the image asks for.
        if 0 < flavor.disk < image.min_disk or flavor.ram < image.min_ram:
            shown = image.name or image.id
            raise TooSmall(shown, flavor.name, image.min_disk, image.min_ram)
        return flavor
    raise NoSuchFlavor(word, image.region, [each.name for each in flavors])


def _flavors(account: Account, image: Image, services: Services) -> Sequence[Flavor]:
    if image.status != ImageStatus.ACTIVE:
        raise NotBootable(image.name or image.id, image.status)
    return services.connection(account).compute(image.region).flavors()
