"""The job `transfers` on a real Glance and Swift."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import linking
from bot.wiring import Runtime
from cloud import Way
from sandbox.slack import TEAM_ID
from storage import Kind, Transfer, TransferState
from tests.bot.moving import Scene, copy_plan, export_plan, import_plan
from tests.bot.people import PRODUCER
from tests.lab.fixtures import Lab
from tests.storage.fixtures import HandClock
from tests.waiting import until

pytestmark = pytest.mark.long

SEGMENT = 1024 * 1024
DATA = os.urandom(3 * SEGMENT + 12_345)

Link = Callable[[Lab], Scene]


@pytest.fixture
def link(runtime: Runtime, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Link:
    """Links the producer's account of a lab."""

    def _link(lab: Lab) -> Scene:
        clock.now = datetime.now(UTC)  # real services look at theirs
        lab.forget_signing_keys("producer")  # those of bots before this one
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(lab.clouds_yaml))
        linked = linking.link(
            runtime.store,
            runtime.clouds,
            team=TEAM_ID,
            user=PRODUCER,
            cloud="producer",
            region=None,
        )
        return Scene(replace(runtime, segment_bytes=SEGMENT), linked.account)

    return _link


def test_an_image_is_exported_by_streaming_it(lab: Lab, link: Link) -> None:
    scene = link(lab)
    image_id = lab.create_image("producer", "web-1", data=DATA)
    plan = replace(export_plan(image_id, DATA), container=f"exports-{image_id}")

    ended = _ended(scene, scene.begin(Kind.EXPORT, plan))

    assert ended.result == {
        "container": plan.container,
        "object": plan.object,
        "size": len(DATA),
    }
    assert scene.read(plan.container, plan.object) == DATA
    segments = list(scene.objects().objects(f"{plan.container}_segments"))
    assert [segment.size for segment in segments] == [SEGMENT] * 3 + [12_345]


def test_an_object_is_imported_by_download(lab: Lab, link: Link) -> None:
    scene = link(lab)
    plan = import_plan(Way.DOWNLOAD)
    scene.put(plan.container, plan.object, DATA)

    ended = _ended(scene, scene.begin(Kind.IMPORT, plan))

    assert ended.result == {"image_id": plan.image_id, "region": "DFW", "name": "web-2"}
    assert scene.data(plan.image_id) == DATA


def test_an_image_is_copied_between_regions(lab: Lab, link: Link) -> None:
    scene = link(lab)
    image_id = lab.create_image("producer", "web-1", data=DATA)
    shares = (lab.project("consumer-a"),)
    plan = copy_plan(image_id, DATA, Way.STREAM, shares=shares, container=f"copies-{image_id}")

    ended = _ended(scene, scene.begin(Kind.COPY, plan))

    assert ended.result["image_id"] == plan.new_image_id
    assert scene.data(plan.new_image_id, "ORD") == DATA
    image = scene.images("ORD").get(plan.new_image_id)
    assert (image.properties["os_distro"], set(image.tags), image.min_disk) == (
        "debian",
        {"a", "b"},
        20,
    )
    assert [m.member_id for m in scene.images("ORD").members(image.id)] == list(shares)
    assert not [name for name in scene.names() if name.startswith(plan.container)]


def test_an_image_is_exported_by_a_task(rackspace_lab: Lab, link: Link) -> None:
    scene = link(rackspace_lab)
    image_id = rackspace_lab.create_image("producer", "web-1", data=DATA)
    scene.objects().create_container("exports")
    plan = replace(export_plan(image_id, DATA, Way.TASK), object=f"{image_id}.raw")
    before = _exports(scene)

    ended = _ended(scene, scene.begin(Kind.EXPORT, plan))

    assert ended.result == {"container": "exports", "object": plan.object, "size": len(DATA)}
    assert scene.read("exports", plan.object) == DATA
    assert len(_exports(scene) - before) == 1


def _exports(scene: Scene) -> set[str]:
    return {task.id for task in scene.tasks().list() if task.type == "export"}


def _ended(scene: Scene, transfer: Transfer) -> Transfer:
    """The real services take their time."""

    def ended() -> bool:
        scene.look()
        return scene.now(transfer).state != TransferState.RUNNING

    until(ended, lambda: scene.now(transfer))
    now = scene.now(transfer)
    assert (now.state, now.words) == (TransferState.DONE, "")
    assert len(scene.notices()) == 1
    return now
