"""The job `transfers` on a cloud that exports and imports by tasks, as Rackspace does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.wiring import Runtime
from bot.work import transfers
from cloud import Way
from sandbox.cloud import CloudStandIn
from storage import Account, Kind, TransferState
from tests.bot.moving import Scene, copy_plan, export_plan, import_plan
from tests.bot.people import CONSUMER_A, NUMBERS, PRODUCER
from tests.storage.fixtures import HandClock

DATA = b"a virtual disk" * 20_000


@pytest.fixture
def scene(runtime: Runtime, link: Callable[..., Account]) -> Scene:
    return Scene(runtime, link(PRODUCER, region=None))


@pytest.fixture
def image_id(cloud: CloudStandIn) -> str:
    return cloud.add_image(NUMBERS[PRODUCER], name="web-1", disk_format="vhd", data=DATA)


def test_an_export_is_asked_for_watched_and_told(
    scene: Scene, image_id: str, runtime: Runtime
) -> None:
    scene.objects().create_container("exports")
    transfer = scene.begin(Kind.EXPORT, export_plan(image_id, DATA, Way.TASK))

    ended = scene.ended(transfer)

    assert (ended.state, ended.words) == (TransferState.DONE, "")
    name = f"{image_id}.vhd"
    size = scene.objects().object("exports", name).size
    assert ended.result == {"container": "exports", "object": name, "size": size}
    [notice] = scene.notices()
    assert "web-1" in notice
    [change] = [row for row in runtime.store.audit.recent() if row.action == "image.export"]
    assert (change.actor, change.outcome) == (f"{ended.team_id}/{PRODUCER}", "done")


def test_what_the_cloud_could_not_export_is_told_with_its_reason(
    scene: Scene, image_id: str
) -> None:
    transfer = scene.begin(Kind.EXPORT, export_plan(image_id, DATA, Way.TASK))

    ended = scene.ended(transfer)

    assert (ended.state, ended.error) == (TransferState.FAILED, "Export.Failed")
    assert "exports" in ended.words
    assert len(scene.notices()) == 1


def test_an_import_makes_one_image_of_the_object(scene: Scene) -> None:
    scene.put("exports", "web-1.vhd", DATA)
    transfer = scene.begin(Kind.IMPORT, import_plan(Way.TASK))

    ended = scene.ended(transfer)

    [image] = [image for image in scene.images().list() if image.name == "web-2"]
    assert ended.result == {"image_id": image.id, "region": "DFW", "name": "web-2"}


def test_a_copy_carries_data_and_fields_to_the_other_region_and_leaves_nothing_behind(
    scene: Scene, image_id: str
) -> None:
    shares = (NUMBERS[CONSUMER_A],)
    transfer = scene.begin(Kind.COPY, copy_plan(image_id, DATA, Way.TASK, shares=shares))

    ended = scene.ended(transfer)

    [image] = list(scene.images("ORD").list())
    assert ended.result == {
        "image_id": image.id,
        "region": "ORD",
        "source_image_id": image_id,
        "source_region": "DFW",
        "shared_with": list(shares),
    }
    assert image.name == "web-1"
    assert (image.properties["os_distro"], set(image.tags), image.min_disk) == (
        "debian",
        {"a", "b"},
        20,
    )
    [member] = scene.images("ORD").members(image.id)
    assert member.member_id == NUMBERS[CONSUMER_A]
    assert scene.names("DFW") | scene.names("ORD") == set()


def test_a_task_is_asked_about_after_30_seconds_and_then_ever_more_seldom(
    cloud: CloudStandIn, scene: Scene, image_id: str, clock: HandClock, runtime: Runtime
) -> None:
    cloud.state.task_time = timedelta(days=1)
    scene.objects().create_container("exports")
    transfer = scene.begin(Kind.EXPORT, export_plan(image_id, DATA, Way.TASK))
    pauses = []

    for _ in range(15):
        transfers.run(runtime)
        pauses.append((scene.now(transfer).due_at - clock()).total_seconds())
        clock.now = scene.now(transfer).due_at

    assert pauses[0] == 30
    assert pauses == sorted(pauses)
    assert pauses[-1] == 300


def test_between_its_looks_a_transfer_asks_the_cloud_nothing(
    cloud: CloudStandIn, scene: Scene, image_id: str, clock: HandClock, runtime: Runtime
) -> None:
    cloud.state.task_time = timedelta(days=1)
    scene.objects().create_container("exports")
    scene.begin(Kind.EXPORT, export_plan(image_id, DATA, Way.TASK))
    transfers.run(runtime)
    asked = len(cloud.requests)

    clock.advance(seconds=29)
    transfers.run(runtime)

    assert len(cloud.requests) == asked


def test_a_task_that_the_cloud_forgot_is_not_watched_for_ever(
    scene: Scene, image_id: str, runtime: Runtime, cloud: CloudStandIn
) -> None:
    scene.objects().create_container("exports")
    transfer = scene.begin(Kind.EXPORT, export_plan(image_id, DATA, Way.TASK))
    scene.look()
    cloud.forget_tasks()

    ended = scene.ended(transfer)

    assert (ended.state, ended.error) == (TransferState.FAILED, "Export.TaskForgotten")
    assert "no longer keeps task" in ended.words


def test_an_account_that_was_unlinked_ends_its_transfers(
    scene: Scene, image_id: str, runtime: Runtime
) -> None:
    transfer = scene.begin(Kind.EXPORT, export_plan(image_id, DATA, Way.TASK))
    runtime.store.accounts.unlink(scene.account.id)

    ended = scene.ended(transfer)

    assert (ended.state, ended.error) == (TransferState.FAILED, "Export.NotLinked")
