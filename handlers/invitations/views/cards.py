"""An invitation as a card: the image, who shares it, and its answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cloud.models import MemberStatus
from handlers.core.places import ImageRef, ProducerRef
from handlers.core.replies import Block
from handlers.invitations.views import snooze as snoozes
from handlers.ui.blocks import age, buttons, code, named, section, short_id, size
from handlers.ui.image_buttons import Origin, answer_buttons
from handlers.ui.labels import account_label
from storage import Account, Invitation


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
    return "\n".join([*filter(None, lines), code(short_id(card.image_id))])


_MUTED = {True: "producer muted", False: ""}
