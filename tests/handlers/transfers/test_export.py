"""Exporting images to containers."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cloud import Way
from handlers import FieldErrors, Person, Services
from handlers.transfers.plans import ExportPlan
from handlers.ui.typeahead_options import EXPORT_CONTAINER
from sandbox.cloud import CloudStandIn
from storage import Kind
from tests import taking
from tests.handlers.conftest import PRODUCER
from tests.handlers.talk import Talk, filled, labels, read, said

OPTIONS = "com.rackspace__1__options"


@pytest.fixture
def web(cloud: CloudStandIn) -> str:
    """An image, and a container beside it."""
    cloud.add_object(PRODUCER, "exports", "other.vhd", b"other", "DFW")
    return cloud.add_image(PRODUCER, name="web", region="DFW", data=b"disk")


def begun(services: Services) -> list[ExportPlan]:
    """What is to be done, as the job will read it."""
    running = services.store.transfers.running()
    assert all(transfer.kind == Kind.EXPORT for transfer in running)
    return [ExportPlan.from_json(transfer.plan) for transfer in running]


def containers(services: Services, person: Person, region: str = "DFW") -> list[str]:
    store = services.connection(services.current_account(person)).object_store(region)
    return [each.name for each in store.containers()]


def test_export_begins_at_once_and_draws_its_card(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    answer = talk.say(producer, "export web exports")

    [transfer] = services.store.transfers.running()
    assert read(answer) == (
        "Exporting `web` (DFW, 4 bytes) to container `exports`. I'll tell you when it is done.\n"
        f"Progress: `/images task {transfer.id}`"
    )
    [plan] = begun(services)
    assert (plan.image_id, plan.container, plan.object) == (web, "exports", f"{web}.vhd")
    assert (plan.way, plan.size) == (Way.TASK, 4)
    assert (transfer.region, transfer.title, transfer.account) == ("DFW", "web", PRODUCER)
    [card] = taking.cards(services.store, 10)
    assert card.text == ":hourglass_flowing_sand: Export of `web` in DFW is running."


def test_an_export_that_runs_is_not_begun_twice(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    talk.say(producer, "export web exports")

    again = talk.say(producer, f"export {web} exports")

    assert again.text == (
        "Already exporting `web` (DFW, 4 bytes) to container `exports`. Nothing was started twice."
    )
    assert len(begun(services)) == 1


def test_without_a_container_a_form_offers_those_of_the_region(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    cloud.add_object(PRODUCER, "elsewhere", "x", b"x", "ORD")
    form = talk.form(producer, "export web")
    assert filled(form) == {"exports.container": "", "exports.new": "", "request.because": ""}
    assert talk.find(producer, form, EXPORT_CONTAINER) == ["exports"]

    answer = said(talk.submit(producer, form, exports__container="exports"))

    assert answer.text.startswith("Exporting `web`")
    assert [plan.container for plan in begun(services)] == ["exports"]


def test_the_form_opens_from_the_image_too(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    form = talk.open(producer, talk.say(producer, "show web"), "Export…")

    said(talk.submit(producer, form, exports__container="exports"))

    assert [plan.image_id for plan in begun(services)] == [web]


def test_a_form_sent_eight_times_begins_one_export(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    form = talk.form(producer, "export web")

    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(lambda _: talk.submit(producer, form, exports__container="exports"), range(8))
        )

    assert len(begun(services)) == 1


def test_a_form_can_name_a_new_container(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    said(talk.submit(producer, talk.form(producer, "export web"), exports__new="backups"))

    assert [plan.container for plan in begun(services)] == ["backups"]
    assert containers(services, producer) == ["backups", "exports"]


def test_a_form_without_a_container_says_so_beside_the_field(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    reply = talk.submit(producer, talk.form(producer, "export web"))

    assert reply == FieldErrors({"exports.container": "Choose a container first."})
    assert begun(services) == []


def test_a_container_that_is_missing_can_be_created_by_a_button(
    talk: Talk, services: Services, producer: Person, web: str
) -> None:
    refusal = talk.say(producer, "export web backups")
    assert refusal.text == (
        "DFW has no container `backups`. Nothing was started. Press *Create container and export*, "
        "or choose another container."
    )
    assert labels(refusal) == ["Create container and export"]
    assert containers(services, producer) == ["exports"]

    for _ in range(2):
        talk.press(producer, refusal, "Create container and export")

    assert containers(services, producer) == ["backups", "exports"]
    assert [plan.container for plan in begun(services)] == ["backups"]
    actions = [(row.action, row.target, row.outcome) for row in services.store.audit.recent()]
    assert actions == [
        ("export.begin", "web", "done"),
        ("export.begin", "web", "done"),
        ("object_store.container", "backups", "done"),
    ]


@pytest.mark.parametrize("name", ["my.exports", "a/b", "what?"])
def test_names_that_a_task_refuses_are_refused_before(
    talk: Talk, services: Services, producer: Person, web: str, name: str
) -> None:
    answer = talk.say(producer, f"export web {name}")

    assert answer.text.startswith(f"`{name}` can't be used: ")
    assert labels(answer) == []
    assert begun(services) == []


def test_an_object_that_is_there_already_is_not_overwritten(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    cloud.add_object(PRODUCER, "exports", f"{web}.vhd", b"before", "DFW")

    answer = talk.say(producer, "export web exports")

    assert answer.text.startswith(f"`exports` already has an object `{web}.vhd`")
    assert begun(services) == []


@pytest.mark.parametrize("command", ["export web", "export web exports"])
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({OPTIONS: "4"}, "`web` can't be exported: its licence forbids it"),
        ({"status": "deactivated"}, "`web` is deactivated, and only active images can be exported"),
        (
            {"status": "queued", "size": None},
            "`web` is queued, and only active images can be exported",
        ),
        ({"visibility": "public"}, "`web` is a standard image: only the provider can export it."),
    ],
)
def test_images_that_cannot_be_exported_are_refused_before_a_form_opens(
    talk: Talk,
    cloud: CloudStandIn,
    services: Services,
    producer: Person,
    command: str,
    fields: dict[str, Any],
    words: str,
) -> None:
    owner = "provider" if "visibility" in fields else PRODUCER
    cloud.add_image(owner, name="web", region="DFW", **fields)

    assert talk.say(producer, command).text.startswith(words)
    assert begun(services) == []


def test_an_image_with_the_option_0_is_exported(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, web: str
) -> None:
    fields: dict[str, Any] = {OPTIONS: "0"}
    cloud.add_image(PRODUCER, name="snapshot", region="DFW", **fields)

    talk.say(producer, "export snapshot exports")

    assert len(begun(services)) == 1


def test_only_its_owner_exports_an_image(
    talk: Talk, cloud: CloudStandIn, services: Services, consumer: Person, web: str
) -> None:
    cloud.add_member(web, services.current_account(consumer).project_id)

    answer = talk.say(consumer, f"export {web} exports")

    assert answer.text.startswith(f"`web` belongs to account `{PRODUCER}`. Only its owner can")
    assert begun(services) == []


def test_nobody_else_may_press_the_button(
    talk: Talk, services: Services, producer: Person, consumer: Person, web: str
) -> None:
    refusal = talk.say(producer, "export web backups")

    note = talk.press(consumer, refusal, "Create container and export")

    assert note.text.startswith(f"This is for account `{PRODUCER}`, which <@U1> has linked")
    assert containers(services, producer) == ["exports"]


def test_too_many_words_are_answered_with_the_usage(talk: Talk, producer: Person) -> None:
    answer = talk.say(producer, "export web a b")

    assert answer.text.startswith('Usage: `/images export IMAGE [CONTAINER] [because "…"]`.')


@pytest.mark.parametrize("line", ["export web-volume exports", "copy web-volume to ORD"])
def test_an_image_that_only_points_at_volume_snapshots_is_refused(
    line: str, talk: Talk, services: Services, producer: Person, cloud: CloudStandIn
) -> None:
    mapping = [{"source_type": "snapshot", "snapshot_id": "s1", "volume_size": 10}]
    cloud.add_image(PRODUCER, name="web-volume", size=0, block_device_mapping=json.dumps(mapping))

    answer = talk.say(producer, line)

    assert "refers to volume snapshots" in answer.text
    assert services.store.transfers.running() == []
