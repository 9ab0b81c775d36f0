"""Words that ask before an image is shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from cloud.models import Image, Member
from handlers.core.replies import Block, Message
from handlers.sharing.views.share import (
    CONFIRM,
    CONFIRM_UNKNOWN,
    KnownAccounts,
    Share,
    already_member,
    because_block,
)
from handlers.ui.blocks import button, buttons, code, context, date, header, listed, named, section
from handlers.ui.labels import WHAT_STAYS, account_label, cancel_button, image_label, number_label
from storage import Account, Name, PastName


def confirm_share(
    image: Image,
    account: Account,
    request: Share,
    accounts_known: KnownAccounts,
    already: Sequence[Member],
    now: datetime,
) -> Message:
    """
    Is this the right account? Its number large, for nothing else will check it.

    *already* are the members among the accounts asked for.
    """
    new = [n for n in request.numbers if n not in {member.member_id for member in already}]
    text = _question(image, account, request, now)
    yes = button("Share", CONFIRM, request.value(), style="primary")
    return Message(
        f"{text} {listed([number_label(n, accounts_known.nicknames) for n in request.numbers])}",
        (
            section(text),
            *(header(_number_header(number, accounts_known)) for number in request.numbers),
            *(section(already_member(image, member, accounts_known)) for member in already),
            *because_block(request),
            section("\n".join(f"• {each}" for each in _warnings(new, accounts_known, request))),
            buttons(yes, cancel_button("share", image)),
        ),
    )


def confirm_unknown(
    image: Image,
    request: Share,
    similar: Mapping[str, Sequence[str]],
    accounts_known: KnownAccounts,
    changed: Sequence[tuple[Name, PastName]] = (),
) -> Message:
    """
    Once more, for numbers that nobody here knows.

    Args:
        similar: by unknown number, the known ones that look like it.
    """
    text = _unknown_question(image, len(similar))
    yes = button("Share all the same", CONFIRM_UNKNOWN, request.value(), style="danger")
    return Message(
        f"{text} {listed([code(number) for number in similar])}",
        (
            section(text),
            *_unknown_rows(similar, accounts_known),
            *_changed(changed),
            buttons(yes, cancel_button("share", image)),
            context(
                f"A number with a name is asked once: `/images name {next(iter(similar))} NAME`"
            ),
        ),
    )


def confirm_changed(
    image: Image, request: Share, changed: Sequence[tuple[Name, PastName]]
) -> Message:
    """Once more, for names that meant another account until a few days ago."""
    text = f"Share {image_label(image)} all the same? A name means another account than before:"
    yes = button("Share all the same", CONFIRM_UNKNOWN, request.value(), style="danger")
    rows = _changed(changed)
    return Message(
        f"{text} {listed([code(now.number) for now, _ in changed])}",
        (section(text), *rows, buttons(yes, cancel_button("share", image))),
    )


def _changed(changed: Sequence[tuple[Name, PastName]]) -> list[Block]:
    return [
        section(
            f":warning: {named(now.nickname)} meant {code(before.number)} until "
            f"{date(before.ended_at)}. <@{now.named_by}> gave it to {code(now.number)} "
            f"{date(now.named_at)}."
        )
        for now, before in changed
    ]


def _question(image: Image, account: Account, request: Share, now: datetime) -> str:
    them = "this account" if len(request.numbers) == 1 else f"these {len(request.numbers)} accounts"
    until = f", until {date(now + request.span)}" if request.span else ""
    return (
        f"Share {image_label(image)} from your account {account_label(account)} with {them}{until}?"
    )


def _unknown_question(image: Image, count: int) -> str:
    them, it, which = (
        ("this number", "it", "it") if count == 1 else ("these numbers", "them", "one")
    )
    return (
        f"I do not know {them}: nobody in this workspace has linked {it}, and the address book "
        f"has no name for {it}. If {which} is a slip, a stranger gets {image_label(image)}. "
        "Look again, digit by digit:"
    )


def _unknown_rows(
    similar: Mapping[str, Sequence[str]], accounts_known: KnownAccounts
) -> list[Block]:
    rows: list[Block] = []
    for number, candidates in similar.items():
        rows += [header(_in_groups(number)), *_did_you_mean(candidates, accounts_known)]
    return rows


def _number_header(number: str, accounts_known: KnownAccounts) -> str:
    known = accounts_known.nicknames.get(number)
    return f"{number} ({known})" if known else number


def _in_groups(number: str) -> str:
    """In groups, so that it can be compared digit by digit."""
    return " ".join(number[i : i + 3] for i in range(0, len(number), 3))


def _did_you_mean(like: Sequence[str], accounts_known: KnownAccounts) -> tuple[Block, ...]:
    if not like:
        return ()
    meant = listed([number_label(number, accounts_known.nicknames) for number in like], "or")
    return (section(f":point_right: Did you mean {meant}?"),)


def _warnings(new: Sequence[str], accounts_known: KnownAccounts, request: Share) -> list[str]:
    ends = (
        f"It ends by itself, or by `/images unshare` before. {WHAT_STAYS}"
        if request.span
        else f"Only `/images unshare` ends access. {WHAT_STAYS}"
    )
    return [
        "*Check the number.* The cloud does not: a typo shares with a stranger, or with nobody.",
        *_known_here(new, accounts_known, request),
        "*Access begins at once*, before anyone accepts. "
        "Accepting only puts the image in that account's list.",
        "It is shared with an *account*, not a person: everyone who uses that account gets it.",
        ends,
        "Look for licences you may not pass on, and for passwords and keys left inside.",
    ]


def _known_here(new: Sequence[str], accounts_known: KnownAccounts, request: Share) -> Iterator[str]:
    """What the workspace knows of the new accounts, a line for each way of knowing them."""
    nicknames, linked = accounts_known.nicknames, accounts_known.linked
    if people := [n for n in new if n in request.people]:
        who = listed([f"<@{request.people[n]}> has linked {code(n)}" for n in people])
        yield f"{who}. They are told at once, if they have not asked for quiet."
    if named_here := [number_label(n, nicknames) for n in new if n in nicknames]:
        yield f"In the address book: {listed(named_here)}."
    if others := [code(n) for n in new if n in linked and n not in request.people]:
        yield f"Someone in this workspace has linked {listed(others)}."
    if unknown := [code(n) for n in new if not accounts_known.knows(n)]:
        yield f"Nobody in this workspace has linked {listed(unknown)}."
