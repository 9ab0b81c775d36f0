"""Count each account's images once a day: the cloud keeps no history."""

from __future__ import annotations

import logging

from cloud.errors import CloudError
from handlers.core.errors import UserError
from handlers.core.places import AccountRegion
from handlers.core.services import Services
from handlers.reports import report
from storage import LEFT

log = logging.getLogger(__name__)


def count_region(place: AccountRegion, services: Services) -> bool:
    """Count the images of one region. False if the cloud could not be asked."""
    account, region = place.account, place.region
    owner = services.store.people.get(account.team_id, account.user_id)
    if region in account.trouble or (owner and owner.paused_reason == LEFT):
        return False
    try:
        images = report.own_images(services.images(account, region))
    except (CloudError, UserError) as error:
        log.info("figures of %s, region %s: %s", account.id, region, type(error).__name__)
        return False
    services.store.figures.put(account.id, region, *report.count_and_size(images))
    return True
