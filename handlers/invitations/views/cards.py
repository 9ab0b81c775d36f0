"""An invitation as a card: the image, who shares it, and its answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cloud.models import MemberStatus
from handlers.core.places import ImageRef
from handlers.core.replies import Block
from handlers.invitations.views import snooze as snoozes
from handlers.ui import rows
from handlers.ui.blocks import Part, age, moment, mono, section, short_id, size, strong
from handlers.ui.image_buttons import Origin, answer_buttons
from handlers.ui.labels import account_label
from handlers.ui.rows import facts
from storage import Account, Invitation, Snooze


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
    snooze: Snooze | None = None
    """The person's; None if they have not snoozed it."""
    muted: bool = False
    """Whether the person has muted its producer."""
    may_answer: bool = True
    """Whether the reader's role lets them accept and reject."""

    @property
    def name(self) -> str:
        """The image's, or the short id of one without a name."""
        return self.image_name or short_id(self.image_id)

    @classmethod
    def of(cls, account: Account, invitation: Invitation, **fields: Any) -> Card:
        """Return the card of a stored invitation; *fields* are any others than its own."""
        return cls(
            account,
            invitation.region,
            invitation.image_id,
            invitation.image_name,
            invitation.owner,
            invitation.size,
            invited_at=invitation.invited_at or invitation.first_seen,
            **fields,
        )

    @property
    def place(self) -> ImageRef:
        return ImageRef(self.account.id, self.region, self.image_id)


MEANING = (
    "*Accept* adds the image to the account's list, for everyone who uses the account. *Reject* "
    "only hides it. Trust the sender before you boot. Nonstandard images have reduced support "
    "from the provider."
)


def cards_of(cards: Sequence[Card], now: datetime, *, silence_menu: bool = True) -> list[Block]:
    """
    Each in two lines with its answers.

    Args:
        silence_menu: add the ⋮ menu that snoozes it or mutes its producer.
    """
    blocks: list[Block] = []
    group = ("", "")
    for card in cards:
        if group != (card.account.id, card.region):
            group = (card.account.id, card.region)
            blocks.append(section(f"*For account {account_label(card.account)} in {card.region}*"))
        answers = answer_buttons(
            card.place,
            card.status,
            Origin.LIST,
            name=card.name,
            primary=len(cards) == 1,
        )
        pending = silence_menu and card.status == MemberStatus.PENDING
        more = snoozes.choices(
            card.place, card.owner, snoozed=card.snooze is not None, muted=card.muted
        )
        blocks += row(card, now, answers if card.may_answer else (), more if pending else ())
    return blocks


def row(
    card: Card, now: datetime, buttons: Sequence[Block] = (), more: Sequence[Block] = ()
) -> list[Block]:
    """The image in bold and who shares it; then its size, place and status, and its id."""
    owner: list[Part] = ["from account ", mono(card.owner)] if card.owner else ["owner unknown"]
    return rows.row(
        facts(strong(card.image_name), card.mark, owner),
        facts(
            size(card.size),
            card.region,
            "nonstandard",
            f"invited {age(card.invited_at, now)} ago" if card.invited_at else "",
            "" if card.status == MemberStatus.PENDING else f"now {card.status}",
            *_silence(card),
            mono(short_id(card.image_id)),
        ),
        buttons,
        more,
    )


def _silence(card: Card) -> list[list[Part]]:
    known: list[list[Part]] = []
    if card.snooze:
        until = card.snooze.until
        known.append(["snoozed until ", moment(until) if until else "it changes"])
    return [*known, ["producer muted"]] if card.muted else known
