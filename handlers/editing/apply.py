"""Change an image in the cloud: one change at a time, audited, refusals in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any

from cloud import Images
from cloud.errors import Forbidden, NotFound
from cloud.models import Image, Visibility
from cloud.patch import Changes
from handlers.core import cloud_roles
from handlers.core.errors import NotOwner
from handlers.core.interactions import Person
from handlers.core.operations import Operation, audit_facts
from handlers.core.services import Services
from handlers.editing import access, fields
from handlers.editing.errors import BadField, NotChangeable, StandardImage
from handlers.sharing import end_shares
from handlers.ui import operation_words as words
from storage import Account, Entry


def must_own(image: Image, account: Account, doing: str) -> None:
    """Refuse to change what is not the account's own, which the API would hide as 404 or 403."""
    if image.owner == account.project_id:
        return
    if image.standard:
        raise StandardImage(image.name or image.id, doing)
    raise NotOwner(image.name or image.id, image.owner, doing)


def lock_image(region: str, image_id: str, services: Services) -> AbstractContextManager[None]:
    """Let no other request of this bot change the image at the same time."""
    return services.lock(f"change {region} {image_id}")


def audited(
    person: Person, action: str, account: Account, image: Image, services: Services
) -> AbstractContextManager[Entry]:
    return services.audited(person.actor, action, image.id, **audit_facts(account, image))


def update(
    person: Person, account: Account, image: Image, changed: Changes, services: Services
) -> Image:
    """
    Send changes, and return the image as it is then.

    Raises:
        NotChangeable: the cloud lets nobody of this login change one of the properties.

        MissingRole, OutcomeUnknown: as `cloud_roles.translating_errors`.
    """
    services.authorize(operation(account, image, changed, services))
    members = access.members_before(account, image, changed, services)
    images = services.images(account, image.region)
    with (
        audited(person, "image.update", account, image, services) as entry,
        cloud_roles.translating_errors(cloud_roles.ADMIN, "update images", f"show {image.id}"),
        _translate_refusal(changed),
    ):
        entry.before = changed_values(image, changed)
        after = images.update(image, changed)
        entry.after = changed_values(after, changed)
    access.note_dormant(account, image, members, after, services)
    if after.visibility == Visibility.SHARED:
        end_shares.end_overdue(account, after, services)
    return after


def update_tags(
    person: Person, account: Account, image: Image, changed: Changes, services: Services
) -> Image:
    """
    Add and take away tags one by one, and return the image as it is then.

    On Rackspace the observer role is enough. Source: the detailed permissions matrix.

    Raises:
        BadField: the cloud takes no such tag.

        MissingRole, OutcomeUnknown: as `cloud_roles.translating_errors`.
    """
    services.authorize(operation(account, image, changed, services))
    images = services.images(account, image.region)
    desired = changed.values["tags"]
    with (
        audited(person, "image.tag", account, image, services) as entry,
        cloud_roles.translating_errors(cloud_roles.OBSERVER, "tag images", f"show {image.id}"),
    ):
        entry.before = changed_values(image, changed)
        for tag in (each for each in desired if each not in image.tags):
            _add_tag(images, image, tag)
        for tag in (each for each in image.tags if each not in desired):
            with suppress(NotFound):
                images.remove_tag(image.id, tag)
        after = images.get(image.id)
        entry.after = changed_values(after, changed)
    return after


def operation(account: Account, image: Image, changed: Changes, services: Services) -> Operation:
    """Return the operation of a change, with who gains or loses access by it."""
    names = sorted({*changed.values, *changed.removed})
    desired = json.dumps({name: changed.values.get(name) for name in names})
    known = access.facts(account, image, changed, services)
    return Operation.on_image(
        "image.update",
        account,
        image,
        words.update(image, known),
        target=f"{image.id} {desired}",
        gains=known.gains,
        loses=known.loses,
        changes=known.changes,
    )


def _add_tag(images: Images, image: Image, tag: str) -> None:
    """An older Glance answers 404 to a tag with other characters, as if there were no image."""
    try:
        images.add_tag(image.id, tag)
    except NotFound as error:
        images.get(image.id)
        raise BadField("tag", tag, "letters, digits and underscores") from error


def changed_values(image: Image, changed: Changes) -> Mapping[str, Any]:
    """Return the image's values of the fields that *changed* changes; None for no value."""
    return {
        name: fields.current_value(image, name)
        for name in sorted({*changed.values, *changed.removed})
    }


@contextmanager
def _translate_refusal(changed: Changes) -> Iterator[None]:
    """Tell a property that nobody may change from a role that may change none."""
    try:
        yield
    except Forbidden as error:
        names = _properties_in(error.message, sorted({*changed.values, *changed.removed}))
        if not names:
            raise
        raise NotChangeable(names, error.message) from error


def _properties_in(cloud_message: str, names: Sequence[str]) -> Sequence[str]:
    """
    Return the properties that a refusal names.

    An image that is to be made public is refused as an action, `publicize_image`.
    """
    if "publicize_image" in cloud_message and "visibility" in names:
        return ["visibility"]
    if re.search(r"\b(modify_image|get_image)\b", cloud_message):
        return []
    return [each for each in names if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", cloud_message)]
