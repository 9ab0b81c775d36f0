"""Check a person's linked accounts."""

from __future__ import annotations

from collections.abc import Sequence

from cloud import Capabilities, Connection
from cloud.errors import CloudError
from handlers.accounts.capabilities import abilities
from handlers.accounts.views import status as views
from handlers.accounts.views.status import AccountStatus
from handlers.core.errors import Usage
from handlers.core.interactions import Command
from handlers.core.places import AccountRegion
from handlers.core.region_queries import RegionResults
from handlers.core.replies import Message
from handlers.core.services import Services
from storage import Account, Place

STATUS = "status"

_RegionAnswer = tuple[tuple[str, ...], Capabilities | CloudError]
"""The roles of a login, and the capabilities of a region or the error of asking for them."""


def status(command: Command, services: Services) -> Message:
    """/images status: check each account's login, its roles and what its regions support."""
    if command.words:
        raise Usage(STATUS)
    accounts = services.accounts_of(command.person)
    places = [AccountRegion(account, region) for account in accounts for region in account.regions]
    seen = services.query_regions(places, _ask_region)
    places_of = services.store.places.of
    return views.status(
        [_account_status(account, seen, places_of(account.id)) for account in accounts]
    )


def _ask_region(connection: Connection, region: str) -> _RegionAnswer:
    """
    Raises:
        cloud.errors.CloudError: nobody can log in.
    """
    roles = connection.roles
    try:
        return roles, connection.capabilities(region)
    except CloudError as error:
        return roles, error


def _account_status(
    account: Account, gathered: RegionResults[_RegionAnswer], looks: Sequence[Place]
) -> AccountStatus:
    seen = {p.region: what for p, what in gathered.results if p.account.id == account.id}
    troubles = {t.region: t.error for t in gathered.troubles if t.account == account.project_id}
    regions = {**troubles, **{region: what for region, (_, what) in seen.items()}}
    roles = next((roles for roles, _ in seen.values()), ())
    return AccountStatus(
        account,
        account.user_name,
        roles=roles,
        abilities=abilities(roles),
        regions={region: regions[region] for region in account.regions if region in regions},
        trouble=None if seen else next(iter(troubles.values()), None),
        scheduler_errors=account.trouble,
        looked_at={each.region: each.last_looked_at for each in looks},
    )
