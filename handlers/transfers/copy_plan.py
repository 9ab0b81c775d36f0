"""Plan a copy: how the data goes across, and what the new image is given."""

from __future__ import annotations

import re
import uuid
from typing import Any

from cloud import Way
from cloud.errors import NoSuchRegion
from cloud.models import Image
from handlers.core.errors import PublicImage
from handlers.core.places import AccountRegion
from handlers.core.services import Services
from handlers.editing.fields import DISCOURAGED, RESERVED
from handlers.sharing import members
from handlers.sharing.errors import NotShareable
from handlers.transfers import export as exports
from handlers.transfers import import_ as imports
from handlers.transfers.errors import SameRegion
from handlers.transfers.plans import CopyPlan
from handlers.transfers.views.copy import COPY_OF, SAME, Copy
from storage import Account

_OF_THE_CLOUD = frozenset(
    {
        *("image_type", "base_image_ref", "instance_uuid", "user_id", "owner_id"),
        *("image_location", "image_state", "cache_in_nova"),
    }
)
"""Properties that Compute sets on images of servers, which would be wrong on a copy."""
_LEFT_OUT = (*RESERVED, DISCOURAGED, "imagebot_")
"""Prefixes of properties that are the cloud's or the bot's own."""


def plan_copy(account: Account, image: Image, asked: Copy, services: Services) -> CopyPlan:
    """
    Plan the copy.

    Raises:
        cloud.errors.NoSuchRegion: the account has no such region.

        SameRegion: the image is there already.

        ObjectExists: an object of that name is in the intermediate container.

        NoWay, NotOwner, NotActive, NotExportable: as `exports.exportable`.
    """
    target = _region(account, image, asked.target)
    way = exports.exportable(account, image, services)
    onward = imports.importing(AccountRegion(account, target), services)
    container = f"imagebot-to-{re.sub('[^a-z0-9-]', '-', target.lower())}"
    name = exports.object_name(image, way)
    _must_have_room(account, image.region, target, onward, (container, name), services)
    by_task = way == Way.TASK
    return CopyPlan(
        image_id=image.id,
        image_name=image.name or image.id,
        size=image.size or 0,
        source_region=image.region,
        target_region=target,
        container=container,
        exports=way,
        imports=onward,
        new_image_id=str(uuid.uuid4()) if onward == Way.DOWNLOAD else "",
        object=name,
        fields=_fields(image),
        disk_format="vhd" if by_task else image.disk_format or "raw",
        container_format="ovf" if by_task else image.container_format or "bare",
        shares=_shares(account, image, asked, services),
        **_hashes(image),
    )


def _hashes(image: Image) -> dict[str, str]:
    """Checksums to compare the copy with; "" where the cloud names none."""
    return {
        "checksum": image.checksum or "",
        "hash_algo": image.raw.get("os_hash_algo") or "",
        "hash_value": image.raw.get("os_hash_value") or "",
    }


def _region(account: Account, image: Image, word: str) -> str:
    for region in account.regions:
        if region.casefold() == word.casefold():
            if region == image.region:
                raise SameRegion(image.name or image.id, region)
            return region
    raise NoSuchRegion(word, account.regions)


def _must_have_room(
    account: Account,
    source: str,
    target: str,
    onward: Way,
    place: tuple[str, str],
    services: Services,
) -> None:
    """Check that the object's name is free in each region where the data is stored meanwhile."""
    connection = services.connection(account)
    for region in (source, target) if onward == Way.TASK else (source,):
        exports.must_be_free(connection.object_store(region), *place)


def _fields(image: Image) -> dict[str, Any]:
    """Properties, limits and tags of the new image, as the API names them."""
    own = {
        name: value
        for name, value in image.properties.items()
        if not name.startswith(_LEFT_OUT) and name not in _OF_THE_CLOUD
    }
    needs = {"min_disk": image.min_disk, "min_ram": image.min_ram, "protected": image.protected}
    given = {name: value for name, value in needs.items() if value}
    tags = {"tags": list(image.tags)} if image.tags else {}
    return {**own, **given, **tags, COPY_OF: image.id}


def _shares(account: Account, image: Image, asked: Copy, services: Services) -> tuple[str, ...]:
    if SAME in asked.shares:
        return tuple(member_numbers(account, image, services))
    return asked.shares


def member_numbers(account: Account, image: Image, services: Services) -> list[str]:
    """Account numbers of the members; none of an image that cannot be shared."""
    try:
        shared = members.list_members(account, image, services)
    except (NotShareable, PublicImage):
        return []
    return [member.member_id for member in shared]
