"""Warn people, once, that an account's login has stopped working."""

from __future__ import annotations

from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.services import Services
from handlers.notifications import slots
from handlers.notifications.time_zones import may_notify_now
from handlers.notifications.views import login_warning as views
from storage import Account, InvitationKey

STOPPED = "stopped"


def warn(account: Account, error: Exception, services: Services) -> None:
    """
    Enqueue a warning if a login fails for good, once for each linking.

    Call it in the transaction that notes the error. During quiet hours the next look warns.
    """
    trouble, person = type(error).__name__, Person(account.team_id, account.user_id)
    if trouble not in views.WHY or not _may_notify(services, account):
        return
    delivered, since = services.store.delivered, account.linked_at
    if delivered.mark(
        person.team_id, person.user_id, _delivery_key(account), since=since, state=STOPPED
    ):
        notify(person, views.stopped(account, trouble), services.store)


def _may_notify(services: Services, account: Account) -> bool:
    row = services.store.people.get(account.team_id, account.user_id)
    preferences = services.store.preferences.of(account.team_id, account.user_id)
    preference = slots.effective_preference(preferences, account.project_id)
    return row is not None and may_notify_now(row, preference, services)


def _delivery_key(account: Account) -> InvitationKey:
    """Beside the account's invitations: of none of its regions."""
    return account.id, "", ""
