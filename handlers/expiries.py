"""Shares that end by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from cloud.models import Image
from handlers.requests import Person
from handlers.services import Services
from handlers.spans import span as span
from storage import Account
from storage.expiries import Expiry


def begin(
    person: Person,
    account: Account,
    image: Image,
    number: str,
    span: timedelta,
    because: str,
    services: Services,
) -> None:
    """
    Have a share that was just made end after *span*; said again, it ends then.

    To be called within what keeps a share and an unshare of the same account apart.
    """
    services.store.expiries.put(
        account, person.user_id, image.region, image.id, image.name, number, span, because
    )


def ended(account: Account, image: Image, number: str, services: Services) -> None:
    """The share was ended by hand, or begun anew without an end: nothing is left to be done."""
    services.store.expiries.forget(account, image.region, image.id, number)


def of_image(account: Account, image: Image, services: Services) -> Mapping[str, Expiry]:
    """Which of an image's shares end by themselves, by account number."""
    return services.store.expiries.of_image(account, image.region, image.id)
