"""Words and the form for notification preferences."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.core.button_values import ButtonValue, pack, unpack
from handlers.core.replies import Block, Message
from handlers.notifications import errors as user
from handlers.ui.alerts import Level, callout
from handlers.ui.blocks import (
    button,
    buttons,
    code,
    context,
    counted,
    date,
    listed,
    named,
    section,
    sentences,
    text_message,
)
from storage import Preference, Slot

OPEN = "preferences.open"
SAVE = "preferences.save"
FORGET = "preferences.forget"
OPTIONS = ("zone", "quiet", "weekends", "region", "from", "holding", "after", "channel")
"""Of the verb, besides the account."""
MAX_ZONES = 100
"""Zones that a menu shows."""
SHOWN = 10
"""Preferences in one message."""


@dataclass(frozen=True)
class Save(ButtonValue):
    """The value of the Save button: an account number, or "" for all, and settings as JSON."""

    number: str
    settings: str


DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MODES: Mapping[str, str] = {
    "both": "at once, and in digests",
    "instant": "at once",
    "digest": "in digests",
    "off": "not at all",
}


@dataclass(frozen=True)
class Row:
    """One preference, with its last and next digest."""

    number: str
    """Account number; "" for all that have none of their own."""
    preference: Preference
    slack_zone: str | None = None
    last_sent: datetime | None = None
    last_error: str = ""
    coming: Sequence[Slot] = ()


def preferences(rows: Sequence[Row], saved: str | None = None) -> Message:
    """Show all of a person's preferences; *saved* is the one just set."""
    text = "Your notifications"
    blocks: list[Block] = [section(f"*{text}*")]
    if saved is not None:
        blocks.insert(0, callout(Level.SUCCESS, f"Saved, for {accounts_phrase(saved)}."))
    for row in rows[:SHOWN]:
        blocks += _row(row)
    if len(rows) > SHOWN:
        blocks.append(context(f"…and {len(rows) - SHOWN} more accounts."))
    blocks.append(
        context(
            "To change them: `/images digest weekdays 09:00,16:00`, `/images digest off`, "
            "`/images digest snooze 3d`. Pending now: `/images digest now`"
        )
    )
    return Message(f"{'Saved. ' if saved is not None else ''}{text}", tuple(blocks))


def nothing_pending() -> Message:
    text = "Nothing pending, so no digest."
    return text_message(text)


def preview(
    number: str, preference: Preference, settings: Mapping[str, Any], coming: Sequence[Slot]
) -> Message:
    """Preview the preference before it is saved."""
    text = f"Notifications of invitations to {accounts_phrase(number)}:"
    held = json.dumps(dict(settings), ensure_ascii=False, separators=(",", ":"))
    save = button("Save", SAVE, Save(number, held).value(), style="primary")
    return text_message(
        text, section(_described(preference)), section(_next(coming)), buttons(save)
    )


def accounts_phrase(number: str) -> str:
    """Return the accounts that a preference applies to, in words."""
    return f"account {code(number)}" if number else "all your accounts"


def read_number(value: str) -> str:
    """Account number, or "" for all."""
    return unpack(value, 1)[0]


def _row(row: Row) -> list[Block]:
    preference = row.preference
    zone = "" if preference.zone else f" ({_city(row.slack_zone)}, your Slack time zone)"
    value = pack(row.number)
    which = f"*{accounts_phrase(row.number).capitalize()}*"
    elements = [button("Change…", OPEN, value, label=f"Change {row.number or 'all'}")]
    if row.number:
        elements.append(
            button("Reset to default", FORGET, value, label=f"Reset to default: {row.number}")
        )
    return [
        section(f"{which}\n{_described(preference)}{zone}"),
        context(_status_line(row)),
        buttons(*elements),
    ]


def _city(zone: str | None) -> str:
    """Return the last part of a zone's name, as in New York."""
    return (zone or "UTC").rpartition("/")[2].replace("_", " ")


def _status_line(row: Row) -> str:
    sent = f"last sent {date(row.last_sent)}" if row.last_sent else "no digest sent yet"
    due = f"next due {date(row.coming[0].at)}" if row.coming else "none due"
    error = f"last error: {named(row.last_error, 100)}" if row.last_error else ""
    return " · ".join(part for part in (sent, due, error) if part)


def _next(coming: Sequence[Slot]) -> str:
    if not coming:
        return "No digests."
    return f"Next digests: {listed([date(slot.at) for slot in coming])}."


def _described(preference: Preference) -> str:
    parts = [f"{MODES[preference.mode].capitalize()}."]
    if preference.mode in ("both", "digest"):
        at = listed(preference.times)
        where = f" {preference.zone}" if preference.zone else ""
        parts.append(f"Digests {_days(preference.days)} at {at}{where}{_place(preference)}.")
    if preference.quiet_from:
        parts.append(f"Quiet from {preference.quiet_from} to {preference.quiet_to}.")
    if not preference.weekends:
        parts.append("Not at once on weekends.")
    if preference.quiet_from or not preference.weekends:
        waited = counted(preference.patience_days, "day")
        parts.append(f"Delivered anyway after {waited}.")
    parts += _filters(preference)
    if preference.paused_until:
        parts.append(f"*Paused until {date(preference.paused_until)}.*")
    return sentences(parts)


def _place(preference: Preference) -> str:
    return f", in <#{preference.channel_id}> (invite me there)" if preference.channel_id else ""


def _days(days: Sequence[int]) -> str:
    if len(days) == len(DAY_NAMES):
        return "every day"
    if tuple(days) == user.WORKING_DAYS:
        return "from Monday to Friday"
    return f"on {listed([DAY_NAMES[day] for day in days])}"


def _filters(preference: Preference) -> list[str]:
    only = []
    if preference.regions:
        only.append(f"in {listed([code(each) for each in preference.regions], 'or')}")
    if preference.producers:
        only.append(f"from {listed([code(each) for each in preference.producers], 'or')}")
    if preference.name:
        only.append(f"whose names contain {named(preference.name)}")
    if preference.working_days:
        days = counted(preference.working_days, "working day")
        only.append(f"pending for {days}")
    return [f"Only invitations {listed(only)}."] if only else []
