"""An account's second contact, who is notified once of invitations that are overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from types import MappingProxyType

from handlers.core import mentions, spans
from handlers.core.effects import Effect
from handlers.core.errors import PersonLeft, Usage
from handlers.core.facts import Change, Facts
from handlers.core.find_account import account_for
from handlers.core.interactions import Click, Command, Person, Submission
from handlers.core.notify import notify
from handlers.core.operations import Operation
from handlers.core.presence import require_present
from handlers.core.replies import FieldErrors, Message, Modal, Reply
from handlers.core.services import Services
from handlers.invitations import silenced as silencing
from handlers.notifications.errors import MAX_CONTACT_DAYS, BadChoice
from handlers.notifications.views import escalation as views
from handlers.ui import operation_words
from handlers.ui.blocks import unformatted
from handlers.ui.error_words import words
from handlers.ui.tell_admins import tell_admins
from storage import Account, Contact, Delivery, Invitation, invitation_key

CONTACT = 'contact [@PERSON DAYS | off] [because "…"]'
OFF = "off"


def contact(command: Command, services: Services) -> Message:
    """/images contact @person 5 | off: set the second contact, or none."""
    match command.words:
        case (off,) if off.casefold() == OFF:
            return _set(command.person, account_for(command, services), None, services)
        case (word, *days) if days:
            user_id, span = mentions.person(word), _days(" ".join(days))
        case _:
            raise Usage(CONTACT)
    if user_id is None:
        raise Usage(CONTACT)
    account = account_for(command, services)
    require_present(Person(account.team_id, user_id), services)
    wanted = Contact(account.key, user_id, span, command.person.user_id)
    return _set(command.person, account, wanted, services)


def form_command(command: Command, services: Services) -> Modal:
    """/images contact: open the form."""
    return _form(account_for(command, services), services)


def open_clicked(click: Click, services: Services) -> Modal:
    """The Second contact… button."""
    asked = views.ContactOf.read(click.value)
    return _form(services.account(click.person, asked.account_id), services)


def submitted(submission: Submission, services: Services) -> Reply:
    """Set what was changed in the form, and leave what others have changed meanwhile."""
    asked = views.ContactOf.read(submission.value)
    account = services.account(submission.person, asked.account_id)
    now = services.store.contacts.of(account.key)
    user_id, days = submission.text(views.WHO), submission.text(views.DAYS)
    if asked.days and now:
        user_id = now.user_id if user_id == asked.user_id else user_id
        days = str(now.days) if days == asked.days else days
    if not user_id and now is None:
        return FieldErrors({views.WHO: "Choose who is told."})
    command = Command(
        submission.person,
        CONTACT.split()[0],
        (f"<@{user_id}>", days) if user_id else (OFF,),
        MappingProxyType({"account": (account.project_id, account.id)}),
        submission.channel_id,
        team_id=submission.team_id,
    )
    try:
        return contact(command, services)
    except BadChoice as error:
        return FieldErrors({views.DAYS: unformatted(words(error))})
    except PersonLeft as error:
        return FieldErrors({views.WHO: unformatted(words(error))})


def _form(account: Account, services: Services) -> Modal:
    return views.form(account, services.store.contacts.of(account.key))


def overdue(contact: Contact, link: Account, services: Services) -> Sequence[Invitation]:
    """
    Return the invitations pending for longer than the contact's days, not yet notified to them.

    Those that the person who linked the account has snoozed or muted are left out.
    """
    store, now = services.store, services.clock()
    silenced = silencing.silenced_for(Person(link.team_id, link.user_id), services)
    told = store.delivered.of(contact.key.team_id, contact.user_id)
    return [
        each
        for each in store.invitations.pending(link.id)
        if now - each.first_seen >= timedelta(days=contact.days)
        and not (silenced.snoozed(each) or silenced.muted(link, each.owner))
        and not _already_notified(told.get(invitation_key(each)), each)
    ]


def _already_notified(telling: Delivery | None, invitation: Invitation) -> bool:
    return telling is not None and telling.first_seen == invitation.first_seen


def _set(person: Person, account: Account, wanted: Contact | None, services: Services) -> Message:
    store = services.store
    before = store.contacts.of(account.key)
    operation = _operation(account, before, wanted)
    services.authorize(operation)
    target = wanted.user_id if wanted else "off"
    with services.audited(person.actor, "account.contact", target, account=account.key) as entry:
        entry.before, entry.after = _for_audit(before), _for_audit(wanted)
        if wanted is None:
            store.contacts.forget(account.key)
        else:
            store.contacts.put(account.key, wanted.user_id, wanted.days, person.user_id)
    tell_admins(person, operation, services)
    if wanted and wanted.user_id != person.user_id:
        told = views.you_are_contact(account, wanted, person.user_id)
        notify(Person(account.team_id, wanted.user_id), told, store)
    return views.contact(account, wanted)


def _operation(account: Account, before: Contact | None, wanted: Contact | None) -> Operation:
    """Notify somebody else of the account's invitations from now on."""
    had, has = (f"<@{each.user_id}>" if each else "" for each in (before, wanted))
    effect = Effect.WIDENS if has and has != had else None
    change = Change("second contact", had, has, effect)
    said = operation_words.change_account("contact", account, [change])
    target = f"{has} {wanted.days if wanted else ''}"
    return Operation("account.contact", account, "", target, said, Facts(changes=(change,)))


def _for_audit(contact: Contact | None) -> dict[str, str | int]:
    return {"user": contact.user_id, "days": contact.days} if contact else {}


def _days(word: str) -> int:
    found = spans.days(word.lower().removeprefix("after "))
    if found is None:
        raise Usage(CONTACT)
    if not 1 <= found <= MAX_CONTACT_DAYS:
        raise BadChoice("days", word, f"a number from 1 to {MAX_CONTACT_DAYS}")
    return found
