"""Show and change a person's notification preferences, by command or by form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from handlers.core import zones as time_zones
from handlers.core.errors import BadButton, UserError
from handlers.core.find_account import account_named
from handlers.core.interactions import Click, Command, Person, Search, Submission
from handlers.core.replies import FieldErrors, Message, Modal, Option, Reply
from handlers.core.services import Services
from handlers.notifications import (
    compose,
    due_digests,
    parse_preferences,
    recipient_channels,
    slots,
)
from handlers.notifications import preference_changes as changes
from handlers.notifications.views import preferences as views
from handlers.notifications.views import preferences_form as form
from handlers.ui.blocks import unformatted
from handlers.ui.error_words import words as said
from storage import (
    ALL_ACCOUNTS,
    Preference,
    Slot,
    SlotState,
    as_settings,
    from_settings,
)

FORM = "form"
SLOTS_PREVIEWED = 3
"""Deliveries that are shown before a preference is saved."""


def digest(command: Command, services: Services) -> Reply:
    """/images digest …: show or change when the person is notified of invitations."""
    number = _number(command, services)
    match [word.casefold() for word in command.words]:
        case [] if not changes.given_options(command):
            return _overview(command.person, services)
        case ["now"]:
            return compose.preview(command.person, services, number) or views.nothing_pending()
        case ["form"]:
            return _form(command.person, number, services)
    before = _preference(command.person, number, services)
    after = changes.from_command(command, before, services.clock())
    if "channel" in command.options:
        recipient_channels.check(command.person, number, after, services)
    return _save(command.person, number, before, after, services)


def opens(command: Command) -> bool:
    """Whether the form is asked for."""
    return [word.casefold() for word in command.words] == [FORM]


def open_clicked(click: Click, services: Services) -> Modal:
    """The Change… button."""
    return _form(click.person, views.read_number(click.value), services)


def submitted(submission: Submission, services: Services) -> Reply:
    """The form, sent: what it would mean is shown before it is saved."""
    number = views.read_number(submission.value)
    before = _preference(submission.person, number, services)
    try:
        after = changes.from_form(submission, before)
        form.read_field(
            form.CHANNEL,
            lambda: recipient_channels.check(submission.person, number, after, services),
        )
    except form.InvalidField as invalid:
        return FieldErrors({invalid.field: unformatted(said(invalid.error))})
    return views.preview(
        number, after, _changed_settings(after), _next_slots(submission.person, after, services)
    )


def save_clicked(click: Click, services: Services) -> Message:
    """The Save button below what the form would mean."""
    asked = views.Save.read(click.value)
    number = asked.number
    try:
        after = parse_preferences.validate(from_settings(json.loads(asked.settings)))
    except (ValueError, TypeError, KeyError, AttributeError, UserError) as error:
        raise BadButton from error
    recipient_channels.check(click.person, number, after, services)
    before = _preference(click.person, number, services)
    return _save(click.person, number, before, after, services)


def forget_clicked(click: Click, services: Services) -> Message:
    """The button that makes an account follow the preference for all accounts."""
    number = views.read_number(click.value)
    person = click.person
    before, after = (_preference(person, each, services) for each in (number, ALL_ACCOUNTS))
    widened = recipient_channels.authorize(person, number, before, after, services)
    with services.audited(person.actor, "digest.set", number or "all accounts", account=number):
        kept = due_digests.settle_before_change(person, number, services)
        services.store.preferences.forget(person.team_id, person.user_id, number, kept)
    recipient_channels.tell_admins_of(person, widened, services)
    return _overview(person, services)


def zones(search: Search, _: Services) -> Sequence[Option]:
    """Time zones of cities that begin so, and then others whose names hold the words."""
    return [Option(name, name) for name in time_zones.search(search.words)[: views.MAX_ZONES]]


def _number(command: Command, services: Services) -> str:
    words = command.options.get("account")
    return account_named(command.person, words, services).project_id if words else ALL_ACCOUNTS


def _preference(person: Person, number: str, services: Services) -> Preference:
    known = services.store.preferences.of(person.team_id, person.user_id)
    return slots.effective_preference(known, number)


def _form(person: Person, number: str, services: Services) -> Modal:
    return form.form(number, _preference(person, number, services))


def _changed_settings(preference: Preference) -> dict[str, Any]:
    """Its settings, but for those that are as nobody has changed them: a button holds little."""
    usual = as_settings(Preference())
    return {name: held for name, held in as_settings(preference).items() if held != usual[name]}


def _save(
    person: Person, number: str, before: Preference, after: Preference, services: Services
) -> Message:
    widened = recipient_channels.authorize(person, number, before, after, services)
    with services.audited(
        person.actor, "digest.set", number or "all accounts", account=number
    ) as entry:
        entry.before, entry.after = as_settings(before), as_settings(after)
        kept = due_digests.settle_before_change(person, number, services)
        services.store.preferences.put(person.team_id, person.user_id, number, after, kept)
    recipient_channels.tell_admins_of(person, widened, services)
    return _overview(person, services, saved=number)


def _overview(person: Person, services: Services, *, saved: str | None = None) -> Message:
    """Each preference, with what it has led to and will lead to."""
    known = services.store.preferences.of(person.team_id, person.user_id)
    numbers = [ALL_ACCOUNTS, *sorted(number for number in known if number != ALL_ACCOUNTS)]
    rows = [
        _row(person, number, slots.effective_preference(known, number), services)
        for number in numbers
    ]
    return views.preferences(rows, saved)


def _row(person: Person, number: str, preference: Preference, services: Services) -> views.Row:
    digests = services.store.digests
    sent = digests.last(person.team_id, person.user_id, number, SlotState.SENT)
    return views.Row(
        number,
        preference,
        _slack_zone(person, services),
        last_sent=sent.at if sent else None,
        last_error=digests.last_error(person.team_id, person.user_id, number),
        coming=_next_slots(person, preference, services)[:1],
    )


def _next_slots(person: Person, preference: Preference, services: Services) -> list[Slot]:
    if not preference.mode.digests:
        return []
    zone = slots.zone_of(preference, _slack_zone(person, services))
    now = services.clock()
    begin = max(now, preference.paused_until) if preference.paused_until else now
    return list(slots.next_slots(preference, zone, begin, SLOTS_PREVIEWED))


def _slack_zone(person: Person, services: Services) -> str | None:
    return services.store.people.time_zone(person.team_id, person.user_id)
