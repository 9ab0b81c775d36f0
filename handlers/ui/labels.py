"""How messages name accounts, images, members and times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from cloud.models import Image, Member, MemberStatus
from handlers.core.button_values import pack, unpack
from handlers.core.replies import Block, Message
from handlers.ui.blocks import (
    Part,
    button,
    code,
    context,
    counted,
    date,
    moment,
    mono,
    named,
    short_id,
    size,
    strong,
    text_message,
)
from storage import Account, Expiry


def account_label(account: Account) -> str:
    """The account's number, and its name where that says more."""
    if account.project_name in ("", account.project_id):
        return code(account.project_id)
    return f"{code(account.project_id)} ({named(account.project_name, 60)})"


def account_heading(account: Account) -> Sequence[Part]:
    """As `account_label`, at the head of a row: in bold what says more."""
    if account.project_name in ("", account.project_id):
        return (strong(account.project_id),)
    return strong(account.project_name, 60), " ", mono(account.project_id)


Nicknames = Mapping[str, str]
"""By account number."""


NO_NICKNAMES: Nicknames = MappingProxyType({})


def number_label(number: str, nicknames: Nicknames = NO_NICKNAMES) -> str:
    """An account number, with its name in the address book."""
    known = nicknames.get(number)
    return f"{code(number)} ({named(known)})" if known else code(number)


def account_title(number: str, nicknames: Nicknames = NO_NICKNAMES) -> Part:
    """An account in bold at the head of a row: its name in the address book, else its number."""
    return strong(nicknames.get(number) or number)


def nicknamed_number(number: str, nicknames: Nicknames = NO_NICKNAMES) -> Part:
    """The number of an account whose row is headed by its name; "" if its number heads it."""
    return mono(number) if nicknames.get(number) else ""


MAX_BECAUSE, MAX_BECAUSE_IN_LIST = 200, 60
"""Characters shown of why an image was shared."""


def expiry_label(expiry: Expiry) -> str:
    """Beside a member: when its access expires, and why it was shared."""
    return f"expires {date(expiry.ends_at)}{because_clause(expiry, MAX_BECAUSE_IN_LIST)}"


def expiry_facts(expiry: Expiry | None) -> Sequence[Part]:
    """As `expiry_label`, in a row; nothing for a share without an end."""
    if expiry is None:
        return ()
    parts: list[Part] = ["expires ", moment(expiry.ends_at)]
    if expiry.because:
        parts += [", because ", mono(expiry.because, MAX_BECAUSE_IN_LIST)]
    return parts


def duration(span: timedelta) -> str:
    """`7 days`, `12 hours`."""
    hours = int(span.total_seconds()) // 3600
    return counted(hours // 24, "day") if hours % 24 == 0 else counted(hours, "hour")


def duration_code(span: timedelta) -> str:
    """As a command takes it: `7d`, `12h`."""
    hours = int(span.total_seconds()) // 3600
    return f"{hours // 24}d" if hours % 24 == 0 else f"{hours}h"


def because_clause(expiry: Expiry, max_length: int = MAX_BECAUSE) -> str:
    return f", because {named(expiry.because, max_length)}" if expiry.because else ""


def reason_blocks(because: str) -> tuple[Block, ...]:
    """Why it is asked for, below a question; nothing if that was not said."""
    return (context(f"Because: {named(because, MAX_BECAUSE)}"),) if because else ()


CANCEL = "sharing.cancel"


WHAT_STAYS = "Servers and images built from it are not affected."


def cancel_button(doing: str, image: Image) -> Block:
    return button("Cancel", CANCEL, pack(doing, image.name or image.id))


def cancelled(value: str) -> Message:
    doing, name = unpack(value, 2)[:2]
    text = f"Cancelled: {named(name)} was not {doing}d."
    return text_message(text)


def image_name(name: str, image_id: str) -> str:
    """Format an image's name, or the short id of one without a name."""
    return named(name or short_id(image_id))


def image_label(image: Image) -> str:
    return f"{image_name(image.name, image.id)} ({image.region}, {size(image.size)})"


_ANSWERS = (MemberStatus.ACCEPTED, MemberStatus.PENDING, MemberStatus.REJECTED)


def membership_label(member: Member) -> str:
    words: Mapping[str, str] = {
        MemberStatus.PENDING: f"pending since {date(member.created_at)}",
        MemberStatus.ACCEPTED: f"accepted {date(member.updated_at)}",
        MemberStatus.REJECTED: f"rejected {date(member.updated_at)}",
    }
    return words.get(member.status, f"{named(member.status)} since {date(member.updated_at)}")


def tally(statuses: Iterable[str]) -> list[str]:
    """
    Count answers: `2 accepted`, `1 pending`.

    A status that the API does not document is counted as `other`: it is no word of ours.
    """
    counts = Counter(each if each in _ANSWERS else "other" for each in statuses)
    return [f"{counts[each]} {each}" for each in (*_ANSWERS, "other") if counts[each]]
