"""The form that answers several invitations at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from handlers.core.button_values import pack
from handlers.core.replies import Block, Message, Modal, Option
from handlers.invitations.views.cards import Card
from handlers.ui import form_fields
from handlers.ui.blocks import button, code, date, listed, size, text_message
from handlers.ui.form_fields import MAX_OPTIONS
from handlers.ui.typeahead_options import MAX_VALUE, option_text

FORM = "invitations.answer_form"
OPEN = "invitations.answer"
WHICH, ANSWER = "invitations.which", "invitations.how"
UNTIL, ALWAYS = "invitations.until", "invitations.always"
YES = "yes"


class Answer(StrEnum):
    """The action for the invitations."""

    ACCEPT = "accept"
    REJECT = "reject"
    SNOOZE = "snooze"
    MUTE = "mute"


_ANSWERS: Mapping[Answer, tuple[str, str]] = {
    Answer.ACCEPT: ("Accept", "adds the images to your accounts' lists"),
    Answer.REJECT: ("Reject", "keeps the images out of the lists"),
    Answer.SNOOZE: ("Snooze", "no notifications of them until the day below"),
    Answer.MUTE: ("Mute the producers", "no notifications of anything they share"),
}


def form(cards: Sequence[Card], answer: str = "") -> Modal:
    """Ask for the answer, which may be chosen already, and which are meant: at first all."""
    options = [option for option in map(_option, cards) if len(option.value) <= MAX_VALUE]
    answers = [Option(label, each, about) for each, (label, about) in _ANSWERS.items()]
    shown = options[:MAX_OPTIONS]
    always = [Option("Accept automatically what these producers share", YES)]
    return Modal(
        FORM,
        "Answer invitations",
        (
            form_fields.multi_select(
                "Invitations", WHICH, shown, initial=[each.value for each in shown], optional=False
            ),
            form_fields.radio("Answer", ANSWER, answers, initial=answer),
            form_fields.date(
                "Snooze until", UNTIL, optional=True, hint="Empty: until the invitation changes."
            ),
            form_fields.checkboxes(
                "From now on", ALWAYS, always, hint="Only with Accept. You're notified each time."
            ),
        ),
        "Answer",
    )


def open_button() -> Block:
    """Below a list of invitations."""
    return button("Answer…", OPEN, pack())


def nothing_pending() -> Message:
    return text_message("No invitations are pending.")


def snoozed(until: datetime | None) -> str:
    """The outcome, as it follows the name of an image."""
    return f"snoozed until {date(until) if until else 'it changes'}"


def muted(producers: Sequence[str]) -> str:
    """The outcome."""
    if not producers:
        return "Nobody was muted: the producers are unknown."
    return f"Muted {listed([code(number) for number in producers])}."


def _option(card: Card) -> Option:
    account = card.account.project_name or card.account.project_id
    about = f"from {card.owner or 'an unknown owner'} · {size(card.size)} · for {account}"
    label = f"{card.image_name or card.image_id} · {card.region}"
    return Option(option_text(label), card.place.value(), option_text(about))
