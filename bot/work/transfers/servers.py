"""Snapshots and launches. What they make carries our metadata, by which it is found again."""

from __future__ import annotations

from datetime import timedelta

from bot.work.transfers.attempt import Attempt, Failed, Wait
from bot.work.transfers.tasks import FIRST_LOOK_S
from cloud import ENDED_WITHOUT_DATA, HAS_DATA, Attached, ImageFilter, Server, ServerStatus
from cloud.errors import NotFound
from handlers.transfers.errors import Vanished
from handlers.transfers.plans import LaunchPlan, SnapshotPlan

MARK = "imagebot_transfer"
"""Metadata key of what a transfer made; its value is the transfer's id."""
CLOCKS_DIFFER = timedelta(hours=1)
"""The most by which a cloud's clock may be behind ours."""


def request_snapshot(attempt: Attempt) -> Wait | None:
    """Request a snapshot of the server, unless there is an image with our mark."""
    plan = attempt.plan_as(SnapshotPlan)
    image_id = _marked_image(attempt)
    if not image_id:
        with attempt.audited():
            image_id = attempt.compute().snapshot(
                plan.server_id, plan.name, {MARK: attempt.transfer.id}
            )
    attempt.remember(image_id=image_id or None)
    return Wait(FIRST_LOOK_S, next_step=True)


def poll_snapshot(attempt: Attempt) -> Wait | None:
    """Poll until the image is active: about two minutes a GB."""
    image_id = attempt.recall("image_id") or _marked_image(attempt)
    if not image_id:
        return Wait()  # Compute did not name it, and it is not listed yet
    try:
        image = attempt.images().get(image_id)
    except NotFound as error:
        raise Vanished("image", image_id) from error
    if image.status in ENDED_WITHOUT_DATA:
        raise Failed(f"the image is {image.status}")
    if image.status not in HAS_DATA:
        return Wait()
    attempt.remember(result={"image_id": image.id})
    return None


def request_launch(attempt: Attempt) -> Wait | None:
    """
    Request a server from the image, unless there is or was one with our mark.

    One that was deleted meanwhile is found as deleted, by the next step: it is not built again.
    """
    plan = attempt.plan_as(LaunchPlan)
    server = _marked_server(attempt)
    server_id = server.id if server else ""
    if not server_id:
        attached = Attached(plan.network_id, plan.keypair, plan.security_group_ids)
        mark = {MARK: attempt.transfer.id}
        with attempt.audited():
            server_id = attempt.compute().launch(
                plan.name, plan.image_id, plan.flavor_id, mark, attached
            )
    attempt.remember(server_id=server_id)
    return Wait(FIRST_LOOK_S, next_step=True)


def poll_launch(attempt: Attempt) -> Wait | None:
    """Poll until the server runs."""
    server_id = attempt.recall("server_id")
    try:
        server = attempt.compute().server(server_id)
    except NotFound as error:
        raise Vanished("server", server_id) from error
    if server.status == ServerStatus.DELETED:
        raise Vanished("server", server_id)
    if server.status == ServerStatus.ERROR:
        raise Failed(server.fault or f"the server is {server.status}")
    if server.status != ServerStatus.ACTIVE:
        return Wait()
    attempt.remember(result={"server_id": server.id, "addresses": list(server.addresses)})
    return None


def _marked_image(attempt: Attempt) -> str:
    """Id of the snapshot that an earlier attempt requested; "" if there is none."""
    ours = ImageFilter(properties={MARK: attempt.transfer.id})
    for image in attempt.images().list(ours):
        if image.properties.get(MARK) == attempt.transfer.id:
            return image.id
    return ""


def _marked_server(attempt: Attempt) -> Server | None:
    """The server that an earlier attempt requested, whatever it is called by now."""
    marked = (
        server
        for server in attempt.compute().changed(attempt.transfer.created_at - CLOCKS_DIFFER)
        if server.metadata.get(MARK) == attempt.transfer.id
    )
    return next(marked, None)
