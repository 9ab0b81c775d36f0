"""The job `transfers` on a cloud without export tasks: bytes go through our hands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from bot.wiring import Runtime
from bot.work import transfers
from bot.work.transfers.handle_error import MOST_ATTEMPTS
from cloud import Way
from sandbox.cloud import CloudStandIn, Provider
from sandbox.slack import PEOPLE
from storage import LEASE, Account, Kind, Store, TransferState
from tests.bot.moving import Scene, copy_plan, export_plan, import_plan
from tests.bot.people import NUMBERS, PASSWORD, PRODUCER, REGIONS
from tests.storage.fixtures import HandClock

SEGMENT = 64 * 1024
DATA = bytes(range(256)) * 900
"""Three segments and a half."""


class Noisy(CloudStandIn):
    """A cloud on the way to which a byte of every second segment is changed, so many times."""

    to_change = 0

    def _wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        second = environ["PATH_INFO"].endswith("/00000002")
        if self.to_change and second and environ["REQUEST_METHOD"] == "PUT":
            self.to_change -= 1
            *sent, last = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = BytesIO(bytes([*sent, last ^ 1]))
        return super()._wsgi(environ, start_response)


@pytest.fixture
def cloud() -> Iterator[Noisy]:
    with Noisy(regions=REGIONS, provider=Provider.GLANCE) as cloud:
        for person in PEOPLE:
            number = NUMBERS[person.user_id]
            cloud.add_account(number, person.name, f"user-{number}", password=PASSWORD)
        yield cloud


@pytest.fixture
def scene(runtime: Runtime, link: Callable[..., Account], clock: HandClock) -> Scene:
    clock.now = datetime.now(UTC)  # the cloud looks at its own
    account = link(PRODUCER, region=None)
    return Scene(replace(runtime, segment_bytes=SEGMENT), account)


@pytest.fixture
def image_id(cloud: CloudStandIn) -> str:
    return cloud.add_image(NUMBERS[PRODUCER], name="web-1", data=DATA)


def test_a_large_image_becomes_one_object_of_segments(scene: Scene, image_id: str) -> None:
    transfer = scene.begin(Kind.EXPORT, export_plan(image_id, DATA))

    ended = scene.ended(transfer)

    assert ended.result == {"container": "exports", "object": "web-1.raw", "size": len(DATA)}
    assert scene.read("exports", "web-1.raw") == DATA
    assert scene.names() == {
        "exports/web-1.raw",
        *(f"exports_segments/web-1.raw/{transfer.id}/{n:08d}" for n in (1, 2, 3, 4)),
    }


@pytest.mark.parametrize("size", [0, 1, SEGMENT])
def test_an_image_of_up_to_one_segment_becomes_a_plain_object(
    scene: Scene, cloud: CloudStandIn, size: int
) -> None:
    image_id = cloud.add_image(NUMBERS[PRODUCER], name="small", data=DATA[:size])

    ended = scene.ended(scene.begin(Kind.EXPORT, export_plan(image_id, DATA[:size])))

    assert ended.state == TransferState.DONE
    assert scene.read("exports", "web-1.raw") == DATA[:size]
    assert scene.names() == {"exports/web-1.raw"}


def test_after_an_interruption_only_what_is_missing_is_read_again(
    scene: Scene, cloud: CloudStandIn, image_id: str
) -> None:
    transfer = scene.begin(Kind.EXPORT, export_plan(image_id, DATA))
    cloud.fail_next(path_prefix=f"{transfer.id}/00000003")

    scene.look()
    kept = scene.now(transfer)
    sent = len(_puts(cloud))
    ended = scene.ended(transfer)

    assert (kept.attempts, kept.memory["progress"]["done"]) == (1, 2 * SEGMENT)
    assert [path[-1] for path in _puts(cloud)[sent:]] == ["3", "4"]
    assert ended.state == TransferState.DONE
    assert scene.read("exports", "web-1.raw") == DATA


def test_a_segment_that_arrived_broken_is_sent_again(
    scene: Scene, cloud: Noisy, image_id: str
) -> None:
    """Only this one, and it counts as one trouble that passed."""
    transfer = scene.begin(Kind.EXPORT, export_plan(image_id, DATA))
    cloud.to_change = 1

    scene.look()
    kept = scene.now(transfer)
    ended = scene.ended(transfer)

    assert (kept.state, kept.attempts) == (TransferState.RUNNING, 1)
    assert kept.memory["progress"]["done"] == SEGMENT
    assert [path[-1] for path in _puts(cloud)] == ["1", "2", "2", "3", "4"]
    assert (ended.state, ended.words) == (TransferState.DONE, "")
    assert scene.read("exports", "web-1.raw") == DATA


def test_a_segment_that_always_arrives_broken_ends_the_transfer_and_leaves_nothing(
    scene: Scene, cloud: Noisy, image_id: str
) -> None:
    transfer = scene.begin(Kind.EXPORT, export_plan(image_id, DATA))
    cloud.to_change = 100

    ended = scene.ended(transfer)

    assert (ended.state, ended.error) == (TransferState.FAILED, "Export.Corrupt")
    assert [path[-1] for path in _puts(cloud)] == ["1"] + ["2"] * MOST_ATTEMPTS
    assert scene.names() == set()


@pytest.mark.parametrize("size", [SEGMENT, len(DATA)])
def test_an_object_that_is_not_the_image_is_deleted(
    scene: Scene, cloud: CloudStandIn, size: int
) -> None:
    """At the first look: its segments were compared already, and would not become others."""
    image_id = cloud.add_image(NUMBERS[PRODUCER], name="web-1", data=DATA[:size])
    plan = export_plan(image_id, DATA[:size], hash_value="0" * 128)

    ended = scene.ended(scene.begin(Kind.EXPORT, plan), most=1)

    assert (ended.state, ended.error) == (TransferState.FAILED, "Export.Corrupt")
    assert scene.names() == set()
    assert len(scene.notices()) == 1


def test_an_image_of_another_length_than_it_had_is_not_exported_in_part(
    scene: Scene, image_id: str
) -> None:
    plan = replace(export_plan(image_id, DATA), size=len(DATA) - 1, hash_value="", checksum="")

    ended = scene.ended(scene.begin(Kind.EXPORT, plan))

    assert (ended.state, ended.error) == (TransferState.FAILED, "Export.Corrupt")
    assert scene.names() == set()


def test_an_object_that_was_there_before_is_neither_overwritten_nor_deleted(
    scene: Scene, image_id: str
) -> None:
    scene.put("exports", "web-1.raw", b"precious")

    ended = scene.ended(scene.begin(Kind.EXPORT, export_plan(image_id, DATA)))

    assert (ended.state, ended.error) == (TransferState.FAILED, "Export.ObjectExists")
    assert scene.read("exports", "web-1.raw") == b"precious"


def test_a_process_that_lost_its_claim_stops_at_once(
    scene: Scene,
    cloud: CloudStandIn,
    image_id: str,
    clock: HandClock,
    sqlite_url: str,
    keys: list[str],
) -> None:
    transfer = scene.begin(Kind.EXPORT, export_plan(image_id, DATA))
    later = Store.open(sqlite_url, keys, clock=lambda: clock() + LEASE)

    def taken_over(method: str, path: str) -> None:
        if method == "PUT" and path.endswith("00000002"):
            assert later.transfers.claims.claim(1)

    cloud.before = taken_over
    scene.look()
    later.close()

    assert scene.now(transfer).memory["progress"]["done"] == SEGMENT
    assert [path[-1] for path in _puts(cloud)] == ["1", "2"]


def test_a_program_that_stops_ends_at_the_next_whole_segment(
    scene: Scene, cloud: CloudStandIn, image_id: str, runtime: Runtime
) -> None:
    transfer = scene.begin(Kind.EXPORT, export_plan(image_id, DATA))

    def stop(method: str, path: str) -> None:
        if method == "PUT" and path.endswith("00000002"):
            runtime.stopping.set()

    cloud.before = stop
    scene.look()
    kept = scene.now(transfer)
    runtime.stopping.clear()
    transfers.run(scene.runtime)  # it was released, and is due

    assert kept.memory["progress"]["done"] == 2 * SEGMENT
    assert scene.now(transfer).state == TransferState.DONE


def test_an_import_by_download_makes_an_image_of_the_object(scene: Scene) -> None:
    scene.put("exports", "web-1.vhd", DATA)
    plan = import_plan(Way.DOWNLOAD)

    ended = scene.ended(scene.begin(Kind.IMPORT, plan))

    assert ended.result == {"image_id": plan.image_id, "region": "DFW", "name": "web-2"}
    assert scene.data(plan.image_id) == DATA


def test_an_import_that_gets_no_data_leaves_no_image(scene: Scene) -> None:
    scene.objects().create_container("exports")
    plan = import_plan(Way.DOWNLOAD)

    ended = scene.ended(scene.begin(Kind.IMPORT, plan))

    assert (ended.state, ended.error) == (TransferState.FAILED, "Import.Failed")
    assert [image.id for image in scene.images().list()] == []


def test_a_copy_by_stream_and_download_leaves_only_the_new_image(
    scene: Scene, image_id: str
) -> None:
    plan = copy_plan(image_id, DATA, Way.STREAM)

    ended = scene.ended(scene.begin(Kind.COPY, plan))

    assert ended.result["image_id"] == plan.new_image_id
    assert scene.data(plan.new_image_id, "ORD") == DATA
    image = scene.images("ORD").get(plan.new_image_id)
    assert (image.name, image.properties["os_distro"], set(image.tags)) == (
        "web-1",
        "debian",
        {"a", "b"},
    )
    assert scene.names("DFW") | scene.names("ORD") == set()


def test_a_copy_that_fails_removes_all_it_made(
    scene: Scene, cloud: CloudStandIn, image_id: str
) -> None:
    plan = copy_plan(image_id, DATA, Way.STREAM)
    cloud.fail_next(status=400, path_prefix=f"{plan.new_image_id}/import")

    ended = scene.ended(scene.begin(Kind.COPY, plan))

    assert (ended.state, ended.error) == (TransferState.FAILED, "Import.Invalid")
    assert list(scene.images("ORD").list()) == []
    assert scene.names("DFW") | scene.names("ORD") == set()


def _puts(cloud: CloudStandIn) -> list[str]:
    """Segments that were sent."""
    return [path for method, path, _ in cloud.requests if method == "PUT" and "_segments/" in path]
