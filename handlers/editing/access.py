"""How a change of an image affects those who boot it, and who gains or loses access."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cloud.models import Image, Visibility
from cloud.patch import Changes
from handlers.core.effects import Effect
from handlers.core.facts import EVERYBODY, UNLISTED, Change, Facts, Party
from handlers.core.parties import OPEN, asleep, parties, with_access
from handlers.core.services import Services
from handlers.editing import fields
from handlers.invitations.share_records import record_back, record_lost
from storage import Account

MINIMA = ("min_disk", "min_ram")
"""Raising them stops smaller servers from booting the image."""


@dataclass(frozen=True)
class Consequences:
    """What happens to others' access."""

    gains: tuple[Party, ...] = ()
    loses: tuple[Party, ...] = ()
    effect: Effect | None = None


def facts(account: Account, image: Image, changed: Changes, services: Services) -> Facts:
    """Return what is shown of a change of an image; asks the cloud only if it affects others."""
    known = _changes(image, changed)
    if "visibility" in changed.values:
        found = _consequences(account, image, changed.values["visibility"], services)
        known["visibility"] = replace(known["visibility"], effect=found.effect)
        return Facts(gains=found.gains, loses=found.loses, changes=tuple(known.values()))
    raised = [name for name in MINIMA if _raised(image, changed, name)]
    if raised and with_access(account, image, services):
        known |= {n: replace(known[n], effect=Effect.STOPS_BOOTING) for n in raised}
    return Facts(changes=tuple(known.values()))


def dormant(account: Account, image: Image, services: Services) -> tuple[Party, ...]:
    """
    Return the members that an image has got back once it is shared, as far as they are known here.

    The cloud lists them to nobody until then. None, if it lists the members of this image.
    """
    if image.visibility == Visibility.SHARED:
        return ()
    place = (account.cloud, image.region, image.id)
    store = services.store
    numbers = {
        *store.dormant.of_image(*place),
        *(each.number for each in store.shares.of_image(account.team_id, *place)),
        *store.expiries.of_image(account, image.region, image.id),
    }
    numbers -= _over(account, image, services)
    if not numbers or not asleep(account, image, services):
        return ()
    return parties(account, numbers, services)


def woken(account: Account, before: Image, after: Image, services: Services) -> tuple[Party, ...]:
    """Return the members of an image that was made shared; the cloud lists them only then."""
    if after.visibility != Visibility.SHARED or before.visibility == Visibility.SHARED:
        return ()
    return with_access(account, after, services)


def lost(account: Account, before: Image, after: Image, services: Services) -> tuple[Party, ...]:
    """Return the members who cannot boot an image any more, as `note_dormant` has kept them."""
    if not _made_private(before, after):
        return ()
    numbers = services.store.dormant.of_image(account.cloud, after.region, after.id)
    return parties(account, numbers, services)


def note_dormant(
    account: Account, image: Image, members: Iterable[Party], after: Image, services: Services
) -> None:
    """Note whom an image was shared with, or that it is shared again; for its consumers, too."""
    dormant, place = services.store.dormant, (account.cloud, image.region, image.id)
    if after.visibility == Visibility.SHARED:
        record_back(account, after, dormant.of_image(*place), services)
        dormant.forget(*place)
        return
    if image.visibility == Visibility.SHARED:
        dormant.note(*place, [each.number for each in members])
    if not _made_private(image, after):
        return
    if asleep(account, after, services):
        record_lost(account, after, dormant.of_image(*place), services)
    else:
        dormant.forget(*place)


def _made_private(before: Image, after: Image) -> bool:
    return after.visibility == Visibility.PRIVATE and before.visibility != Visibility.PRIVATE


def members_before(
    account: Account, image: Image, changed: Changes, services: Services
) -> tuple[Party, ...]:
    """Return the members of an image that a change would make dormant."""
    if "visibility" not in changed.values or image.visibility != Visibility.SHARED:
        return ()
    return with_access(account, image, services)


def _changes(image: Image, changed: Changes) -> dict[str, Change]:
    names = sorted({*changed.values, *changed.removed})
    return {
        name: Change(
            name, _said(fields.current_value(image, name)), _said(changed.values.get(name))
        )
        for name in names
    }


def _consequences(account: Account, image: Image, wanted: str, services: Services) -> Consequences:
    if wanted in OPEN:
        if image.visibility in OPEN:
            return Consequences()
        return Consequences(gains=EVERYBODY, effect=Effect.GIVES_ACCESS)
    if image.visibility in OPEN:
        return Consequences(loses=EVERYBODY, effect=Effect.TAKES_ACCESS)
    if wanted == Visibility.SHARED:
        return _woken(account, image, services)
    loses = with_access(account, image, services)
    return Consequences(loses=loses, effect=Effect.TAKES_ACCESS if loses else None)


def _woken(account: Account, image: Image, services: Services) -> Consequences:
    """Members that the cloud does not list may be there, though nobody here knows them."""
    if not asleep(account, image, services):
        return Consequences()
    gains = (*dormant(account, image, services), Party(UNLISTED))
    return Consequences(gains=gains, effect=Effect.GIVES_BACK)


def _over(account: Account, image: Image, services: Services) -> set[str]:
    """Return accounts whose share has expired: it ends once the image is shared again."""
    ends = services.store.expiries.of_image(account, image.region, image.id)
    return {number for number, expiry in ends.items() if expiry.ends_at <= services.clock()}


def _raised(image: Image, changed: Changes, name: str) -> bool:
    wanted: Mapping[str, Any] = changed.values
    return name in wanted and wanted[name] > fields.current_value(image, name)


def _said(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(sorted(map(str, value)))
    return str(value)
