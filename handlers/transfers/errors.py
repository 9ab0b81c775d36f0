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
    """The region can neither have it done by the cloud nor through its object storage."""

    doing: str
    region: str


@words.register
def _(error: NoWay) -> str:
    return (
        f"There is no way to {error.doing} images in {named(error.region)}: the cloud does not do "
        "it itself there, and has no object storage for your account. See `/images status`."
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
        f"{named(error.name)} cannot be exported, for its licence forbids it: it is, or was made "
        f"of, Windows or Red Hat ({code('com.rackspace__1__options')} is {named(error.options)}, "
        "not `0`). Nothing was begun."
    )


@dataclass(eq=False)
class VolumeBacked(UserError):
    """The image is only a note of volume snapshots, which stand in its own region."""

    name: str


@words.register
def _(error: VolumeBacked) -> str:
    return (
        f"{named(error.name)} holds no data of its own: it was made of a server that boots from a "
        "volume, and points at volume snapshots in its region. It can't be exported, downloaded or "
        "copied. Create an image from the volume itself (`openstack image create --volume`), and "
        "use that one. Nothing was begun."
    )


@dataclass(eq=False)
class NotActive(UserError):
    """An image without data to give: not there yet, or deactivated."""

    name: str
    image_id: str
    status: ImageStatus


@words.register
def _(error: NotActive) -> str:
    return (
        f"{named(error.name)} is {error.status}, and only an active image has data to give."
        + (
            f" Make it active with {command(f'reactivate {error.image_id}')} first."
            if error.status == "deactivated"
            else ""
        )
        + " Nothing was begun."
    )


@dataclass(eq=False)
class BadContainer(UserError):
    """No container can have that name, or the provider exports to none of such a name."""

    name: str
    by_task: bool = field(kw_only=True)


@words.register
def _(error: BadContainer) -> str:
    return (
        f"{named(error.name)} cannot be the name of a container"
        + (
            " to export to: this cloud takes none with a `/`, `?` or `.`."
            if error.by_task
            else ": it has 1 to 256 bytes, and no `/`."
        )
        + " Take another name. Nothing was begun."
    )


@dataclass(eq=False)
class NoContainer(UserError):
    """There is no such container. It can be created on the way."""

    place: ImageRef
    container: str
    click: str
    """The image that was to go there; *click* makes the button one of a kind."""


@words.register
def _(error: NoContainer) -> str:
    return (
        f"There is no container {named(error.container)} in {error.place.region}. Nothing was "
        "begun."
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
        f"{typed(error.word)} does not say which object: write {code('CONTAINER/OBJECT')}, as in "
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
        f"There is no object {named(error.location, 200)} in "
        f"{listed(error.searched) or 'your regions'}. Capitals count. `/images import` alone opens "
        "a form with a menu of them."
    )


@dataclass(eq=False)
class InSeveralPlaces(UserError):
    """Objects of that name in several accounts or regions: which one is meant nobody knows."""

    location: str
    places: Sequence[tuple[str, str]]
    """Account number and region of each."""


@words.register
def _(error: InSeveralPlaces) -> str:
    return (
        f"{named(error.location, 200)} is there more than once: in "
        f"{listed([f'{region} of account {code(number)}' for number, region in error.places])}. "
        f"Say which one, for example with {_one_of(error.places)}."
    )


@dataclass(eq=False)
class EmptyObject(UserError):
    """There is nothing in the object."""

    location: str


@words.register
def _(error: EmptyObject) -> str:
    return f"{named(error.location, 200)} is empty: there is nothing to import. Nothing was begun."


@dataclass(eq=False)
class UnknownFormat(UserError):
    """The object's name does not say what kind of disk it holds, and the cloud must be told."""

    location: str
    known: Sequence[str]


@words.register
def _(error: UnknownFormat) -> str:
    return (
        f"The name of {named(error.location, 200)} does not say what kind of disk it holds. Add "
        f"one of {listed([code(f'--format {each}') for each in error.known], 'or')}."
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
    """It is being copied there already, by a copy that is shared with fewer accounts."""

    name: str
    region: str
    left_out: Sequence[str]


@words.register
def _(error: CopiedWithoutSharing) -> str:
    left_out = few([code(each) for each in error.left_out])
    return (
        f"{named(error.name)} is being copied to {error.region} already, by a copy that will not "
        f"be shared with {left_out}. Nothing was changed. Share the copy once it "
        "is there."
    )


@dataclass(eq=False)
class SameRegion(UserError):
    """The image is in that region already."""

    name: str
    region: str


@words.register
def _(error: SameRegion) -> str:
    return f"{named(error.name)} is in {error.region} already. Copy it to another region."


@dataclass(eq=False)
class KeysTaken(UserError):
    """Both keys of the object store's temporary URLs are somebody else's."""

    region: str


@words.register
def _(error: KeysTaken) -> str:
    return (
        f"No link can be made: both keys of the object storage in {error.region} that sign such "
        "links are set by somebody else, and I change none that is not mine. Have one of the "
        "headers `X-Account-Meta-Temp-URL-Key` and `X-Account-Meta-Temp-URL-Key-2` removed, then "
        "try again."
    )


@dataclass(eq=False)
class NoSuchTransfer(UserError):
    """No transfer of the person's, and no task of their accounts, has that id."""

    word: str


@words.register
def _(error: NoSuchTransfer) -> str:
    return (
        f"Neither you nor your accounts have a task {typed(error.word)}. The cloud forgets its "
        "tasks 48 hours after their end. See `/images tasks`."
    )


@dataclass(eq=False)
class ObjectExists(UserError):
    """The container has an object of that name already, which is not to be overwritten."""

    container: str
    name: str


@words.register
def _(error: ObjectExists) -> str:
    return (
        f"{named(error.container)} has an object {named(error.name)} already, and it is not "
        "overwritten. Delete that first, or take another container."
    )


@dataclass(eq=False)
class Vanished(UserError):
    """What a transfer was making, an image or a server, was deleted before it was done."""

    kind: str
    id: str


@words.register
def _(error: Vanished) -> str:
    return (
        f"The new {error.kind} {code(error.id)} was deleted before it was done. Begin again if you "
        "still want it."
    )


@words.register
def _(_: UnreadablePlan) -> str:
    return (
        "What was to be done can no longer be read, so it was given up. What the cloud has begun "
        "may still finish. Begin again if you still want it."
    )


@dataclass(eq=False)
class TaskForgotten(UserError):
    """A task ended so long ago that the cloud no longer says how."""

    task_id: str


@words.register
def _(error: TaskForgotten) -> str:
    return (
        f"The cloud has forgotten its task {code(error.task_id)}, so how it ended cannot be told. "
        "Look with `/images list` whether the image is there before you begin again."
    )


def _one_of(places: Sequence[tuple[str, str]]) -> str:
    """What tells the first of these places, account and region, from the others."""
    number, region = places[0]
    options = [f"--region {region}"] if len({each for _, each in places}) > 1 else []
    options += [f"--account {number}"] if len({each for each, _ in places}) > 1 else []
    return code(" ".join(options))
