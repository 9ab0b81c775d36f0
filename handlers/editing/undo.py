"""Undo a change of an image: once, within ten minutes, if nobody has changed it since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloud.models import CORE_PROPERTIES, Image
from cloud.patch import Changes
from handlers.core import find_image
from handlers.core.errors import BadButton
from handlers.core.interactions import Person
from handlers.core.places import ImageRef
from handlers.core.services import Services
from handlers.editing import apply, fields
from handlers.editing.errors import MovedSince, TooLateToUndo
from storage import Account

LIFETIME_S = 600.0
"""Seconds for which a change can be undone."""
PURPOSE = "undo"
TAGS = "tags"
"""Changes that are undone by the calls for tags, which need a lower role than an update."""


@dataclass(frozen=True)
class Undo:
    """A change that can be undone. What an image does not have is None."""

    place: ImageRef
    by: str
    """`tags`, or "" for an update."""
    updated_at: str
    """When the change was made, as the cloud writes it."""
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def changes(self) -> Changes:
        own = {n for n, value in self.before.items() if value is None} - CORE_PROPERTIES
        return Changes({n: v for n, v in self.before.items() if n not in own}, frozenset(own))

    def changed_since(self, image: Image) -> bool:
        """Whether someone has changed the image since, so that more than this would be undone."""
        if (image.raw.get("updated_at") or "") != self.updated_at:
            return True
        return any(
            _plain(fields.current_value(image, n)) != _plain(v) for n, v in self.after.items()
        )


def issue(
    account: Account,
    before: Mapping[str, Any],
    image: Image,
    services: Services,
    *,
    by: str = "",
) -> str:
    """Return a token that undoes the change; *image* is as it is now."""
    payload = {
        "place": (account.id, image.region, image.id),
        "by": by,
        "updated_at": image.raw.get("updated_at") or "",
        "before": dict(before),
        "after": {name: fields.current_value(image, name) for name in before},
    }
    return services.store.once.issue(PURPOSE, payload, LIFETIME_S)


def image_of(token: str, services: Services) -> ImageRef:
    """
    Return the image whose change a token undoes.

    Raises:
        TooLateToUndo: as `spend`.
    """
    return _read(services.store.once.peek(PURPOSE, token)).place


def authorize_undo(person: Person, token: str, services: Services) -> None:
    """Authorize the undo before its token is redeemed, which works once only."""
    undo = _read(services.store.once.peek(PURPOSE, token))
    account, image = find_image.image_from_button(person, undo.place, services)
    services.authorize(apply.operation(account, image, undo.changes(), services))


def redeem(person: Person, token: str, services: Services) -> tuple[Undo, Account, Image]:
    """
    What a token undoes, on which account's image. Only then is it used up.

    Raises:
        TooLateToUndo: pressed before, or too old.

        MovedSince: the image was changed since.

        NotYours, ImageGone: as `find_image.image_from_button`.
    """
    undo = _read(services.store.once.peek(PURPOSE, token))
    account, image = find_image.image_from_button(person, undo.place, services)
    if undo.changed_since(image):
        raise MovedSince(image.name or image.id, image.id)
    _read(services.store.once.redeem(PURPOSE, token))
    return undo, account, image


def _read(payload: Mapping[str, Any] | None) -> Undo:
    if payload is None:
        raise TooLateToUndo
    try:
        return Undo(**{**payload, "place": ImageRef(*payload["place"])})
    except (KeyError, TypeError) as error:
        raise BadButton from error


def _plain(value: Any) -> Any:
    """Glance gives the tags in any order."""
    return sorted(value) if isinstance(value, list) else value
