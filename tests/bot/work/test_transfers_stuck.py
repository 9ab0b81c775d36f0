"""A cloud that neither finishes nor fails: people are told, can let go, and begin again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import handlers
from bot.wiring import Runtime
from handlers import Click, Person
from handlers.core.button_values import pack
from handlers.transfers.plans import SnapshotPlan
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID
from storage import Account, Kind, Transfer, TransferState
from tests.bot.moving import Scene
from tests.bot.people import NUMBERS, PRODUCER
from tests.handlers.talk import said
from tests.storage.fixtures import HandClock

PERSON = Person(TEAM_ID, PRODUCER)


@pytest.fixture
def scene(runtime: Runtime, link: Callable[..., Account]) -> Scene:
    return Scene(runtime, link(PRODUCER, region=None))


@pytest.fixture
def snapshot(scene: Scene, cloud: CloudStandIn) -> Transfer:
    """Of a server; its image stays as *status* says."""
    server_id = cloud.add_server(NUMBERS[PRODUCER], name="db")
    transfer = scene.begin(Kind.SNAPSHOT, SnapshotPlan(server_id, "db", "db-snapshot"))
    scene.look()
    return transfer


def stays(cloud: CloudStandIn, status: str) -> None:
    """Whatever image the transfer makes."""
    region = cloud.state.regions["DFW"]
    for image in region.images.values():
        image["status"] = status
        region.since.pop(image["id"], None)


@pytest.mark.parametrize("status", ["queued", "saving", "moonlighting"])
def test_one_that_goes_on_for_hours_is_told_once_and_can_be_let_go(
    status: str,
    scene: Scene,
    snapshot: Transfer,
    cloud: CloudStandIn,
    clock: HandClock,
    runtime: Runtime,
) -> None:
    stays(cloud, status)
    clock.advance(hours=5)
    scene.look()
    assert scene.notices() == []

    clock.advance(hours=1)
    scene.look()
    scene.look()
    [told] = scene.notices()
    assert "has made no progress for 6 hours" in told

    answer = said(
        handlers.answer(Click(PERSON, "transfers.stop", pack(snapshot.id)), runtime.services)
    )
    assert "Stopping" in answer.text
    scene.look()

    ended = scene.now(snapshot)
    assert (ended.state, ended.error) == (TransferState.FAILED, "Snapshot.LetGo")
    assert f"<@{PRODUCER}> stopped waiting" in ended.words
    again = SnapshotPlan(str(snapshot.plan["server_id"]), "db", "db-snapshot-2")
    scene.begin(Kind.SNAPSHOT, again)


def test_one_that_goes_on_for_days_ends_without_anybody(
    scene: Scene, snapshot: Transfer, cloud: CloudStandIn, clock: HandClock
) -> None:
    stays(cloud, "saving")
    clock.advance(days=3)
    scene.look()

    assert scene.now(snapshot).state == TransferState.FAILED
    assert "3 days" in scene.now(snapshot).words


@pytest.mark.parametrize("status", ["killed", "error", "deleted", "pending_delete"])
def test_one_that_no_waiting_helps_ends_at_once(
    status: str, scene: Scene, snapshot: Transfer, cloud: CloudStandIn
) -> None:
    stays(cloud, status)
    scene.look()

    ended = scene.now(snapshot)
    assert ended.state == TransferState.FAILED
    assert status in ended.words or "no longer there" in ended.words


def test_one_that_was_made_and_deactivated_meanwhile_is_done(
    scene: Scene, snapshot: Transfer, cloud: CloudStandIn
) -> None:
    stays(cloud, "deactivated")
    scene.look()

    assert scene.now(snapshot).state == TransferState.DONE


def test_what_has_ended_is_not_stopped(scene: Scene, snapshot: Transfer, runtime: Runtime) -> None:
    scene.ended(snapshot)

    answer = said(
        handlers.answer(Click(PERSON, "transfers.stop", pack(snapshot.id)), runtime.services)
    )

    assert "is done" in answer.text
