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
)
from handlers.ui.labels import STAYS, cancel_button, described, label
from storage import Account

CONFIRM = "deletion.confirm"
UNPROTECT = "deletion.unprotect"

NAMED = 10
"""Accounts told by number."""


@dataclass(frozen=True)
class Delete(ButtonValue):
    """The value of the Delete button: an image, and whom it was shared with when that was told."""

    place: ImageRef
    told: str


def told(shared: Sequence[Member]) -> str:
    """A mark of these members, as short however many there are."""
    numbers = "\n".join(sorted(member.member_id for member in shared))
    return hashlib.sha256(numbers.encode()).hexdigest()[:16]


def confirm_delete(
    image: Image, account: Account, shared: Sequence[Member], *, again: bool = False
) -> Message:
    """Really? With all who lose it. *again*: it was asked before, and then others had it."""
    text = f"Delete {described(image)} from your account {label(account)}?"
    moved = "Whom it is shared with has changed meanwhile, so I ask again." if again else ""
    value = Delete(ImageRef.of(account, image), told(shared)).value()
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
    text = f"{described(image)} is protected, so nobody can delete it."
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
    text = f"Deleted {described(image)}. {lost} {STAYS}"
    return Message(text, (section(text), context(f"Its id was {code(image.id)}.")))


def _consequences(image: Image, shared: Sequence[Member]) -> list[str]:
    return [
        "*It cannot be brought back.* Export it first if you may want it again.",
        *_who_loses(image, shared),
        STAYS,
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
    return [f"{count}; {_some(accepted)} accepted it." if accepted else f"{count}; none accepted."]


def _some(numbers: Sequence[str]) -> str:
    left = [f"{len(numbers) - NAMED} more"] if len(numbers) > NAMED else []
    verb = "have" if len(numbers) > 1 else "has"
    return f"{listed([*map(code, numbers[:NAMED]), *left])} {verb}"
