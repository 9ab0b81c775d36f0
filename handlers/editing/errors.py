"""What a person can put right when an image is not changed as they asked, with the words for it."""

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
        f"{named(error.name)} cannot be {typed(error.value) if error.value else 'empty'}. It "
        f"takes {error.allowed}."
    )


@dataclass(eq=False)
class TooLongFor(UserError):
    """More characters than a name, a tag or a property's name may have."""

    what: str
    most: int


@words.register
def _(error: TooLongFor) -> str:
    return f"A {error.what} has at most {error.most} characters. Make it shorter."


@dataclass(eq=False)
class GivenTwice(UserError):
    """Two words change the same property or tag."""

    what: str


@words.register
def _(error: GivenTwice) -> str:
    return (
        f"{named(error.what)} is there twice. Say once what is to become of it. Nothing was "
        "changed."
    )


@dataclass(eq=False)
class ReadOnly(UserError):
    """The cloud sets that field itself."""

    name: str


@words.register
def _(error: ReadOnly) -> str:
    return f"{named(error.name)} is set by the cloud alone. Leave it out. Nothing was changed."


@dataclass(eq=False)
class ReservedName(UserError):
    """Properties whose names begin so are the provider's own."""

    name: str
    prefix: str


@words.register
def _(error: ReservedName) -> str:
    return (
        f"{named(error.name)} cannot be changed: properties that begin with `{error.prefix}` are "
        "the provider's own. Take another name. Nothing was changed."
    )


@dataclass(eq=False)
class NotRemovable(UserError):
    """Every image has that field: it can be set, not removed."""

    name: str


@words.register
def _(error: NotRemovable) -> str:
    return (
        f"Every image has {named(error.name)}: it cannot be removed. Give it another value, "
        f"as in {code(f'{error.name}=…')}."
    )


class OneTagAtATime(UserError):
    """Tags are added and taken away, not set all at once."""


@words.register
def _(_: OneTagAtATime) -> str:
    return (
        "Add a tag with `tag+=web` and take one away with `tag-=web`; several at once if you like."
    )


@dataclass(eq=False)
class BadLine(UserError):
    """A line of metadata that is not `key=value`."""

    line: str


@words.register
def _(error: BadLine) -> str:
    return f"{named(error.line)} is not `key=value`. Write a property on each line."


@dataclass(eq=False)
class OwnField(UserError):
    """A property of the metadata that has a field of its own in the form."""

    name: str


@words.register
def _(error: OwnField) -> str:
    return f"{named(error.name)} has a field of its own. Change it there."


@dataclass(eq=False)
class NoSuchProperty(UserError):
    """The image has no such property that could be removed."""

    name: str
    image: str
    suggestion: str | None


@words.register
def _(error: NoSuchProperty) -> str:
    return (
        f"{named(error.image)} has no property {named(error.name)} of its own that could be "
        f"removed.{_did_you_mean(error.suggestion)} Nothing was changed."
    )


@dataclass(eq=False)
class NoSuchTag(UserError):
    """The image has no such tag that could be taken away."""

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
    """The Undo button was pressed before, or is older than ten minutes."""


@words.register
def _(_: TooLateToUndo) -> str:
    return (
        "An Undo works once and for 10 minutes, and this one no longer does. "
        "Nothing was changed. Change the image back with `/images update`."
    )


@dataclass(eq=False)
class MovedSince(UserError):
    """The image was changed after what is to be undone, which would be lost."""

    name: str
    image_id: str


@words.register
def _(error: MovedSince) -> str:
    return (
        f"{named(error.name)} was changed again since, and undoing would undo that too. Nothing "
        f"was changed. Look with {command(f'show {error.image_id}')}, then use `/images "
        "update`."
    )


@dataclass(eq=False)
class NotOffered(UserError):
    """This cloud has no such action for its users."""

    doing: str


@words.register
def _(error: NotOffered) -> str:
    return f"This cloud does not let its users {error.doing} images. Nothing was changed."


@dataclass(eq=False)
class StandardImage(UserError):
    """The image is the provider's, who alone may change it."""

    name: str
    doing: str


@words.register
def _(error: StandardImage) -> str:
    return (
        f"{named(error.name)} is a standard image: only the provider may {error.doing} it. Nothing "
        "was changed. Build a server from it, and make an image of your own of that."
    )


@dataclass(eq=False)
class WrongStatus(UserError):
    """What is to be done asks for an image in another status."""

    name: str
    status: ImageStatus
    doing: str


@words.register
def _(error: WrongStatus) -> str:
    return (
        f"{named(error.name)} is {error.status}: only an active image can be deactivated, and only "
        f"a deactivated one reactivated. Nothing was changed."
    )


@dataclass(eq=False)
class InUse(UserError):
    """The cloud does not delete an image that something still needs."""

    name: str
    cloud_message: str


@words.register
def _(error: InUse) -> str:
    return (
        f"The cloud does not delete {named(error.name)} while something needs it: "
        f"{named(error.cloud_message, 300)}. Nothing was changed."
    )


def _did_you_mean(suggestion: str | None) -> str:
    return f" Did you mean {named(suggestion)}?" if suggestion else ""
