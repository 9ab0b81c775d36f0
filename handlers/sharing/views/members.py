"""Words for the members of an image, and for ending a share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from cloud.models import Image, Member, MemberStatus
from handlers.core.button_values import ButtonValue
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message
from handlers.sharing.views.expiry import Origin, extend_button
from handlers.ui import rows
from handlers.ui.blocks import (
    button,
    buttons,
    code,
    confirm,
    context,
    counted,
    date,
    listed,
    moment,
    mono,
    named,
    section,
    sentences,
    short_id,
    text_message,
)
from handlers.ui.image_buttons import MEMBERS, MEMBERS_BACK, MembersPage, share_button
from handlers.ui.labels import (
    NO_NICKNAMES,
    WHAT_STAYS,
    Nicknames,
    account_label,
    account_title,
    cancel_button,
    expiry_facts,
    expiry_label,
    image_label,
    membership_label,
    nicknamed_number,
    number_label,
    reason_blocks,
    tally,
)
from handlers.ui.paging import page_of, turns
from handlers.ui.rows import facts
from storage import Account, Expiry

UNSHARE = "sharing.unshare"

SHOWN = 6
"""Members on a page: with an end and two buttons each, below what Slack takes in a message."""
NO_ENDS: Mapping[str, Expiry] = MappingProxyType({})

_ANSWERS = (MemberStatus.PENDING, MemberStatus.ACCEPTED, MemberStatus.REJECTED)
_LOSES_ACCESS = "That account loses access at once."
HOW_TO_INVITE_AGAIN = "unshare, then share again."
_MEANING = (
    "The answer only decides whether the image is in that account's list: "
    "access lasts from sharing to unsharing."
)


@dataclass(frozen=True)
class Unshare(ButtonValue):
    """The value of the Undo and Unshare buttons: an image and one account it is shared with."""

    place: ImageRef
    number: str
    because: str = ""
    """Why access is ended."""


def members(
    image: Image,
    account: Account,
    everyone: Sequence[Member],
    page: int = 1,
    result: str = "",
    ends: Mapping[str, Expiry] = NO_ENDS,
    nicknames: Nicknames = NO_NICKNAMES,
) -> Message:
    """
    The accounts that an image is shared with, and their answers; *result* is what was just done.

    *ends* are the shares with an end, by account number.
    """
    own = image.owner == account.project_id
    text = _shared_with(image, everyone) if own else _own_row(image, account)
    cut = page_of(everyone, page, SHOWN)
    place = ImageRef.of(account, image)
    blocks = [section(result)] if result else []
    blocks.append(section(text))
    for each in cut.shown:
        blocks += _row(image, place, each, ends.get(each.member_id), nicknames, own=own)
    if any(member.status == MemberStatus.REJECTED for member in cut.shown) and own:
        blocks.append(context(f"To invite an account that rejected it: {HOW_TO_INVITE_AGAIN}"))
    blocks += turns(cut, partial(MembersPage, place), back=MEMBERS_BACK, on=MEMBERS)
    blocks += [buttons(share_button(image, account))] if own else []
    return Message(sentences([result, text]), tuple(blocks))


def member(
    image: Image,
    account: Account,
    one: Member,
    expiry: Expiry | None = None,
    nicknames: Nicknames = NO_NICKNAMES,
) -> Message:
    consumer = number_label(one.member_id, nicknames)
    text = f"{image_label(image)} and account {consumer}: {_status_line(one, expiry)}."
    facts = f"Invited {date(one.created_at)}, last change {date(one.updated_at)}."
    place = ImageRef.of(account, image)
    row = _row(image, place, one, expiry, nicknames, own=image.owner == account.project_id)
    return text_message(text, *row, context(f"{facts} {_MEANING}"))


def confirm_unshare(
    image: Image,
    account: Account,
    member: Member,
    nicknames: Nicknames = NO_NICKNAMES,
    because: str = "",
) -> Message:
    consumer = number_label(member.member_id, nicknames)
    text = f"Stop sharing {image_label(image)} with account {consumer}?"
    value = Unshare(ImageRef.of(account, image), member.member_id, because).value()
    yes = button("Unshare", UNSHARE, value, style="danger")
    return text_message(
        text,
        section(f"Their answer: {membership_label(member)}.\n• {_LOSES_ACCESS}\n• {WHAT_STAYS}"),
        *reason_blocks(because),
        buttons(yes, cancel_button("unshare", image)),
    )


def unshared(
    image: Image,
    number: str,
    before: Member | None,
    nicknames: Nicknames = NO_NICKNAMES,
    *,
    undone: bool = False,
) -> str:
    """What an Undo or Unshare has just done; *before* is the member as it was, if it was one."""
    consumer = number_label(number, nicknames)
    if before is None:
        return f"{image_label(image)} was no longer shared with {consumer}. Nothing was changed."
    verb = "Undone: " if undone else ""
    said = f"{verb}{image_label(image)} is no longer shared with {consumer}."
    if before.status == MemberStatus.ACCEPTED:
        when = date(before.updated_at)
        return (
            f"{said} They had already accepted it {when}: {WHAT_STAYS[0].lower()}{WHAT_STAYS[1:]}"
        )
    return f"{said} They had not accepted it."


def _shared_with(image: Image, everyone: Sequence[Member]) -> str:
    if not everyone:
        return f"{image_label(image)} is not shared with anyone."
    count = counted(len(everyone), "account")
    answers = listed(tally(member.status for member in everyone))
    return f"{image_label(image)} is shared with *{count}*: {answers}."


def _own_row(image: Image, account: Account) -> str:
    return (
        f"Only the owner of {image_label(image)}, account {code(image.owner)}, sees all its "
        f"members. Your account {account_label(account)}:"
    )


def _row(
    image: Image,
    place: ImageRef,
    member: Member,
    expiry: Expiry | None,
    nicknames: Nicknames,
    *,
    own: bool,
) -> list[Block]:
    """One account, its answer, and what the image's owner can do about it."""
    extend = [extend_button(place, expiry, Origin.MEMBERS)] if expiry else []
    since = member.created_at if member.status == MemberStatus.PENDING else member.updated_at
    return rows.row(
        facts(
            account_title(member.member_id, nicknames),
            str(member.status) if member.status in _ANSWERS else mono(member.status),
        ),
        facts(
            nicknamed_number(member.member_id, nicknames),
            ["since ", moment(since)],
            expiry_facts(expiry),
        ),
        [*extend, _unshare_button(image, place, member)] if own else [],
    )


def _status_line(member: Member, expiry: Expiry | None) -> str:
    return (
        f"{membership_label(member)} · {expiry_label(expiry)}"
        if expiry
        else membership_label(member)
    )


def _unshare_button(image: Image, place: ImageRef, member: Member) -> Block:
    question = confirm(
        f"Unshare with {member.member_id}?",
        f"{_LOSES_ACCESS} {WHAT_STAYS} Image: {named(image.name or short_id(image.id), 30)}",
        "Unshare",
    )
    value = Unshare(place, member.member_id).value()
    again = f"Unshare with {member.member_id}"
    return button("Unshare", UNSHARE, value, style="danger", confirm=question, label=again)
