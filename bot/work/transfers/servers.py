"""Images of servers, and servers of images. Both carry our mark, by which they are found again."""

from __future__ import annotations

from bot.work.transfers.attempt import Attempt, Failed, Wait
from bot.work.transfers.tasks import FIRST_LOOK_S
from cloud import ImageFilter, ImageStatus, Server, ServerStatus
from cloud.errors import NotFound
from handlers.transfers.errors import Vanished
from handlers.transfers.plans import LaunchPlan, SnapshotPlan

MARK = "imagebot_transfer"
"""Metadata of what we have made: the transfer's id."""


def ask_snapshot(turn: Attempt) -> Wait | None:
    """Have an image made of the server, unless there is one with our mark."""
    plan = turn.planned(SnapshotPlan)
    image_id = _marked_image(turn)
    if not image_id:
        with turn.on_record():
            image_id = turn.compute().snapshot(plan.server_id, plan.name, {MARK: turn.transfer.id})
    turn.remember(image_id=image_id or None)
    return Wait(FIRST_LOOK_S, onward=True)


def watch_snapshot(turn: Attempt) -> Wait | None:
    """Until the image can be booted from: about two minutes a GB."""
    image_id = turn.recall("image_id") or _marked_image(turn)
    if not image_id:
        return Wait()  # Compute did not name it, and it is not listed yet
    try:
        image = turn.images().get(image_id)
    except NotFound as error:
        raise Vanished("image", image_id) from error
    if image.status in (ImageStatus.KILLED, ImageStatus.ERROR, ImageStatus.DELETED):
        raise Failed(f"the image is {image.status}")
    if image.status != ImageStatus.ACTIVE:
        return Wait()
    turn.remember(result={"image_id": image.id})
    return None


def ask_launch(turn: Attempt) -> Wait | None:
    """Have a server made of the image, unless there is one with our mark."""
    plan = turn.planned(LaunchPlan)
    server = _marked_server(turn)
    if server is None:
        with turn.on_record():
            server = turn.compute().launch(
                plan.name, plan.image_id, plan.flavor_id, {MARK: turn.transfer.id}
            )
    turn.remember(server_id=server.id)
    return Wait(FIRST_LOOK_S, onward=True)


def watch_launch(turn: Attempt) -> Wait | None:
    """Until the server runs."""
    server_id = turn.recall("server_id")
    try:
        server = turn.compute().server(server_id)
    except NotFound as error:
        raise Vanished("server", server_id) from error
    if server.status == ServerStatus.ERROR:
        raise Failed(server.fault)
    if server.status != ServerStatus.ACTIVE:
        return Wait()
    turn.remember(result={"server_id": server.id, "addresses": list(server.addresses)})
    return None


def _marked_image(turn: Attempt) -> str:
    """Id of the snapshot we asked for in an earlier turn, whose answer may be lost; "" if none."""
    ours = ImageFilter(properties={MARK: turn.transfer.id})
    for image in turn.images().list(ours):
        if image.properties.get(MARK) == turn.transfer.id:
            return image.id
    return ""


def _marked_server(turn: Attempt) -> Server | None:
    for server in turn.compute().servers(name=turn.planned(LaunchPlan).name):
        if server.metadata.get(MARK) == turn.transfer.id:
            return server
    return None
