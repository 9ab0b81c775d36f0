"""Words for producers: the state of their shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.core.button_values import ButtonValue
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message
from handlers.ui import rows
from handlers.ui.blocks import (
    Part,
    button,
    buttons,
    command,
    context,
    counted,
    emoji,
    listed,
    moment,
    mono,
    named,
    section,
    short_id,
    strong,
    text_message,
)
from handlers.ui.image_buttons import MEMBERS, MembersPage
from handlers.ui.labels import (
    NO_NICKNAMES,
    Nicknames,
    account_title,
    expiry_facts,
    image_name,
    nicknamed_number,
    number_label,
    tally,
)
from handlers.ui.rows import facts
from storage import Expiry, Share

REMIND = "shares.remind"
SHOWN = 8
"""Accounts on a card, and shares in one message: well below Slack's limits."""
PENDING, ACCEPTED, REJECTED = "pending", "accepted", "rejected"
MARKS: Mapping[str, str] = {
    PENDING: ":hourglass_flowing_sand:",
    ACCEPTED: ":white_check_mark:",
    REJECTED: ":no_entry_sign:",
}
CHECK_NUMBER = "They may not know about it, or the account number may be wrong."


@dataclass(frozen=True)
class Remind(ButtonValue):
    """The value of the Remind button: an image, and the consumer's account number."""

    place: ImageRef
    number: str


def card(
    shares: Sequence[Share],
    nicknames: Nicknames = NO_NICKNAMES,
    ends: Mapping[str, Expiry] | None = None,
) -> Message:
    """The state of one image's shares, at least one; redrawn as consumers answer."""
    first = shares[0]
    text = f"{_image(first)} is shared with {counted(len(shares), 'account')}: {_tally(shares)}."
    blocks: list[Block] = []
    for each in shares[:SHOWN]:
        blocks += _row(each, nicknames, ends or {})
    if len(shares) > SHOWN:
        blocks.append(context(f"…and {len(shares) - SHOWN} more."))
    place = ImageRef(first.account_id, first.region, first.image_id)
    members = button("Members", MEMBERS, MembersPage(place).value())
    return text_message(text, *blocks, buttons(members))


def no_longer_shared(image_name: str, image_id: str, region: str) -> Message:
    """Replace the card, once all of its shares have ended."""
    text = f"{named(image_name or short_id(image_id))} ({region}) is no longer shared with anyone."
    return text_message(text)


def rejected(share: Share, nicknames: Nicknames = NO_NICKNAMES) -> Message:
    """Tell the producer at once."""
    consumer = number_label(share.number, nicknames)
    text = f"{consumer} rejected {_image(share)}."
    what = (
        "They can still boot it. To end access: "
        f"{command(f'unshare {share.image_id} {share.number}')}"
    )
    return Message(text, (section(f"{MARKS[REJECTED]} {text}"), context(what)))


def pending_shares(shares: Sequence[Share], nicknames: Nicknames = NO_NICKNAMES) -> Message:
    """List a producer's unanswered shares, the oldest first."""
    text = f"{counted(len(shares), 'share')} not answered yet."
    blocks: list[Block] = [section(f"*{text}* {CHECK_NUMBER}")]
    for each in shares[:SHOWN]:
        blocks += rows.row(
            facts(strong(each.image_name), ["with ", account_title(each.number, nicknames)]),
            facts(
                each.region,
                nicknamed_number(each.number, nicknames),
                ["since ", moment(each.shared_at)],
                mono(short_id(each.image_id)),
            ),
            [_remind_button(each)],
        )
    if len(shares) > SHOWN:
        blocks.append(context(f"…and {len(shares) - SHOWN} more."))
    blocks.append(
        context("I'll remind you once a week. To end a share: `/images unshare IMAGE ACCOUNT`")
    )
    return Message(text, tuple(blocks))


def reminded(share: Share, people: Sequence[str], nicknames: Nicknames = NO_NICKNAMES) -> Message:
    """Answer the Remind button."""
    consumer = number_label(share.number, nicknames)
    if not people:
        text = (
            f"Nobody in this workspace has linked {consumer}, so I can't remind them. Contact them "
            f"yourself. {CHECK_NUMBER}"
        )
    else:
        whom = listed([f"<@{user_id}>" for user_id in people])
        text = f"Reminded {whom} about {_image(share)}."
    return text_message(text)


def reminded_before(share: Share, nicknames: Nicknames = NO_NICKNAMES) -> Message:
    consumer = number_label(share.number, nicknames)
    text = f"{consumer} was already reminded about {_image(share)} today. Try again tomorrow."
    return text_message(text)


def answered_meanwhile(share: Share, nicknames: Nicknames = NO_NICKNAMES) -> Message:
    consumer = number_label(share.number, nicknames)
    text = f"{consumer} has already {share.status} {_image(share)}, so I sent no reminder."
    return text_message(text)


def _image(share: Share) -> str:
    return f"{image_name(share.image_name, share.image_id)} ({share.region})"


def _tally(shares: Sequence[Share]) -> str:
    accepted = [each for each in shares if each.status == ACCEPTED]
    others = tally(each.status for each in shares if each.status != ACCEPTED)
    return ", ".join([f"*{len(accepted)} of {len(shares)} accepted*", *others])


def _row(share: Share, nicknames: Nicknames, ends: Mapping[str, Expiry]) -> list[Block]:
    known = share.status in MARKS
    mark: list[Part] = [emoji(MARKS[share.status]), " "] if known else []
    return rows.row(
        facts(
            [*mark, account_title(share.number, nicknames)],
            share.status if known else mono(share.status),
        ),
        facts(
            nicknamed_number(share.number, nicknames),
            ["since ", moment(share.answered_at or share.shared_at)],
            expiry_facts(ends.get(share.number)),
        ),
        [_remind_button(share)] if share.status == PENDING else [],
    )


def _remind_button(share: Share) -> Block:
    place = ImageRef(share.account_id, share.region, share.image_id)
    value = Remind(place, share.number).value()
    return button("Remind", REMIND, value, label=f"Remind {share.number}")
