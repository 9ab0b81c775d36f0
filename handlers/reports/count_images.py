"""Count each account's images once a day: the cloud keeps no history."""

from __future__ import annotations

import logging

from cloud.errors import CloudError
from handlers.core.errors import UserError
from handlers.core.places import AccountRegion
from handlers.core.services import Services
from handlers.reports import report
from storage.errors import Unreachable

log = logging.getLogger(__name__)


def uncounted(services: Services) -> list[AccountRegion]:
    """Where today's images were not counted yet."""
    counted = services.store.figures.counted()
    return [
        AccountRegion(account, region)
        for account in services.store.accounts.present()
        for region in account.regions
        if region not in account.trouble and (account.id, region) not in counted
    ]


def count_region(place: AccountRegion, services: Services) -> None:
    """Count the images of one region. Only Unreachable is raised."""
    account, region = place.account, place.region
    try:
        images = report.own_images(services.images(account, region))
        services.store.figures.put(account.id, region, *report.count_and_size(images))
    except (CloudError, UserError) as error:
        log.info("figures of %s, region %s: %s", account.id, region, type(error).__name__)
    except Unreachable:
        raise  # the database is down for everyone; the scheduler logs it once
    except Exception:
        log.exception("counting for %s, region %s broke", account.id, region)
