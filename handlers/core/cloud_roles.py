"""What only an image's owner or a role of the cloud may do, and who has linked an account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cloud.errors import Forbidden, Unavailable
from cloud.models import Image, Visibility
from handlers.core.errors import MissingRole, NotOwner, OutcomeUnknown, PublicImage
from storage import Account, Store

ADMIN = "cloudImages:admin"
CREATOR = "cloudImages:creator"
OBSERVER = "cloudImages:observer"
"""Roles of the Images API. Source: Rackspace's detailed permissions matrix for Cloud Images."""
STORE = "object-store:admin"
"""The role of Cloud Files that may write. Source: its detailed permissions matrix."""


_NOT_DONE = frozenset({413, 429, 503})
"""Statuses by which a service refuses a request before it looks at it."""


def links_to(account: Account, store: Store) -> Sequence[Account]:
    """Every link to the same account in the same workspace: colleagues share what they answer."""
    return store.accounts.links(account.key)


def must_own(image: Image, account: Account, doing: str) -> None:
    """Refuse to share or unshare what is not the account's own."""
    if image.visibility == Visibility.PUBLIC:
        raise PublicImage(image.name or image.id)
    if image.owner != account.project_id:
        raise NotOwner(image.name or image.id, image.owner, doing)


@contextmanager
def translating_errors(role: str, doing: str, check_command: str) -> Iterator[None]:
    """
    A change in the cloud, everything but the role having been checked.

    Raises:
        MissingRole: 403, so the login lacks *role*.

        OutcomeUnknown: no answer, so the change may have been made; *look* is the verb that tells.
    """
    try:
        yield
    except Forbidden as error:
        raise MissingRole(role, doing) from error
    except Unavailable as error:
        if error.status in _NOT_DONE:
            raise
        raise OutcomeUnknown(doing, check_command) from error
