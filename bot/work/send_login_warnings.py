"""Tell people, once, that a login of theirs has stopped working."""

from __future__ import annotations

import logging

from bot.wiring import Runtime
from bot.work.time_zones import time_zone_of
from handlers.notifications import slots
from handlers.notifications.views import login_warning as views
from storage import Account, Mode
from storage.errors import StorageError
from storage.messages.told import Key

log = logging.getLogger(__name__)

STOPPED = "stopped"


def put_due(runtime: Runtime) -> None:
    """Once for each time that an account is linked: then somebody had mended it."""
    for account in runtime.store.accounts.all():
        troubles = sorted(set(account.trouble.values()) & views.WHY.keys())
        if not troubles:
            continue
        try:
            _tell(runtime, account, troubles[0])
        except StorageError:
            raise
        except Exception:
            log.exception("account %s: telling of its login broke", account.id)


def _tell(runtime: Runtime, account: Account, trouble: str) -> None:
    team_id, user_id = account.team_id, account.user_id
    told = runtime.store.delivered.of(team_id, user_id).get(_place(account))
    if told and told.first_seen == account.linked_at:
        return
    if not _may_hear(runtime, account):
        return
    message = views.stopped(account, trouble)
    with runtime.store.together():
        if runtime.store.delivered.mark(
            team_id, user_id, _place(account), since=account.linked_at, state=STOPPED
        ):
            runtime.store.outbox.put(
                team_id=team_id, user_id=user_id, text=message.text, blocks=message.blocks
            )


def _may_hear(runtime: Runtime, account: Account) -> bool:
    row = runtime.store.people.get(account.team_id, account.user_id)
    if row is None or row.paused_reason is not None:
        return False
    preferences = runtime.store.preferences.of(account.team_id, account.user_id)
    preference = slots.effective(preferences, account.project_id)
    if preference.mode == Mode.OFF:
        return False
    where = time_zone_of(runtime, row, preference)
    return where is not None and not slots.quiet_until(preference, where, runtime.clock())


def _place(account: Account) -> Key:
    """Beside the account's invitations: of none of its regions."""
    return account.id, "", ""
