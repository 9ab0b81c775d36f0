"""Shares that expire: schedule, extend and cancel their end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from cloud.models import Image
from handlers.core import cloud_roles, find_image
from handlers.core.errors import UnderWay
from handlers.core.facts import Change
from handlers.core.interactions import Click, Person
from handlers.core.notify import notify
from handlers.core.operations import Operation
from handlers.core.parties import parties
from handlers.core.replies import Message
from handlers.core.services import Services
from handlers.sharing import members
from handlers.sharing.errors import NoEnd, ShareOver
from handlers.sharing.views import expiry as views
from handlers.ui import operation_words
from handlers.ui.blocks import text_message
from storage import Account, AccountKey, Expiry


def schedule_end(
    person: Person,
    account: Account,
    image: Image,
    number: str,
    span: timedelta,
    because: str,
    services: Services,
) -> None:
    """
    Schedule the end of a share, *span* from now; replaces an earlier schedule.

    Call it while holding the lock `members.lock_key`.
    """
    services.store.expiries.put(
        account, person.user_id, image.region, image.id, image.name, number, span, because
    )


def cancel_end(account: Account, image: Image, number: str, services: Services) -> None:
    """Forget the scheduled end of a share that was ended, or made again without an end."""
    services.store.expiries.forget(account, image.region, image.id, number)


def of_image(account: Account, image: Image, services: Services) -> Mapping[str, Expiry]:
    """Return an image's shares that expire, by account number."""
    return services.store.expiries.of_image(account, image.region, image.id)


def notify_once(
    user_id: str, expiry: Expiry, kind: str, message: Message, services: Services
) -> None:
    """Send a message about one scheduled end, once for each *kind*."""
    share = f"{expiry.cloud} {expiry.region} {expiry.image_id} {expiry.number}"
    end = f"{kind} {expiry.ends_at.isoformat()}"
    notify(
        Person(expiry.team_id, user_id),
        message,
        services.store,
        f"expiry {end} {share} {expiry.team_id}/{user_id}",
    )


def notify_consumers(expiry: Expiry, kind: str, message: Message, services: Services) -> None:
    """Everyone else in the workspace who has linked the account it is shared with."""
    key = AccountKey(expiry.team_id, expiry.cloud, expiry.number)
    for link in services.store.accounts.links(key):
        if link.user_id != expiry.user_id:
            notify_once(link.user_id, expiry, kind, message, services)


def extend_clicked(click: Click, services: Services) -> Message:
    """The Extend button of a reminder or of the list of members."""
    request = views.Extend.read(click.value)
    account, image = find_image.image_from_button(click.person, request.place, services)
    cloud_roles.must_own(image, account, "share")
    with services.lock(members.lock_key(image.region, image.id, request.number)):
        expiry = _current_expiry(account, image, request.number, services)
        now = expiry.ends_at == request.shown_end
        if now:
            services.authorize(_operation(account, image, expiry, services))
            expiry = _extend(click.person, expiry, services)
    result = views.extended(expiry, now=now)
    if request.origin == views.Origin.REMINDER:
        return text_message(result)
    return members.redraw(result, account, image, services)


def _operation(account: Account, image: Image, expiry: Expiry, services: Services) -> Operation:
    return Operation.on_image(
        "image.extend",
        account,
        image,
        operation_words.extend(image, expiry.number),
        target=f"{image.id} with {expiry.number} from {expiry.ends_at.isoformat()}",
        gains=parties(account, [expiry.number], services),
        changes=(Change("ends", _utc(expiry.ends_at), _utc(expiry.ends_at + expiry.span)),),
        because=expiry.because,
    )


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _current_expiry(account: Account, image: Image, number: str, services: Services) -> Expiry:
    """The share as it is now, if it lasts and is to end."""
    expiry = of_image(account, image, services).get(number)
    name = image.name or image.id
    if members.get_member(account, image, number, services) is None:
        cancel_end(account, image, number, services)
        raise ShareOver(name, image.id, number, expiry.span if expiry else None)
    if expiry is None:
        raise NoEnd(name, number)
    if expiry.ends_at <= services.clock():
        raise ShareOver(name, image.id, number, expiry.span)
    return expiry


def _extend(person: Person, expiry: Expiry, services: Services) -> Expiry:
    """
    Extend the share, and notify those who were reminded of its end.

    Raises:
        UnderWay: somebody extends or ends it at this moment.
    """
    target = f"{expiry.image_id} with {expiry.number}"
    with services.audited(
        person.actor, "image.extend", target, account=expiry.key, region=expiry.region
    ) as entry:
        later = services.store.expiries.extend(expiry)
        if later is None:
            raise UnderWay
        entry.before = {"ends_at": expiry.ends_at.isoformat()}
        entry.after = {"ends_at": later.ends_at.isoformat()}
    if expiry.remind_at is None:
        message = views.consumer_extended(later, person.user_id)
        notify_consumers(later, "extended", message, services)
    return later
