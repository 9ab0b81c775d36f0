"""Words for deleting an image."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cloud.models import Image, Member, MemberStatus, Visibility
from handlers.core.button_values import ButtonValue
from handlers.core.places import ImageRef
from handlers.core.replies import Message
from handlers.ui.alerts import Level, callout
from handlers.ui.blocks import (
    button,
    buttons,
    code,
    command,
    context,
    counted,
    date,
    header,
    listed,
    section,
    sentences,
    text_message,
)
from handlers.ui.labels import WHAT_STAYS, account_label, cancel_button, image_label, reason_blocks
from storage import Account

CONFIRM = "deletion.confirm"
UNPROTECT = "deletion.unprotect"

NUMBERS_SHOWN = 10
"""Accounts listed by number."""


@dataclass(frozen=True)
class Delete(ButtonValue):
    """The value of the Delete button: an image, and whom it was shared with when asked."""

    place: ImageRef
    members_hash: str
    because: str = ""
    """Why it is deleted."""


def members_hash(shared: Sequence[Member]) -> str:
    """Return a short hash of these members, to notice that they have changed."""
    numbers = "\n".join(sorted(member.member_id for member in shared))
    return hashlib.sha256(numbers.encode()).hexdigest()[:16]


def confirm_delete(
    image: Image,
    account: Account,
    shared: Sequence[Member],
    because: str = "",
    *,
    again: bool = False,
) -> Message:
    """Ask before deleting, naming who loses it; *again* if its members have changed since."""
    text = f"Delete {image_label(image)} from your account {account_label(account)}?"
    moved = "Its members have changed since I asked. Please confirm again." if again else ""
    value = Delete(ImageRef.of(account, image), members_hash(shared), because).value()
    yes = button("Delete", CONFIRM, value, style="danger")
    return Message(
        sentences([moved, text]),
        (
            *((callout(Level.WARNING, moved),) if moved else ()),
            section(text),
            header(image.name or image.id),
            section("\n".join(f"• {line}" for line in _consequences(image, shared))),
            *reason_blocks(because),
            context(f"{code(image.id)} · created {date(image.created_at)}"),
            buttons(yes, cancel_button("delete", image)),
        ),
    )


def protected(image: Image, account: Account) -> Message:
    """Say that a protected image can't be deleted, and how to unprotect it."""
    text = f"{image_label(image)} is protected, so it can't be deleted."
    how = f"Unprotect it here or with {command(f'unprotect {image.id}')}, then delete it."
    value = ImageRef.of(account, image).value()
    return Message(
        sentences([text, how]),
        (section(text), section(how), buttons(button("Unprotect", UNPROTECT, value))),
    )


def deleted(image: Image, shared: Sequence[Member]) -> Message:
    who = counted(len(shared), "account")
    lost = f"{who} lost access." if shared else "It was not shared."
    text = f"Deleted {image_label(image)}. {lost} {WHAT_STAYS}"
    return text_message(text, context(f"Id: {code(image.id)}"))


def _consequences(image: Image, shared: Sequence[Member]) -> list[str]:
    return [
        "*This can't be undone.* Export it first if you may need it again.",
        *_who_loses(image, shared),
        WHAT_STAYS,
    ]


def _who_loses(image: Image, shared: Sequence[Member]) -> list[str]:
    if image.visibility == Visibility.PUBLIC:
        return ["It is *public*: every account loses access."]
    if image.visibility == Visibility.COMMUNITY:
        return ["It is a *community* image: everyone who uses it loses access."]
    if not shared:
        return ["It is not shared."]
    accepted = [m.member_id for m in shared if m.status == MemberStatus.ACCEPTED]
    loses = "loses" if len(shared) == 1 else "lose"
    count = f"*{counted(len(shared), 'account')}* {loses} access at once"
    return [
        f"{count}; {_accepted_accounts(accepted)} accepted it."
        if accepted
        else f"{count}; none has accepted it."
    ]


def _accepted_accounts(numbers: Sequence[str]) -> str:
    left = [f"{len(numbers) - NUMBERS_SHOWN} more"] if len(numbers) > NUMBERS_SHOWN else []
    verb = "have" if len(numbers) > 1 else "has"
    return f"{listed([*map(code, numbers[:NUMBERS_SHOWN]), *left])} {verb}"
