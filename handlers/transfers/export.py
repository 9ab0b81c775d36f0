"""Export images to containers of their region."""

from __future__ import annotations

from dataclasses import replace

from cloud import ImageStatus, ObjectStore, Way
from cloud.errors import Forbidden, NotFound
from cloud.models import Image
from handlers.core import cloud_roles, find_image
from handlers.core.errors import MissingRole, Usage
from handlers.core.interactions import Click, Command, Person, Submission
from handlers.core.names import new_question_id
from handlers.core.operations import Operation
from handlers.core.places import ImageRef
from handlers.core.replies import FieldErrors, Message, Modal, Reply
from handlers.core.services import Services
from handlers.editing import apply as writing
from handlers.transfers import transfers
from handlers.transfers.errors import (
    BadContainer,
    NoContainer,
    NotActive,
    NotExportable,
    NothingChosen,
    NoWay,
    ObjectExists,
    VolumeBacked,
)
from handlers.transfers.plans import ExportPlan
from handlers.transfers.views import export as views
from handlers.ui import operation_words, typeahead
from handlers.ui.blocks import unformatted
from handlers.ui.error_words import words
from handlers.ui.typeahead_options import EXPORT_CONTAINER
from storage import Account, Kind

EXPORT = 'export IMAGE [CONTAINER] [because "…"]'

OPTIONS = "com.rackspace__1__options"
"""0 on images that may be exported. Source: Cloud Images FAQ, "How can I tell if…"."""
FORBIDDEN_BY_TASK = frozenset("/?.")
"""In names of containers. Source: import-export-images.rst."""


def export(command: Command, services: Services) -> Reply:
    """/images export <image> <container>: begin; with the image alone, open a form."""
    match command.words:
        case (word,):
            container = ""
        case (word, container):
            pass
        case _:
            raise Usage(EXPORT)
    found = find_image.find_image(command, word, services)
    if not container:
        return _form(command.person, found.account, found.image, services)
    asked = views.Export(ImageRef.of(found.account, found.image), new_question_id(), container)
    return _begin(command.person, found.account, found.image, asked, services)


def opens(command: Command) -> bool:
    """Whether the command opens the form."""
    return len(command.words) == 1


def open_clicked(click: Click, services: Services) -> Modal:
    """Open the form: the Export… button of an image."""
    account, image = find_image.image_from_button(
        click.person, ImageRef.read(click.value), services
    )
    return _form(click.person, account, image, services)


def submitted(submission: Submission, services: Services) -> Reply:
    """Begin: the form, sent. One of its two fields names the container."""
    asked = views.Export.read(submission.value)
    new = submission.text(views.NEW)
    container = new or submission.text(EXPORT_CONTAINER)
    if not container:
        return FieldErrors({EXPORT_CONTAINER: unformatted(words(NothingChosen("a container")))})
    asked = replace(asked, container=container)
    return _find_and_begin(submission.person, asked, services, create=bool(new))


def create_clicked(click: Click, services: Services) -> Message:
    """Begin: the button of a refusal that creates the container."""
    return _find_and_begin(click.person, views.Export.read(click.value), services, create=True)


def exportable(account: Account, image: Image, services: Services) -> Way:
    """
    Choose how to export this image.

    Raises:
        NotOwner, StandardImage, VolumeBacked, NotActive, NotExportable, NoWay: it cannot.
    """
    name = image.name or image.id
    writing.must_own(image, account, "export")
    if image.volume_backed:
        raise VolumeBacked(name)
    if image.status != ImageStatus.ACTIVE or image.size is None:
        raise NotActive(name, image.id, image.status)
    if (options := image.properties.get(OPTIONS, "0")) != "0":
        raise NotExportable(name, str(options))
    way = services.connection(account).capabilities(image.region).exports
    if way == Way.NONE:
        raise NoWay("export", image.region)
    return way


def object_name(image: Image, way: Way) -> str:
    """Name of the object in the container. Where the provider exports, it chooses the name."""
    if way == Way.TASK:
        return f"{image.id}.vhd"
    return f"{image.id}.{image.disk_format or 'img'}"


def must_be_free(store: ObjectStore, container: str, name: str) -> None:
    """
    Raises:
        ObjectExists: there is an object of that name, which would be overwritten.
    """
    try:
        store.object(container, name)
    except NotFound:
        return
    raise ObjectExists(container, name)


def check_name(container: str, way: Way) -> None:
    """
    Raises:
        BadContainer: no container can be called that.
    """
    if not 0 < len(container.encode()) <= views.LONGEST or "/" in container:
        raise BadContainer(container, by_task=False)
    if way == Way.TASK and FORBIDDEN_BY_TASK & set(container):
        raise BadContainer(container, by_task=True)


def _form(person: Person, account: Account, image: Image, services: Services) -> Modal:
    exportable(account, image, services)
    form = views.form(image, account, new_question_id())
    typeahead.prefetch(person, form.value, services, EXPORT_CONTAINER)
    return form


def _find_and_begin(
    person: Person, asked: views.Export, services: Services, *, create: bool = False
) -> Message:
    account, image = find_image.image_from_button(person, asked.place, services)
    return _begin(person, account, image, asked, services, create=create)


def _begin(
    person: Person,
    account: Account,
    image: Image,
    asked: views.Export,
    services: Services,
    *,
    create: bool = False,
) -> Message:
    way = _prepare(person, account, image, asked, services, create=create)
    transfer, new = transfers.begin(
        person,
        account,
        image.region,
        Kind.EXPORT,
        click=asked.click,
        key=f"export {account.cloud} {image.region} {image.id} {asked.container}",
        title=image.name or image.id,
        plan=_plan(image, asked.container, way),
        services=services,
    )
    return views.begun(image, asked.container, transfer.id, new=new)


def _prepare(
    person: Person,
    account: Account,
    image: Image,
    asked: views.Export,
    services: Services,
    *,
    create: bool,
) -> Way:
    """Check that the export can begin, and create the container if *create* says so."""
    way = exportable(account, image, services)
    check_name(asked.container, way)
    services.authorize(_operation(account, image, asked.container))
    _have_container(person, account, asked, services, create=create)
    store = services.connection(account).object_store(image.region)
    must_be_free(store, asked.container, object_name(image, way))
    return way


def _operation(account: Account, image: Image, container: str) -> Operation:
    return Operation.on_image(
        "image.export",
        account,
        image,
        operation_words.export(image, container),
        target=f"{image.id} to {container}",
        details=(("container", container),),
    )


def _plan(image: Image, container: str, way: Way) -> ExportPlan:
    return ExportPlan(
        image_id=image.id,
        image_name=image.name,
        size=image.size or 0,
        container=container,
        way=way,
        object=object_name(image, way),
        checksum=image.checksum or "",
        hash_algo=image.raw.get("os_hash_algo") or "",
        hash_value=image.raw.get("os_hash_value") or "",
    )


def _have_container(
    person: Person, account: Account, asked: views.Export, services: Services, *, create: bool
) -> None:
    """
    Raises:
        NoContainer: it is not there, and is not to be created.
    """
    store = services.connection(account).object_store(asked.place.region)
    try:
        store.container(asked.container)
    except NotFound as error:
        if not create:
            raise NoContainer(asked.place, asked.container, asked.click) from error
        _create(person, account, store, asked.container, services)


def _create(
    person: Person, account: Account, store: ObjectStore, container: str, services: Services
) -> None:
    """Create the container; harmless if it exists already."""
    with services.audited(
        person.actor,
        "object_store.container",
        container,
        account=account.key,
        region=store.region,
    ):
        try:
            store.create_container(container)
        except Forbidden as error:
            raise MissingRole(cloud_roles.STORE, "create containers") from error
