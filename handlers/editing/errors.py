"""
What a person can put right when an image is not to be changed as they asked.

Their words are in views/refusals.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from cloud.models import ImageStatus
from handlers.core.errors import UserError


class BadField(UserError):
    """A property that cannot hold the value; *allowed* says what it can."""

    def __init__(self, name: str, value: str, allowed: str) -> None:
        super().__init__(f"{name}={value}")
        self.name, self.value, self.allowed = name, value, allowed


class TooLongFor(UserError):
    """More characters than a name, a tag or a property's name may have."""

    def __init__(self, what: str, most: int) -> None:
        super().__init__(what)
        self.what, self.most = what, most


class GivenTwice(UserError):
    """Two words speak of the same property or tag, so that nobody knows which is meant."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class ReadOnly(UserError):
    """The cloud sets that field itself."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class ReservedName(UserError):
    """Properties whose names begin so are the provider's own."""

    def __init__(self, name: str, prefix: str) -> None:
        super().__init__(name)
        self.name, self.prefix = name, prefix


class NotRemovable(UserError):
    """Every image has that field: it can be set, not removed."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class OneTagAtATime(UserError):
    """Tags are added and taken away, not set all at once."""


class BadLine(UserError):
    """A line of metadata that is not `key=value`."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


class OwnField(UserError):
    """A property of the metadata that has a field of its own in the form."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NoSuchProperty(UserError):
    """The image has no such property that could be removed."""

    def __init__(self, name: str, image: str, suggestion: str | None) -> None:
        super().__init__(name)
        self.name, self.image, self.suggestion = name, image, suggestion


class NoSuchTag(UserError):
    """The image has no such tag that could be taken away."""

    def __init__(self, tag: str, image: str, suggestion: str | None) -> None:
        super().__init__(tag)
        self.tag, self.image, self.suggestion = tag, image, suggestion


class NotChangeable(UserError):
    """The cloud lets this login change the image, but not that property of it."""

    def __init__(self, names: Sequence[str], said: str) -> None:
        super().__init__(" ".join(names))
        self.names, self.said = tuple(names), said
        """The properties, and the cloud's own words."""


class TooLateToUndo(UserError):
    """The Undo button was pressed before, or is older than ten minutes."""


class MovedSince(UserError):
    """The image was changed after what is to be undone, which would be lost."""

    def __init__(self, name: str, image_id: str) -> None:
        super().__init__(image_id)
        self.name, self.image_id = name, image_id


class NotOffered(UserError):
    """This cloud has no such action for its users."""

    def __init__(self, doing: str) -> None:
        super().__init__(doing)
        self.doing = doing


class StandardImage(UserError):
    """The image is the provider's, who alone may change it."""

    def __init__(self, name: str, doing: str) -> None:
        super().__init__(name)
        self.name, self.doing = name, doing


class WrongStatus(UserError):
    """What is to be done asks for an image in another status."""

    def __init__(self, name: str, status: ImageStatus, doing: str) -> None:
        super().__init__(status)
        self.name, self.status, self.doing = name, status, doing


class InUse(UserError):
    """The cloud does not delete an image that something still needs."""

    def __init__(self, name: str, said: str) -> None:
        super().__init__(name)
        self.name, self.said = name, said
