"""
What stands in the way of an export, an import, a copy or a download.

Nothing was begun yet. The words are in views/obstacles.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from cloud.models import ImageStatus
from handlers.core.errors import UserError
from handlers.core.places import ImageRef


class NoWay(UserError):
    """The region can neither have it done by the cloud nor through its object storage."""

    def __init__(self, doing: str, region: str) -> None:
        super().__init__(f"{doing} {region}")
        self.doing, self.region = doing, region


class NotExportable(UserError):
    """The image's licence forbids it."""

    def __init__(self, name: str, options: str) -> None:
        super().__init__(options)
        self.name, self.options = name, options
        """The image, and the value of the provider's property that says so."""


class NotActive(UserError):
    """An image without data to give: not there yet, or deactivated."""

    def __init__(self, name: str, image_id: str, status: ImageStatus) -> None:
        super().__init__(status)
        self.name, self.image_id, self.status = name, image_id, status


class BadContainer(UserError):
    """No container can have that name, or the provider exports to none of such a name."""

    def __init__(self, name: str, *, by_task: bool) -> None:
        super().__init__(name)
        self.name, self.by_task = name, by_task


class NoContainer(UserError):
    """There is no such container. It can be created on the way."""

    def __init__(self, place: ImageRef, container: str, click: str) -> None:
        super().__init__(container)
        self.place, self.container, self.click = place, container, click
        """The image that was to go there; *click* makes the button one of a kind."""


class NotALocation(UserError):
    """The word is not `container/object`."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class NoSuchObject(UserError):
    """No object of that name in any of these regions."""

    def __init__(self, location: str, searched: Sequence[str]) -> None:
        super().__init__(location)
        self.location, self.searched = location, tuple(searched)


class InSeveralPlaces(UserError):
    """Objects of that name in several accounts or regions: which one is meant nobody knows."""

    def __init__(self, location: str, places: Sequence[tuple[str, str]]) -> None:
        super().__init__(location)
        self.location, self.places = location, tuple(places)
        """Account number and region of each."""


class EmptyObject(UserError):
    """There is nothing in the object."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class UnknownFormat(UserError):
    """The object's name does not say what kind of disk it holds, and the cloud must be told."""

    def __init__(self, location: str, known: Sequence[str]) -> None:
        super().__init__(location)
        self.location, self.known = location, tuple(known)


class NothingChosen(UserError):
    """A form was sent without what it is about."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class SameRegion(UserError):
    """The image is in that region already."""

    def __init__(self, name: str, region: str) -> None:
        super().__init__(region)
        self.name, self.region = name, region


class KeysTaken(UserError):
    """Both keys of the object store's temporary URLs are somebody else's."""

    def __init__(self, region: str) -> None:
        super().__init__(region)
        self.region = region


class NoSuchTransfer(UserError):
    """No transfer of the person's, and no task of their accounts, has that id."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word
