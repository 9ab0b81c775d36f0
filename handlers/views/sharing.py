"""Words for sharing an image."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cloud.models import Image, Member, MemberStatus
from handlers.message import Block, Message
from handlers.views.accounts import Account, label
from handlers.views.blocks import (
    button,
    buttons,
    code,
    context,
    counted,
    date,
    header,
    listed,
    named,
    section,
    sentences,
)
from handlers.views.members import (
    AGAIN,
    STAYS,
    Unshare,
    answer_of,
    cancel_button,
    described,
    members_button,
)
from handlers.views.values import Place, pack, unpack

CONFIRM = "sharing.confirm"
UNDO = "sharing.undo"


@dataclass(frozen=True)
class Share:
    """The value of the Share button: an image, and the accounts to share it with."""

    place: Place
    numbers: tuple[str, ...]

    @classmethod
    def read(cls, value: str) -> Share:
        account_id, region, image_id, *numbers = unpack(value, 4)
        return cls(Place(account_id, region, image_id), tuple(numbers))

    def value(self) -> str:
        return pack(*self.place.parts, *self.numbers)


@dataclass(frozen=True)
class Outcome:
    """How sharing with one account ended."""

    number: str
    member: Member | None = None
    """The member as the API shows it; None if it failed."""
    new: bool = False
    trouble: str = ""
    """Why it failed, in words."""


def confirm_share(
    image: Image,
    account: Account,
    numbers: Sequence[str],
    linked: Collection[str],
    already: Sequence[Member] = (),
) -> Message:
    """
    Is this the right account? Its number large, for nothing else will check it.

    *linked* are those of the numbers that someone in this workspace has linked,
    *already* the members among the accounts asked for.
    """
    whom = "this account" if len(numbers) == 1 else f"these {len(numbers)} accounts"
    text = f"Share {described(image)} from your account {label(account)} with {whom}?"
    value = Share(Place(account.id, image.region, image.id), tuple(numbers)).value()
    yes = button("Share", CONFIRM, value, style="primary")
    return Message(
        f"{text} {listed([code(n) for n in numbers])}",
        (
            section(text),
            *(header(number) for number in numbers),
            *(section(_standing(image, member)) for member in already),
            section("\n".join(f"• {warning}" for warning in _warnings(numbers, linked))),
            buttons(yes, cancel_button("share", image)),
        ),
    )


def already_shared(image: Image, account: Account, members: Sequence[Member]) -> Message:
    """Nothing to do: all the accounts asked for are members."""
    lines = [_standing(image, member) for member in members]
    return Message(
        sentences(lines),
        (*(section(line) for line in lines), buttons(members_button(image, account))),
    )


def shared(
    image: Image, account: Account, outcomes: Sequence[Outcome], linked: Collection[str]
) -> Message:
    """What became of each account, one by one, with an Undo for what is new."""
    new = [outcome.number for outcome in outcomes if outcome.new]
    whom = counted(len(new), "account") if new else "no further account"
    text = f"Shared {described(image)} with {whom}."
    blocks = [section(text), *(_outcome(image, account, outcome) for outcome in outcomes)]
    if new:
        blocks.append(context(_who_tells(new, linked)))
    return Message(text, (*blocks, buttons(members_button(image, account))))


def _warnings(numbers: Sequence[str], linked: Collection[str]) -> list[str]:
    unknown = [code(n) for n in numbers if n not in linked]
    known = [code(n) for n in numbers if n in linked]
    return [
        "*Check the number.* The cloud does not: a typo shares with a stranger, or with nobody.",
        *([f"Someone in this workspace has linked {listed(known)}."] if known else []),
        *([f"Nobody in this workspace has linked {listed(unknown)}."] if unknown else []),
        "*Access begins at once*, before anyone accepts. "
        "Accepting only puts the image in that account's list.",
        "It is shared with an *account*, not a person: everyone who uses that account gets it.",
        f"Only `/images unshare` ends access. {STAYS}",
        "Look for licences you may not pass on, and for passwords and keys left inside.",
    ]


def _who_tells(new: Sequence[str], linked: Collection[str]) -> str:
    told = [code(n) for n in new if n in linked]
    untold = [code(n) for n in new if n not in linked]
    digest = f"Whoever linked {listed(told)} here hears of it in their next digest."
    alone = (
        f"Nobody here has linked {listed(untold)}, and the cloud tells nobody: tell them yourself."
    )
    return sentences([digest if told else "", alone if untold else ""])


def _outcome(image: Image, account: Account, outcome: Outcome) -> Block:
    if outcome.member is None:
        return section(f"{code(outcome.number)}: not shared. {outcome.trouble}")
    if not outcome.new:
        return section(_standing(image, outcome.member))
    place = Place(account.id, image.region, image.id)
    undo = Unshare(place, outcome.number).value()
    return section(
        f"{code(outcome.number)}: shared, {answer_of(outcome.member)}. It has access now.",
        button("Undo", UNDO, undo, label=f"Undo sharing with {outcome.number}"),
    )


def _standing(image: Image, member: Member) -> str:
    """An account that was a member before."""
    name, consumer = named(image.name or image.id), code(member.member_id)
    match member.status:
        case MemberStatus.PENDING:
            return (
                f"{name} is already shared with {consumer}, "
                f"still pending since {date(member.created_at)}. If they know nothing of it, "
                "check the number."
            )
        case MemberStatus.REJECTED:
            return (
                f"{name} is already shared with {consumer}, who rejected it "
                f"{date(member.updated_at)}. To invite them anew: {AGAIN}"
            )
    return f"{name} is already shared with {consumer}: {answer_of(member)}."
