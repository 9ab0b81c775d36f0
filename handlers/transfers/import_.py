"""Import objects as images of their region."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from cloud import Way
from handlers.core import find_image
from handlers.core.errors import BadValue, Usage, UserError
from handlers.core.facts import Facts
from handlers.core.interactions import Click, Command, Person, Submission
from handlers.core.names import image_name, new_question_id
from handlers.core.operations import Operation
from handlers.core.places import AccountRegion, account_regions
from handlers.core.replies import FieldErrors, Message, Modal, Reply
from handlers.core.services import Services
from handlers.editing import apply as writing
from handlers.editing import update as updates
from handlers.editing.parse import RequestedChanges
from handlers.transfers import object_path, transfers
from handlers.transfers.errors import EmptyObject, NothingChosen, NoWay, UnknownFormat
from handlers.transfers.object_path import Location
from handlers.transfers.plans import ImportPlan
from handlers.transfers.views import import_ as views
from handlers.ui import operation_words, typeahead
from handlers.ui.blocks import unformatted
from handlers.ui.error_words import words
from handlers.ui.typeahead_options import OBJECT
from storage import Kind

IMPORT = "import [CONTAINER/OBJECT NAME] [--format F]"

_ENDINGS: Mapping[str, str] = {
    **{each: each for each in ("qcow2", "raw", "vhd", "vhdx", "vmdk", "vdi", "iso", "ploop")},
    "vpc": "vhd",
    "dd": "raw",
}
"""Formats of disks by the endings of objects' names. `img` is not among them: it may be either."""


@dataclass(frozen=True)
class _Asked:
    """An object, the image that it is to become, and where."""

    where: AccountRegion
    location: Location
    name: str
    format: str
    """The disk format; "" to guess it from the object's name."""
    click: str
    """Identifies the form: however often it is sent, one image is made."""


def import_(command: Command, services: Services) -> Reply:
    """/images import <container>/<object> <name>: begin; alone, open a form."""
    given = command.last("format") or ""
    match command.words:
        case ():
            return _form(command, services)
        case (word, name):
            name = image_name(name)
        case _:
            raise Usage(IMPORT)
    if given and given not in views.FORMATS:
        raise BadValue("format", given, ", ".join(f"`{each}`" for each in views.FORMATS))
    found = object_path.find(command, word, services, region_matters=True)
    where = AccountRegion(found.account, found.region)
    asked = _Asked(where, found.location, name, given, new_question_id())
    return _begin(command.person, asked, services)


def submitted(submission: Submission, services: Services) -> Reply:
    """Begin: the form, sent."""
    form = views.Import.read(submission.value)
    where = AccountRegion(services.account(submission.person, form.account_id), form.region)
    chosen = submission.text(OBJECT)
    errors = {} if chosen else {OBJECT: unformatted(words(NothingChosen("an object")))}
    try:
        name = image_name(submission.text(views.NAME))
    except UserError as error:
        errors[views.NAME] = unformatted(words(error))
    if errors:
        return FieldErrors(errors)
    given = submission.text(views.FORMAT)
    asked = _Asked(where, Location.read(chosen), name, given, form.click)
    return _begin(submission.person, asked, services)


def set_clicked(click: Click, services: Services) -> Message:
    """Set properties that an imported image may need to boot: the buttons beside it."""
    asked = views.Follow.read(click.value)
    account, image = find_image.image_from_button(click.person, asked.place, services)
    writing.must_own(image, account, "update")
    wanted = RequestedChanges(asked.properties)
    return updates.change(click.person, account, image, wanted, services).as_note()


def importing(where: AccountRegion, services: Services) -> Way:
    """
    Choose how to import objects in this region.

    Raises:
        NoWay: they cannot be imported there.
    """
    way = services.connection(where.account).capabilities(where.region).imports
    if way == Way.NONE:
        raise NoWay("import", where.region)
    return way


def _form(command: Command, services: Services) -> Modal:
    """Draw the form for the account in use, in the region given or its first."""
    account = find_image.selected_account(command, services)
    where = account_regions([account], command.last("region"))[0]
    way = importing(where, services)
    form = views.form(account, where.region, new_question_id(), formats=way == Way.DOWNLOAD)
    typeahead.prefetch(command.person, form.value, services, OBJECT)
    return form


def _begin(person: Person, asked: _Asked, services: Services) -> Message:
    where, location = asked.where, asked.location
    way = importing(where, services)
    held = object_path.stored(where.account, where.region, location, services)
    if not held.size:
        raise EmptyObject(str(location))
    services.authorize(_operation(asked))
    transfer, new = transfers.begin(
        person,
        where.account,
        where.region,
        Kind.IMPORT,
        click=asked.click,
        key=f"import {where.account.cloud} {where.account.project_id} {where.region} "
        f"{location} {asked.name}",
        title=str(location),
        plan=_plan(asked, way, held.size),
        services=services,
    )
    return views.begun(str(location), where.region, asked.name, transfer.id, new=new)


def _operation(asked: _Asked) -> Operation:
    where, location = asked.where, asked.location
    words = operation_words.import_(location.container, location.object, asked.name, where.region)
    target = f"{location} as {asked.name}"
    details = (("object", str(location)), ("image name", asked.name), ("region", where.region))
    return Operation(
        "image.import", where.account, where.region, target, words, Facts(details=details)
    )


def _plan(asked: _Asked, way: Way, size: int) -> ImportPlan:
    """Plan the import. Where the provider imports, it chooses the id, and takes VHDs alone."""
    location = asked.location
    if way == Way.TASK:
        return ImportPlan(location.container, location.object, asked.name, way, "", size)
    return ImportPlan(
        location.container,
        location.object,
        asked.name,
        way,
        str(uuid.uuid4()),
        size,
        disk_format=asked.format or _format(location),
        container_format="bare",
    )


def _format(location: Location) -> str:
    """
    Guess the disk format from the object's file extension.

    Raises:
        UnknownFormat: the ending is not known.
    """
    ending = location.object.rpartition(".")[2].lower()
    if ending not in _ENDINGS:
        raise UnknownFormat(str(location), views.FORMATS)
    return _ENDINGS[ending]
