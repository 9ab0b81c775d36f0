"""What becomes of a transfer when the cloud does not answer, or no longer lets its person in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.wiring import Runtime
from bot.work import transfers
from cloud import Way
from handlers.transfers.plans import ExportPlan, LaunchPlan
from sandbox.cloud import CloudStandIn
from sandbox.slack import CHANNEL_ID, SlackStandIn
from storage import Account, Kind, Role, Subject, Transfer, TransferState
from tests.bot.moving import Scene, export_plan
from tests.bot.people import CONSUMER_A, NUMBERS, PRODUCER, REGIONS
from tests.storage.fixtures import HandClock

DATA = b"a virtual disk"


@pytest.fixture
def scene(runtime: Runtime, link: Callable[..., Account]) -> Scene:
    scene = Scene(runtime, link(PRODUCER, region=None))
    scene.objects().create_container("exports")
    return scene


@pytest.fixture
def plan(cloud: CloudStandIn) -> ExportPlan:
    image_id = cloud.add_image(NUMBERS[PRODUCER], name="web-1", disk_format="vhd", data=DATA)
    return export_plan(image_id, DATA, Way.TASK)


def test_a_cloud_that_is_down_is_asked_again_more_and_more_seldom_and_shown_on_the_card(
    cloud: CloudStandIn, scene: Scene, plan: ExportPlan, clock: HandClock, runtime: Runtime
) -> None:
    transfer = scene.begin(Kind.EXPORT, plan)
    cloud.fail_next(10**6, status=502, path_prefix="/tasks")
    pauses = []

    for _ in range(8):
        transfers.run(runtime)
        pauses.append((scene.now(transfer).due_at - clock()).total_seconds())
        clock.now = scene.now(transfer).due_at

    assert pauses == [10, 20, 40, 80, 160, 300, 300, 300]
    assert "is not responding" in scene.now(transfer).memory["trouble"]["words"]
    assert scene.notices() == []


def test_when_it_answers_again_the_transfer_goes_on_and_its_trouble_is_forgotten(
    cloud: CloudStandIn, scene: Scene, plan: ExportPlan
) -> None:
    transfer = scene.begin(Kind.EXPORT, plan)
    cloud.fail_next(1, status=502, path_prefix="/tasks")
    scene.look()

    ended = scene.ended(transfer)

    assert (ended.state, ended.attempts) == (TransferState.DONE, 0)
    assert "trouble" not in ended.memory


def test_a_cloud_that_is_down_for_a_day_ends_the_transfer(
    cloud: CloudStandIn, scene: Scene, plan: ExportPlan, clock: HandClock
) -> None:
    transfer = scene.begin(Kind.EXPORT, plan)
    cloud.fail_next(10**6, status=502, path_prefix="/tasks")
    scene.look()
    clock.advance(hours=24)

    scene.look()

    assert scene.now(transfer).error == "Export.Unavailable"
    assert len(scene.notices()) == 1


def test_credentials_that_no_longer_work_are_told_once_and_tried_hourly_for_a_day(
    cloud: CloudStandIn, scene: Scene, plan: ExportPlan, clock: HandClock, runtime: Runtime
) -> None:
    transfer = scene.begin(Kind.EXPORT, plan)
    cloud.disable(f"user-{NUMBERS[PRODUCER]}")
    began, looks = clock(), 0

    while scene.now(transfer).state == TransferState.RUNNING:
        transfers.run(runtime)
        looks += 1
        clock.now = max(clock.now, scene.now(transfer).due_at)

    assert looks == 25
    assert clock() - began == timedelta(hours=24)
    assert len(scene.notices()) == 2  # that they do not work, and that it has failed


def test_what_breaks_without_a_name_is_tried_a_few_times_and_then_given_up_with_a_reference(
    cloud: CloudStandIn, scene: Scene, plan: ExportPlan
) -> None:
    transfer = scene.begin(Kind.EXPORT, plan)
    cloud.fail_next(10**6, status=200, body="[]", path_prefix="/tasks")

    ended = scene.ended(transfer)

    assert ended.state == TransferState.FAILED
    assert len(scene.notices()) == 1


@pytest.mark.parametrize(
    ("status", "message", "times", "said"),
    [
        (500, "Unexpected API Error.", 8, "failed on this request: "),
        (403, "Quota exceeded for cores", 1, "Your account has reached a quota: "),
        (413, "Quota exceeded for instances", 1, "Your account has reached a quota: "),
        (409, "Multiple possible networks found", 1, "setting that I cannot choose: "),
        (403, "Policy doesn't allow it", 1, "denied the request: "),
    ],
)
def test_a_server_that_will_never_be_built_is_given_up_in_the_service_s_own_words(
    cloud: CloudStandIn, scene: Scene, status: int, message: str, times: int, said: str
) -> None:
    asked = []

    def refuse(method: str, path: str) -> None:
        if method == "POST" and path.endswith("/servers"):
            asked.append(path)
            body = json.dumps({"fault": {"message": message}})
            cloud.fail_next(1, status, {"Retry-After": "0"}, body, path_prefix=path)

    cloud.before = refuse
    image_id = cloud.add_image(NUMBERS[PRODUCER], name="web-1", data=DATA)
    [flavor, *_] = scene.compute().flavors()
    plan = LaunchPlan(image_id, "web-1", "web-1-copy", flavor.id, flavor.name)

    ended = scene.ended(scene.begin(Kind.LAUNCH, plan))

    assert (ended.state, len(asked)) == (TransferState.FAILED, times)
    assert f"{said}`{message}`" in ended.words


def _answers_lost(cloud: CloudStandIn, then: Callable[[str], None]) -> None:
    """Compute does what it was asked, and a proxy answers 504; *then* is told the server's id."""
    servers = cloud.state.regions[REGIONS[0]].servers

    def lose(method: str, path: str) -> None:
        if method == "POST" and path.endswith("/servers"):
            then(list(servers)[-1])
            raise ConnectionResetError("lost")

    cloud.after = lose


def _launch(cloud: CloudStandIn, scene: Scene) -> Transfer:
    image_id = cloud.add_image(NUMBERS[PRODUCER], name="web-1", data=DATA)
    [flavor, *_] = scene.compute().flavors()
    return scene.begin(Kind.LAUNCH, LaunchPlan(image_id, "web-1", "front", flavor.id, flavor.name))


def test_one_server_is_built_though_the_answer_is_lost_and_it_is_renamed_meanwhile(
    cloud: CloudStandIn, scene: Scene
) -> None:
    servers = cloud.state.regions[REGIONS[0]].servers
    _answers_lost(cloud, lambda made: servers[made].update(name="renamed"))

    ended = scene.ended(_launch(cloud, scene))

    assert (ended.state, len(servers)) == (TransferState.DONE, 1)


def test_a_server_that_was_deleted_before_anybody_looked_is_said_and_not_built_again(
    cloud: CloudStandIn, scene: Scene
) -> None:
    _answers_lost(cloud, cloud.delete_server)

    ended = scene.ended(_launch(cloud, scene))

    assert (ended.state, ended.error) == (TransferState.FAILED, "Launch.Vanished")
    assert len(cloud.state.regions[REGIONS[0]].servers) == 1
    assert "was deleted before it was finished. Start again if you still need it." in ended.words


@pytest.fixture
def lent(scene: Scene) -> Scene:
    """Consumer A works with the producer's account."""
    return Scene(scene.runtime, replace(scene.account, user_id=CONSUMER_A))


def give(scene: Scene, kind: Subject, subject: str) -> None:
    key, rights = scene.account.key, scene.runtime.store.rights
    rights.grant(key, scene.account.id, kind, subject, Role.OPERATOR, PRODUCER)


def test_what_somebody_began_who_has_lost_their_role_ends_before_its_next_step(
    lent: Scene, plan: ExportPlan
) -> None:
    give(lent, Subject.PERSON, CONSUMER_A)
    transfer = lent.begin(Kind.EXPORT, plan)
    lent.look()
    assert lent.now(transfer).state == TransferState.RUNNING
    lent.runtime.store.rights.revoke(lent.account.key, Subject.PERSON, CONSUMER_A)

    ended = lent.ended(transfer)

    assert (ended.state, ended.error) == (TransferState.FAILED, "Export.RoleLost")
    assert ended.words.startswith("You no longer have the role *operator* on account")
    assert f"Ask <@{PRODUCER}>" in ended.words


def test_while_slack_does_not_tell_who_is_in_a_group_it_waits_and_nothing_is_lost(
    lent: Scene, plan: ExportPlan, slack: SlackStandIn, clock: HandClock
) -> None:
    give(lent, Subject.GROUP, "S0OPS")
    slack.workspace.groups["S0OPS"] = (CONSUMER_A,)
    transfer = lent.begin(Kind.EXPORT, plan)
    lent.look()
    clock.advance(minutes=10)
    slack.fail_next("usergroups.users.list", "internal_error", n=1)

    lent.look()
    waiting = lent.now(transfer)
    clock.advance(minutes=10)

    assert waiting.state == TransferState.RUNNING
    assert "Slack is not listing" in waiting.memory["trouble"]["words"]
    assert lent.ended(transfer).state == TransferState.DONE


def test_what_was_begun_where_a_channel_has_the_role_goes_on_as_long_as_one_has(
    lent: Scene, plan: ExportPlan
) -> None:
    give(lent, Subject.CHANNEL, CHANNEL_ID)
    transfer = lent.begin(Kind.EXPORT, plan)

    assert lent.ended(transfer).state == TransferState.DONE
