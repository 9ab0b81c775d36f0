"""Words that ask before an image is shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from cloud.models import Image, Member
from handlers.core.replies import Block, Message
from handlers.sharing.views.share import (
    CONFIRM,
    CONFIRM_UNKNOWN,
    DETAILS,
    INSTEAD,
    KnownAccounts,
    Share,
    already_member,
    because_block,
)
from handlers.ui.alerts import Level, callout
from handlers.ui.blocks import (
    Part,
    button,
    buttons,
    code,
    context,
    date,
    header,
    listed,
    moment,
    mono,
    named,
    rich_text,
    section,
    short_id,
    strong,
    who,
)
from handlers.ui.labels import (
    WHAT_STAYS,
    account_label,
    cancel_button,
    image_label,
    image_name,
    number_label,
)
from storage import Account, Name, PastName

NO_SIMILAR: Mapping[str, Sequence[str]] = MappingProxyType({})


def confirm_share(
    image: Image,
    request: Share,
    accounts_known: KnownAccounts,
    already: Sequence[Member],
    now: datetime,
    similar: Mapping[str, Sequence[str]] = NO_SIMILAR,
) -> Message:
    """
    Share this image with these accounts? Whom and for how long; what it means is behind a button.

    Args:
        already: members among the accounts asked for.

        similar: by number that nobody here knows, the known ones that look like it.
    """
    blocks = [
        rich_text(_who_line(image, request, accounts_known), _how_long_line(request, now)),
        *(section(already_member(image, member, accounts_known)) for member in already),
        *because_block(request),
        *_use_instead(request, similar, accounts_known),
        buttons(*_answers(request, image, button("Details", DETAILS, request.value()))),
    ]
    return Message(_spoken(image, request, accounts_known, now), tuple(blocks))


def share_details(
    image: Image,
    account: Account,
    request: Share,
    accounts_known: KnownAccounts,
    already: Sequence[Member],
    now: datetime,
) -> Message:
    """The same question, with all that sharing means."""
    new = [n for n in request.numbers if n not in {member.member_id for member in already}]
    facts = f"{image_label(image)} · {code(image.id)}\nFrom your account {account_label(account)}"
    return Message(
        _spoken(image, request, accounts_known, now),
        (
            rich_text(_who_line(image, request, accounts_known), _how_long_line(request, now)),
            section(facts),
            *(section(already_member(image, member, accounts_known)) for member in already),
            *because_block(request),
            section("\n".join(f"• {each}" for each in _warnings(new, accounts_known, request))),
            buttons(*_answers(request, image)),
        ),
    )


def _answers(request: Share, image: Image, *more: Block) -> list[Block]:
    yes = button("Share", CONFIRM, request.value(), style="primary")
    return [yes, *more, cancel_button("share", image)]


def _who_line(image: Image, request: Share, accounts_known: KnownAccounts) -> list[Part]:
    """Share **web-2026** with **acme** (554433) and 872341?"""
    line: list[Part] = ["Share ", strong(image.name or short_id(image.id)), " with "]
    last = len(request.numbers) - 1
    for at, number in enumerate(request.numbers):
        line += [", " if 0 < at < last else " and "] if at else []
        line += _recipient(number, request, accounts_known)
    return [*line, "?"]


def _recipient(number: str, request: Share, accounts_known: KnownAccounts) -> list[Part]:
    """The name it has here before the number, which is what the cloud goes by."""
    name = accounts_known.nicknames.get(number)
    person = request.people.get(number)
    if not (name or person):
        return [mono(number)]
    return [who(person) if person else strong(name or ""), " (", mono(number), ")"]


def _how_long_line(request: Share, now: datetime) -> list[Part]:
    if request.span is None:
        return ["Access starts at once, until you unshare it."]
    return ["Access starts at once, until ", moment(now + request.span), "."]


def _spoken(image: Image, request: Share, accounts_known: KnownAccounts, now: datetime) -> str:
    until = f", until {date(now + request.span)}" if request.span else ""
    numbers = listed([number_label(n, accounts_known.nicknames) for n in request.numbers])
    return f"Share {image_name(image.name, image.id)} with {numbers}{until}?"


def _use_instead(
    request: Share, similar: Mapping[str, Sequence[str]], accounts_known: KnownAccounts
) -> list[Block]:
    """A button for each account that an unknown number may be a slip of."""
    rows: list[Block] = []
    for number, candidates in similar.items():
        for candidate in candidates[:1]:
            meant = number_label(candidate, accounts_known.nicknames)
            value = request.instead(number, candidate).value()
            press = button(f"Use {candidate}", INSTEAD, value)
            rows.append(section(f"{code(number)} is new here. Did you mean {meant}?", press))
    return rows


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
    yes = button("Share anyway", CONFIRM_UNKNOWN, request.value(), style="danger")
    return Message(
        f"{text} {listed([code(number) for number in similar])}",
        (
            section(text),
            *unknown_rows(similar, accounts_known),
            *_changed(changed),
            buttons(yes, cancel_button("share", image)),
            context(f"Named numbers skip this question: `/images name {next(iter(similar))} NAME`"),
        ),
    )


def confirm_changed(
    image: Image, request: Share, changed: Sequence[tuple[Name, PastName]]
) -> Message:
    """Once more, for names that meant another account until a few days ago."""
    text = f"Share {image_label(image)} anyway? A name has changed to another account:"
    yes = button("Share anyway", CONFIRM_UNKNOWN, request.value(), style="danger")
    rows = _changed(changed)
    return Message(
        f"{text} {listed([code(now.number) for now, _ in changed])}",
        (section(text), *rows, buttons(yes, cancel_button("share", image))),
    )


def _changed(changed: Sequence[tuple[Name, PastName]]) -> list[Block]:
    return [
        callout(
            Level.WARNING,
            f"{named(now.nickname)} meant {code(before.number)} until {date(before.ended_at)}. "
            f"<@{now.named_by}> changed it to {code(now.number)} {date(now.named_at)}.",
        )
        for now, before in changed
    ]


def _unknown_question(image: Image, count: int) -> str:
    them, which = ("this number", "it") if count == 1 else ("these numbers", "one")
    return (
        f"Nobody here has linked or named {them}. If {which} is a typo, a stranger gets "
        f"{image_label(image)}. Check digit by digit:"
    )


def unknown_rows(
    similar: Mapping[str, Sequence[str]], accounts_known: KnownAccounts
) -> list[Block]:
    """Each number in groups of digits, with the known ones that it may be a slip of."""
    rows: list[Block] = []
    for number, candidates in similar.items():
        rows += [header(_in_groups(number)), *_did_you_mean(candidates, accounts_known)]
    return rows


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
        f"It ends then, or earlier with `/images unshare`. {WHAT_STAYS}"
        if request.span
        else f"Only `/images unshare` ends access. {WHAT_STAYS}"
    )
    return [
        "*Check the number.* The cloud doesn't: a typo shares with a stranger, or with nobody.",
        *_known_here(new, accounts_known, request),
        "*Access starts at once*, before anyone accepts. "
        "Accepting only adds the image to that account's list.",
        "Everyone who uses that account gets it, not one person.",
        ends,
        "Check for licences you may not pass on, and for passwords and keys left inside.",
    ]


def _known_here(new: Sequence[str], accounts_known: KnownAccounts, request: Share) -> Iterator[str]:
    """What the workspace knows of the new accounts, a line for each way of knowing them."""
    nicknames, linked = accounts_known.nicknames, accounts_known.linked
    if people := [n for n in new if n in request.people]:
        who = listed([f"<@{request.people[n]}> has linked {code(n)}" for n in people])
        yield f"{who}. They are notified at once, outside their quiet hours."
    if named_here := [number_label(n, nicknames) for n in new if n in nicknames]:
        yield f"In the address book: {listed(named_here)}."
    if others := [code(n) for n in new if n in linked and n not in request.people]:
        yield f"Someone in this workspace has linked {listed(others)}."
    if unknown := [code(n) for n in new if not accounts_known.knows(n)]:
        yield f"Nobody in this workspace has linked {listed(unknown)}."
