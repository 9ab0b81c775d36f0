"""Words for invitations: images that wait for an account's answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cloud.models import MemberStatus
from handlers.errors import Trouble
from handlers.message import Block, Message
from handlers.views.accounts import Account, label
from handlers.views.blocks import (
    age,
    button,
    buttons,
    code,
    context,
    counted,
    date,
    named,
    section,
    sentences,
    size,
)
from handlers.views.errors import notes
from handlers.views.values import Place, number, pack, unpack

ACCEPT = "invitations.accept"
REJECT = "invitations.reject"
PAGE = "invitations.page"
PAGE_BACK = "invitations.page_back"

SHOWN = 8
"""Cards on a page: with their buttons they stay well below Slack's 13,200 characters."""


class Origin(StrEnum):
    """Which message an answer's button stands in, and so what to redraw."""

    LIST = "list"
    IMAGE = "image"


@dataclass(frozen=True)
class Answer:
    """The value of Accept and Reject: the invitation, as it stood when the button was made."""

    place: Place
    seen: str
    origin: Origin

    @classmethod
    def read(cls, value: str) -> Answer:
        account_id, region, image_id, seen, origin = unpack(value, 5)[:5]
        place = Place(account_id, region, image_id)
        return cls(place, seen, Origin.IMAGE if origin == Origin.IMAGE else Origin.LIST)

    def value(self) -> str:
        return pack(*self.place.parts, self.seen, self.origin)


@dataclass(frozen=True)
class Turn:
    """The value of Next and Previous: whose list it is, and the page to show."""

    user_id: str
    page: int

    @classmethod
    def read(cls, value: str) -> Turn:
        user_id, page = unpack(value, 2)[:2]
        return cls(user_id, number(page))

    def value(self) -> str:
        return pack(self.user_id, str(self.page))


@dataclass(frozen=True)
class Card:
    """One invitation: an image of someone else, and the account it is shared with."""

    account: Account
    region: str
    image_id: str
    image_name: str
    owner: str
    size: int | None
    invited_at: datetime | None = None
    created_at: datetime | None = None
    """When the image was made, where that is known."""
    status: str = MemberStatus.PENDING


@dataclass(frozen=True)
class Answered:
    """An invitation as the API shows it after an answer."""

    card: Card
    by: str = ""
    """Mention of who answered; empty if it was not through this bot."""
    at: datetime | None = None
    before: bool = False
    """It had been answered already: nothing was changed now."""


def waiting(
    cards: Sequence[Card],
    user_id: str,
    now: datetime,
    *,
    page: int = 1,
    said: str = "",
    troubles: Sequence[Trouble] = (),
) -> Message:
    """
    The invitations that wait for an answer, a card each, by account and region.

    Always drawn anew from what is true now; *said* tells what a click has just done,
    so that its card does not vanish without a word.
    """
    text = _count(cards)
    pages = max(1, -(-len(cards) // SHOWN))
    page = min(max(1, page), pages)
    shown = cards[(page - 1) * SHOWN : page * SHOWN]
    blocks = [section(said)] if said else []
    blocks += [section(text), *_cards(shown, now)]
    if cards:
        blocks.append(context(MEANING))
    if pages > 1:
        blocks += [context(f"Page {page} of {pages}."), buttons(*_turns(user_id, page, pages))]
    return Message(sentences([said, text]), (*blocks, *notes(troubles)))


def which(cards: Sequence[Card], word: str, now: datetime, troubles: Sequence[Trouble]) -> Message:
    """Several invitations fit the word: answer the one that is meant."""
    text = f"{counted(len(cards), 'image')} shared with you match {named(word)}. Which one?"
    blocks = [section(text), *_cards(cards[:SHOWN], now)]
    if len(cards) > SHOWN:
        blocks.append(context(f"…and {len(cards) - SHOWN} more. Give the image's id instead."))
    return Message(text, (*blocks, context(MEANING), *notes(troubles)))


def answered(answer: Answered) -> Message:
    """The answer to `accept` and `reject`."""
    text = said(answer)
    place = Place(answer.card.account.id, answer.card.region, answer.card.image_id)
    return Message(text, (section(text), *answers_to(place, answer.card.status)))


def said(answer: Answered) -> str:
    """Who answered what, when, and what it means now."""
    card = answer.card
    image = f"{named(card.image_name or card.image_id)} ({card.region}, from {code(card.owner)})"
    account = f"account {label(card.account)}"
    when = f" {date(answer.at)}" if answer.at else ""
    status = named(card.status) if card.status not in _NOW else card.status
    meaning = _NOW.get(card.status, "")
    if answer.before:
        who = f"by {answer.by}" if answer.by else "outside this bot as far as I know,"
        return (
            f"{image} had already been {status} for {account}, {who}{when}. "
            f"Nothing was changed. {meaning}"
        )
    return f"{answer.by} {status} {image} for {account}{when}. {meaning}"


def withdrawn(name: str) -> str:
    return (
        f"The invitation to {named(name)} is no longer there: its owner withdrew it "
        "or deleted the image. Nothing was changed."
    )


def just(text: str) -> Message:
    """Something was done, and what it led to cannot be shown."""
    return Message(text, (section(text),))


def answers_to(place: Place, status: str, origin: Origin = Origin.IMAGE) -> tuple[Block, ...]:
    """The buttons for an invitation of that status: the answers that it has not got."""
    value = Answer(place, status, origin).value()
    elements = []
    if status != MemberStatus.ACCEPTED:
        elements.append(button("Accept", ACCEPT, value, style="primary"))
    if status != MemberStatus.REJECTED:
        elements.append(button("Reject", REJECT, value))
    return (buttons(*elements),)


MEANING = (
    "*Accept* puts the image in your account's list, for everyone who uses the account; "
    "trust the sender before you boot from it. *Reject* only keeps it out of the list. "
    "Nonstandard images have reduced support from the provider."
)

_NOW: Mapping[str, str] = {
    MemberStatus.ACCEPTED: "It is in that account's list: `/images list --shared`.",
    MemberStatus.REJECTED: "It stays out of that account's list; you may still accept it.",
}


def _count(cards: Sequence[Card]) -> str:
    if not cards:
        return "No invitations wait for your answer."
    verb = "waits" if len(cards) == 1 else "wait"
    return f"*{counted(len(cards), 'invitation')}* {verb} for your answer."


def _cards(cards: Sequence[Card], now: datetime) -> list[Block]:
    blocks: list[Block] = []
    group = ("", "")
    for card in cards:
        if group != (card.account.id, card.region):
            group = (card.account.id, card.region)
            blocks.append(section(f"*For account {label(card.account)} in {card.region}*"))
        place = Place(card.account.id, card.region, card.image_id)
        blocks += [section(_line(card, now)), *answers_to(place, card.status, Origin.LIST)]
    return blocks


def _line(card: Card, now: datetime) -> str:
    owner = f"from account {code(card.owner)}" if card.owner else "owner unknown"
    facts = [size(card.size), card.region, owner, "nonstandard"]
    invited = f"invited {age(card.invited_at, now)} ago" if card.invited_at else ""
    made = f"image made {age(card.created_at, now)} ago" if card.created_at else ""
    status = "" if card.status == MemberStatus.PENDING else f"now {card.status}"
    times = [part for part in (invited, made, status) if part]
    lines = [f"*{named(card.image_name)}*", " · ".join(facts), " · ".join(times)]
    return "\n".join([*filter(None, lines), code(card.image_id)])


def _turns(user_id: str, page: int, pages: int) -> list[Block]:
    back = [button("Previous", PAGE_BACK, Turn(user_id, page - 1).value())] if page > 1 else []
    on = [button("Next", PAGE, Turn(user_id, page + 1).value())] if page < pages else []
    return back + on
