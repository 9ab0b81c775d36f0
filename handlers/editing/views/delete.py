"""Words for deleting an image."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cloud.models import Image, Member, MemberStatus, Visibility
from handlers.core.button_values import ButtonValue
from handlers.core.places import ImageRef
from handlers.core.replies import Message
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
from handlers.ui.labels import WHAT_STAYS, account_label, cancel_button, image_label
from storage import Account

CONFIRM = "deletion.confirm"
UNPROTECT = "deletion.unprotect"

NUMBERS_SHOWN = 10
"""Accounts listed by number."""


@dataclass(frozen=True)
class Delete(ButtonValue):
    """The value of the Delete button: an image, and whom it was shared with when that was told."""

    place: ImageRef
    members_hash: str


def members_hash(shared: Sequence[Member]) -> str:
    """Return a short hash of these members, to notice that they have changed."""
    numbers = "\n".join(sorted(member.member_id for member in shared))
    return hashlib.sha256(numbers.encode()).hexdigest()[:16]


def confirm_delete(
    image: Image, account: Account, shared: Sequence[Member], *, again: bool = False
) -> Message:
    """Really? With all who lose it. *again*: it was asked before, and then others had it."""
    text = f"Delete {image_label(image)} from your account {account_label(account)}?"
    moved = "Whom it is shared with has changed meanwhile, so I ask again." if again else ""
    value = Delete(ImageRef.of(account, image), members_hash(shared)).value()
    yes = button("Delete", CONFIRM, value, style="danger")
    return Message(
        sentences([moved, text]),
        (
            *((section(f":warning: {moved}"),) if moved else ()),
            section(text),
            header(image.name or image.id),
            section("\n".join(f"• {line}" for line in _consequences(image, shared))),
            context(f"{code(image.id)}, created {date(image.created_at)}"),
            buttons(yes, cancel_button("delete", image)),
        ),
    )


def protected(image: Image, account: Account) -> Message:
    """It cannot be deleted, and how it could be."""
    text = f"{image_label(image)} is protected, so nobody can delete it."
    how = (
        f"If it is to go all the same, unprotect it here or with "
        f"{command(f'unprotect {image.id}')}, then delete it."
    )
    value = ImageRef.of(account, image).value()
    return Message(
        sentences([text, how]),
        (section(text), section(how), buttons(button("Unprotect", UNPROTECT, value))),
    )


def deleted(image: Image, shared: Sequence[Member]) -> Message:
    who = counted(len(shared), "account")
    lost = f"{who} lost access to it." if shared else "It was shared with nobody."
    text = f"Deleted {image_label(image)}. {lost} {WHAT_STAYS}"
    return text_message(text, context(f"Its id was {code(image.id)}."))


def _consequences(image: Image, shared: Sequence[Member]) -> list[str]:
    return [
        "*It cannot be brought back.* Export it first if you may want it again.",
        *_who_loses(image, shared),
        WHAT_STAYS,
    ]


def _who_loses(image: Image, shared: Sequence[Member]) -> list[str]:
    if image.visibility == Visibility.PUBLIC:
        return ["It is *public*: every account loses it."]
    if image.visibility == Visibility.COMMUNITY:
        return ["It is a *community* image: everyone who uses it loses it."]
    if not shared:
        return ["It is shared with nobody."]
    accepted = [m.member_id for m in shared if m.status == MemberStatus.ACCEPTED]
    count = f"It is shared with *{counted(len(shared), 'account')}*, who lose it at once"
    return [
        f"{count}; {_accepted_accounts(accepted)} accepted it."
        if accepted
        else f"{count}; none accepted."
    ]


def _accepted_accounts(numbers: Sequence[str]) -> str:
    left = [f"{len(numbers) - NUMBERS_SHOWN} more"] if len(numbers) > NUMBERS_SHOWN else []
    verb = "have" if len(numbers) > 1 else "has"
    return f"{listed([*map(code, numbers[:NUMBERS_SHOWN]), *left])} {verb}"
