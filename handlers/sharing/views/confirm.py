"""Words that ask before an image is shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cloud.models import Image, Member
from handlers.core.replies import Block, Message
from handlers.sharing.views.share import (
    CONFIRM,
    CONFIRM_UNKNOWN,
    Share,
    Whom,
    because,
    standing,
)
from handlers.ui.blocks import button, buttons, code, context, date, header, listed, section
from handlers.ui.labels import STAYS, called, cancel_button, described, label
from storage import Account


def confirm_share(
    image: Image,
    account: Account,
    asked: Share,
    whom: Whom,
    already: Sequence[Member],
    now: datetime,
) -> Message:
    """
    Is this the right account? Its number large, for nothing else will check it.

    *already* are the members among the accounts asked for.
    """
    new = [n for n in asked.numbers if n not in {member.member_id for member in already}]
    them = "this account" if len(asked.numbers) == 1 else f"these {len(asked.numbers)} accounts"
    until = f", until {date(now + asked.span)}" if asked.span else ""
    text = f"Share {described(image)} from your account {label(account)} with {them}{until}?"
    yes = button("Share", CONFIRM, asked.value(), style="primary")
    return Message(
        f"{text} {listed([called(n, whom.nicknames) for n in asked.numbers])}",
        (
            section(text),
            *(header(_large(number, whom)) for number in asked.numbers),
            *(section(standing(image, member, whom)) for member in already),
            *because(asked),
            section("\n".join(f"• {each}" for each in _warnings(new, whom, asked))),
            buttons(yes, cancel_button("share", image)),
        ),
    )


def confirm_unknown(
    image: Image, asked: Share, near: Mapping[str, Sequence[str]], whom: Whom
) -> Message:
    """
    Once more, for numbers that nobody here knows.

    Args:
        near: each of them, with the known ones of which it may be a slip.
    """
    them, it, which = (
        ("this number", "it", "it") if len(near) == 1 else ("these numbers", "them", "one")
    )
    text = (
        f"I do not know {them}: nobody in this workspace has linked {it}, and the address book "
        f"has no name for {it}. If {which} is a slip, a stranger gets {described(image)}. "
        "Look again, digit by digit:"
    )
    yes = button("Share all the same", CONFIRM_UNKNOWN, asked.value(), style="danger")
    return Message(
        f"{text} {listed([code(number) for number in near])}",
        (
            section(text),
            *(
                block
                for number, like in near.items()
                for block in (header(_spread(number)), *_meant(like, whom))
            ),
            buttons(yes, cancel_button("share", image)),
            context(f"A number with a name is asked once: `/images name {next(iter(near))} NAME`"),
        ),
    )


def _large(number: str, whom: Whom) -> str:
    known = whom.nicknames.get(number)
    return f"{number} ({known})" if known else number


def _spread(number: str) -> str:
    """In groups, so that it can be compared digit by digit."""
    return " ".join(number[i : i + 3] for i in range(0, len(number), 3))


def _meant(like: Sequence[str], whom: Whom) -> tuple[Block, ...]:
    if not like:
        return ()
    meant = listed([called(number, whom.nicknames) for number in like], "or")
    return (section(f":point_right: Did you mean {meant}?"),)


def _warnings(new: Sequence[str], whom: Whom, asked: Share) -> list[str]:
    named_here = [called(n, whom.nicknames) for n in new if n in whom.nicknames]
    unknown = [code(n) for n in new if not whom.knows(n)]
    linked = [code(n) for n in new if n in whom.linked and n not in asked.people]
    people = [f"<@{asked.people[n]}> has linked {code(n)}" for n in new if n in asked.people]
    ends = (
        f"It ends by itself, or by `/images unshare` before. {STAYS}"
        if asked.span
        else f"Only `/images unshare` ends access. {STAYS}"
    )
    return [
        "*Check the number.* The cloud does not: a typo shares with a stranger, or with nobody.",
        *(
            [f"{listed(people)}. They are told at once, if they have not asked for quiet."]
            if people
            else []
        ),
        *([f"In the address book: {listed(named_here)}."] if named_here else []),
        *([f"Someone in this workspace has linked {listed(linked)}."] if linked else []),
        *([f"Nobody in this workspace has linked {listed(unknown)}."] if unknown else []),
        "*Access begins at once*, before anyone accepts. "
        "Accepting only puts the image in that account's list.",
        "It is shared with an *account*, not a person: everyone who uses that account gets it.",
        ends,
        "Look for licences you may not pass on, and for passwords and keys left inside.",
    ]
