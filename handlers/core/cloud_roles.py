"""Check ownership, and translate the cloud's refusals into the role that is missing."""

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
    """Return every link to the same account in the same workspace, this one included."""
    return store.accounts.links(account.key)


def must_own(image: Image, account: Account, doing: str) -> None:
    """
    Refuse to share or unshare an image of another account.

    Args:
        doing: the verb, as the refusal names it: `share`, `unshare`.

    Raises:
        PublicImage, NotOwner: the account does not own it.
    """
    if image.visibility == Visibility.PUBLIC:
        raise PublicImage(image.name or image.id)
    if image.owner != account.project_id:
        raise NotOwner(image.name or image.id, image.owner, doing)


@contextmanager
def translating_errors(role: str, doing: str, check_command: str) -> Iterator[None]:
    """
    Translate the cloud's errors during a change whose other preconditions were checked.

    Args:
        role: the cloud role that the change needs.

        doing: the change, as it follows "may not": `share images`.

        check_command: the command that shows whether it was done: `members ID`.

    Raises:
        MissingRole: 403, so the login lacks *role*.

        OutcomeUnknown: no answer, so the change may have been made.
    """
    try:
        yield
    except Forbidden as error:
        raise MissingRole(role, doing) from error
    except Unavailable as error:
        if error.status in _NOT_DONE:
            raise
        raise OutcomeUnknown(doing, check_command) from error
