"""Imports by web-download: the image service downloads the object by a temporary URL."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from bot.work.transfers.attempt import Attempt, Failed, Wait
from bot.work.transfers.plan_parts import Import
from cloud import (
    ENDED_WITHOUT_DATA,
    HAS_DATA,
    Image,
    Images,
    ImageStatus,
    import_failed,
)
from cloud.errors import Conflict, NotFound
from handlers.transfers import temp_url_keys
from handlers.transfers.errors import Vanished

URL_LIFE = timedelta(hours=24)
"""Time within which the image service has to begin its download; a running one is not cut."""


def create(attempt: Attempt) -> Wait | None:
    """Create an image without data. Its id was chosen in the plan, so that it is created once."""
    wanted = Import.of(attempt)
    fields = {
        "id": wanted.image_id,
        "name": wanted.name,
        "disk_format": wanted.disk_format,
        "container_format": wanted.container_format,
    }
    attempt.remember(created=wanted.image_id)
    with suppress(Conflict), attempt.audited():
        attempt.images(wanted.region).create(fields)
    return None


def fetch(attempt: Attempt) -> Wait | None:
    """Request the download of the object once; a second request might download it twice."""
    wanted = Import.of(attempt)
    images = attempt.images(wanted.region)
    if attempt.recall("asked") and _under_way(images, wanted.image_id):
        return None
    url = temp_url_keys.temporary_url(
        attempt.account,
        wanted.object_region,
        wanted.container,
        wanted.object,
        attempt.runtime.clock() + URL_LIFE,
        attempt.runtime.services,
    )
    attempt.remember(asked=True)
    with suppress(Conflict), attempt.audited():
        images.import_from(wanted.image_id, url)
    return None


def watch(attempt: Attempt) -> Wait | None:
    """Poll until the image has its data."""
    wanted = Import.of(attempt)
    images = attempt.images(wanted.region)
    image = _image(images, wanted.image_id)
    if import_failed(image) or image.status in ENDED_WITHOUT_DATA:
        raise Failed(_why(images, image))
    if image.status not in HAS_DATA:
        return Wait()
    attempt.remember(result=wanted.result(image.id))
    return None


def discard(attempt: Attempt) -> None:
    """Delete the image that got no data."""
    if attempt.recall("created"):
        wanted = Import.of(attempt)
        with suppress(NotFound), attempt.audited("clean up"):
            attempt.images(wanted.region).delete(wanted.image_id)


def _under_way(images: Images, image_id: str) -> bool:
    image = _image(images, image_id)
    begun = image.status != ImageStatus.QUEUED or import_failed(image)
    if begun or image.raw.get("os_glance_import_task"):
        return True
    with suppress(NotFound):  # a service older than this request
        return bool(images.tasks_of(image_id))
    return False


def _image(images: Images, image_id: str) -> Image:
    try:
        return images.get(image_id)
    except NotFound as error:
        raise Vanished("image", image_id) from error


def _why(images: Images, image: Image) -> str:
    """The image service's message about the failure; "" if it has none."""
    with suppress(NotFound):
        for task in images.tasks_of(image.id):
            if task.message:
                return task.message
    return ""
