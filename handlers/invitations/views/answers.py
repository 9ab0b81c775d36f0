"""Words for invitations that have been answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cloud.models import MemberStatus
from handlers.core.replies import Block, Message
from handlers.invitations.views.cards import Card
from handlers.ui.blocks import buttons, code, counted, date, named, text_message
from handlers.ui.image_buttons import answer_buttons
from handlers.ui.labels import account_label


@dataclass(frozen=True)
class Answered:
    """An invitation as the API shows it after an answer."""

    card: Card
    by: str = ""
    """Mention of who answered; empty if it was not through this bot."""
    at: datetime | None = None
    before: bool = False
    """It had been answered already: nothing was changed now."""


def answered(answer: Answered, offer: Block | None = None) -> Message:
    """Answer `accept` and `reject`, with an offer for what may follow."""
    text = answer_sentence(answer)
    answers = answer_buttons(answer.card.place, answer.card.status)
    more = [buttons(offer)] if offer else []
    return text_message(text, buttons(*answers), *more)


def answered_all(outcomes: Sequence[tuple[str, str]], done: str) -> str:
    """The outcome for each image, by name: what kept it, or "" where it is *done*."""
    count = sum(not trouble for _, trouble in outcomes)
    lines = [f"• {named(name)}: {trouble or f'{done}.'}" for name, trouble in outcomes]
    total = counted(len(outcomes), "invitation")
    return "\n".join([f"{done.capitalize()} {count} of {total}.", *lines])


WITHDRAWN = "no longer there: its owner withdrew it or deleted the image."
ON_A_PAGE = "its account requires confirming this on a page: press Accept below it."


def already_answered(status: str) -> str:
    return f"already {status if status in _NOW else named(status)}."


def answer_sentence(answer: Answered) -> str:
    """Who answered what, when, and what it means now."""
    card = answer.card
    image = f"{named(card.name)} ({card.region}, from {code(card.owner)})"
    account = f"account {account_label(card.account)}"
    when = f" {date(answer.at)}" if answer.at else ""
    status = named(card.status) if card.status not in _NOW else card.status
    meaning = _NOW.get(card.status, "")
    if answer.before:
        who = f"by {answer.by}" if answer.by else "outside this bot,"
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


AUTOMATICALLY = "me automatically"
"""The mention for an automatic answer."""
_NOW: Mapping[str, str] = {
    MemberStatus.ACCEPTED: "It is in that account's list: `/images list --shared`.",
    MemberStatus.REJECTED: "It stays out of that account's list. You can still accept it.",
}
