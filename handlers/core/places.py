"""Where an image stands, and where questions about images are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cloud.errors import NoSuchRegion
from storage import Account


@dataclass(frozen=True)
class ImageRef:
    """An image where one linked account sees it."""

    account_id: str
    """The bot's own id of the linked account, not its number."""
    region: str
    image_id: str

    @property
    def parts(self) -> tuple[str, str, str]:
        return self.account_id, self.region, self.image_id


@dataclass(frozen=True)
class AccountRegion:
    """One region of one linked account: where a question is asked."""

    account: Account
    region: str


def account_regions(accounts: Sequence[Account], region: str | None = None) -> list[AccountRegion]:
    """
    Where to look for these accounts: in *region*, else in each one's fixed region, else in all.

    Raises:
        cloud.errors.NoSuchRegion: none of the accounts has that region.
    """
    if region is None:
        return [
            AccountRegion(account, each)
            for account in accounts
            for each in ((account.region,) if account.region else account.regions)
        ]
    wanted = region.casefold()
    known = [AccountRegion(account, each) for account in accounts for each in account.regions]
    found = [place for place in known if place.region.casefold() == wanted]
    if not found:
        raise NoSuchRegion(region, tuple(sorted({place.region for place in known})))
    return found
