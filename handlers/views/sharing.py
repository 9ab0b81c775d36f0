"""Words for sharing an image, and for those it is shared with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cloud.models import Image, Member, MemberStatus
from handlers.message import Block, Message
from handlers.views.accounts import Account, label
from handlers.views.blocks import (
    button,
    buttons,
    code,
    confirm,
    context,
    counted,
    date,
    header,
    listed,
    named,
    section,
    sentences,
    size,
)
from handlers.views.values import Place, number, pack, unpack

CONFIRM = "sharing.confirm"
CANCEL = "sharing.cancel"
UNDO = "sharing.undo"
UNSHARE = "sharing.unshare"
MEMBERS = "sharing.members"
MEMBERS_BACK = "sharing.members_back"

SHOWN = 10
"""Members on a page."""


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
class Unshare:
    """The value of the Undo and Unshare buttons: an image and one account it is shared with."""

    place: Place
    number: str

    @classmethod
    def read(cls, value: str) -> Unshare:
        account_id, region, image_id, consumer = unpack(value, 4)[:4]
        return cls(Place(account_id, region, image_id), consumer)

    def value(self) -> str:
        return pack(*self.place.parts, self.number)


@dataclass(frozen=True)
class Page:
    """The value of the Members, Next and Previous buttons."""

    place: Place
    page: int = 1

    @classmethod
    def read(cls, value: str) -> Page:
        account_id, region, image_id, page = unpack(value, 4)[:4]
        return cls(Place(account_id, region, image_id), number(page))

    def value(self) -> str:
        return pack(*self.place.parts, str(self.page))


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
    text = f"Share {_image(image)} from your account {label(account)} with {whom}?"
    value = Share(Place(account.id, image.region, image.id), tuple(numbers)).value()
    yes = button("Share", CONFIRM, value, style="primary")
    return Message(
        f"{text} {listed([code(n) for n in numbers])}",
        (
            section(text),
            *(header(number) for number in numbers),
            *(section(_standing(image, member)) for member in already),
            section("\n".join(f"• {warning}" for warning in _warnings(numbers, linked))),
            buttons(yes, button("Cancel", CANCEL, pack("share", image.name or image.id))),
        ),
    )


def already_shared(image: Image, account: Account, members: Sequence[Member]) -> Message:
    """Nothing to do: all the accounts asked for are members."""
    lines = [_standing(image, member) for member in members]
    return Message(
        sentences(lines),
        (*(section(line) for line in lines), buttons(_members_button(image, account))),
    )


def shared(
    image: Image, account: Account, outcomes: Sequence[Outcome], linked: Collection[str]
) -> Message:
    """What became of each account, one by one, with an Undo for what is new."""
    new = [outcome.number for outcome in outcomes if outcome.new]
    whom = counted(len(new), "account") if new else "no further account"
    text = f"Shared {_image(image)} with {whom}."
    blocks = [section(text), *(_outcome(image, account, outcome) for outcome in outcomes)]
    if new:
        blocks.append(context(_who_tells(new, linked)))
    return Message(text, (*blocks, buttons(_members_button(image, account))))


def confirm_unshare(image: Image, account: Account, member: Member) -> Message:
    text = f"Stop sharing {_image(image)} with account {code(member.member_id)}?"
    value = Unshare(Place(account.id, image.region, image.id), member.member_id).value()
    yes = button("Unshare", UNSHARE, value, style="danger")
    return Message(
        text,
        (
            section(text),
            section(f"Their answer: {_status(member)}.\n• {_LOSES}\n• {_STAYS}"),
            buttons(yes, button("Cancel", CANCEL, pack("unshare", image.name or image.id))),
        ),
    )


def cancelled(value: str) -> Message:
    doing, name = unpack(value, 2)[:2]
    text = f"Cancelled: {named(name)} was not {doing}d. Nothing was changed."
    return Message(text, (section(text),))


def unshared(image: Image, number: str, before: Member | None, *, undone: bool = False) -> str:
    """What an Undo or Unshare has just done; *before* is the member as it was, if it was one."""
    if before is None:
        return f"{_image(image)} was no longer shared with {code(number)}. Nothing was changed."
    verb = "Undone: " if undone else ""
    said = f"{verb}{_image(image)} is no longer shared with {code(number)}."
    if before.status == MemberStatus.ACCEPTED:
        when = date(before.updated_at)
        return f"{said} They had already accepted it, on {when}: {_STAYS[0].lower()}{_STAYS[1:]}"
    return f"{said} They had not accepted it."


def just(said: str) -> Message:
    """Something was done, and what it led to cannot be shown."""
    return Message(said, (section(said),))


def members(
    image: Image,
    account: Account,
    everyone: Sequence[Member],
    page: int = 1,
    said: str = "",
) -> Message:
    """Whom the image is shared with, and what each has answered; *said* is what was just done."""
    own = image.owner == account.project_id
    text = _shared_with(image, everyone) if own else _own_row(image, account)
    pages = max(1, -(-len(everyone) // SHOWN))
    page = min(max(1, page), pages)
    shown = everyone[(page - 1) * SHOWN : page * SHOWN]
    place = Place(account.id, image.region, image.id)
    blocks = [section(said)] if said else []
    blocks += [section(text), *(_row(image, place, m, own=own) for m in shown)]
    if any(member.status == MemberStatus.REJECTED for member in shown) and own:
        blocks.append(context(f"To invite an account that rejected it: {_AGAIN}"))
    if pages > 1:
        blocks += [context(f"Page {page} of {pages}."), buttons(*_turns(place, page, pages))]
    return Message(sentences([said, text]), tuple(blocks))


def member(image: Image, account: Account, one: Member) -> Message:
    text = f"{_image(image)} and account {code(one.member_id)}: {_status(one)}."
    facts = f"Invited on {date(one.created_at)}, last change on {date(one.updated_at)}."
    place = Place(account.id, image.region, image.id)
    row = _row(image, place, one, own=image.owner == account.project_id)
    return Message(text, (section(text), row, context(f"{facts} {_MEANING}")))


_LOSES = "That account loses access at once."
_STAYS = "Servers and images already built from it stay."
_AGAIN = "unshare, then share again."
_MEANING = (
    "The answer only decides whether the image is in that account's list: "
    "access lasts from sharing to unsharing."
)


def _image(image: Image) -> str:
    return f"{named(image.name or image.id)} ({image.region}, {size(image.size)})"


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
        f"Only `/images unshare` ends access. {_STAYS}",
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
        f"{code(outcome.number)}: shared, {_status(outcome.member)}. It has access now.",
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
                f"{name} is already shared with {consumer}, who rejected it on "
                f"{date(member.updated_at)}. To invite them anew: {_AGAIN}"
            )
    return f"{name} is already shared with {consumer}: {_status(member)}."


def _status(member: Member) -> str:
    words: Mapping[str, str] = {
        MemberStatus.PENDING: f"pending since {date(member.created_at)}",
        MemberStatus.ACCEPTED: f"accepted on {date(member.updated_at)}",
        MemberStatus.REJECTED: f"rejected on {date(member.updated_at)}",
    }
    return words.get(member.status, f"{named(member.status)} since {date(member.updated_at)}")


def _shared_with(image: Image, everyone: Sequence[Member]) -> str:
    if not everyone:
        return (
            f"{_image(image)} is shared with nobody. Share it: `/images share {image.id} ACCOUNT`"
        )
    count = counted(len(everyone), "account")
    answers = [str(member.status) for member in everyone]
    tally = [f"{answers.count(answer)} {answer}" for answer in dict.fromkeys(sorted(answers))]
    return f"{_image(image)} is shared with *{count}*: {listed(tally)}."


def _own_row(image: Image, account: Account) -> str:
    return (
        f"{_image(image)} belongs to account {code(image.owner)}, which alone sees all members. "
        f"This is your account {label(account)}:"
    )


def _row(image: Image, place: Place, member: Member, *, own: bool) -> Block:
    text = f"{code(member.member_id)} · {_status(member)}"
    if not own:
        return section(text)
    question = confirm(
        f"Unshare with {member.member_id}?",
        f"{_LOSES} {_STAYS} Image: {named(image.name or image.id, 30)}",
        "Unshare",
    )
    value = Unshare(place, member.member_id).value()
    again = f"Unshare with {member.member_id}"
    return section(
        text, button("Unshare", UNSHARE, value, style="danger", confirm=question, label=again)
    )


def _members_button(image: Image, account: Account) -> Block:
    return button("Members", MEMBERS, Page(Place(account.id, image.region, image.id)).value())


def _turns(place: Place, page: int, pages: int) -> list[Block]:
    back = [button("Previous", MEMBERS_BACK, Page(place, page - 1).value())] if page > 1 else []
    on = [button("Next", MEMBERS, Page(place, page + 1).value())] if page < pages else []
    return back + on
