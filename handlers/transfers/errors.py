"""Errors of exports, imports, copies and downloads, with their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cloud.models import ImageStatus
from handlers.core.errors import UserError
from handlers.core.places import ImageRef
from handlers.core.replies import Block
from handlers.transfers.plans import UnreadablePlan
from handlers.transfers.views.export import create_button
from handlers.ui.blocks import buttons, code, command, listed, named, typed
from handlers.ui.error_words import blocks_below, words
from handlers.ui.operation_words import few


@dataclass(eq=False)
class NoWay(UserError):
    """The region has neither a task for it nor object storage for this account."""

    doing: str
    region: str


@words.register
def _(error: NoWay) -> str:
    return (
        f"I can't {error.doing} images in {named(error.region)}: the cloud has no {error.doing} "
        "task there, and your account has no object storage. See `/images status`."
    )


@dataclass(eq=False)
class NotExportable(UserError):
    """The image's licence forbids it."""

    name: str
    options: str
    """The image, and the value of the provider's property that says so."""


@words.register
def _(error: NotExportable) -> str:
    return (
        f"{named(error.name)} can't be exported: its licence forbids it, because it is or was "
        f"built from Windows or Red Hat ({code('com.rackspace__1__options')} is "
        f"{named(error.options)}, not `0`). Nothing was started."
    )


@dataclass(eq=False)
class VolumeBacked(UserError):
    """The image only refers to volume snapshots in its region, and has no data."""

    name: str


@words.register
def _(error: VolumeBacked) -> str:
    return (
        f"{named(error.name)} can't be exported, downloaded or copied: it comes from a server that "
        "boots from a volume, and only refers to volume snapshots in its region. Create an image "
        "from the volume (`openstack image create --volume`), and use that. Nothing was started."
    )


@dataclass(eq=False)
class NotActive(UserError):
    """The image's data cannot be read: it is not there yet, or deactivated."""

    name: str
    image_id: str
    status: ImageStatus


@words.register
def _(error: NotActive) -> str:
    return (
        f"{named(error.name)} is {error.status}, and only active images can be exported or copied."
        + (
            f" Reactivate it first: {command(f'reactivate {error.image_id}')}."
            if error.status == "deactivated"
            else " Try again when it is active."
        )
        + " Nothing was started."
    )


@dataclass(eq=False)
class BadContainer(UserError):
    """No container can have that name, or the provider does not export to one."""

    name: str
    by_task: bool = field(kw_only=True)


@words.register
def _(error: BadContainer) -> str:
    return (
        f"{named(error.name)} can't be used: "
        + (
            "no `/`, `?` or `.` in container names here."
            if error.by_task
            else "container names have 1 to 256 bytes and no `/`."
        )
        + " Choose another name. Nothing was started."
    )


@dataclass(eq=False)
class NoContainer(UserError):
    """There is no such container. The bot can create it."""

    place: ImageRef
    container: str
    click: str
    """The image that was to go there; *click* makes the button one of a kind."""


@words.register
def _(error: NoContainer) -> str:
    return (
        f"{error.place.region} has no container {named(error.container)}. Nothing was started. "
        "Press *Create container and export*, or choose another container."
    )


@blocks_below.register
def _(error: NoContainer) -> tuple[Block, ...]:
    return (buttons(create_button(error.place, error.container, error.click)),)


@dataclass(eq=False)
class NotALocation(UserError):
    """The word is not `container/object`."""

    word: str


@words.register
def _(error: NotALocation) -> str:
    return (
        f"{typed(error.word)} is not an object. Use {code('CONTAINER/OBJECT')}, as in "
        f"{code('exports/my-image.vhd')}."
    )


@dataclass(eq=False)
class NoSuchObject(UserError):
    """No object of that name in any of these regions."""

    location: str
    searched: Sequence[str]


@words.register
def _(error: NoSuchObject) -> str:
    return (
        f"No object {named(error.location, 200)} in {listed(error.searched) or 'your regions'}. "
        "Names are case-sensitive. To pick one from a menu, use `/images import`."
    )


@dataclass(eq=False)
class InSeveralPlaces(UserError):
    """Several accounts or regions have an object of that name."""

    location: str
    places: Sequence[tuple[str, str]]
    """Account number and region of each."""


@words.register
def _(error: InSeveralPlaces) -> str:
    return (
        f"{named(error.location, 200)} exists more than once: in "
        f"{listed([f'{region} of account {code(number)}' for number, region in error.places])}. "
        f"Choose one, for example with {_one_of(error.places)}."
    )


@dataclass(eq=False)
class EmptyObject(UserError):
    """There is nothing in the object."""

    location: str


@words.register
def _(error: EmptyObject) -> str:
    return (
        f"{named(error.location, 200)} is empty. Upload it again, then import it. Nothing was "
        "started."
    )


@dataclass(eq=False)
class UnknownFormat(UserError):
    """The object's name does not tell its disk format, which the cloud needs to know."""

    location: str
    known: Sequence[str]


@words.register
def _(error: UnknownFormat) -> str:
    return (
        f"I can't tell the disk format from the name {named(error.location, 200)}. Add "
        f"{listed([code(f'--format {each}') for each in error.known], 'or')}."
    )


@dataclass(eq=False)
class NothingChosen(UserError):
    """A form was sent without what it is about."""

    what: str


@words.register
def _(error: NothingChosen) -> str:
    return f"Choose {error.what} first."


@dataclass(eq=False)
class CopiedWithoutSharing(UserError):
    """A copy to that region is running already, and will be shared with fewer accounts."""

    name: str
    region: str
    left_out: Sequence[str]


@words.register
def _(error: CopiedWithoutSharing) -> str:
    left_out = few([code(each) for each in error.left_out])
    return (
        f"{named(error.name)} is already being copied to {error.region}, and that copy will not be "
        f"shared with {left_out}. Share it when it is done. Nothing was changed."
    )


@dataclass(eq=False)
class SameRegion(UserError):
    """The image is in that region already."""

    name: str
    region: str


@words.register
def _(error: SameRegion) -> str:
    return f"{named(error.name)} is already in {error.region}. Choose another region."


@dataclass(eq=False)
class KeysTaken(UserError):
    """Both keys of the object store's temporary URLs are somebody else's."""

    region: str


@words.register
def _(error: KeysTaken) -> str:
    return (
        f"I can't create a link: someone else has set both temporary URL keys of the object "
        f"storage in {error.region}, and I only change my own. Remove one of the headers "
        "`X-Account-Meta-Temp-URL-Key` and `X-Account-Meta-Temp-URL-Key-2`, then try again."
    )


@dataclass(eq=False)
class NoSuchTransfer(UserError):
    """No transfer of the person's, and no task of their accounts, has that id."""

    word: str


@words.register
def _(error: NoSuchTransfer) -> str:
    return (
        f"No task {typed(error.word)} in your accounts. The cloud keeps tasks for 48 hours after "
        "they end. See `/images tasks`."
    )


@dataclass(eq=False)
class ObjectExists(UserError):
    """The container already has an object of that name, which is not overwritten."""

    container: str
    name: str


@words.register
def _(error: ObjectExists) -> str:
    return (
        f"{named(error.container)} already has an object {named(error.name)}, and I don't "
        "overwrite it. Delete it first, or choose another container."
    )


@dataclass(eq=False)
class Vanished(UserError):
    """The image or server that a transfer was creating was deleted before it was finished."""

    kind: str
    id: str


@words.register
def _(error: Vanished) -> str:
    return (
        f"The new {error.kind} {code(error.id[:8])} was deleted before it was finished. Start "
        "again if you still need it."
    )


@words.register
def _(_: UnreadablePlan) -> str:
    return (
        "The stored plan can't be read, so I stopped. The cloud may still finish what "
        "it has started: check before you start again."
    )


@dataclass(eq=False)
class TaskForgotten(UserError):
    """A task ended so long ago that the cloud no longer says how."""

    task_id: str


@words.register
def _(error: TaskForgotten) -> str:
    return (
        f"The cloud no longer keeps task {code(error.task_id[:8])}, so I can't tell how it ended. "
        "Check with `/images list` whether the image exists before you start again."
    )


def _one_of(places: Sequence[tuple[str, str]]) -> str:
    """Return the options that tell the first of these places from the others."""
    number, region = places[0]
    options = [f"--region {region}"] if len({each for _, each in places}) > 1 else []
    options += [f"--account {number}"] if len({each for each, _ in places}) > 1 else []
    return code(" ".join(options))
