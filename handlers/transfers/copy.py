"""Copy images to other regions of their account."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cloud import Way
from cloud.errors import NoSuchRegion
from cloud.models import Image
from handlers.addressbook import recipients
from handlers.core import find_image
from handlers.core.errors import PublicImage, Usage
from handlers.core.interactions import Click, Command, Person, Submission
from handlers.core.lists import listed
from handlers.core.names import new_question_id
from handlers.core.operations import Operation
from handlers.core.places import AccountRegion, ImageRef
from handlers.core.replies import FieldErrors, Message, Modal, Reply
from handlers.core.services import Services
from handlers.editing.parse import DISCOURAGED, RESERVED
from handlers.sharing import members
from handlers.sharing.errors import NotShareable, ShareWithSelf
from handlers.sharing.parse import check_count
from handlers.transfers import export as exports
from handlers.transfers import import_ as imports
from handlers.transfers import transfers
from handlers.transfers.errors import NothingChosen, SameRegion
from handlers.transfers.plans import CopyPlan
from handlers.transfers.views import copy as views
from handlers.transfers.views.copy import COPY_OF, SAME, Copy
from handlers.ui import operation_words
from handlers.ui.blocks import unformatted
from handlers.ui.error_words import words
from handlers.ui.typeahead_options import REGION
from storage import Account, Guarded, Kind

COPY = "copy IMAGE [to REGION] [with WITH…]"

_OF_THE_CLOUD = frozenset(
    {
        *("image_type", "base_image_ref", "instance_uuid", "user_id", "owner_id"),
        *("image_location", "image_state", "cache_in_nova"),
    }
)
"""Properties that Compute sets on images of servers, which would be wrong on a copy."""
_LEFT_OUT = (*RESERVED, DISCOURAGED, "imagebot_")
"""Prefixes of properties that are the cloud's or the bot's own."""


def copy(command: Command, services: Services) -> Reply:
    """/images copy <image> to <region>: ask, with the plan; with the image alone, open a form."""
    word, target, whom = _read(command.words)
    found = find_image.find_image(command, word, services)
    account, image = found.account, found.image
    place = ImageRef.of(account, image)
    if not target:
        return _form(account, image, services)
    numbers = recipients.account_numbers(command, account, whom, services)
    if account.project_id in numbers:
        raise ShareWithSelf(account.project_id)
    asked = Copy(place, new_question_id(), target, tuple(numbers))
    return _confirm(account, image, asked, services)


def opens(command: Command) -> bool:
    """Whether the command opens the form."""
    return len(command.words) == 1


def open_clicked(click: Click, services: Services) -> Modal:
    """Open the form: the Copy… button of an image."""
    account, image = find_image.image_from_button(
        click.person, ImageRef.read(click.value), services
    )
    return _form(account, image, services)


def submitted(submission: Submission, services: Services) -> Reply:
    """Ask, with the plan: the form, sent."""
    target = submission.text(REGION)
    if not target:
        return FieldErrors({REGION: unformatted(words(NothingChosen("a region")))})
    asked = Copy.read(submission.value)
    asked = replace(asked, target=target, shares=submission.chosen(views.SHARES))
    account, image = find_image.image_from_button(submission.person, asked.place, services)
    return _confirm(account, image, asked, services)


def confirm_clicked(click: Click, services: Services) -> Message:
    """Begin: a Start button of the plan. Pressed twice, it begins once."""
    return _begin(click.person, Copy.read(click.value), services)


def cancel_clicked(click: Click, _: Services) -> Message:
    """Say that nothing was done: the Cancel button of the plan."""
    return views.cancelled(click.value)


def _read(words: Sequence[str]) -> tuple[str, str, list[str]]:
    """Read image, region and accounts to share with; "" and none where not given."""
    match words:
        case (word,):
            return word, "", []
        case (word, to, target) if to.casefold() == "to":
            return word, target, []
        case (word, to, target, with_, *whom) if (
            to.casefold() == "to" and with_.casefold() == "with" and whom
        ):
            return word, target, check_count(listed(whom))
    raise Usage(COPY)


def _form(account: Account, image: Image, services: Services) -> Modal:
    exports.exportable(account, image, services)
    return views.form(image, account, _members(account, image, services), new_question_id())


def _confirm(account: Account, image: Image, asked: Copy, services: Services) -> Message:
    plan = _plan(account, image, asked, services)
    shared = _members(account, image, services)
    left_out = sorted(set(image.properties) - set(plan.fields))
    return views.confirm(
        image,
        account,
        plan,
        asked,
        shared,
        left_out,
        nicknames=recipients.nicknames(account, services),
        unknown=recipients.unknown_numbers(asked.shares, account, services),
    )


def _begin(person: Person, asked: Copy, services: Services) -> Message:
    account, image = find_image.image_from_button(person, asked.place, services)
    plan = _plan(account, image, asked, services)
    services.authorize(_operation(account, image, plan))
    transfer, new = transfers.begin(
        person,
        account,
        image.region,
        Kind.COPY,
        click=asked.click,
        key=f"copy {account.cloud} {image.region} {image.id} {plan.target_region}",
        title=plan.image_name,
        plan=plan,
        services=services,
    )
    return views.begun(image, plan.target_region, transfer.id, new=new)


def _operation(account: Account, image: Image, plan: CopyPlan) -> Operation:
    return Operation.on_image(
        "image.copy",
        account,
        image,
        operation_words.copy(image, plan.target_region, plan.shares),
        target=" ".join([image.id, "to", plan.target_region, *sorted(plan.shares)]),
        guarded=Guarded.SHARE if plan.shares else None,
        numbers=tuple(plan.shares),
    )


def _plan(account: Account, image: Image, asked: Copy, services: Services) -> CopyPlan:
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
        return tuple(_members(account, image, services))
    return asked.shares


def _members(account: Account, image: Image, services: Services) -> list[str]:
    """Account numbers of the members; none of an image that cannot be shared."""
    try:
        shared = members.list_members(account, image, services)
    except (NotShareable, PublicImage):
        return []
    return [member.member_id for member in shared]
