"""The steps of a copy between its export and its import, and after them."""

from __future__ import annotations

from contextlib import suppress

from bot.work.transfers import exporting, streaming
from bot.work.transfers.attempt import Attempt, Wait
from bot.work.transfers.plan_parts import Import
from bot.work.transfers.streaming import Stream
from cloud import Changes, Way
from cloud.errors import Conflict, NotFound
from handlers.transfers.errors import Vanished
from handlers.transfers.plans import CopyPlan


def carries(attempt: Attempt) -> bool:
    """Whether the object has to go to the other region: not if both share one object store."""
    plan = attempt.plan_as(CopyPlan)
    source, target = (attempt.object_store(r) for r in (plan.source_region, plan.target_region))
    return source.url != target.url


def have_container(attempt: Attempt) -> Wait | None:
    """Create the container: the provider exports only into one that exists."""
    plan = attempt.plan_as(CopyPlan)
    with attempt.audited(plan.container):
        attempt.object_store(plan.source_region).create_container(plan.container)
    return None


def prepare(attempt: Attempt) -> Wait | None:
    """Keep the object's size, which differs from the image's, and prepare the stream."""
    plan, name = attempt.plan_as(CopyPlan), attempt.recall("exported")
    size = attempt.object_store(plan.source_region).object(plan.container, name).size
    attempt.remember(carried_bytes=size)
    streaming.prepare(attempt, _stream(attempt))
    return None


def upload_segments(attempt: Attempt) -> Wait | None:
    return streaming.upload_segments(attempt, _stream(attempt))


def write_manifest(attempt: Attempt) -> Wait | None:
    streaming.write_manifest(attempt, _stream(attempt))
    return None


def set_fields(attempt: Attempt) -> Wait | None:
    """Set properties, tags and limits of the old image on the new one."""
    images = attempt.images(attempt.plan_as(CopyPlan).target_region)
    try:
        image = images.get(_new_image(attempt))
    except NotFound as error:
        raise Vanished("image", _new_image(attempt)) from error
    with attempt.audited():
        images.update(image, Changes(dict(attempt.plan_as(CopyPlan).fields)))
    return None


def share(attempt: Attempt) -> Wait | None:
    """Share the new image with the plan's accounts. A member that exists already is left."""
    images = attempt.images(attempt.plan_as(CopyPlan).target_region)
    for number in attempt.plan_as(CopyPlan).shares:
        with suppress(Conflict), attempt.audited(f"with {number}"):
            images.add_member(_new_image(attempt), number)
    return None


def clean_up(attempt: Attempt) -> Wait | None:
    """Delete the temporary object, and keep the result."""
    discard(attempt)
    plan = attempt.plan_as(CopyPlan)
    attempt.remember(
        result={
            "image_id": _new_image(attempt),
            "region": plan.target_region,
            "source_image_id": plan.image_id,
            "source_region": plan.source_region,
            "shared_with": list(plan.shares),
        }
    )
    return None


def discard(attempt: Attempt) -> None:
    """Delete what was exported and streamed, and nothing that was there before."""
    if attempt.recall("carried_bytes") is not None:
        streaming.discard(attempt, _stream(attempt))
    if attempt.plan_as(CopyPlan).exports == Way.STREAM:
        exporting.discard(attempt)
    elif attempt.recall("exported") is not None:
        _discard_exported(attempt)


def _discard_exported(attempt: Attempt) -> None:
    """Delete the object, and segments that an interrupted deletion left."""
    container, name = attempt.plan_as(CopyPlan).container, attempt.recall("exported")
    store = attempt.object_store(attempt.plan_as(CopyPlan).source_region)
    with attempt.audited("clean up"):
        streaming.remove(store, container, name)
        streaming.delete_orphans(store, container, f"{name}-")


def _stream(attempt: Attempt) -> Stream:
    plan, name = attempt.plan_as(CopyPlan), attempt.recall("exported")
    source = attempt.object_store(plan.source_region)
    return Stream(
        phase="carry",
        source=lambda offset: source.read(plan.container, name, offset),
        store=attempt.object_store(plan.target_region),
        container=plan.container,
        name=name,
        size=attempt.recall("carried_bytes"),
    )


def _new_image(attempt: Attempt) -> str:
    """Id of the new image, as the import kept it."""
    return str(attempt.recall("result", {}).get("image_id") or Import.of(attempt).image_id)
