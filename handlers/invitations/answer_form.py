"""Answer several invitations by one form: accept, reject, snooze, or mute their producers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from cloud.errors import CloudError
from cloud.models import MemberStatus
from handlers.core.errors import BadButton, UserError
from handlers.core.interactions import Click, Command, Person, Submission
from handlers.core.places import ImageRef
from handlers.core.replies import FieldErrors, Reply
from handlers.core.services import Services
from handlers.invitations import auto_accept, commands, inbox, snooze
from handlers.invitations.views import answer_form as views
from handlers.invitations.views import answers
from handlers.invitations.views.answer_form import Answer
from handlers.ui.blocks import sentences
from handlers.ui.error_words import words
from storage import Role

_STATUS = {Answer.ACCEPT: MemberStatus.ACCEPTED, Answer.REJECT: MemberStatus.REJECTED}


def command(command: Command, services: Services) -> Reply:
    """/images accept or reject, alone: open the form with that answer."""
    return _form(command, command.verb, services)


def open_clicked(click: Click, services: Services) -> Reply:
    """The Answer… button below a list."""
    return _form(click, "", services)


def submitted(submission: Submission, services: Services) -> Reply:
    """Answer one after the other, each with its own outcome; then list what is still pending."""
    person = submission.person
    accounts = services.accounts_of(person)
    places = [ImageRef.read(value) for value in submission.chosen(views.WHICH)]
    try:
        answer, until = Answer(submission.text(views.ANSWER)), _until(submission, services)
    except ValueError as error:
        raise BadButton from error
    if errors := _errors(submission, answer, until, services):
        return FieldErrors(errors)
    match answer:
        case Answer.SNOOZE:
            result = _snooze(person, places, until, services)
        case Answer.MUTE:
            result = _mute(person, places, services)
        case _:
            result = _respond(person, places, answer, services)
    if submission.chosen(views.ALWAYS):
        result = sentences([result, *_trust(person, places, services)])
    return inbox.list_message(person, accounts, services, result=result)


def _form(asked: Command | Click, answer: str, services: Services) -> Reply:
    """The form for the invitations to the accounts for which the person may answer here."""
    seen = services.accounts_of(asked.person)
    accesses = services.roles.accesses(asked.person, asked.channel_id)
    able = [each.account for each in accesses if each.effective_role.allows(Role.OPERATOR)]
    if not able:
        services.require_role(seen[0])
    cards = inbox.pending_cards(asked.person, able, services)
    return views.form(cards, answer) if cards else views.nothing_pending()


def _errors(
    submission: Submission, answer: Answer, until: datetime | None, services: Services
) -> dict[str, str]:
    if submission.chosen(views.ALWAYS) and answer != Answer.ACCEPT:
        return {views.ALWAYS: "Only what you accept can be accepted automatically."}
    if until and answer != Answer.SNOOZE:
        return {views.UNTIL: "Only with Snooze. Empty it, or choose Snooze."}
    if until and until <= services.clock():
        return {views.UNTIL: "Choose a day after today."}
    return {}


def _until(submission: Submission, services: Services) -> datetime | None:
    """Return the beginning of the chosen day, where the person is; None if there is none."""
    person, day = submission.person, submission.text(views.UNTIL)
    if not day:
        return None
    zone = services.store.people.time_zone(person.team_id, person.user_id) or "UTC"
    return datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone))


def _respond(person: Person, places: Sequence[ImageRef], answer: Answer, services: Services) -> str:
    status = _STATUS[answer]
    outcomes = [commands.answer_one(person, place, status, services) for place in places]
    return answers.answered_all(outcomes, status)


def _snooze(
    person: Person, places: Sequence[ImageRef], until: datetime | None, services: Services
) -> str:
    outcomes = []
    for place in places:
        try:
            account = services.account(person, place.account_id)
            invitation = snooze.snooze(person, account, place, until, services)
            outcomes.append((invitation.image_name or invitation.image_id, ""))
        except (CloudError, UserError) as error:
            outcomes.append((place.image_id, words(error)))
    return answers.answered_all(outcomes, views.snoozed(until))


def _mute(person: Person, places: Sequence[ImageRef], services: Services) -> str:
    """Mute each producer for each account; who has shared what is gone by now is not known."""
    pairs = _producers(person, places, services)
    for account_id, producer in pairs:
        snooze.mute(person, services.account(person, account_id), producer, services)
    return views.muted(sorted({producer for _, producer in pairs}))


def _trust(person: Person, places: Sequence[ImageRef], services: Services) -> list[str]:
    """
    Accept automatically from each producer for each account; return what to say.

    What is no longer there was said with the answers, which have been given by now.
    """
    return [
        auto_accept.trust(person, services.account(person, account_id), producer, services)
        for account_id, producer in _producers(person, places, services)
    ]


def _producers(
    person: Person, places: Sequence[ImageRef], services: Services
) -> list[tuple[str, str]]:
    """Return the accounts of these invitations by id, each with the number of each producer."""
    pairs = set()
    for place in places:
        with suppress(CloudError, UserError):
            account = services.account(person, place.account_id)
            pairs.add((account.id, snooze.recorded(account, place, services).owner))
    return sorted(each for each in pairs if each[1])
