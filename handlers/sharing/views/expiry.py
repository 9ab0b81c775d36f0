"""Words for shares with an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from handlers.core.button_values import ButtonValue
from handlers.core.parties import OPEN
from handlers.core.places import ImageRef
from handlers.core.replies import Block, Message
from handlers.ui.blocks import button, buttons, code, command, context, date, text_message
from handlers.ui.labels import because_clause, duration, duration_code, image_name
from storage import Expiry

EXTEND = "expiries.extend"


_WHAT_STAYS = "Servers and images already built from it stay."


class Origin(StrEnum):
    """The kind of message that an Extend button is in, and so what to redraw."""

    MEMBERS = "members"
    REMINDER = "reminder"


@dataclass(frozen=True)
class Extend(ButtonValue):
    """The value of the Extend button: a share, and its end as it stood when the button was made."""

    place: ImageRef
    number: str
    shown_end: datetime
    origin: Origin


def reminder(expiry: Expiry) -> Message:
    """Remind the person who shared it, a while before the end."""
    text = (
        f"{_image(expiry)} is shared with account {code(expiry.number)} until "
        f"{date(expiry.ends_at)}{because_clause(expiry)}. Then that account loses access, unless "
        "you extend it."
    )
    place = ImageRef(expiry.account_id, expiry.region, expiry.image_id)
    extend = extend_button(place, expiry, Origin.REMINDER)
    return text_message(text, context(_WHAT_STAYS), buttons(extend))


def consumer_reminder(expiry: Expiry) -> Message:
    """Remind the people of the account it is shared with, at the same time."""
    text = (
        f"{_their_image(expiry)} is shared with your account {code(expiry.number)} until "
        f"{date(expiry.ends_at)}{because_clause(expiry)}. Then your account loses access."
    )
    return _with_note(
        text, f"{_WHAT_STAYS} If you need it longer, ask <@{expiry.user_id}>, who shared it."
    )


def consumer_extended(expiry: Expiry, user_id: str) -> Message:
    """Notify the people who were reminded of an end that *user_id* has extended it."""
    text = (
        f"{_their_image(expiry)} stays shared with your account {code(expiry.number)} until "
        f"{date(expiry.ends_at)}{because_clause(expiry)}: <@{user_id}> has extended it."
    )
    return text_message(text)


def ended(expiry: Expiry) -> Message:
    """Notify the person who shared it that it has ended."""
    text = (
        f"{_image(expiry)} is no longer shared with account {code(expiry.number)}: you shared it "
        f"until {date(expiry.ends_at)}{because_clause(expiry)}."
    )
    more = share_again_command(expiry.image_id, expiry.number, expiry.span)
    return _with_note(text, f"{_WHAT_STAYS} To share it again: {more}")


def asleep(expiry: Expiry, visibility: str) -> Message:
    """Notify the person who shared it that it expired, but the cloud cannot end it now."""
    open_now = visibility in OPEN
    access = "every account of this cloud can" if open_now else "that account cannot"
    text = (
        f"The share of {_image(expiry)} with account {code(expiry.number)} has expired: you shared "
        f"it until {date(expiry.ends_at)}{because_clause(expiry)}. The image is {visibility} now, "
        f"so {access} boot it, and the cloud does not let me end the share."
    )
    more = (
        "If someone makes the image `shared` again, the account has access again. I'll end it at "
        "once if that is done with this bot, or within minutes if it is done elsewhere."
    )
    return _with_note(text, more)


def consumer_ended(expiry: Expiry) -> Message:
    """Notify the people of the account that has lost access."""
    text = (
        f"{_their_image(expiry)} is no longer shared with your account {code(expiry.number)}: it "
        f"was shared until {date(expiry.ends_at)}{because_clause(expiry)}."
    )
    return _with_note(
        text, f"{_WHAT_STAYS} If you still need it, ask <@{expiry.user_id}>, who shared it."
    )


def late(expiry: Expiry) -> Message:
    """Notify the person who shared it that for an hour the cloud has refused to end it."""
    text = (
        f"The share of {_image(expiry)} with account {code(expiry.number)} expired "
        f"{date(expiry.ends_at)}, but the cloud has not let me end it. The account still has "
        "access. I'll keep trying, and notify you when it is done."
    )
    return _with_note(text, f"To end it yourself: {_unshare(expiry)}")


def login_cannot_end(expiry: Expiry, why: str, linked_by: str) -> Message:
    """Notify the person who shared it that the login cannot end it; *why* in words."""
    whose = "" if linked_by == expiry.user_id else f" (<@{linked_by}> has linked it)"
    text = (
        f"{_image(expiry)} is shared with account {code(expiry.number)} until "
        f"{date(expiry.ends_at)}, but the login of account {code(expiry.project_id)}{whose} "
        f"can't end it. {why}"
    )
    more = f"Once it can, this ends it at once: {_unshare(expiry)}"
    return _with_note(text, f"I'll keep trying; until then the account has access. {more}")


def unlinked(expiry: Expiry) -> Message:
    """Notify the person who shared it that no login is left to end it."""
    text = (
        f"{_image(expiry)} was shared with account {code(expiry.number)} until "
        f"{date(expiry.ends_at)}, but account {code(expiry.project_id)} is no longer linked, so I "
        "can't end it. The account still has access."
    )
    return _with_note(
        text, f"Link it again with `/images link`, then end it with {_unshare(expiry)}"
    )


def extended(expiry: Expiry, *, now: bool) -> str:
    """What an Extend has just done, or, not *now*, what an earlier one had done before."""
    done = f"Extended by {duration(expiry.span)}" if now else "Already extended"
    shared = f"{_image(expiry)} is shared with account {code(expiry.number)}"
    return f"{done}: {shared} until {date(expiry.ends_at)}."


def extend_button(place: ImageRef, expiry: Expiry, origin: Origin) -> Block:
    text = f"Extend by {duration(expiry.span)}"
    value = Extend(place, expiry.number, expiry.ends_at, origin).value()
    return button(text, EXTEND, value, label=f"{text} for {expiry.number}")


def share_again_command(image_id: str, number: str, span: timedelta | None) -> str:
    """The command that shares it once more, for as long as it was shared at first."""
    return command(f"share {image_id} {number} for {duration_code(span or timedelta(days=7))}")


def _with_note(text: str, more: str) -> Message:
    return text_message(text, context(more))


def _image(expiry: Expiry) -> str:
    return f"{image_name(expiry.image_name, expiry.image_id)} ({expiry.region})"


def _their_image(expiry: Expiry) -> str:
    return f"{_image(expiry)} of account {code(expiry.project_id)}"


def _unshare(expiry: Expiry) -> str:
    return command(f"unshare {expiry.image_id} {expiry.number}")
