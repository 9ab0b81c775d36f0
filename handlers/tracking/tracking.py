"""Notify producers about their shares: a card for each image, and reminders of pending ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cloud import reference
from cloud.models import Image
from handlers.core.interactions import Person
from handlers.core.notify import notify
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.tracking.views import tracking as views
from storage import Account, Share, of_person


def share_started(
    person: Person, account: Account, image: Image, number: str, services: Services
) -> None:
    """Record that an image was shared with one more account, and redraw its card."""
    store = services.store
    store.shares.put(account, person.user_id, image.region, image.id, image.name, number)
    redraw_cards(account.team_id, account.cloud, image.region, image.id, services)


def share_ended(account: Account, image: Image, number: str, services: Services) -> None:
    """Record that a share was ended by command, and redraw the image's card."""
    place = (account.team_id, account.cloud, image.region, image.id)
    before = services.store.shares.of_image(*place)
    if services.store.shares.forget(*place, number):
        redraw_cards(*place, services, before)


def invitation_answered(
    consumer: Account, image: Image, status: str, at: datetime, services: Services
) -> None:
    """Record a consumer's answer given through this bot on the producers' cards."""
    place = (consumer.cloud, image.region, image.id, consumer.project_id)
    for share in services.store.shares.with_consumer(*place):
        record_answer(share, status, at, services)


def record_answer(share: Share, status: str, at: datetime, services: Services) -> None:
    """Record the consumer's answer if it is new: redraw cards, report a rejection at once."""
    if not services.store.shares.answered(share, status, at):
        return
    redraw_cards(share.team_id, share.cloud, share.region, share.image_id, services)
    if status == views.REJECTED:
        message = views.rejected(share, _nicknames(share, services))
        _notify(share, message, f"rejected {at.isoformat()}", services)


def redraw_cards(
    team_id: str,
    cloud: str,
    region: str,
    image_id: str,
    services: Services,
    before: Sequence[Share] = (),
) -> None:
    """
    Redraw the card of each person who shared the image.

    Args:
        before: the shares before some ended, for cards that have no share left.
    """
    shares = services.store.shares.of_image(team_id, cloud, region, image_id)
    people = {each.user_id for each in (*shares, *before)}
    services.store.displays.changed(*(of_person(team_id, each) for each in people))
    for user_id in people:
        mine = [each for each in shares if each.user_id == user_id]
        shown = _card(mine, services) if mine else _no_longer_shared(before)
        services.store.cards.draw(
            key=f"share {team_id} {user_id} {cloud} {region} {image_id}",
            team_id=team_id,
            user_id=user_id,
            text=shown.text,
            blocks=shown.blocks,
            reference=reference.current(),
        )


def remind_of_pending(shares: Sequence[Share], services: Services) -> None:
    """Remind one producer of their pending shares in one message, claiming each share first."""
    with services.store.together():
        if mine := [share for share in shares if services.store.shares.tell(share)]:
            message = views.pending_shares(mine, _nicknames(mine[0], services))
            _notify(mine[0], message, f"waiting {services.clock():%Y-%m-%d %H:%M}", services)


def _card(shares: Sequence[Share], services: Services) -> Message:
    first = shares[0]
    account = services.store.accounts.get(first.account_id)
    ends = (
        services.store.expiries.of_image(account, first.region, first.image_id) if account else {}
    )
    return views.card(shares, _nicknames(first, services), ends)


def _no_longer_shared(before: Sequence[Share]) -> Message:
    first = before[0]
    return views.no_longer_shared(first.image_name, first.image_id, first.region)


def _nicknames(share: Share, services: Services) -> dict[str, str]:
    known = services.store.names.of(share.team_id, share.cloud)
    return {each.number: each.nickname for each in known}


def _notify(share: Share, message: Message, what: str, services: Services) -> None:
    notify(
        Person(share.team_id, share.user_id),
        message,
        services.store,
        f"share {share.user_id} {share.region} {share.image_id} {share.number} {what}",
    )
