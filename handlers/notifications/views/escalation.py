"""Words for an account's second contact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.core.replies import Message
from handlers.invitations.views.cards import Card
from handlers.ui.blocks import age, code, context, counted, named, section, text_message
from handlers.ui.labels import account_label
from storage import Account, Contact

SHOWN = 10


def contact(account: Account, contact: Contact | None, *, done: bool = False) -> Message:
    """Name the second contact; *done* if that was set just now."""
    if contact is None:
        nobody = "From now on, nobody" if done else "Nobody"
        text = f"{nobody} else is told of what waits for account {account_label(account)}."
        more = "`/images contact @someone 5` tells a colleague of what has waited for 5 days."
    else:
        whom = f"{'From now on, ' if done else ''}<@{contact.user_id}>"
        text = (
            f"{whom} is told of each invitation that has waited "
            f"{counted(contact.days, 'day')} for account {account_label(account)}, once."
        )
        more = "What you snooze or mute is left out. `/images contact off` ends it."
    return text_message(text, context(more))


def you_are_contact(account: Account, contact: Contact, by: str) -> Message:
    """To the new contact."""
    text = (
        f"<@{by}> made you the second contact of account {account_label(account)}: I tell you of "
        f"each invitation that nobody has answered for {counted(contact.days, 'day')}, once."
    )
    more = f"An admin of the account can change that: ask <@{by}>."
    return text_message(text, context(more))


def overdue(
    account: Account, owner: str, cards: Sequence[Card], days: int, now: datetime
) -> Message:
    """To the contact: what *owner* has not answered for so long."""
    count, verb = counted(len(cards), "invitation"), "has" if len(cards) == 1 else "have"
    text = (
        f"*{count}* to account {account_label(account)} {verb} waited for {counted(days, 'day')} "
        f"or longer, and <@{owner}> has not answered."
    )
    lines = [f"• {_line(card, now)}" for card in cards[:SHOWN]]
    if len(cards) > SHOWN:
        lines.append(f"…and {len(cards) - SHOWN} more.")
    return text_message(
        text,
        section("\n".join(lines)),
        context(
            f"Ask <@{owner}> to answer, or, if the account is yours too, do so in "
            "`/images invitations`. You get this once, as the account's second contact."
        ),
    )


def _line(card: Card, now: datetime) -> str:
    since = f", invited {age(card.invited_at, now)} ago" if card.invited_at else ""
    return (
        f"{named(card.image_name or card.image_id)} ({card.region}, from {code(card.owner)}){since}"
    )
