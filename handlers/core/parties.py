"""The accounts that gain or lose access to an image, with whose name they have."""

from __future__ import annotations

from collections.abc import Iterable

from cloud.errors import Forbidden, NotFound
from cloud.models import Image, Visibility
from handlers.core.facts import EVERYBODY, Party
from handlers.core.services import Services
from storage import Account

OPEN = frozenset({Visibility.PUBLIC, Visibility.COMMUNITY})


def parties(account: Account, numbers: Iterable[str], services: Services) -> tuple[Party, ...]:
    """Return accounts of a cloud, each once and in order, with the name in the address book."""
    return tuple(_party(account, number, services) for number in sorted(set(numbers)))


def with_access(account: Account, image: Image, services: Services) -> tuple[Party, ...]:
    """Return who else may boot from an image now: its members, or everybody."""
    if image.visibility in OPEN:
        return EVERYBODY
    try:
        members = services.images(account, image.region).members(image.id)
    except (Forbidden, NotFound):
        return ()
    return parties(account, (member.member_id for member in members), services)


def asleep(account: Account, image: Image, services: Services) -> bool:
    """
    Tell whether the cloud keeps the image's members and lists them to nobody.

    They have access again once the image is shared. On Rackspace no members sleep: an image that
    says `private` may be shared there.
    """
    if image.visibility == Visibility.SHARED:
        return False
    try:
        services.images(account, image.region).members(image.id)
    except Forbidden:
        return True
    except NotFound:
        return False
    return False


def _party(account: Account, number: str, services: Services) -> Party:
    known = services.store.names.by_number(account.team_id, account.cloud, number)
    return Party(number, known.nickname, known.named_by) if known else Party(number)
