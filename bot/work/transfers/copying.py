"""What a copy does between its export and its import, and after them."""

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


def carries(turn: Attempt) -> bool:
    """Whether the object has to go to the other region: not if both have one object store."""
    plan = turn.planned(CopyPlan)
    source, target = (turn.object_store(r) for r in (plan.source_region, plan.target_region))
    return source.url != target.url


def have_container(turn: Attempt) -> Wait | None:
    """The provider exports only into one that is there."""
    plan = turn.planned(CopyPlan)
    with turn.on_record(plan.container):
        turn.object_store(plan.source_region).create_container(plan.container)
    return None


def prepare(turn: Attempt) -> Wait | None:
    """How long the object is only its own region knows: exported, it is longer or shorter."""
    plan, name = turn.planned(CopyPlan), turn.recall("exported")
    size = turn.object_store(plan.source_region).object(plan.container, name).size
    turn.remember(carried_bytes=size)
    streaming.prepare(turn, _stream(turn))
    return None


def upload_segments(turn: Attempt) -> Wait | None:
    return streaming.upload_segments(turn, _stream(turn))


def write_manifest(turn: Attempt) -> Wait | None:
    streaming.write_manifest(turn, _stream(turn))
    return None


def set_fields(turn: Attempt) -> Wait | None:
    """Give the new image what the old one had beside its data."""
    images = turn.images(turn.planned(CopyPlan).target_region)
    try:
        image = images.get(_new_image(turn))
    except NotFound as error:
        raise Vanished("image", _new_image(turn)) from error
    with turn.on_record():
        images.update(image, Changes(dict(turn.planned(CopyPlan).fields)))
    return None


def share(turn: Attempt) -> Wait | None:
    """Share the new image as was asked for. With whom it is shared already is no trouble."""
    images = turn.images(turn.planned(CopyPlan).target_region)
    for number in turn.planned(CopyPlan).shares:
        with suppress(Conflict), turn.on_record(f"with {number}"):
            images.add_member(_new_image(turn), number)
    return None


def clean_up(turn: Attempt) -> Wait | None:
    """Remove the object, which stood for its way only, and say what became of the image."""
    discard(turn)
    plan = turn.planned(CopyPlan)
    turn.remember(
        result={
            "image_id": _new_image(turn),
            "region": plan.target_region,
            "source_image_id": plan.image_id,
            "source_region": plan.source_region,
            "shared_with": list(plan.shares),
        }
    )
    return None


def discard(turn: Attempt) -> None:
    """Remove what was exported and carried, and nothing that was there before."""
    if turn.recall("carried_bytes") is not None:
        streaming.discard(turn, _stream(turn))
    if turn.planned(CopyPlan).exports == Way.STREAM:
        exporting.discard(turn)
    elif turn.recall("exported") is not None:
        _discard_exported(turn)


def _discard_exported(turn: Attempt) -> None:
    """Also the segments that a deletion may have left which did not come to its end."""
    container, name = turn.planned(CopyPlan).container, turn.recall("exported")
    store = turn.object_store(turn.planned(CopyPlan).source_region)
    with turn.on_record("clean up"):
        streaming.remove(store, container, name)
        streaming.delete_orphans(store, container, f"{name}-")


def _stream(turn: Attempt) -> Stream:
    plan, name = turn.planned(CopyPlan), turn.recall("exported")
    source = turn.object_store(plan.source_region)
    return Stream(
        phase="carry",
        source=lambda offset: source.read(plan.container, name, offset),
        store=turn.object_store(plan.target_region),
        container=plan.container,
        name=name,
        size=turn.recall("carried_bytes"),
    )


def _new_image(turn: Attempt) -> str:
    """As the import has told it."""
    return str(turn.recall("result", {}).get("image_id") or Import.of(turn).image_id)
