"""References to images and to regions of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cloud.errors import NoSuchRegion
from cloud.models import Image
from handlers.core.button_values import ButtonValue
from storage import Account


@dataclass(frozen=True)
class ImageRef(ButtonValue):
    """An image as one linked account sees it; the value of buttons that need no more."""

    account_id: str
    """The bot's own id of the linked account, not its number."""
    region: str
    image_id: str

    @classmethod
    def of(cls, account: Account, image: Image) -> ImageRef:
        return cls(account.id, image.region, image.id)


@dataclass(frozen=True)
class ProducerRef(ButtonValue):
    """A producer as one linked account sees them; the value of buttons about their invitations."""

    account_id: str
    """The bot's own id of the linked account, not its number."""
    number: str
    """The producer's account number."""


@dataclass(frozen=True)
class AccountRegion:
    """One region of one linked account, to which a request goes."""

    account: Account
    region: str


def account_regions(accounts: Sequence[Account], region: str | None = None) -> list[AccountRegion]:
    """
    List the regions to ask: *region* of each account, else its default region, else all of them.

    Raises:
        cloud.errors.NoSuchRegion: none of the accounts has *region* (upper and lower case are
            the same).
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
