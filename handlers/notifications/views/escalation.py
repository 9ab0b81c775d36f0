"""Words for an account's second contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.core.button_values import ButtonValue
from handlers.core.replies import Message, Modal
from handlers.invitations.views.cards import Card
from handlers.notifications.errors import MAX_CONTACT_DAYS
from handlers.ui import form_fields
from handlers.ui.blocks import (
    age,
    button,
    buttons,
    code,
    context,
    counted,
    named,
    section,
    text_message,
)
from handlers.ui.labels import account_label
from storage import Account, Contact

SHOWN = 10
FORM, OPEN = "contacts.form", "contacts.open"
WHO, DAYS = "contacts.who", "contacts.days"
USUAL_DAYS = 5


@dataclass(frozen=True)
class ContactOf(ButtonValue):
    """The value of the form and of its button: the account, and the contact that it shows."""

    account_id: str
    user_id: str = ""
    days: str = ""
    """"" if none is shown: of the button, and where there is no contact."""


def contact(account: Account, contact: Contact | None) -> Message:
    """Name the second contact that was set just now."""
    if contact is None:
        text = (
            f"From now on, nobody else is notified of invitations to account "
            f"{account_label(account)}."
        )
        more = "To notify a colleague of those pending for 5 days: `/images contact @someone 5`"
    else:
        text = (
            f"From now on, <@{contact.user_id}> is notified once of each invitation to account "
            f"{account_label(account)} that has been pending for {counted(contact.days, 'day')}."
        )
        more = "Invitations you snooze or mute are left out. To stop: `/images contact off`"
    change = button("Second contact…", OPEN, ContactOf(account.id).value())
    return text_message(text, buttons(change), context(more))


def form(account: Account, contact: Contact | None) -> Modal:
    """Ask who is notified, and after how long; filled in with the contact that there is."""
    of = ContactOf(account.id)
    return Modal(
        FORM,
        "Second contact",
        (
            section(f"Notified of overdue invitations to account {account_label(account)}:"),
            form_fields.person(
                "Second contact",
                WHO,
                initial=contact.user_id if contact else "",
                optional=True,
                hint="Leave empty for nobody.",
            ),
            form_fields.number_input(
                "After days without an answer",
                DAYS,
                initial=contact.days if contact else USUAL_DAYS,
                minimum=1,
                maximum=MAX_CONTACT_DAYS,
            ),
            form_fields.reason(),
        ),
        "Save",
        (ContactOf(account.id, contact.user_id, str(contact.days)) if contact else of).value(),
    )


def you_are_contact(account: Account, contact: Contact, by: str) -> Message:
    """Notify the new contact."""
    text = (
        f"<@{by}> made you the second contact of account {account_label(account)}. I'll notify you "
        f"once of each invitation that has been pending for {counted(contact.days, 'day')}."
    )
    more = f"An admin of the account can change that: ask <@{by}>."
    return text_message(text, context(more))


def overdue(
    account: Account, owner: str, cards: Sequence[Card], days: int, now: datetime
) -> Message:
    """Notify the contact of what *owner* has not answered for so long."""
    count, verb = counted(len(cards), "invitation"), "has" if len(cards) == 1 else "have"
    text = (
        f"*{count}* to account {account_label(account)} {verb} been pending for "
        f"{counted(days, 'day')} or longer. <@{owner}> has not answered."
    )
    lines = [f"• {_line(card, now)}" for card in cards[:SHOWN]]
    if len(cards) > SHOWN:
        lines.append(f"…and {len(cards) - SHOWN} more.")
    return text_message(
        text,
        section("\n".join(lines)),
        context(
            f"Ask <@{owner}> to answer. If you use the account too, answer in "
            "`/images invitations`. You get this once, as the account's second contact."
        ),
    )


def _line(card: Card, now: datetime) -> str:
    since = f", invited {age(card.invited_at, now)} ago" if card.invited_at else ""
    return f"{named(card.name)} ({card.region}, from {code(card.owner)}){since}"
