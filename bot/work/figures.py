"""Count each account's images once a day: the cloud does not tell how many there were before."""

from __future__ import annotations

import logging
from concurrent.futures import as_completed

from bot.wiring import Runtime
from cloud.errors import CloudError
from handlers.core.errors import UserError
from handlers.reports import report
from storage import Account
from storage.errors import Unreachable

log = logging.getLogger(__name__)


def run(runtime: Runtime) -> None:
    """Whatever was not counted today."""
    tasks = [
        runtime.pollers.submit(_count, runtime, account, region)
        for account in runtime.store.accounts.all()
        for region in account.regions
        if region not in account.trouble and not runtime.store.figures.counted(account.id, region)
    ]
    for task in as_completed(tasks):
        task.result()


def _count(runtime: Runtime, account: Account, region: str) -> None:
    """One region: its trouble keeps no other waiting."""
    if runtime.stopping.is_set():
        return
    try:
        images = report.own(runtime.services.images(account, region))
        runtime.store.figures.put(account.id, region, *report.counted(images))
    except (CloudError, UserError) as error:
        log.info("figures of %s, region %s: %s", account.id, region, type(error).__name__)
    except Unreachable:
        raise  # it is everyone's trouble, and the scheduler says so once
    except Exception:
        log.exception("counting for %s, region %s broke", account.id, region)
