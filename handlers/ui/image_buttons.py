"""Buttons that stand below an image wherever it is shown, with the readers of their values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cloud.models import Image, MemberStatus
from handlers.core.places import ImageRef
from handlers.core.replies import Block
from handlers.ui.blocks import button, buttons
from handlers.ui.button_values import number, pack, unpack
from storage import Account

SHOW = "images.show"
MEMBERS = "sharing.members"
MEMBERS_BACK = "sharing.members_back"
OPEN_UPDATE = "updates.open"
MAKE_SHARED = "updates.make_shared"
OPEN_EXPORT = "exports.open"
OPEN_COPY = "copies.open"
ACCEPT = "invitations.accept"
REJECT = "invitations.reject"


class Origin(StrEnum):
    """Which message an answer's button stands in, and so what to redraw."""

    LIST = "list"
    IMAGE = "image"
    HOME = "home"


@dataclass(frozen=True)
class Answer:
    """The value of Accept and Reject: the invitation, as it was when the button was made."""

    place: ImageRef
    seen: str
    origin: Origin

    @classmethod
    def read(cls, value: str) -> Answer:
        account_id, region, image_id, seen, origin = unpack(value, 5)[:5]
        place = ImageRef(account_id, region, image_id)
        return cls(place, seen, Origin(origin) if origin in tuple(Origin) else Origin.LIST)

    def value(self) -> str:
        return pack(*self.place.parts, self.seen, self.origin)


@dataclass(frozen=True)
class Page:
    """The value of the Members, Next and Previous buttons."""

    place: ImageRef
    page: int = 1

    @classmethod
    def read(cls, value: str) -> Page:
        account_id, region, image_id, page = unpack(value, 4)[:4]
        return cls(ImageRef(account_id, region, image_id), number(page))

    def value(self) -> str:
        return pack(*self.place.parts, str(self.page))


def update_button(image: Image, account: Account) -> Block:
    return button("Update…", OPEN_UPDATE, pack(account.id, image.region, image.id))


def make_shared_button(image: Image, account_id: str) -> Block:
    return button("Make it shared", MAKE_SHARED, pack(account_id, image.region, image.id))


def export_button(image: Image, account: Account) -> Block:
    """For one's own image."""
    return button("Export…", OPEN_EXPORT, pack(account.id, image.region, image.id))


def copy_button(image: Image, account: Account) -> Block:
    """For one's own image, if its account has other regions."""
    return button("Copy…", OPEN_COPY, pack(account.id, image.region, image.id))


def members_button(image: Image, account: Account) -> Block:
    return button("Members", MEMBERS, Page(ImageRef(account.id, image.region, image.id)).value())


def read_image(value: str) -> ImageRef:
    """The value of the buttons Update, Make it shared, Export and Copy."""
    return ImageRef(*unpack(value, 3)[:3])


def answers_to(place: ImageRef, status: str, origin: Origin = Origin.IMAGE) -> tuple[Block, ...]:
    """The buttons for an invitation of that status: the answers that it has not got."""
    value = Answer(place, status, origin).value()
    elements = []
    if status != MemberStatus.ACCEPTED:
        elements.append(button("Accept", ACCEPT, value, style="primary"))
    if status != MemberStatus.REJECTED:
        elements.append(button("Reject", REJECT, value))
    return (buttons(*elements),)
