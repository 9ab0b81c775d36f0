"""Words for digests and instant notifications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.core.replies import Block, Message, fitted
from handlers.invitations.views.answer_form import open_button
from handlers.invitations.views.cards import MEANING, Card, cards_of
from handlers.invitations.views.inbox import PAGE, SHOWN, InboxPage, accept_all_button
from handlers.ui.blocks import (
    button,
    buttons,
    code,
    context,
    counted,
    date,
    listed,
    section,
    text_message,
)
from handlers.ui.blocks import named as _named

ENDED_SHOWN = 5
"""Lines for ended invitations; more are counted."""
WITHDRAWN, LOST = "withdrawn", "ended"
UNEXPLAINED = "gone"
"""It is no longer pending, and the cloud was not asked yet why."""


@dataclass(frozen=True)
class EndedInvitation:
    """An invitation that the person was notified of, and that is no longer pending."""

    card: Card
    """With what became of it as its status."""
    by: str = ""
    """Mention of who answered it; "" if it was not through this bot."""
    automatically: bool = False
    """It was accepted because its producer is trusted."""
    at: datetime | None = None
    """When that was; None if nobody knows."""
    again: bool = False
    """Access to it had ended, and is back."""


@dataclass(frozen=True)
class Reason:
    """Why the person gets the message."""

    numbers: Sequence[str]
    """Numbers of the accounts it covers."""
    next_at: datetime | None = None
    """When the next digest is due; None for an instant notification."""
    channel_for: str = ""
    """Mention of whose it is, where others read it too."""
    former_channel: str = ""
    """Id of the channel that it may no longer be sent to."""


@dataclass(frozen=True)
class Digest:
    """The contents of a digest or an instant notification."""

    cards: Sequence[Card]
    """Invitations that are new, or no longer snoozed; by account and region."""
    known: int = 0
    """Number of other pending invitations, which were delivered before."""
    ended: Sequence[EndedInvitation] = ()
    snoozed: int = 0
    muted: int = 0

    @property
    def empty(self) -> bool:
        return not (self.cards or self.known or self.ended)


def digest(
    content: Digest, user_id: str, reason: Reason, now: datetime, *, new: bool = True
) -> Message:
    """
    Return the digest or notification: pending invitations, and those that ended.

    Args:
        new: whether the cards are new to the person, rather than asked for by `digest now`.
    """

    def build(count: int) -> Message:
        return _digest(content, content.cards[:count], user_id, reason, now, new=new)

    return fitted(build, SHOWN)


def _digest(
    content: Digest,
    shown: Sequence[Card],
    user_id: str,
    reason: Reason,
    now: datetime,
    *,
    new: bool,
) -> Message:
    text = _headline(content, new=new)
    if reason.channel_for:
        text = f"{reason.channel_for}: {text}"
    blocks: list[Block] = [section(text), *cards_of(shown, now)]
    blocks += _more(len(content.cards) - len(shown), content.known, shown, user_id)
    blocks += _ended(content.ended, alone=not (content.cards or content.known))
    if content.cards:
        blocks.append(context(MEANING))
    blocks += [context(line) for line in (_left_out(content), _reason(reason)) if line]
    return Message(text, tuple(blocks))


def channel_unreachable(channel_id: str) -> Message:
    """Say why the digest that follows is a direct message."""
    text = (
        f"I can't post in <#{channel_id}>, so your digest comes here. Invite me there with "
        "`/invite`, or choose direct messages: `/images digest --channel off`."
    )
    return text_message(text)


def _headline(content: Digest, *, new: bool) -> str:
    count, known = len(content.cards), content.known
    if count:
        noun = "new invitation" if new else "pending invitation"
        rest = f", and {known:,} still pending" if known else ""
        return f"*{counted(count, noun)}*{rest}."
    if known:
        return f"No new invitations. *{known:,}* still pending."
    return _ended_headline(content.ended)


def _ended_headline(over: Sequence[EndedInvitation]) -> str:
    """Say what became of the invitations, if none is pending."""
    parts = {
        "accepted automatically": [each for each in over if each.automatically],
        "no longer shared with you": [each for each in over if each.card.status == LOST],
        "shared with you again": [each for each in over if each.again],
    }
    if not over:
        return "Nothing here is pending now."
    told = [each for part in parts.values() for each in part]
    parts["no longer pending"] = [each for each in over if each not in told]
    said = [f"*{counted(len(each), 'image')}* {what}" for what, each in parts.items() if each]
    return f"{listed(said)}."


def _ended(over: Sequence[EndedInvitation], *, alone: bool) -> list[Block]:
    if not over:
        return []
    head = [] if alone else ["No longer pending:"]
    lines = head + [f"• {_ended_line(each)}" for each in over[:ENDED_SHOWN]]
    if len(over) > ENDED_SHOWN:
        lines.append(f"…and {len(over) - ENDED_SHOWN:,} more.")
    return [section("\n".join(lines))]


def _ended_line(over: EndedInvitation) -> str:
    card = over.card
    image = f"{_named(card.name)} ({card.region}, from {code(card.owner)})"
    if card.status == WITHDRAWN:
        return f"{image} was withdrawn: its owner unshared or deleted it."
    if card.status == LOST:
        account = code(card.account.project_id)
        return f"{image} is no longer shared with {account}: unshared, made private or deleted."
    if over.again:
        return f"{image} is shared with {code(card.account.project_id)} again."
    if card.status == UNEXPLAINED:
        return f"{image} is no longer pending for account {code(card.account.project_id)}."
    when = f", {date(over.at)}" if over.at else ""
    done = f"{image} was {card.status} for account {code(card.account.project_id)}"
    if over.automatically:
        return f"{done} automatically{when}. Stop this in `/images invitations`."
    return f"{done} by {over.by}{when}." if over.by else f"{done} outside this bot{when}."


def _more(rest: int, known: int, shown: Sequence[Card], user_id: str) -> list[Block]:
    """Buttons that answer more than one; then what is not shown, and a button for it."""
    several = [accept_all_button(shown)] if len(shown) > 1 else []
    several += [open_button()] if len(shown) + rest + known > 1 else []
    these = [buttons(*several)] if shown and several else []
    said = [f"{rest:,} more" if rest else "", f"{known:,} still pending" if known else ""]
    text = listed([each for each in said if each])
    if not text:
        return these
    show = button("Show", PAGE, InboxPage(user_id, 1).value(), label=f"Show {text}")
    return [
        *these,
        section(f"{text[0].upper()}{text[1:]}:", show) if shown else buttons(show, *several),
    ]


def _left_out(content: Digest) -> str:
    parts = [
        f"{content.snoozed:,} snoozed" if content.snoozed else "",
        f"{content.muted:,} from muted producers" if content.muted else "",
    ]
    counts = listed([part for part in parts if part])
    return f"Not shown: {counts}. See `/images invitations`." if counts else ""


def _reason(reason: Reason) -> str:
    accounts = listed([code(number) for number in reason.numbers])
    noun = "account" if len(reason.numbers) == 1 else "accounts"
    whose = f"{reason.channel_for} gets" if reason.channel_for else "You get"
    linked = f"{whose} this for {noun} {accounts}."
    if reason.former_channel:
        where = f"<#{reason.former_channel}>"
        linked += f" It no longer goes to {where}: only an *admin* of all of them can choose that."
    when = f" Next digest: {date(reason.next_at)}." if reason.next_at else ""
    return f"{linked}{when} To change or stop it: `/images digest`."
