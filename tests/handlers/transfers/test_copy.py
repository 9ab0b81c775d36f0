"""Copying images to other regions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cloud import Way
from handlers import FieldErrors, Person, Services
from handlers.transfers.plans import CopyPlan
from handlers.ui.typeahead_options import REGION
from sandbox.cloud import CloudStandIn, Provider
from storage import Kind
from tests.handlers.conftest import CONSUMER_A, CONSUMER_B, PRODUCER
from tests.handlers.talk import Talk, filled, labels, read, said

PROPERTIES: dict[str, Any] = {
    "os_distro": "debian",
    "vm_mode": "hvm",
    "com.rackspace__1__options": "0",
    "org.openstack__1__architecture": "x64",
    "image_type": "snapshot",
    "instance_uuid": "7a1f",
    "tags": ["web", "2026"],
    "min_disk": 20,
    "min_ram": 512,
    "protected": True,
}


@pytest.fixture
def web(cloud: CloudStandIn) -> str:
    return cloud.add_image(PRODUCER, name="web", region="DFW", data=b"disk", **PROPERTIES)


def begun(services: Services) -> list[CopyPlan]:
    """What is to be done, as the job will read it."""
    running = services.store.transfers.running()
    assert all(transfer.kind == Kind.COPY for transfer in running)
    return [CopyPlan.from_json(transfer.plan) for transfer in running]


def test_the_plan_is_shown_before_anything_is_begun(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    plan = talk.say(producer, "copy web to ord")

    assert read(plan) == (
        "Copy `web` (DFW, 4 bytes) from DFW to ORD, in your account `1100111` (`Producer`)?\n"
        "1. Export from DFW\n"
        "2. Transfer the data to ORD\n"
        "3. Import in ORD\n"
        "4. Set metadata and tags\n"
        "5. Delete temporary data\n"
        "• Copied: data (4 bytes), 2 properties, 2 tags, minimum disk and RAM, protection.\n"
        "• The copy gets a new id and checksum. Its property `imagebot_copy_of` holds this image's "
        "id.\n"
        "• Not copied, because the cloud sets it: `com.rackspace__1__options`, `image_type`, "
        "`instance_uuid` and `org.openstack__1__architecture`.\n"
        "• Temporary data: container `imagebot-to-ord` in DFW and ORD, created if needed. I "
        "delete the data at the end, even if the copy fails.\n"
        "• This can take hours. I'll tell you when it is done.\n"
        "• The copy will not be shared.\n"
        "[Start]\n"
        "[Cancel]"
    )
    assert begun(services) == []


def test_start_begins_what_the_plan_says(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    answer = talk.press(producer, talk.say(producer, "copy web to ORD"), "Start")

    [transfer] = services.store.transfers.running()
    assert read(answer) == (
        "Copying `web` (DFW, 4 bytes) to ORD. I'll tell you when it is done.\n"
        f"Progress: `/images task {transfer.id}`"
    )
    assert (transfer.region, transfer.title) == ("DFW", "web")
    [plan] = begun(services)
    assert (plan.source_region, plan.target_region) == ("DFW", "ORD")
    assert (plan.exports, plan.imports, plan.object) == (Way.TASK, Way.TASK, f"{web}.vhd")
    assert plan.fields == {
        "os_distro": "debian",
        "vm_mode": "hvm",
        "tags": ["web", "2026"],
        "min_disk": 20,
        "min_ram": 512,
        "protected": True,
        "imagebot_copy_of": web,
    }
    assert plan.shares == ()


def test_eight_clicks_at_once_begin_one_copy(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    plan = talk.say(producer, "copy web to ORD")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: talk.press(producer, plan, "Start"), range(8)))

    assert len(begun(services)) == 1
    assert sum(answer.text.startswith("Copying") for answer in answers) == 1


def test_while_it_is_copied_no_other_copy_to_there_begins(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    for _ in range(2):
        answer = talk.press(producer, talk.say(producer, "copy web to ORD"), "Start")

    assert answer.text == (
        "Already copying `web` (DFW, 4 bytes) to ORD. Nothing was started twice."
    )
    assert len(begun(services)) == 1


def test_cancel_begins_nothing(talk: Talk, services: Services, producer: Person, web: str) -> None:
    answer = talk.press(producer, talk.say(producer, "copy web to ORD"), "Cancel")

    assert answer.text == "Cancelled: `web` was not copied."
    assert begun(services) == []


def test_shares_are_made_again_on_request_only(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    cloud.add_member(web, CONSUMER_A)
    cloud.add_member(web, CONSUMER_B)
    plan = talk.say(producer, "copy web to ORD")
    assert (
        f"The image is shared with `{CONSUMER_A}` and `{CONSUMER_B}`; the copy will not be."
        in read(plan)
    )
    assert labels(plan) == ["Start", "Start and share again", "Cancel"]

    talk.press(producer, plan, "Start and share again")

    assert [plan.shares for plan in begun(services)] == [(CONSUMER_A, CONSUMER_B)]


def test_accounts_to_share_the_copy_with_can_be_named(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    plan = talk.say(producer, f"copy web to ORD with {CONSUMER_A} {CONSUMER_B} {CONSUMER_A}")
    assert "5. Share the copy" in read(plan)
    assert (
        f"The copy will be shared with `{CONSUMER_A}` and `{CONSUMER_B}`, who have to accept it "
        "again." in read(plan)
    )

    talk.press(producer, plan, "Start")

    assert [plan.shares for plan in begun(services)] == [(CONSUMER_A, CONSUMER_B)]


def test_whom_to_share_the_copy_with_can_be_named_and_mentioned_and_a_slip_is_seen(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str
) -> None:
    talk.say(producer, f"name {CONSUMER_B} partner")
    plan = read(talk.say(producer, "copy web to ORD with partner <@U2> 9900998"))

    assert (
        f"The copy will be shared with `{CONSUMER_B}` (`partner`), `{CONSUMER_A}` and `9900998`, "
        "who have to accept it again." in plan
    )
    assert "Nobody in this workspace knows `9900998`." in plan


def test_the_owner_is_nobody_to_share_with(talk: Talk, producer: Person, web: str) -> None:
    answer = talk.say(producer, f"copy web to ORD with {PRODUCER}")

    assert answer.text.startswith(f"Account `{PRODUCER}` owns the image")


def test_with_the_image_alone_a_form_asks_for_the_region(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    form = talk.form(producer, "copy web")
    assert filled(form) == {"copies.region": "", "request.because": ""}
    assert talk.find(producer, form, REGION) == ["ORD"]
    assert talk.submit(producer, form) == FieldErrors({"copies.region": "Choose a region first."})

    plan = said(talk.submit(producer, form, copies__region="ORD"))

    assert plan.text.endswith("from DFW to ORD, in your account `1100111` (`Producer`)?")
    assert begun(services) == []
    talk.press(producer, plan, "Start")
    assert len(begun(services)) == 1


def test_the_form_opens_from_the_image_too(talk: Talk, producer: Person, web: str) -> None:
    form = talk.open(producer, talk.say(producer, "show web"), "Copy…")

    assert said(talk.submit(producer, form, copies__region="ORD")).text.endswith(
        "DFW to ORD, in your account `1100111` (`Producer`)?"
    )


def test_the_form_of_a_shared_image_asks_whether_to_share_the_copy(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    cloud.add_member(web, CONSUMER_A)
    form = talk.form(producer, "copy web")

    plan = said(talk.submit(producer, form, copies__region="ORD", copies__shares=("same",)))
    assert labels(plan) == ["Start", "Cancel"]
    talk.press(producer, plan, "Start")

    assert [plan.shares for plan in begun(services)] == [(CONSUMER_A,)]


def test_where_the_cloud_downloads_nothing_is_carried(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    cloud.state.provider = Provider.GLANCE

    plan = talk.say(producer, "copy web to ORD")
    assert "Transfer" not in read(plan)
    assert "container `imagebot-to-ord` in DFW, created" in read(plan)
    talk.press(producer, plan, "Start")

    [made] = begun(services)
    assert (made.exports, made.imports) == (Way.STREAM, Way.DOWNLOAD)
    assert (made.disk_format, made.container_format) == ("raw", "bare")
    assert made.object == f"{web}.raw"
    assert made.new_image_id not in ("", web)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("copy web to DFW", "`web` is already in DFW."),
        ("copy web to LON", "Your account has no region `LON`. Available: DFW and ORD."),
        ("copy web to ORD with @someone", "I don't know who `@someone` is."),
        ("copy web to ORD with partnr", "`partnr` is neither an account number nor a name in"),
        (f"copy web to ORD with {' '.join(map(str, range(11)))}", "Share with up to 10 accounts"),
        ("copy web ORD", "Usage: `/images copy IMAGE"),
        ("copy web to", "Usage: `/images copy IMAGE"),
        ("copy web to ORD with", "Usage: `/images copy IMAGE"),
    ],
)
def test_what_cannot_be_copied_so_is_refused(
    talk: Talk, producer: Person, web: str, command: str, words: str
) -> None:
    assert talk.say(producer, command).text.startswith(words)


@pytest.mark.parametrize("region", ["DFW", "ORD"])
def test_what_stands_in_the_way_of_the_data_is_told_before(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str, region: str
) -> None:
    cloud.add_object(PRODUCER, "imagebot-to-ord", f"{web}.vhd", b"before", region)

    answer = talk.say(producer, "copy web to ORD")

    assert answer.text.startswith(f"`imagebot-to-ord` already has an object `{web}.vhd`")


def test_only_ones_own_active_images_are_copied(
    talk: Talk, cloud: CloudStandIn, producer: Person, consumer: Person, web: str
) -> None:
    cloud.add_member(web, CONSUMER_A)
    cloud.add_image(PRODUCER, name="sleeping", region="DFW", status="deactivated")

    assert talk.say(consumer, f"copy {web} to ORD").text.startswith("`web` belongs to account")
    for command in ("copy sleeping", "copy sleeping to ORD"):
        assert talk.say(producer, command).text.startswith("`sleeping` is deactivated")


def test_an_image_that_is_gone_by_then_is_told(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    plan = talk.say(producer, "copy web to ORD")
    cloud.delete_image(web)

    note = talk.press(producer, plan, "Start")

    assert note.note
    assert note.text.startswith(f"Image `{web[:8]}` no longer exists")
    assert begun(services) == []


def test_nobody_else_may_press_start(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str
) -> None:
    note = talk.press(consumer, talk.say(producer, "copy web to ORD"), "Start")

    assert note.text.startswith(f"This is for account `{PRODUCER}`")
    assert begun(services) == []
