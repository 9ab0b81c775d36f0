"""What was begun, and can no longer be read, ends in words, and stops nothing beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.wiring import Runtime
from bot.work import jobs
from cloud import Way
from handlers import Person
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID
from storage import Account, ApprovalState, Kind, TransferState
from tests import taking
from tests.bot.moving import Scene, export_plan
from tests.bot.people import CONSUMER_A, NUMBERS, PRODUCER
from tests.handlers.talk import Talk, labels, read
from tests.storage.fixtures import HandClock

DATA = b"a virtual disk"
ME, APPROVER = Person(TEAM_ID, PRODUCER), Person(TEAM_ID, CONSUMER_A)
SPOILT = ("x", "[]", "{}", '{"image_id": 5}')


@pytest.mark.parametrize("plan", SPOILT)
def test_a_transfer_whose_plan_cannot_be_read_ends_and_the_others_go_on(
    runtime: Runtime, link: Callable[..., Account], cloud: CloudStandIn, plan: str
) -> None:
    scene = Scene(runtime, link(PRODUCER, region=None))
    scene.objects().create_container("exports")
    image_id = cloud.add_image(NUMBERS[PRODUCER], name="web-1", disk_format="vhd", data=DATA)
    spoilt, sound = (
        scene.begin(Kind.EXPORT, export_plan(image_id, DATA, Way.TASK)) for _ in range(2)
    )
    runtime.store._db.execute(
        "update transfers set plan = :plan where id = :id", {"plan": plan, "id": spoilt.id}
    )

    done, failed = scene.ended(sound), scene.ended(spoilt)

    assert (done.state, failed.state) == (TransferState.DONE, TransferState.FAILED)
    assert "The stored plan can't be read, so I stopped." in failed.words


@pytest.mark.parametrize("request_", ["x", "[]", "{}", "null"])
def test_a_request_that_cannot_be_read_is_not_carried_out_and_the_others_are(
    runtime: Runtime,
    link: Callable[..., Account],
    cloud: CloudStandIn,
    clock: HandClock,
    request_: str,
) -> None:
    link(PRODUCER)
    talk = Talk(runtime.services)
    talk.say(ME, f"allow <@{CONSUMER_A}> approver")
    talk.say(ME, "policy delete always")
    ids = []
    for name in ("odd", "web", "late"):
        cloud.add_image(NUMBERS[PRODUCER], name=name, region="DFW")
        question = talk.say(ME, f"delete {name}")
        talk.press(ME, question, labels(question)[0])
        ids += [one.id for one in runtime.store.approvals.waiting(TEAM_ID) if one.id not in ids]
    for id_ in ids[:2]:
        talk.say(APPROVER, f"approve {id_}")
    runtime.store._db.execute(
        "update approvals set request = :request where id <> :id",
        {"request": request_, "id": ids[1]},
    )

    listed = read(talk.say(APPROVER, "requests"))
    jobs.approvals(runtime)
    clock.advance(days=3)
    jobs.approvals(runtime)

    states = {one.id: one.state for one in runtime.store.approvals.of(TEAM_ID, PRODUCER)}
    assert [states[id_] for id_ in ids] == [
        ApprovalState.FAILED,
        ApprovalState.DONE,
        ApprovalState.EXPIRED,
    ]
    assert ids[2] in listed
    said = " ".join(notice.text for notice in taking.notices(runtime.store, 100))
    assert "request can't be read, so nothing was done" in said
