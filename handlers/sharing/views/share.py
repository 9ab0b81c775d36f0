"""Words for sharing an image, and its buttons' values. The questions before are in confirm.py."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from cloud.models import Image, Member, MemberStatus
from handlers.core.button_values import number as number_of
from handlers.core.button_values import pack, unpack
from handlers.core.errors import BadButton
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message
from handlers.invitations.views.cards import MEANING, Card, cards_of
from handlers.sharing.views.members import HOW_TO_INVITE_AGAIN, Unshare
from handlers.ui.blocks import (
    button,
    buttons,
    code,
    context,
    counted,
    date,
    listed,
    named,
    section,
    sentences,
    size,
    text_message,
)
from handlers.ui.image_buttons import members_button
from handlers.ui.labels import (
    Nicknames,
    account_label,
    image_label,
    image_name,
    membership_label,
    number_label,
)
from storage import Account

CONFIRM = "sharing.confirm"
CONFIRM_UNKNOWN = "sharing.confirm_unknown"
DETAILS = "sharing.details"
INSTEAD = "sharing.instead"
UNDO = "sharing.undo"
FOR = "for "
"""Tells the seconds from the account numbers of buttons that carried nothing else."""


@dataclass(frozen=True)
class Share:
    """The value of the Share buttons: an image, the accounts, for how long, and why."""

    place: ImageRef
    numbers: tuple[str, ...]
    span: timedelta | None = None
    because: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    """People mentioned, by the number of their account: they are notified at once."""

    @classmethod
    def read(cls, value: str) -> Share:
        account_id, region, image_id, duration_words, because, *guests = unpack(value, 6)
        seconds = _seconds(duration_words)
        span = timedelta(seconds=seconds) if seconds else None
        with_people = [guest.partition("@") for guest in guests]
        return cls(
            ImageRef(account_id, region, image_id),
            tuple(number for number, _, _ in with_people),
            span,
            because,
            {number: user_id for number, _, user_id in with_people if user_id},
        )

    def instead(self, number: str, other: str) -> Share:
        """The same with another account in the place of one, by nobody's mention."""
        numbers = (other if each == number else each for each in self.numbers)
        people = {n: user for n, user in self.people.items() if n != number}
        return replace(self, numbers=tuple(dict.fromkeys(numbers)), people=people)

    def value(self) -> str:
        seconds = int(self.span.total_seconds()) if self.span else 0
        people = self.people
        guests = [f"{n}@{people[n]}" if n in people else n for n in self.numbers]
        return pack(*self.place.parts, f"{FOR}{seconds}", self.because, *guests)


@dataclass(frozen=True)
class KnownAccounts:
    """What is known here of the accounts that one may share with."""

    nicknames: Nicknames = field(default_factory=dict)
    linked: Collection[str] = ()
    """Numbers that someone in this workspace has linked."""

    def knows(self, number: str) -> bool:
        return number in self.linked or number in self.nicknames


class Notified(StrEnum):
    """Whether the person who was mentioned for an account is notified."""

    NOW = "now"
    LATER = "later"
    """They want quiet now."""
    NOT = "not"
    """Nobody was mentioned, or they have unlinked the account, or want none of it."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of sharing with one account."""

    number: str
    member: Member | None = None
    """The member as the API shows it; None if it failed."""
    new: bool = False
    trouble: str = ""
    """Why it failed, in words."""
    until: datetime | None = None
    """When the share expires; None if it does not."""
    notified: Notified = Notified.NOT


def already_shared(
    image: Image, account: Account, members: Sequence[Member], accounts_known: KnownAccounts
) -> Message:
    """Nothing to do: all the accounts asked for are members."""
    lines = [already_member(image, member, accounts_known) for member in members]
    return Message(
        sentences(lines),
        (*(section(line) for line in lines), buttons(members_button(image, account))),
    )


def shared(
    image: Image,
    account: Account,
    request: Share,
    outcomes: Sequence[Outcome],
    accounts_known: KnownAccounts,
) -> Message:
    """The outcome for each account, with an Undo for new shares."""
    new = [outcome.number for outcome in outcomes if outcome.new]
    them = counted(len(new), "account") if new else "no other account"
    text = f"Shared {image_label(image)} with {them}."
    blocks = [
        section(text),
        *(_outcome(image, account, outcome, accounts_known) for outcome in outcomes),
    ]
    blocks += because_block(request)
    if new:
        blocks.append(context(_who_is_notified(request, outcomes, accounts_known)))
    return Message(text, (*blocks, buttons(members_button(image, account))))


def shared_with_you(
    card: Card, by: str, because: str, until: datetime | None, now: datetime
) -> Message:
    """The notification of a person who was mentioned, with Accept and Reject."""
    image = f"{named(card.name)} ({card.region}, {size(card.size)})"
    ends = f", until {date(until)}" if until else ""
    why = f" {because_line(because)}" if because else ""
    text = f"<@{by}> has shared {image} with your account {account_label(card.account)}{ends}.{why}"
    return text_message(text, *cards_of([card], now), context(MEANING))


def because_block(request: Share) -> tuple[Block, ...]:
    return (context(because_line(request.because)),) if request.because else ()


def because_line(because: str) -> str:
    return f"Because: {named(because, 200)}."


def already_member(image: Image, member: Member, accounts_known: KnownAccounts) -> str:
    """An account that was a member before."""
    name, consumer = (
        image_name(image.name, image.id),
        number_label(member.member_id, accounts_known.nicknames),
    )
    match member.status:
        case MemberStatus.PENDING:
            return (
                f"{name} is already shared with {consumer}, "
                f"pending since {date(member.created_at)}. If they don't know about it, "
                "check the number."
            )
        case MemberStatus.REJECTED:
            return (
                f"{name} is already shared with {consumer}, who rejected it "
                f"{date(member.updated_at)}. To invite them again: {HOW_TO_INVITE_AGAIN}"
            )
    return f"{name} is already shared with {consumer}: {membership_label(member)}."


def _who_is_notified(
    request: Share, outcomes: Sequence[Outcome], accounts_known: KnownAccounts
) -> str:
    new = {outcome.number: outcome.notified for outcome in outcomes if outcome.new}
    told = [n for n in new if new[n] == Notified.NOW]
    unasked = [n for n in new if n in accounts_known.linked and n not in request.people]
    later = [n for n in new if new[n] == Notified.LATER or n in unasked]
    untold = [n for n in new if n not in (*told, *later)]
    at_once = listed([f"<@{request.people[n]}>" for n in told])
    linked = listed([code(n) for n in later])
    nobody = listed([code(n) for n in untold])
    return sentences(
        [
            f"{at_once} can accept or reject it now." if told else "",
            f"I'll notify everyone here who uses {linked}." if later else "",
            f"I won't notify anyone of {nobody}: tell them yourself." if untold else "",
        ]
    )


def _outcome(
    image: Image, account: Account, outcome: Outcome, accounts_known: KnownAccounts
) -> Block:
    consumer = number_label(outcome.number, accounts_known.nicknames)
    ends = f" · expires {date(outcome.until)}" if outcome.until else ""
    if outcome.member is None:
        return section(f"{consumer}: not shared. {outcome.trouble}")
    if not outcome.new:
        return section(f"{already_member(image, outcome.member, accounts_known)}{ends}")
    place = ImageRef.of(account, image)
    undo = Unshare(place, outcome.number).value()
    return section(
        f"{consumer} · {membership_label(outcome.member)} · can boot it now{ends}",
        button("Undo", UNDO, undo, label=f"Undo sharing with {outcome.number}"),
    )


def _seconds(duration_words: str) -> int:
    if not duration_words.startswith(FOR):
        raise BadButton
    return number_of(duration_words.removeprefix(FOR))
