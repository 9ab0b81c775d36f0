"""The form for notification preferences."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from handlers.core.button_values import pack
from handlers.core.errors import UserError
from handlers.core.replies import Block, Modal, Option
from handlers.notifications import errors as user
from handlers.notifications.views.preferences import DAY_NAMES, MODES, accounts_phrase
from handlers.ui.blocks import section
from handlers.ui.form_fields import (
    channel,
    checkboxes,
    number_input,
    radio,
    text_input,
    typeahead,
)
from storage import Preference

FORM = "preferences.form"
MODE, DAYS, TIMES = "preferences.mode", "preferences.days", "preferences.times"
ZONE, QUIET, WEEKENDS = "preferences.zone", "preferences.quiet", "preferences.weekends"
PATIENCE, REGIONS = "preferences.patience", "preferences.regions"
PRODUCERS, NAME, AFTER = "preferences.producers", "preferences.name", "preferences.after"
CHANNEL = "preferences.channel"

T = TypeVar("T")


class InvalidField(Exception):
    """The text of one field of the form cannot be read."""

    def __init__(self, field: str, error: UserError) -> None:
        super().__init__(field)
        self.field, self.error = field, error


def read_field(field: str, read: Callable[[], T]) -> T:
    """
    Return what *read* returns.

    Raises:
        InvalidField: naming the field whose text cannot be read.
    """
    try:
        return read()
    except UserError as error:
        raise InvalidField(field, error) from error


def form(number: str, preference: Preference) -> Modal:
    """
    Ask for all settings of a preference.

    Args:
        number: account number; "" for all accounts.
    """
    return Modal(
        FORM,
        "Invitations",
        (
            section(f"When and where to notify you of invitations to {accounts_phrase(number)}."),
            *_schedule_fields(preference),
            *_quiet_fields(preference),
            *_filter_fields(preference),
            _channel_field(preference),
        ),
        "Preview",
        value=pack(number),
    )


def _schedule_fields(preference: Preference) -> list[Block]:
    modes = [Option(words.capitalize(), mode) for mode, words in MODES.items()]
    days = [Option(name, str(number)) for number, name in enumerate(DAY_NAMES)]
    chosen = [str(day) for day in preference.days]
    zone = Option(preference.zone, preference.zone) if preference.zone else None
    hint = "Leave empty to use your Slack time zone."
    return [
        radio("Notify me", MODE, modes, initial=preference.mode),
        checkboxes("Digests on", DAYS, days, initial=chosen),
        text_input("Digests at", TIMES, initial=", ".join(preference.times)),
        typeahead("Time zone", ZONE, initial=zone, optional=True, hint=hint),
    ]


def _quiet_fields(preference: Preference) -> list[Block]:
    quiet = f"{preference.quiet_from}-{preference.quiet_to}" if preference.quiet_from else ""
    weekends = [Option("Also notify me at once on Saturdays and Sundays", "yes")]
    return [
        text_input(
            "Quiet hours",
            QUIET,
            initial=quiet,
            optional=True,
            placeholder="22:00-07:00",
            hint="Notifications are held until they end.",
        ),
        checkboxes("Weekends", WEEKENDS, weekends, initial=["yes"] if preference.weekends else []),
        number_input(
            "Deliver anyway after (days)",
            PATIENCE,
            initial=preference.patience_days,
            optional=True,
        ),
    ]


def _filter_fields(preference: Preference) -> list[Block]:
    regions, producers = ", ".join(preference.regions), ", ".join(preference.producers)
    return [
        text_input("Only regions", REGIONS, initial=regions, optional=True),
        text_input(
            "Only producers", PRODUCERS, initial=producers, optional=True, hint="Account numbers."
        ),
        text_input(
            "Only names containing",
            NAME,
            initial=preference.name,
            optional=True,
            max_length=user.MAX_NAME_FILTER,
        ),
        number_input(
            "Only if pending for (working days)",
            AFTER,
            initial=preference.working_days,
            optional=True,
        ),
    ]


def _channel_field(preference: Preference) -> Block:
    return channel(
        "Digests in a channel",
        CHANNEL,
        initial=preference.channel_id,
        optional=True,
        hint="Leave empty for a direct message. Only an admin of the account can choose a "
        "channel, because others read it there. Invite me with /invite first.",
    )
