"""Words for those an image is shared with, and for ending that."""

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
from handlers.ui.blocks import (
    button,
    buttons,
    code,
    confirm,
    context,
    counted,
    date,
    listed,
    named,
    section,
    sentences,
)
from handlers.ui.image_buttons import MEMBERS, MEMBERS_BACK, MembersPage
from handlers.ui.labels import (
    NONE,
    STAYS,
    Nicknames,
    answer_of,
    called,
    cancel_button,
    described,
    end_of,
    label,
)
from handlers.ui.paging import page_of, turns
from storage import Account, Expiry

UNSHARE = "sharing.unshare"

SHOWN = 8
"""Members on a page: with an end and two buttons each, below what Slack takes in a message."""
NO_ENDS: Mapping[str, Expiry] = MappingProxyType({})

_LOSES = "That account loses access at once."
AGAIN = "unshare, then share again."
_MEANING = (
    "The answer only decides whether the image is in that account's list: "
    "access lasts from sharing to unsharing."
)


@dataclass(frozen=True)
class Unshare(ButtonValue):
    """The value of the Undo and Unshare buttons: an image and one account it is shared with."""

    place: ImageRef
    number: str


def members(
    image: Image,
    account: Account,
    everyone: Sequence[Member],
    page: int = 1,
    said: str = "",
    ends: Mapping[str, Expiry] = NO_ENDS,
    nicknames: Nicknames = NONE,
) -> Message:
    """
    Whom the image is shared with, and what each has answered; *said* is what was just done.

    *ends* are the shares that end by themselves, by account number.
    """
    own = image.owner == account.project_id
    text = _shared_with(image, everyone) if own else _own_row(image, account)
    cut = page_of(everyone, page, SHOWN)
    place = ImageRef.of(account, image)
    blocks = [section(said)] if said else []
    blocks.append(section(text))
    for each in cut.shown:
        consumer = called(each.member_id, nicknames)
        blocks += _row(image, place, each, ends.get(each.member_id), consumer, own=own)
    if any(member.status == MemberStatus.REJECTED for member in cut.shown) and own:
        blocks.append(context(f"To invite an account that rejected it: {AGAIN}"))
    blocks += turns(cut, partial(MembersPage, place), back=MEMBERS_BACK, on=MEMBERS)
    return Message(sentences([said, text]), tuple(blocks))


def member(
    image: Image,
    account: Account,
    one: Member,
    expiry: Expiry | None = None,
    nicknames: Nicknames = NONE,
) -> Message:
    consumer = called(one.member_id, nicknames)
    text = f"{described(image)} and account {consumer}: {_standing(one, expiry)}."
    facts = f"Invited {date(one.created_at)}, last change {date(one.updated_at)}."
    place = ImageRef.of(account, image)
    row = _row(image, place, one, expiry, consumer, own=image.owner == account.project_id)
    return Message(text, (section(text), *row, context(f"{facts} {_MEANING}")))


def confirm_unshare(
    image: Image, account: Account, member: Member, nicknames: Nicknames = NONE
) -> Message:
    text = f"Stop sharing {described(image)} with account {called(member.member_id, nicknames)}?"
    value = Unshare(ImageRef.of(account, image), member.member_id).value()
    yes = button("Unshare", UNSHARE, value, style="danger")
    return Message(
        text,
        (
            section(text),
            section(f"Their answer: {answer_of(member)}.\n• {_LOSES}\n• {STAYS}"),
            buttons(yes, cancel_button("unshare", image)),
        ),
    )


def unshared(
    image: Image,
    number: str,
    before: Member | None,
    nicknames: Nicknames = NONE,
    *,
    undone: bool = False,
) -> str:
    """What an Undo or Unshare has just done; *before* is the member as it was, if it was one."""
    consumer = called(number, nicknames)
    if before is None:
        return f"{described(image)} was no longer shared with {consumer}. Nothing was changed."
    verb = "Undone: " if undone else ""
    said = f"{verb}{described(image)} is no longer shared with {consumer}."
    if before.status == MemberStatus.ACCEPTED:
        when = date(before.updated_at)
        return f"{said} They had already accepted it {when}: {STAYS[0].lower()}{STAYS[1:]}"
    return f"{said} They had not accepted it."


def just(said: str) -> Message:
    """Something was done, and what it led to cannot be shown."""
    return Message(said, (section(said),))


def _shared_with(image: Image, everyone: Sequence[Member]) -> str:
    if not everyone:
        how = f"`/images share {image.id} ACCOUNT`"
        return f"{described(image)} is shared with nobody. Share it: {how}"
    count = counted(len(everyone), "account")
    answers = [str(member.status) for member in everyone]
    tally = [f"{answers.count(answer)} {answer}" for answer in dict.fromkeys(sorted(answers))]
    return f"{described(image)} is shared with *{count}*: {listed(tally)}."


def _own_row(image: Image, account: Account) -> str:
    return (
        f"{described(image)} belongs to account {code(image.owner)}, which alone sees all members. "
        f"This is your account {label(account)}:"
    )


def _row(
    image: Image,
    place: ImageRef,
    member: Member,
    expiry: Expiry | None,
    consumer: str,
    *,
    own: bool,
) -> list[Block]:
    """One account, as *consumer* calls it, and what its owner can do about it."""
    text = f"{consumer} · {_standing(member, expiry)}"
    if not own:
        return [section(text)]
    unshare = _unshare_button(image, place, member)
    if expiry is None:
        return [section(text, unshare)]
    return [section(text), buttons(extend_button(place, expiry, Origin.MEMBERS), unshare)]


def _standing(member: Member, expiry: Expiry | None) -> str:
    return f"{answer_of(member)} · {end_of(expiry)}" if expiry else answer_of(member)


def _unshare_button(image: Image, place: ImageRef, member: Member) -> Block:
    question = confirm(
        f"Unshare with {member.member_id}?",
        f"{_LOSES} {STAYS} Image: {named(image.name or image.id, 30)}",
        "Unshare",
    )
    value = Unshare(place, member.member_id).value()
    again = f"Unshare with {member.member_id}"
    return button("Unshare", UNSHARE, value, style="danger", confirm=question, label=again)
