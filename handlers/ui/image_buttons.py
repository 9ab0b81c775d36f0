"""Buttons below an image wherever it is shown, with the readers of their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cloud.models import Image, ImageStatus, MemberStatus, Visibility
from handlers.core.button_values import ButtonValue
from handlers.core.places import ImageRef
from handlers.core.replies import Block
from handlers.core.text import clip
from handlers.ui.blocks import button, short_id
from storage import Account

SHOW = "images.show"
MEMBERS = "sharing.members"
MEMBERS_BACK = "sharing.members_back"
OPEN_SHARE = "sharing.open"
OPEN_UPDATE = "updates.open"
MAKE_SHARED = "updates.make_shared"
OPEN_EXPORT = "exports.open"
OPEN_COPY = "copies.open"
ACCEPT = "invitations.accept"
REJECT = "invitations.reject"
MAX_LABEL = 40
"""Characters of a name that a screen reader says of a button."""


class Origin(StrEnum):
    """The kind of message that a button is in, and so what to redraw."""

    LIST = "list"
    IMAGE = "image"
    HOME = "home"


@dataclass(frozen=True)
class InvitationAnswer(ButtonValue):
    """The value of Accept and Reject: the invitation, as it was when the button was made."""

    place: ImageRef
    shown_status: str
    """Its status then."""
    origin: Origin = Origin.LIST


@dataclass(frozen=True)
class MembersPage(ButtonValue):
    """The value of the Members button, and of Next and Previous below the members."""

    place: ImageRef
    page: int = 1


def own_image_buttons(image: Image, account: Account, *, in_row: bool = False) -> Sequence[Block]:
    """
    What its owner can do with an image, the likeliest first.

    Args:
        in_row: no row of a list is the next step, and a screen reader tells rows apart by name.
    """
    update = update_button(image, account)
    if image.visibility == Visibility.PUBLIC:
        return (update,)
    has_data = image.status == ImageStatus.ACTIVE
    export = [export_button(image, account)] if has_data else []
    copy = [copy_button(image, account)] if has_data and len(account.regions) > 1 else []
    share = share_button(image, account, in_row=in_row)
    return share, members_button(image, account), update, *export, *copy


def share_button(image: Image, account: Account, *, in_row: bool = False) -> Block:
    """For one's own image."""
    style = None if in_row else "primary"
    label = _label("Share…", _called(image)) if in_row else None
    return button(
        "Share…", OPEN_SHARE, ImageRef.of(account, image).value(), style=style, label=label
    )


def show_button(image: Image, account: Account) -> Block:
    """For an image in a list."""
    value = ImageRef.of(account, image).value()
    return button("Details", SHOW, value, label=_label("Details of", _called(image)))


def update_button(image: Image, account: Account) -> Block:
    return button("Update…", OPEN_UPDATE, ImageRef.of(account, image).value())


def make_shared_button(image: Image, account_id: str) -> Block:
    return button("Make shared", MAKE_SHARED, ImageRef(account_id, image.region, image.id).value())


def export_button(image: Image, account: Account) -> Block:
    """For one's own image."""
    return button("Export…", OPEN_EXPORT, ImageRef.of(account, image).value())


def copy_button(image: Image, account: Account) -> Block:
    """For one's own image, if its account has other regions."""
    return button("Copy…", OPEN_COPY, ImageRef.of(account, image).value())


def members_button(image: Image, account: Account) -> Block:
    return button("Members", MEMBERS, MembersPage(ImageRef.of(account, image)).value())


def answer_buttons(
    place: ImageRef,
    status: str,
    origin: Origin = Origin.IMAGE,
    *,
    name: str = "",
    primary: bool = True,
) -> tuple[Block, ...]:
    """
    The buttons for an invitation of that status: the answers it does not have yet.

    Args:
        name: the image's, by which a screen reader tells the rows of a list apart.

        primary: not in a list, where no row is the next step.
    """
    value = InvitationAnswer(place, status, origin).value()
    elements = []
    if status != MemberStatus.ACCEPTED:
        style = "primary" if primary else None
        elements.append(button("Accept", ACCEPT, value, style=style, label=_label("Accept", name)))
    if status != MemberStatus.REJECTED:
        elements.append(button("Reject", REJECT, value, label=_label("Reject", name)))
    return tuple(elements)


def accept_instead_button(place: ImageRef) -> Block:
    """The way back, after a rejection."""
    value = InvitationAnswer(place, MemberStatus.REJECTED).value()
    return button("Accept instead", ACCEPT, value)


def _called(image: Image) -> str:
    return image.name or short_id(image.id)


def _label(verb: str, name: str) -> str | None:
    return f"{verb} {clip(name, MAX_LABEL)}" if name else None
