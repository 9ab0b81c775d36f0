"""Words for invitations: images that an account has not accepted or rejected yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from cloud.models import MemberStatus
from handlers.core.button_values import ButtonValue, pack, unpack
from handlers.core.errors import BadButton, Trouble
from handlers.core.places import ImageRef, ProducerRef
from handlers.core.replies import Block, Message
from handlers.invitations.views import auto_accept
from handlers.invitations.views import snooze as snoozes
from handlers.ui.blocks import (
    age,
    button,
    buttons,
    code,
    confirm,
    context,
    counted,
    date,
    named,
    section,
    sentences,
    size,
    text_message,
)
from handlers.ui.error_words import trouble_notes
from handlers.ui.image_buttons import Origin, answer_buttons
from handlers.ui.labels import account_label
from handlers.ui.paging import page_of, turns
from storage import Account

ACCEPT_ALL = "invitations.accept_all"
PAGE = "invitations.page"
PAGE_BACK = "invitations.page_back"

SHOWN = 6
"""Cards on a page: with their buttons they stay well below Slack's 13,200 characters."""
RULES_SHOWN = 5
"""Lines of muted producers, and of trusted ones."""


@dataclass(frozen=True)
class InboxPage(ButtonValue):
    """The value of Next and Previous: whose list it is, and the page to show."""

    user_id: str
    page: int


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
    mark: str = ""
    """Said beside its name: that it is new, for instance."""
    snoozed: str = ""
    """Until when the person has snoozed it, in words; "" if they have not."""
    muted: bool = False
    """Whether the person has muted its producer."""

    @property
    def place(self) -> ImageRef:
        return ImageRef(self.account.id, self.region, self.image_id)


@dataclass(frozen=True)
class AutomaticRules:
    """What was decided for future invitations: trusted and muted producers."""

    trusts: Sequence[auto_accept.Trust] = ()
    mutes: Sequence[ProducerRef] = ()


NO_RULES = AutomaticRules()


@dataclass(frozen=True)
class Answered:
    """An invitation as the API shows it after an answer."""

    card: Card
    by: str = ""
    """Mention of who answered; empty if it was not through this bot."""
    at: datetime | None = None
    before: bool = False
    """It had been answered already: nothing was changed now."""


def pending(
    cards: Sequence[Card],
    user_id: str,
    now: datetime,
    *,
    page: int = 1,
    result: str = "",
    offer: Block | None = None,
    rules: AutomaticRules = NO_RULES,
    troubles: Sequence[Trouble] = (),
) -> Message:
    """
    The pending invitations, a card each, by account and region.

    Always redrawn from what is true now; *result* says what a click has just done,
    so that its card does not vanish without a word, and *offer* is what may come of it.
    """
    text = _count(cards)
    cut = page_of(cards, page, SHOWN)
    blocks = [section(result)] if result else []
    blocks += [buttons(offer)] if offer else []
    blocks += [section(text), *cards_of(cut.shown, now)]
    if len(open_ := _not_silenced(cut.shown)) > 1:
        blocks.append(buttons(accept_all_button(open_)))
    if cards:
        blocks.append(context(MEANING))
    blocks += turns(cut, partial(InboxPage, user_id), back=PAGE_BACK, on=PAGE)
    blocks += _rules(rules)
    return Message(sentences([result, text]), (*blocks, *trouble_notes(troubles)))


def ambiguous(
    cards: Sequence[Card], word: str, now: datetime, troubles: Sequence[Trouble]
) -> Message:
    """Several invitations fit the word: answer the one that is meant."""
    text = f"{counted(len(cards), 'image')} shared with you match {named(word)}. Which one?"
    blocks = [section(text), *cards_of(cards[:SHOWN], now, silence_buttons=False)]
    if len(cards) > SHOWN:
        blocks.append(context(f"…and {len(cards) - SHOWN} more. Give the image's id instead."))
    return Message(text, (*blocks, context(MEANING), *trouble_notes(troubles)))


def answered(answer: Answered, offer: Block | None = None) -> Message:
    """The answer to `accept` and `reject`, and what may come of it."""
    text = answer_sentence(answer)
    [answers] = answer_buttons(answer.card.place, answer.card.status)
    more = [buttons(offer)] if offer else []
    return text_message(text, answers, *more)


def accept_all_button(cards: Sequence[Card]) -> Block:
    """Accepts these cards and no others, whatever has come since."""
    value = pack(*(part for card in cards for part in card.place.parts))
    asked = confirm(
        f"Accept {counted(len(cards), 'invitation')}?",
        f"The {len(cards)} images shown here are put in the lists of your accounts, one after "
        "the other. Trust their senders before you boot from them.",
        "Accept all",
    )
    return button(f"Accept all {len(cards)}", ACCEPT_ALL, value, confirm=asked)


def read_all(value: str) -> Sequence[ImageRef]:
    parts = unpack(value, 3)
    if len(parts) % 3:
        raise BadButton
    return [ImageRef(*parts[i : i + 3]) for i in range(0, len(parts), 3)]


def accepted_all(outcomes: Sequence[tuple[str, str]]) -> str:
    """The outcome for each image, by name; "" where it was accepted."""
    done = sum(not trouble for _, trouble in outcomes)
    lines = [f"• {named(name)}: {trouble or 'accepted.'}" for name, trouble in outcomes]
    return "\n".join([f"Accepted {done} of {counted(len(outcomes), 'invitation')}.", *lines])


WITHDRAWN = "no longer there: its owner withdrew it or deleted the image."
ON_A_PAGE = "its account wants that confirmed on a page: press Accept below it."


def already_answered(status: str) -> str:
    return f"had already been {status if status in _NOW else named(status)}."


def answer_sentence(answer: Answered) -> str:
    """Who answered what, when, and what it means now."""
    card = answer.card
    image = f"{named(card.image_name or card.image_id)} ({card.region}, from {code(card.owner)})"
    account = f"account {account_label(card.account)}"
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


MEANING = (
    "*Accept* puts the image in your account's list, for everyone who uses the account; "
    "trust the sender before you boot from it. *Reject* only keeps it out of the list. "
    "Nonstandard images have reduced support from the provider."
)

AUTOMATICALLY = "me, because its owner is trusted"
"""Who answered, where nobody did."""

_NOW: Mapping[str, str] = {
    MemberStatus.ACCEPTED: "It is in that account's list: `/images list --shared`.",
    MemberStatus.REJECTED: "It stays out of that account's list; you may still accept it.",
}


def _count(cards: Sequence[Card]) -> str:
    if not cards:
        return "No invitations wait for your answer."
    verb = "waits" if len(cards) == 1 else "wait"
    return f"*{counted(len(cards), 'invitation')}* {verb} for your answer."


def cards_of(cards: Sequence[Card], now: datetime, *, silence_buttons: bool = True) -> list[Block]:
    """
    Each with its answers.

    Args:
        silence_buttons: add the snooze menu and the mute button.
    """
    blocks: list[Block] = []
    group = ("", "")
    for card in cards:
        if group != (card.account.id, card.region):
            group = (card.account.id, card.region)
            blocks.append(section(f"*For account {account_label(card.account)} in {card.region}*"))
        [answers] = answer_buttons(card.place, card.status, Origin.LIST)
        row = buttons(*answers["elements"], *(_silence_buttons(card) if silence_buttons else ()))
        blocks += [section(line(card, now)), row]
    return blocks


def _not_silenced(cards: Sequence[Card]) -> list[Card]:
    """Those that the person has neither snoozed nor muted."""
    return [card for card in cards if not (card.snoozed or card.muted)]


def _silence_buttons(card: Card) -> list[Block]:
    """The snooze menu or Unsnooze, and the mute button or Unmute."""
    if card.status != MemberStatus.PENDING:
        return []
    snooze = snoozes.unsnooze_button if card.snoozed else snoozes.snooze_menu
    mute = snoozes.unmute_button if card.muted else snoozes.mute_button
    of_producer = [mute(ProducerRef(card.account.id, card.owner))] if card.owner else []
    return [snooze(card.place), *of_producer]


def line(card: Card, now: datetime) -> str:
    owner = f"from account {code(card.owner)}" if card.owner else "owner unknown"
    facts = [size(card.size), card.region, owner, "nonstandard"]
    invited = f"invited {age(card.invited_at, now)} ago" if card.invited_at else ""
    made = f"image made {age(card.created_at, now)} ago" if card.created_at else ""
    status = "" if card.status == MemberStatus.PENDING else f"now {card.status}"
    snoozed = f"snoozed {card.snoozed}" if card.snoozed else ""
    times = [each for each in (invited, made, status, snoozed, _MUTED[card.muted]) if each]
    name = f"*{named(card.image_name)}*" + (f" · {card.mark}" if card.mark else "")
    lines = [name, " · ".join(facts), " · ".join(times)]
    return "\n".join([*filter(None, lines), code(card.image_id)])


_MUTED = {True: "producer muted", False: ""}


def _rules(rules: AutomaticRules) -> list[Block]:
    trusts = [section(auto_accept.line(t), auto_accept.end_button(t)) for t in rules.trusts]
    mutes = [
        section(
            f"You hear nothing of what account {code(mute.number)} shares.",
            snoozes.unmute_button(mute),
        )
        for mute in rules.mutes
    ]
    left = [len(each) - RULES_SHOWN for each in (trusts, mutes)]
    more = sum(max(0, each) for each in left)
    shown = [*trusts[:RULES_SHOWN], *mutes[:RULES_SHOWN]]
    return [*shown, context(f"…and {more} more of these.")] if more else shown
