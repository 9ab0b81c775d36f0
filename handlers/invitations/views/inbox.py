"""Words for invitations: images that an account has not accepted or rejected yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.core.button_values import ButtonValue, pack, unpack
from handlers.core.errors import BadButton, Trouble
from handlers.core.places import ImageRef, ProducerRef
from handlers.core.replies import Block, Message, fitted
from handlers.invitations.views import auto_accept
from handlers.invitations.views import snooze as snoozes
from handlers.invitations.views.answer_form import open_button
from handlers.invitations.views.cards import MEANING, Card, cards_of
from handlers.ui.blocks import (
    button,
    buttons,
    code,
    confirm,
    context,
    counted,
    named,
    section,
    sentences,
    text_message,
)
from handlers.ui.error_words import trouble_notes
from handlers.ui.paging import page_of, turns

ACCEPT_ALL = "invitations.accept_all"
PAGE = "invitations.page"
PAGE_BACK = "invitations.page_back"

SHOWN = 5
"""Cards on a page at most: fewer if they would not fit one message."""
RULES_SHOWN = 5
"""Lines of muted producers, and of trusted ones."""


@dataclass(frozen=True)
class InboxPage(ButtonValue):
    """The value of Next and Previous: whose list it is, and the page to show."""

    user_id: str
    page: int
    size: int = SHOWN
    """Cards on the pages by which it is counted."""


@dataclass(frozen=True)
class AutomaticRules:
    """What was decided for future invitations: trusted and muted producers."""

    trusts: Sequence[auto_accept.Trust] = ()
    mutes: Sequence[ProducerRef] = ()


NO_RULES = AutomaticRules()


def pending(
    cards: Sequence[Card],
    user_id: str,
    now: datetime,
    *,
    page: int = 1,
    size: int = SHOWN,
    result: str = "",
    offer: Block | None = None,
    rules: AutomaticRules = NO_RULES,
    troubles: Sequence[Trouble] = (),
) -> Message:
    """
    The pending invitations, a card each, by account and region.

    Always redrawn from what is true now; *result* says what a click has just done,
    so that its card does not vanish without a word, and *offer* is what may come of it.

    Args:
        size: cards on the pages by which *page* is counted. If so many do not fit one message,
            the page begins a little earlier: none is passed over.
    """
    text = _count(cards)

    def build(count: int) -> Message:
        cut = page_of(cards, page, count)
        blocks = [section(result)] if result else []
        blocks += [buttons(offer)] if offer else []
        blocks += [section(text), *cards_of(cut.shown, now)]
        several = _for_all(cards, _not_silenced(cut.shown)) if len(cards) > 1 else []
        blocks += [buttons(*several)] if several else []
        if cards:
            blocks.append(context(MEANING))
        blocks += turns(cut, lambda n: InboxPage(user_id, n, count), back=PAGE_BACK, on=PAGE)
        blocks += _rules(rules)
        return Message(sentences([result, text]), (*blocks, *trouble_notes(troubles)))

    return fitted(build, min(max(1, size), SHOWN))


def no_access() -> Message:
    """In place of a list or digest whose reader may no longer see any of its accounts."""
    return text_message(
        "You no longer have access to the account, so its invitations are hidden. See what you "
        "can use: `/images accounts`."
    )


def ambiguous(
    cards: Sequence[Card], word: str, now: datetime, troubles: Sequence[Trouble]
) -> Message:
    """Several invitations fit the word: answer the one that is meant."""
    text = f"{counted(len(cards), 'image')} shared with you match {named(word)}. Which one?"
    blocks = [section(text), *cards_of(cards[:SHOWN], now, silence_menu=False)]
    if len(cards) > SHOWN:
        blocks.append(context(f"…and {len(cards) - SHOWN} more. Give the image's id instead."))
    return Message(text, (*blocks, context(MEANING), *trouble_notes(troubles)))


def accept_all_button(cards: Sequence[Card]) -> Block:
    """Accepts these cards and no others, whatever has come since."""
    value = pack(*(part for card in cards for part in card.place.parts))
    asked = confirm(
        f"Accept {counted(len(cards), 'invitation')}?",
        f"The {len(cards)} images shown here are added to your accounts' image lists. Trust "
        "their senders before you boot from them.",
        "Accept these",
    )
    return button(f"Accept these {len(cards)}", ACCEPT_ALL, value, confirm=asked)


def _for_all(cards: Sequence[Card], open_: Sequence[Card]) -> list[Block]:
    """The buttons that answer more than one, if the reader may answer any."""
    answerable = [card for card in open_ if card.may_answer]
    accept = [accept_all_button(answerable)] if len(answerable) > 1 else []
    return [*accept, open_button()] if any(card.may_answer for card in cards) else []


def read_all(value: str) -> Sequence[ImageRef]:
    parts = unpack(value, 3)
    if len(parts) % 3:
        raise BadButton
    return [ImageRef(*parts[i : i + 3]) for i in range(0, len(parts), 3)]


def _count(cards: Sequence[Card]) -> str:
    if not cards:
        return "No pending invitations."
    return f"*{counted(len(cards), 'pending invitation')}*."


def _not_silenced(cards: Sequence[Card]) -> list[Card]:
    """Those that the person has neither snoozed nor muted."""
    return [card for card in cards if not (card.snooze or card.muted)]


def _rules(rules: AutomaticRules) -> list[Block]:
    trusts = [
        section(auto_accept.line(t), auto_accept.end_button(t) if t.may_end else None)
        for t in rules.trusts
    ]
    mutes = [
        section(
            f"Account {code(mute.number)} is muted.",
            snoozes.unmute_button(mute),
        )
        for mute in rules.mutes
    ]
    left = [len(each) - RULES_SHOWN for each in (trusts, mutes)]
    more = sum(max(0, each) for each in left)
    shown = [*trusts[:RULES_SHOWN], *mutes[:RULES_SHOWN]]
    return [*shown, context(f"…and {more} more of these.")] if more else shown
