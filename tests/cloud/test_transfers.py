"""Bytes of images, imports, tasks and capabilities."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from cloud import (
    AuthType,
    Capabilities,
    Connection,
    Credentials,
    ImageStatus,
    Tasks,
    TaskStatus,
    Way,
    errors,
    import_failed,
)
from sandbox.cloud import CloudStandIn
from sandbox.cloud import Provider as Kind
from tests.cloud.conftest import Provider
from tests.waiting import until

BITS = bytes(range(256)) * 40
NO_TASK = "00000000-0000-4000-8000-000000000000"


def test_an_image_s_bytes_are_read_from_any_one_on(provider: Provider) -> None:
    image_id = provider.create_image(data=BITS)
    images = provider.images("producer")

    with images.data(image_id) as whole, images.data(image_id, 1000) as rest:
        assert (whole.size, rest.size, rest.offset) == (len(BITS), len(BITS), 1000)
        assert (b"".join(whole), b"".join(rest)) == (BITS, BITS[1000:])


def test_the_data_of_what_is_not_there_is_not_found(provider: Provider) -> None:
    with pytest.raises(errors.NotFound):
        provider.images("producer").data(NO_TASK).__enter__()


@pytest.fixture
def glance(provider: Provider) -> Provider:
    """A cloud as today's Glance is: the stand-in can be both."""
    if provider.standin:
        provider.standin.state.provider = Kind.GLANCE
    return provider


def test_today_s_glance_streams_exports_and_downloads_imports(glance: Provider) -> None:
    told = glance.connect("producer").capabilities(glance.regions[0])

    assert (told.exports, told.imports) == (Way.STREAM, Way.DOWNLOAD)
    assert told.object_store
    assert told.compute == (glance.standin is not None)
    assert "web-download" in told.import_methods


def test_an_object_becomes_an_image_by_its_temporary_url(glance: Provider) -> None:
    connection = glance.connect("producer")
    store, images = connection.object_store(glance.regions[0]), glance.images("producer")
    store.create_container("imports")
    store.write("imports", "disk.raw", [BITS], len(BITS))
    store.set_signing_key(2, "a key")
    lasts = datetime.now(UTC) + timedelta(minutes=5)
    fields = {"name": "new", "disk_format": "raw", "container_format": "bare"}
    image = images.create({**fields, "probe": glance.probe})

    images.import_from(image.id, store.temporary_url("imports", "disk.raw", "a key", lasts))
    until(lambda: images.get(image.id).status == ImageStatus.ACTIVE)

    with images.data(image.id) as data:
        assert b"".join(data) == BITS
    # Glance notes the end of a task a moment after the image is active.
    until(lambda: [t.status for t in images.tasks_of(image.id)] == [TaskStatus.SUCCESS])
    [task] = images.tasks_of(image.id)
    assert task.type == "api_image_import"
    assert "temp_url" not in repr(task)


def test_an_import_of_what_cannot_be_read_leaves_the_image_as_it_was(glance: Provider) -> None:
    store = glance.connect("producer").object_store(glance.regions[0])
    images = glance.images("producer")
    fields = {"name": "new", "disk_format": "raw", "container_format": "bare"}
    image = images.create({**fields, "probe": glance.probe})
    lasts = datetime.now(UTC) + timedelta(minutes=5)

    images.import_from(image.id, store.temporary_url("nowhere", "disk.raw", "no key", lasts))
    until(lambda: import_failed(images.get(image.id)))

    assert images.get(image.id).status == ImageStatus.QUEUED


def test_an_address_that_is_refused_is_not_told(glance: Provider) -> None:
    images = glance.images("producer")
    fields = {"name": "new", "disk_format": "raw", "container_format": "bare"}
    image = images.create({**fields, "probe": glance.probe})

    with pytest.raises(errors.Invalid) as refusal:
        images.import_from(image.id, "ftp://example.com/s3cret")

    assert "s3cret" not in refusal.value.message + str(refusal.value)


def test_an_image_that_has_data_or_no_format_is_not_imported_to(glance: Provider) -> None:
    images = glance.images("producer")
    formless = images.create({"name": "new", "probe": glance.probe})

    for image_id in (glance.create_image(data=BITS), formless.id):
        with pytest.raises(errors.Conflict):
            images.import_from(image_id, "http://127.0.0.1/x")


@pytest.fixture(params=["standin", pytest.param("lab", marks=pytest.mark.lab)])
def rackspace(request: pytest.FixtureRequest) -> Rackspace:
    """A connection to a cloud with tasks, and how images come to be there."""
    clouds = request.getfixturevalue("clouds")
    if request.param == "standin":
        standin: CloudStandIn = request.getfixturevalue("standin")
        entry = standin.credentials("producer", "v3password")
        number = standin.state.users["producer"].number
        add = lambda data: standin.add_image(number, name="web", data=data)  # noqa: E731
        region = next(iter(standin.state.regions))
    else:
        lab = request.getfixturevalue("rackspace_lab")
        entry, region = lab.credentials("producer"), lab.regions[0]
        add = lambda data: lab.create_image("producer", "web", data=data)  # noqa: E731
    options = {**entry["auth"]}
    auth_url = options.pop("auth_url")
    connection = clouds.connect(Credentials(AuthType.V3_PASSWORD, auth_url, options))
    return Rackspace(connection, region, add)


class Rackspace:
    def __init__(
        self, connection: Connection, region: str, add_image: Callable[[bytes], str]
    ) -> None:
        self.connection, self.region, self.add_image = connection, region, add_image

    @property
    def tasks(self) -> Tasks:
        return self.connection.tasks(self.region)


def test_a_cloud_with_tasks_exports_and_imports_by_them(rackspace: Rackspace) -> None:
    told = rackspace.connection.capabilities(rackspace.region)

    assert (told.exports, told.imports, told.object_store) == (Way.TASK, Way.TASK, True)
    assert "export" in rackspace.tasks.types()


def test_an_export_task_leads_to_an_object(rackspace: Rackspace) -> None:
    image_id = rackspace.add_image(BITS)
    store = rackspace.connection.object_store(rackspace.region)
    store.create_container("exports")

    begun = rackspace.tasks.export(image_id, "exports")
    until(lambda: rackspace.tasks.get(begun.id).ended)

    task = rackspace.tasks.get(begun.id)
    assert (begun.status, task.status, task.message) in (
        (TaskStatus.PENDING, TaskStatus.SUCCESS, ""),
        (TaskStatus.PROCESSING, TaskStatus.SUCCESS, ""),
    )
    assert task.input["image_uuid"] == image_id
    assert task.expires_at is not None
    assert task.expires_at - task.updated_at == timedelta(hours=48)
    container, _, name = task.result["export_location"].partition("/")
    with store.read(container, name) as download:
        assert b"".join(download) == BITS
    listed = next(rackspace.tasks.list(type="export", limit=1))
    assert (listed.id, listed.input, listed.result) == (task.id, {}, {})


def test_an_export_that_is_bound_to_fail_is_taken_and_fails(rackspace: Rackspace) -> None:
    begun = rackspace.tasks.export(rackspace.add_image(BITS), "no-such-container")
    until(lambda: rackspace.tasks.get(begun.id).ended)

    task = rackspace.tasks.get(begun.id)
    assert (task.status, task.result) == (TaskStatus.FAILURE, {})
    assert task.message != ""


def test_a_task_that_is_not_there_is_not_found(rackspace: Rackspace) -> None:
    with pytest.raises(errors.NotFound):
        rackspace.tasks.get(NO_TASK)


def test_an_import_task_makes_an_image(standin: CloudStandIn, clouds: object) -> None:
    """Rackspace's alone: the lab's Glance imports from addresses only."""
    user = standin.state.users["producer"]
    entry = standin.credentials("producer", "rackspace_apikey")["auth"]
    options = {"username": user.name, "api_key": entry["api_key"]}
    connection = clouds.connect(  # type: ignore[attr-defined]
        Credentials(AuthType.RACKSPACE_API_KEY, entry["auth_url"], options)
    )
    tasks, images = connection.tasks("DFW"), connection.images("DFW")
    standin.add_object(user.number, "exports", "disk.vhd", BITS)

    task = tasks.get(tasks.import_("exports/disk.vhd", "new").id)
    failed = tasks.get(tasks.import_("exports/nothing.vhd", "new").id)

    image = images.get(task.result["image_id"])
    assert (image.name, image.status, image.size) == ("new", ImageStatus.ACTIVE, len(BITS))
    assert (failed.status, failed.message) == (
        TaskStatus.FAILURE,
        "Error: Swift could not find object nothing.vhd.",
    )


def test_tasks_are_listed_page_by_page(
    standin: CloudStandIn, rackspace_connection: Connection
) -> None:
    tasks = rackspace_connection.tasks("DFW")
    ids = [tasks.import_("exports/nothing.vhd", f"n{n}").id for n in range(205)]

    assert [task.id for task in tasks.list()] == ids[::-1]
    assert [task.id for task in tasks.list(limit=3)] == ids[:-4:-1]


@pytest.fixture
def rackspace_connection(standin: CloudStandIn, clouds: object) -> Connection:
    entry = standin.credentials("producer", "v3password")["auth"]
    options = {key: value for key, value in entry.items() if key != "auth_url"}
    return clouds.connect(  # type: ignore[attr-defined,no-any-return]
        Credentials(AuthType.V3_PASSWORD, entry["auth_url"], options)
    )


def test_what_a_region_can_do_is_asked_once(
    standin: CloudStandIn, rackspace_connection: Connection
) -> None:
    first = rackspace_connection.capabilities("DFW")
    asked = len(standin.requests)

    assert rackspace_connection.capabilities("DFW") is first
    assert len(standin.requests) == asked


def test_without_an_object_store_nothing_is_exported_or_imported_but_by_tasks(
    standin: CloudStandIn, rackspace_connection: Connection
) -> None:
    standin.state.provider = Kind.GLANCE
    standin.identity.services.clear()

    told = rackspace_connection.capabilities("DFW")

    assert told == Capabilities(
        Way.NONE, Way.NONE, object_store=False, compute=False, import_methods=told.import_methods
    )
