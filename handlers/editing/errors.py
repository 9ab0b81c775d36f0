"""Errors of changing an image that a person can correct, with their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cloud.models import ImageStatus
from handlers.core.errors import UserError
from handlers.ui.blocks import code, command, listed, named, typed
from handlers.ui.error_words import words


@dataclass(eq=False)
class BadField(UserError):
    """A property that cannot hold the value; *allowed* says what it can."""

    name: str
    value: str
    allowed: str


@words.register
def _(error: BadField) -> str:
    return (
        f"{named(error.name)} cannot be {typed(error.value) if error.value else 'empty'}. "
        f"Use {error.allowed}."
    )


@dataclass(eq=False)
class TooLongFor(UserError):
    """More characters than a name, a tag or a property's name may have."""

    what: str
    most: int


@words.register
def _(error: TooLongFor) -> str:
    return f"A {error.what} can have at most {error.most} characters. Shorten it."


@dataclass(eq=False)
class GivenTwice(UserError):
    """Two words change the same property or tag."""

    what: str


@words.register
def _(error: GivenTwice) -> str:
    return f"{named(error.what)} appears twice. Keep one of them. Nothing was changed."


@dataclass(eq=False)
class ReadOnly(UserError):
    """The cloud sets that field itself."""

    name: str


@words.register
def _(error: ReadOnly) -> str:
    return f"Only the cloud can set {named(error.name)}. Leave it out. Nothing was changed."


@dataclass(eq=False)
class ReservedName(UserError):
    """The property's prefix is reserved for the provider."""

    name: str
    prefix: str


@words.register
def _(error: ReservedName) -> str:
    return (
        f"{named(error.name)} can't be changed: names that begin with `{error.prefix}` are "
        "reserved for the provider. Use another name. Nothing was changed."
    )


@dataclass(eq=False)
class NotRemovable(UserError):
    """Every image has that field: it can be set, not removed."""

    name: str


@words.register
def _(error: NotRemovable) -> str:
    return f"{named(error.name)} can't be removed. Set another value: {code(f'{error.name}=…')}."


class OneTagAtATime(UserError):
    """Tags are added and removed, not set all at once."""


@words.register
def _(_: OneTagAtATime) -> str:
    return (
        "Add a tag with `tag+=web`, and remove one with `tag-=web`. You can give several at once."
    )


@dataclass(eq=False)
class BadLine(UserError):
    """A line of metadata that is not `key=value`."""

    line: str


@words.register
def _(error: BadLine) -> str:
    return f"{named(error.line)} is not `key=value`. Put one property on each line."


@dataclass(eq=False)
class OwnField(UserError):
    """A property of the metadata that has a field of its own in the form."""

    name: str


@words.register
def _(error: OwnField) -> str:
    return f"{named(error.name)} has its own field. Change it there."


@dataclass(eq=False)
class NoSuchProperty(UserError):
    """The image has no such property to remove."""

    name: str
    image: str
    suggestion: str | None


@words.register
def _(error: NoSuchProperty) -> str:
    return (
        f"{named(error.image)} has no property {named(error.name)} that you can remove."
        f"{_did_you_mean(error.suggestion)} Nothing was changed."
    )


@dataclass(eq=False)
class NoSuchTag(UserError):
    """The image has no such tag to remove."""

    tag: str
    image: str
    suggestion: str | None


@words.register
def _(error: NoSuchTag) -> str:
    return (
        f"{named(error.image)} has no tag {named(error.tag)}.{_did_you_mean(error.suggestion)} "
        "Nothing was changed."
    )


@dataclass(eq=False)
class NotChangeable(UserError):
    """The cloud lets this login change the image, but not that property of it."""

    names: Sequence[str]
    cloud_message: str
    """The properties, and the cloud's own words."""


@words.register
def _(error: NotChangeable) -> str:
    return (
        f"The cloud does not let you change {listed([named(name) for name in error.names])}: "
        f"{named(error.cloud_message, 300)}. Leave it out. Nothing was changed."
    )


class TooLateToUndo(UserError):
    """Undo was used before, or is older than ten minutes."""


@words.register
def _(_: TooLateToUndo) -> str:
    return (
        "You can undo a change once, within 10 minutes. Nothing was changed. Change it back with "
        "`/images update`."
    )


@dataclass(eq=False)
class MovedSince(UserError):
    """The image was changed again, so undoing would lose that change."""

    name: str
    image_id: str


@words.register
def _(error: MovedSince) -> str:
    return (
        f"{named(error.name)} was changed again, and undoing would lose that change. Nothing was "
        f"changed. Check it with {command(f'show {error.image_id}')}, then use `/images update`."
    )


@dataclass(eq=False)
class NotOffered(UserError):
    """This cloud has no such action for its users."""

    doing: str


@words.register
def _(error: NotOffered) -> str:
    return (
        f"This cloud does not let users {error.doing} images. Ask your provider. Nothing was "
        "changed."
    )


@dataclass(eq=False)
class StandardImage(UserError):
    """The image is the provider's, and only the provider can change it."""

    name: str
    doing: str


@words.register
def _(error: StandardImage) -> str:
    return (
        f"{named(error.name)} is a standard image: only the provider can {error.doing} it. Nothing "
        "was changed. Launch a server from it, and snapshot that server to get your own image."
    )


@dataclass(eq=False)
class WrongStatus(UserError):
    """The change needs an image in another status."""

    name: str
    status: ImageStatus
    doing: str


@words.register
def _(error: WrongStatus) -> str:
    return (
        f"{named(error.name)} is {error.status}. Only active images can be deactivated, and only "
        "deactivated ones reactivated. Nothing was changed."
    )


@dataclass(eq=False)
class InUse(UserError):
    """The cloud does not delete an image that is in use."""

    name: str
    cloud_message: str


@words.register
def _(error: InUse) -> str:
    return (
        f"{named(error.name)} is in use, so the cloud did not delete it: "
        f"{named(error.cloud_message, 300)}. Nothing was changed. Delete the server or volume that "
        "uses it, then try again."
    )


def _did_you_mean(suggestion: str | None) -> str:
    return f" Did you mean {named(suggestion)}?" if suggestion else ""
