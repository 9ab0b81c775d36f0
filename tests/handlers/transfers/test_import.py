"""Importing objects as images."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from cloud import Way
from handlers import FieldErrors, Person, Services
from handlers.transfers.plans import ImportPlan
from handlers.transfers.views import transfers as views
from handlers.ui.typeahead_options import OBJECT
from sandbox.cloud import CloudStandIn, Provider
from sandbox.gallery.transfers import transfer
from storage import Kind, Transfer, TransferState
from tests.handlers.conftest import CONSUMER_A, PRODUCER, REGIONS
from tests.handlers.talk import Talk, filled, labels, read, said

BOOT = {"vm_mode": "hvm", "img_config_drive": "mandatory", "xenapi_use_agent": "False"}


@pytest.fixture(params=[Provider.RACKSPACE])
def provider(request: pytest.FixtureRequest) -> Provider:
    return Provider(request.param)


@pytest.fixture
def cloud(provider: Provider) -> Iterator[CloudStandIn]:
    """As everywhere, but of either provider."""
    with CloudStandIn(regions=REGIONS, provider=provider) as cloud:
        for number in (PRODUCER, CONSUMER_A):
            cloud.add_account(number, number, f"user-{number}", password="made-up-password")
        cloud.add_object(PRODUCER, "exports", "web.vhd", b"disk", "ORD")
        yield cloud


def begun(services: Services) -> list[ImportPlan]:
    """What is to be done, as the job will read it."""
    running = services.store.transfers.running()
    assert all(transfer.kind == Kind.IMPORT for transfer in running)
    return [ImportPlan.from_json(transfer.plan) for transfer in running]


def test_import_begins_at_once_where_the_object_is(
    talk: Talk, services: Services, producer: Person
) -> None:
    answer = talk.say(producer, 'import exports/web.vhd "my web"')

    [transfer] = services.store.transfers.running()
    assert read(answer) == (
        "Importing `exports/web.vhd` in ORD as image `my web`. I'll tell you when it is done.\n"
        f"Progress: `/images task {transfer.id}`"
    )
    assert begun(services) == [ImportPlan("exports", "web.vhd", "my web", Way.TASK, "", 4)]
    assert (transfer.region, transfer.title) == ("ORD", "exports/web.vhd")


def test_an_import_that_runs_is_not_begun_twice(
    talk: Talk, services: Services, producer: Person
) -> None:
    for _ in range(2):
        answer = talk.say(producer, "import exports/web.vhd web")

    assert answer.text.startswith("Already importing `exports/web.vhd` in ORD as image `web`.")
    assert len(begun(services)) == 1


def test_alone_it_opens_a_form_for_one_region(
    talk: Talk, services: Services, producer: Person
) -> None:
    form = talk.form(producer, "import --region ORD")
    assert filled(form) == {"imports.object": "", "imports.name": ""}
    assert talk.find(producer, form, OBJECT, "web") == ["exports/web.vhd"]

    answer = said(
        talk.submit(producer, form, imports__object="exports/web.vhd", imports__name="web")
    )

    assert answer.text.startswith("Importing `exports/web.vhd` in ORD")
    assert begun(services) == [ImportPlan("exports", "web.vhd", "web", Way.TASK, "", 4)]


def test_a_form_sent_eight_times_makes_one_image(
    talk: Talk, services: Services, producer: Person
) -> None:
    form = talk.form(producer, "import --region ORD")
    given = {"imports__object": "exports/web.vhd", "imports__name": "web"}

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: talk.submit(producer, form, **given), range(8)))

    assert len(begun(services)) == 1


def test_what_is_missing_in_the_form_is_said_beside_its_field(
    talk: Talk, services: Services, producer: Person
) -> None:
    reply = talk.submit(producer, talk.form(producer, "import --region ORD"))

    assert reply == FieldErrors(
        {
            "imports.object": "Choose an object first.",
            "imports.name": "Use a name of 1 to 255 visible characters.",
        }
    )
    assert begun(services) == []


@pytest.mark.parametrize(("length", "taken"), [(255, True), (256, False)])
def test_a_name_has_255_characters_at_most(
    talk: Talk, services: Services, producer: Person, length: int, taken: bool
) -> None:
    talk.say(producer, f"import exports/web.vhd {'ü' * length} --region ORD")

    assert [plan.name for plan in begun(services)] == ["ü" * 255] * taken


def test_an_object_that_is_not_there_is_refused(
    talk: Talk, services: Services, producer: Person
) -> None:
    answer = talk.say(producer, "import exports/other.vhd web")

    assert answer.text.startswith("No object `exports/other.vhd` in DFW and ORD.")
    assert begun(services) == []


def test_an_empty_object_is_refused(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person
) -> None:
    cloud.add_object(PRODUCER, "exports", "nothing.vhd", b"", "ORD")

    answer = talk.say(producer, "import exports/nothing.vhd web")

    assert answer.text.startswith("`exports/nothing.vhd` is empty")
    assert begun(services) == []


@pytest.mark.parametrize("provider", [Provider.GLANCE], indirect=True)
@pytest.mark.parametrize(
    ("name", "option", "format_"),
    [("a.qcow2", "", "qcow2"), ("a.VPC", "", "vhd"), ("a", " --format raw", "raw")],
)
def test_where_the_cloud_downloads_it_is_told_the_format(
    talk: Talk,
    cloud: CloudStandIn,
    services: Services,
    producer: Person,
    name: str,
    option: str,
    format_: str,
) -> None:
    cloud.add_object(PRODUCER, "exports", name, b"disk", "ORD")

    talk.say(producer, f"import exports/{name} web{option}")

    [plan] = begun(services)
    assert (plan.way, plan.disk_format, plan.container_format) == (Way.DOWNLOAD, format_, "bare")
    assert UUID(plan.image_id).version == 4


@pytest.mark.parametrize("provider", [Provider.GLANCE], indirect=True)
def test_a_format_that_nobody_knows_is_asked_for(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person
) -> None:
    cloud.add_object(PRODUCER, "exports", "a.img", b"disk", "ORD")

    answer = talk.say(producer, "import exports/a.img web")
    assert answer.text.startswith("I can't tell the disk format from the name `exports/a.img`")
    assert "`--format raw`" in answer.text
    assert talk.say(producer, "import exports/a.img web --format zip").text.startswith(
        "`--format` cannot be `zip`."
    )
    assert begun(services) == []


@pytest.mark.parametrize("provider", [Provider.GLANCE], indirect=True)
def test_the_form_asks_for_the_format_where_it_is_needed(
    talk: Talk, services: Services, producer: Person
) -> None:
    form = talk.form(producer, "import --region ORD")
    given = {"imports__object": "exports/web.vhd", "imports__name": "web"}

    said(talk.submit(producer, form, **given, imports__format="raw"))

    assert [plan.disk_format for plan in begun(services)] == ["raw"]


@pytest.mark.parametrize(
    ("label", "properties"),
    [
        ("Set all 3", BOOT),
        ("vm_mode=hvm", {"vm_mode": "hvm"}),
        ("img_config_drive=mandatory", {"img_config_drive": "mandatory"}),
        ("xenapi_use_agent=False", {"xenapi_use_agent": "False"}),
    ],
)
def test_a_finished_import_has_buttons_for_what_makes_it_boot(
    talk: Talk,
    cloud: CloudStandIn,
    services: Services,
    producer: Person,
    label: str,
    properties: dict[str, str],
) -> None:
    image_id = cloud.add_image(PRODUCER, name="web", region="ORD")
    card = views.card(finished(services, producer, image_id), services.clock())

    note = talk.press(producer, card, label)

    image = services.images(services.current_account(producer), "ORD").get(image_id)
    assert {name: image.properties.get(name) for name in BOOT if name in image.properties} == (
        properties
    )
    assert note.note
    assert "Undo" in labels(note)


def test_nobody_else_may_press_them(
    talk: Talk, cloud: CloudStandIn, services: Services, producer: Person, consumer: Person
) -> None:
    image_id = cloud.add_image(PRODUCER, name="web", region="ORD")
    card = views.card(finished(services, producer, image_id), services.clock())

    note = talk.press(consumer, card, "Set all 3")

    assert note.text.startswith(f"This is for account `{PRODUCER}`")


@pytest.mark.parametrize("command", ["import exports/web.vhd", "import a b c"])
def test_other_words_are_answered_with_the_form(talk: Talk, producer: Person, command: str) -> None:
    assert talk.say(producer, command).text.startswith("Usage: `/images import ")


def finished(services: Services, person: Person, image_id: str) -> Transfer:
    """An import of theirs that is done."""
    plan = ImportPlan("exports", "web.vhd", "web", Way.TASK, "")
    return transfer(
        Kind.IMPORT,
        plan,
        account_id=services.current_account(person).id,
        region="ORD",
        state=TransferState.DONE,
        ended_at=services.clock(),
        result={"image_id": image_id, "region": "ORD", "name": "web"},
    )
