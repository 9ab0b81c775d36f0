"""Read which preference a command or a form asks for. preferences.py shows and saves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from handlers.core.errors import Usage
from handlers.core.interactions import Command, Submission
from handlers.core.mentions import channel_or_here
from handlers.notifications import parse_preferences
from handlers.notifications.errors import MAX_DAYS, MAX_NAME_FILTER, BadChoice
from handlers.notifications.views import preferences_form as form
from handlers.notifications.views.preferences import OPTIONS
from storage import Mode, Preference

DIGEST = "digest [daily|weekdays|weekly DAY TIMES | instant|both|off | snooze 3d | now | form]"


def from_command(command: Command, before: Preference, now: datetime) -> Preference:
    """
    Return the preference with what the command changes in it.

    Raises:
        Usage: the words say no schedule, mode or pause.

        UserError: a word or an option cannot be read.
    """
    after = _with_words(command, before, now)
    for name in given_options(command):
        if name == "channel":
            after = replace(after, channel_id=_channel(command, command.last(name) or ""))
        else:
            after = _SETTERS[name](after, command.options[name])
    return after


def given_options(command: Command) -> list[str]:
    """Return the options of the command that set something."""
    return [name for name in OPTIONS if name in command.options]


def from_form(submission: Submission, before: Preference) -> Preference:
    """
    Return the preference with what the form says.

    Raises:
        form.InvalidField: the text of one field cannot be read.
    """
    text = submission.text
    quiet = form.read_field(form.QUIET, partial(parse_preferences.quiet_hours, text(form.QUIET)))
    mode, days = _mode_and_days(submission, before)
    parsed: dict[str, Any] = {
        setting: form.read_field(field, partial(parse, text(field)))
        for setting, (field, parse) in _TEXT_FIELDS.items()
    }
    return replace(
        before,
        mode=mode,
        days=days or before.days,
        quiet_from=quiet[0],
        quiet_to=quiet[1],
        weekends="yes" in submission.chosen(form.WEEKENDS),
        name=text(form.NAME)[:MAX_NAME_FILTER],
        **parsed,
    )


def _mode_and_days(submission: Submission, before: Preference) -> tuple[Mode, tuple[int, ...]]:
    days = tuple(sorted(int(day) for day in submission.chosen(form.DAYS)))
    mode = Mode(submission.text(form.MODE) or before.mode)
    if mode.digests and not days:
        raise form.InvalidField(form.DAYS, BadChoice("days", "", "at least one day"))
    return mode, days


def _days(text: str) -> int:
    return parse_preferences.whole_number("days", text or "0", MAX_DAYS)


_TEXT_FIELDS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "times": (form.TIMES, parse_preferences.times),
    "zone": (form.ZONE, parse_preferences.zone),
    "patience_days": (form.PATIENCE, _days),
    "regions": (form.REGIONS, lambda text: parse_preferences.names("regions", [text])),
    "producers": (form.PRODUCERS, lambda text: parse_preferences.names("producers", [text])),
    "working_days": (form.AFTER, _days),
    "channel_id": (form.CHANNEL, parse_preferences.channel),
}
"""By setting: the field of the form, and what reads its text."""


def _with_words(command: Command, preference: Preference, now: datetime) -> Preference:
    match [word.casefold() for word in command.words]:
        case []:
            return preference
        case [mode] if mode in tuple(Mode):
            return replace(preference, mode=Mode(mode), paused_until=None)
        case ["snooze", *span] if span:
            return replace(preference, paused_until=parse_preferences.until(" ".join(span), now))
        case ["resume"]:
            return replace(preference, paused_until=None)
    scheduled = parse_preferences.schedule(command.words, preference)
    if scheduled is None:
        raise Usage(DIGEST)
    return scheduled


def _quiet(preference: Preference, words: Sequence[str]) -> Preference:
    begin, end = parse_preferences.quiet_hours(words[-1])
    return replace(preference, quiet_from=begin, quiet_to=end)


def _weekends(preference: Preference, words: Sequence[str]) -> Preference:
    word = words[-1].casefold()
    if word not in ("yes", "no"):
        raise BadChoice("--weekends", words[-1], "`yes` or `no`")
    return replace(preference, weekends=word == "yes")


_SETTERS: Mapping[str, Callable[[Preference, Sequence[str]], Preference]] = {
    "quiet": _quiet,
    "weekends": _weekends,
    "zone": lambda p, words: replace(p, zone=parse_preferences.zone(words[-1])),
    "region": lambda p, words: replace(p, regions=parse_preferences.names("--region", words)),
    "from": lambda p, words: replace(p, producers=parse_preferences.names("--from", words)),
    "holding": lambda p, words: replace(p, name=_name_filter(words[-1])),
    "after": lambda p, words: replace(
        p, working_days=parse_preferences.whole_number("--after", words[-1], MAX_DAYS)
    ),
}
"""By option: the preference with that option set."""


def _name_filter(word: str) -> str:
    """`all` for no limit."""
    return "" if word.casefold() == "all" else word[:MAX_NAME_FILTER]


def _channel(command: Command, word: str) -> str:
    """`off` for the person's conversation with the bot."""
    off = word.casefold() == parse_preferences.OFF
    return "" if off else channel_or_here(word, command.channel_id)
