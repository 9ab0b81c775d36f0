"""Record shares made and ended through the bot, for the consumers in the workspace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from cloud.models import Image, MemberStatus
from handlers.core.services import Services
from handlers.invitations.views import cards
from storage import Account, AccountKey, Invitation, State

_LOST: Mapping[str, State] = {State.PENDING: State.WITHDRAWN, State.ACCEPTED: State.ENDED}
"""The end of an invitation whose image is no longer shared."""


def record_share(
    account: Account, image: Image, numbers: Sequence[str], services: Services
) -> None:
    """
    Record a share made through the bot as invitations, without waiting for the next refresh.

    Ignore numbers that nobody in the workspace has linked, and regions that they do not use.

    Args:
        account: the producer; *numbers* are the consumers.
    """
    now = services.clock()
    for number in numbers:
        key = AccountKey(account.team_id, account.cloud, number)
        for link in services.store.accounts.links(key):
            looked_at = (link.region,) if link.region else link.regions
            if image.region in looked_at:
                seen = Invitation.of_image(link.id, image, now)
                services.store.invitations.begin(replace(seen, invited_at=now))
                services.store.places.make_due(link.id, image.region)


def record_unshare(
    account: Account,
    region: str,
    image_id: str,
    number: str,
    services: Services,
    *,
    notified: bool = False,
) -> None:
    """
    Record the end of a share made through the bot: nobody is notified of it as pending, and those
    who had accepted it are notified of its end.

    Args:
        account: the producer; *number* is the consumer.

        notified: whether the consumer's people are notified of the end otherwise.
    """
    store = services.store
    for link in store.accounts.links(AccountKey(account.team_id, account.cloud, number)):
        known = store.invitations.find(link.id, region, image_id)
        if known is None or known.state not in _LOST:
            continue
        now, state = services.clock(), _LOST[known.state]
        store.invitations.answered(link.id, region, image_id, state, None, now)
        if notified:
            store.delivered.note(link.team_id, link.user_id, known, state=state)


def record_lost(account: Account, image: Image, numbers: Iterable[str], services: Services) -> None:
    """Record that an image was deleted or made private, for each account it was shared with."""
    for number in numbers:
        record_unshare(account, image.region, image.id, number, services)


def record_back(account: Account, image: Image, numbers: Iterable[str], services: Services) -> None:
    """Record that an image is shared again with those it was shared with before."""
    for number in numbers:
        for link in services.store.accounts.links(
            AccountKey(account.team_id, account.cloud, number)
        ):
            give_back(link.id, image.region, image.id, services)


def give_back(account_id: str, region: str, image_id: str, services: Services) -> bool:
    """Record that a consumer has access again to what it had accepted. False if it had not."""
    known = services.store.invitations.find(account_id, region, image_id)
    if known is None or known.state != State.ENDED:
        return False
    services.store.invitations.answered(
        account_id, region, image_id, State.ACCEPTED, None, services.clock()
    )
    return True


def invitation_card(
    account: Account,
    image: Image,
    invited_at: datetime | None = None,
    status: str = MemberStatus.PENDING,
) -> cards.Card:
    return cards.Card(
        account=account,
        region=image.region,
        image_id=image.id,
        image_name=image.name,
        owner=image.owner,
        size=image.size,
        invited_at=invited_at,
        created_at=image.created_at,
        status=status,
    )
