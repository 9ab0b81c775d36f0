"""
kill -9, before and after every single request that a transfer makes.

A real process is killed at its n-th request, for every n there is: once before the cloud has
done anything, once when it has done it and nobody was told. Then another one goes on.
"""

from __future__ import annotations

import itertools
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.wiring import Runtime
from cloud import Way
from handlers.transfers.plans import LaunchPlan, SnapshotPlan
from sandbox.cloud import CloudStandIn, Provider
from sandbox.processes import spawn
from sandbox.slack import SlackStandIn
from storage import Kind, Transfer, TransferState, new_key
from storage.clock import utc_now
from tests.bot import killed
from tests.bot.moving import Scene, copy_plan, export_plan, import_plan
from tests.bot.people import CONSUMER_A, NUMBERS, PASSWORD, PRODUCER, REGIONS, link_to
from tests.storage.fixtures import HandClock
from tests.waiting import PATIENCE_S

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[3]
SEGMENT = 1000
DATA = bytes(range(250)) * 10
"""Two segments and a half."""
MOST_LIVES = 30


@dataclass
class Reaper:
    """Kills the process at its n-th request, if it makes so many."""

    number: int
    process: ForkServerProcess | None = None
    reaped: bool = False
    _born: threading.Event = field(default_factory=threading.Event)
    _count: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def watch(self, process: ForkServerProcess) -> None:
        self.process = process
        self._born.set()

    def __call__(self, method: str, path: str) -> None:
        assert self._born.wait(PATIENCE_S)
        if self.process is None or next(self._count) != self.number:
            return
        self.reaped = True
        killed.kill(self.process)
        raise ConnectionResetError(f"killed at {method} {path}")


@dataclass(frozen=True)
class Case:
    """A transfer, and what must be true of its end however often its process was killed."""

    name: str
    provider: Provider
    begin: Callable[[Scene, CloudStandIn], Transfer]
    check: Callable[[Scene, CloudStandIn, Transfer], None]

    def __str__(self) -> str:
        return self.name


def _image(cloud: CloudStandIn) -> str:
    return cloud.add_image(NUMBERS[PRODUCER], name="web-1", disk_format="raw", data=DATA)


def _begin_task_export(scene: Scene, cloud: CloudStandIn) -> Transfer:
    scene.objects().create_container("exports")
    return scene.begin(Kind.EXPORT, export_plan(_image(cloud), DATA, Way.TASK))


def _one_task_exported_it(scene: Scene, _: CloudStandIn, ended: Transfer) -> None:
    [task] = list(scene.tasks().list())
    assert ended.memory["task_id"] == task.id
    assert scene.read("exports", ended.result["object"])


def _begin_stream_export(scene: Scene, cloud: CloudStandIn) -> Transfer:
    return scene.begin(Kind.EXPORT, export_plan(_image(cloud), DATA))


def _the_object_is_the_image(scene: Scene, _: CloudStandIn, ended: Transfer) -> None:
    assert scene.read("exports", "web-1.raw") == DATA
    segments = {f"exports_segments/web-1.raw/{ended.id}/{n:08d}" for n in (1, 2, 3)}
    assert scene.names() == {"exports/web-1.raw", *segments}


def _begin_task_import(scene: Scene, _: CloudStandIn) -> Transfer:
    scene.put("exports", "web-1.vhd", DATA)
    return scene.begin(Kind.IMPORT, import_plan(Way.TASK))


def _one_task_made_one_image(scene: Scene, _: CloudStandIn, ended: Transfer) -> None:
    [task], [image] = list(scene.tasks().list()), list(scene.images().list())
    assert (ended.memory["task_id"], ended.result["image_id"]) == (task.id, image.id)


def _begin_download_import(scene: Scene, _: CloudStandIn) -> Transfer:
    scene.put("exports", "web-1.vhd", DATA)
    return scene.begin(Kind.IMPORT, import_plan(Way.DOWNLOAD))


def _one_image_was_fetched_once(scene: Scene, _: CloudStandIn, ended: Transfer) -> None:
    [image] = list(scene.images().list())
    assert ended.result["image_id"] == image.id
    assert scene.data(image.id) == DATA
    assert len(scene.images().tasks_of(image.id)) == 1


def _begin_task_copy(scene: Scene, cloud: CloudStandIn) -> Transfer:
    shares = (NUMBERS[CONSUMER_A],)
    return scene.begin(Kind.COPY, copy_plan(_image(cloud), DATA, Way.TASK, shares=shares))


def _begin_stream_copy(scene: Scene, cloud: CloudStandIn) -> Transfer:
    shares = (NUMBERS[CONSUMER_A],)
    return scene.begin(Kind.COPY, copy_plan(_image(cloud), DATA, Way.STREAM, shares=shares))


def _one_image_was_copied_and_nothing_is_left(
    scene: Scene, cloud: CloudStandIn, ended: Transfer
) -> None:
    [image] = list(scene.images("ORD").list())
    assert ended.result["image_id"] == image.id
    assert (image.properties["os_distro"], image.min_disk) == ("debian", 20)
    assert list(cloud.members(image.id)) == [NUMBERS[CONSUMER_A]]
    assert scene.names("DFW") | scene.names("ORD") == set()


def _begin_snapshot(scene: Scene, cloud: CloudStandIn) -> Transfer:
    server_id = cloud.add_server(NUMBERS[PRODUCER], name="db")
    return scene.begin(Kind.SNAPSHOT, SnapshotPlan(server_id, "db", "db-snapshot"))


def _one_snapshot_was_taken(scene: Scene, _: CloudStandIn, ended: Transfer) -> None:
    [image] = list(scene.images().list())
    assert (image.id, image.name) == (ended.result["image_id"], "db-snapshot")


def _begin_launch(scene: Scene, cloud: CloudStandIn) -> Transfer:
    [flavor, *_] = scene.compute().flavors()
    plan = LaunchPlan(_image(cloud), "web-1", "web-1-copy", flavor.id, flavor.name)
    return scene.begin(Kind.LAUNCH, plan)


def _one_server_was_launched(scene: Scene, _: CloudStandIn, ended: Transfer) -> None:
    [server] = list(scene.compute().servers())
    assert (server.id, server.name) == (ended.result["server_id"], "web-1-copy")


CASES = (
    Case("export by task", Provider.RACKSPACE, _begin_task_export, _one_task_exported_it),
    Case("export by stream", Provider.GLANCE, _begin_stream_export, _the_object_is_the_image),
    Case("import by task", Provider.RACKSPACE, _begin_task_import, _one_task_made_one_image),
    Case(
        "import by download", Provider.GLANCE, _begin_download_import, _one_image_was_fetched_once
    ),
    Case(
        "copy by tasks",
        Provider.RACKSPACE,
        _begin_task_copy,
        _one_image_was_copied_and_nothing_is_left,
    ),
    Case(
        "copy by stream and download",
        Provider.GLANCE,
        _begin_stream_copy,
        _one_image_was_copied_and_nothing_is_left,
    ),
    Case("snapshot", Provider.RACKSPACE, _begin_snapshot, _one_snapshot_was_taken),
    Case("launch", Provider.RACKSPACE, _begin_launch, _one_server_was_launched),
)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_process_killed_at_any_request_loses_nothing_and_does_nothing_twice(
    case: Case, when: str, tmp_path: Path, slack: SlackStandIn
) -> None:
    for number in itertools.count(1):
        (tmp_path / str(number)).mkdir()
        with _scene(case, tmp_path / str(number), slack) as (scene, cloud, environ):
            transfer = case.begin(scene, cloud)
            reaped = _live_until_done(scene, cloud, environ, transfer, Reaper(number), when)
            ended = scene.now(transfer)

            assert (ended.state, ended.words) == (TransferState.DONE, ""), number
            case.check(scene, cloud, ended)
            assert scene.runtime.store.outbox.waiting() == 1
        if not reaped:
            break
    assert number > 5, "it was killed at each of its requests"


def test_the_program_itself_killed_while_it_streams_is_followed_by_one_that_ends_it(
    runtime: Runtime, clock: HandClock, environ: Mapping[str, str]
) -> None:
    """`python -m bot`, as it stands, and not only what it calls."""
    words = [sys.executable, "-m", "bot", "run", "transfers", "--now"]
    with _cloud(Provider.GLANCE) as cloud:
        scene = Scene(runtime, link_to(cloud, runtime, PRODUCER))
        transfer = _begin_stream_export(scene, cloud)
        arrived, gate = threading.Event(), threading.Event()
        cloud.before = lambda method, _: _hold(arrived, gate, method == "PUT")
        with spawn(words, cwd=ROOT, env=dict(environ)) as program:
            assert arrived.wait(PATIENCE_S)
            program.kill()
        gate.set()
        cloud.before = None
        clock.now = utc_now() + killed.APART

        ended = scene.ended(transfer)

        assert (ended.state, ended.words) == (TransferState.DONE, "")
        assert scene.read("exports", "web-1.raw") == DATA
        assert scene.runtime.store.outbox.waiting() == 1


def _live_until_done(
    scene: Scene,
    cloud: CloudStandIn,
    environ: Mapping[str, str],
    transfer: Transfer,
    reaper: Reaper,
    when: str,
) -> bool:
    """Whether a process was killed on the way, of all that it took one after the other."""
    setattr(cloud, when, reaper)
    for life in range(1, MOST_LIVES):
        process = killed.begin(environ, life, SEGMENT)
        if not reaper.reaped:
            reaper.watch(process)
        process.join(PATIENCE_S)
        if reaper.reaped:
            setattr(cloud, when, None)
        if scene.now(transfer).state != TransferState.RUNNING:
            break
    setattr(cloud, when, None)
    return reaper.reaped


@contextmanager
def _scene(
    case: Case, folder: Path, slack: SlackStandIn
) -> Iterator[tuple[Scene, CloudStandIn, Mapping[str, str]]]:
    environ = {
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'bot.db'}",
        "SECRET_KEYS": new_key(),
    }
    runtime = Runtime.build(Settings.from_env(environ))
    with _cloud(case.provider) as cloud:
        yield Scene(runtime, link_to(cloud, runtime, PRODUCER)), cloud, environ
    runtime.close()


@contextmanager
def _cloud(provider: Provider) -> Iterator[CloudStandIn]:
    with CloudStandIn(regions=REGIONS, provider=provider) as cloud:
        for user_id in (PRODUCER, CONSUMER_A):
            number = NUMBERS[user_id]
            cloud.add_account(number, user_id, f"user-{number}", password=PASSWORD)
        yield cloud


def _hold(arrived: threading.Event, gate: threading.Event, here: bool) -> None:
    """Tell that the request has come, and answer it only when the gate opens."""
    if here:
        arrived.set()
        assert gate.wait(PATIENCE_S)
