"""Imports that the provider does not do as tasks: it downloads the object by a temporary URL."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from bot.work.transfers.attempt import Attempt, Failed, Wait
from bot.work.transfers.plan_parts import Import
from cloud import Image, Images, ImageStatus, import_failed
from cloud.errors import Conflict, NotFound
from handlers.transfers import temp_url_keys
from handlers.transfers.errors import Vanished

URL_LIFE = timedelta(hours=24)
"""Within which the image service must have begun to read; a download that runs is not cut."""


def create(turn: Attempt) -> Wait | None:
    """An image without data. Its id was chosen beforehand, so that it is made once."""
    wanted = Import.of(turn)
    fields = {
        "id": wanted.image_id,
        "name": wanted.name,
        "disk_format": wanted.disk_format,
        "container_format": wanted.container_format,
    }
    turn.remember(created=wanted.image_id)
    with suppress(Conflict), turn.on_record():
        turn.images(wanted.region).create(fields)
    return None


def fetch(turn: Attempt) -> Wait | None:
    """Have the image service fetch the object; once, for a second asking may fetch it twice."""
    wanted = Import.of(turn)
    images = turn.images(wanted.region)
    if turn.recall("asked") and _under_way(images, wanted.image_id):
        return None
    url = temp_url_keys.temporary_url(
        turn.account,
        wanted.object_region,
        wanted.container,
        wanted.object,
        turn.runtime.clock() + URL_LIFE,
        turn.runtime.services,
    )
    turn.remember(asked=True)
    with suppress(Conflict), turn.on_record():
        images.import_from(wanted.image_id, url)
    return None


def watch(turn: Attempt) -> Wait | None:
    """Until the image has its data."""
    wanted = Import.of(turn)
    images = turn.images(wanted.region)
    image = _image(images, wanted.image_id)
    if import_failed(image) or image.status in (ImageStatus.KILLED, ImageStatus.ERROR):
        raise Failed(_why(images, image))
    if image.status != ImageStatus.ACTIVE:
        return Wait()
    turn.remember(result=wanted.result(image.id))
    return None


def discard(turn: Attempt) -> None:
    """Remove the image that got no data."""
    if turn.recall("created"):
        wanted = Import.of(turn)
        with suppress(NotFound), turn.on_record("clean up"):
            turn.images(wanted.region).delete(wanted.image_id)


def _under_way(images: Images, image_id: str) -> bool:
    image = _image(images, image_id)
    begun = image.status != ImageStatus.QUEUED or import_failed(image)
    if begun or image.raw.get("os_glance_import_task"):
        return True
    with suppress(NotFound):  # a service older than this question
        return bool(images.tasks_of(image_id))
    return False


def _image(images: Images, image_id: str) -> Image:
    try:
        return images.get(image_id)
    except NotFound as error:
        raise Vanished("image", image_id) from error


def _why(images: Images, image: Image) -> str:
    """What the service says of it, which is little."""
    with suppress(NotFound):
        for task in images.tasks_of(image.id):
            if task.message:
                return task.message
    return ""
