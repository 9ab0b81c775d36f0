"""Warn people, once, that an account's login has stopped working."""

from __future__ import annotations

import logging

from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.services import Services
from handlers.notifications import slots
from handlers.notifications.time_zones import may_notify_now
from handlers.notifications.views import login_warning as views
from storage import Account, InvitationKey
from storage.errors import StorageError

log = logging.getLogger(__name__)

STOPPED = "stopped"


def enqueue_due(services: Services) -> None:
    """Enqueue a warning for each account with a permanent login error, once for each linking."""
    for account in services.store.accounts.troubled():
        troubles = sorted(set(account.trouble.values()) & views.WHY.keys())
        if not troubles:
            continue
        try:
            _enqueue(services, account, troubles[0])
        except StorageError:
            raise
        except Exception:
            log.exception("account %s: telling of its login broke", account.id)


def _enqueue(services: Services, account: Account, trouble: str) -> None:
    team_id, user_id = account.team_id, account.user_id
    told = services.store.delivered.of(team_id, user_id).get(_delivery_key(account))
    if told and told.first_seen == account.linked_at:
        return
    if not _may_notify(services, account):
        return
    message = views.stopped(account, trouble)
    with services.store.together():
        if services.store.delivered.mark(
            team_id, user_id, _delivery_key(account), since=account.linked_at, state=STOPPED
        ):
            notify(Person(team_id, user_id), message, services.store)


def _may_notify(services: Services, account: Account) -> bool:
    row = services.store.people.get(account.team_id, account.user_id)
    preferences = services.store.preferences.of(account.team_id, account.user_id)
    preference = slots.effective_preference(preferences, account.project_id)
    return row is not None and may_notify_now(row, preference, services)


def _delivery_key(account: Account) -> InvitationKey:
    """Beside the account's invitations: of none of its regions."""
    return account.id, "", ""
