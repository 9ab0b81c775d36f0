"""What python-glanceclient does, on the stand-in and on a real Glance alike."""

from __future__ import annotations

import json

import pytest

from tests.clients.sites import Site
from tests.waiting import until

RAW = "--disk-format raw --container-format bare"


@pytest.fixture
def image(site: Site) -> str:
    """The id of an image of the producer, with data."""
    site.write("disk.raw", b"some data")
    command = f"glance image-create --name web-@ {RAW} --file disk.raw --property os_distro=debian"
    return _fields(site.run(command))["id"]


def test_an_image_is_made_found_read_and_deleted(site: Site, image: str) -> None:
    shown = _fields(site.run(f"glance image-show {image}"))
    listed = _rows(site.run("glance image-list --property-filter name=web-@ --sort name:asc"))
    site.run(f"glance image-download {image} --file copy.raw")
    site.run(f"glance image-delete {image}")

    assert (shown["name"], shown["os_distro"]) == (f"web-{site.mark}", "debian")
    assert (shown["status"], shown["size"]) == ("active", "9")
    assert listed == [(image, f"web-{site.mark}")]
    assert site.saved("copy.raw") == b"some data"
    assert site.ends(f"glance image-show {image}").code == 1


def test_an_image_is_changed(site: Site, image: str) -> None:
    site.run(
        f"glance image-update {image} --name new-@ --min-disk 2 --protected true "
        "--property os_version=13 --remove-property os_distro --visibility community"
    )
    site.run(f"glance image-tag-update {image} blue")
    site.run(f"glance image-tag-update {image} red")
    site.run(f"glance image-tag-delete {image} red")
    site.run(f"glance image-deactivate {image}")
    changed = _fields(site.run(f"glance image-show {image}"))
    refused = site.ends(f"glance image-delete {image}")
    site.run(f"glance image-reactivate {image}")

    assert (changed["name"], changed["min_disk"]) == (f"new-{site.mark}", "2")
    assert (changed["protected"], changed["visibility"]) == ("True", "community")
    assert (changed["os_version"], changed["tags"]) == ("13", '["blue"]')
    assert "os_distro" not in changed
    assert changed["status"] == "deactivated"
    assert (refused.code, "You are not permitted to delete the image" in refused.err) == (1, True)
    assert _fields(site.run(f"glance image-show {image}"))["status"] == "active"


def test_images_are_listed_page_by_page(site: Site) -> None:
    for name in "abc":
        site.run(f"glance image-create --name {name}-@ {RAW} --tag blue-@")

    listed = _rows(site.run("glance image-list --tag blue-@ --page-size 1 --sort name:asc"))
    two = _rows(site.run("glance image-list --tag blue-@ --limit 2 --sort name:desc"))

    assert [name[0] for _, name in listed] == ["a", "b", "c"]
    assert [name[0] for _, name in two] == ["c", "b"]


def test_an_image_is_shared_answered_and_unshared(site: Site, image: str) -> None:
    consumer = site.numbers["consumer-a"]
    pending = "image-list --visibility shared --member-status pending"
    made = _rows(site.run(f"glance member-create {image} {consumer}"))
    found = _rows(site.run(f"glance {pending} --property-filter name=web-@", "consumer-a"))
    site.run(f"glance member-update {image} {consumer} accepted", "consumer-a")
    one = _fields(site.run(f"glance member-get {image} {consumer}"))
    site.run(f"glance member-delete {image} {consumer}")

    assert made == [(image, consumer, "pending")]
    assert [row[0] for row in found] == [image]
    assert (one["member_id"], one["status"]) == (consumer, "accepted")
    assert _rows(site.run(f"glance member-list --image-id {image}")) == []


def test_data_is_staged_and_imported(site: Site) -> None:
    site.write("disk.raw", b"staged data")
    image = _fields(site.run(f"glance image-create --name staged-@ {RAW}"))["id"]
    site.run(f"glance image-stage {image} --file disk.raw")
    site.run(f"glance image-import {image} --import-method glance-direct")
    _until_active(site, image)
    site.run(f"glance image-download {image} --file copy.raw")
    tasks = _rows(site.run(f"glance image-tasks {image}"))

    assert site.saved("copy.raw") == b"staged data"
    assert [row[1] for row in tasks] == ["success"]


def test_an_image_is_made_by_an_import_of_a_file(site: Site) -> None:
    site.write("disk.raw", b"imported data")

    assert _imported(site, "glance-direct", "--file disk.raw") == b"imported data"


def test_an_image_is_made_by_an_import_from_an_address(own_site: Site) -> None:
    own_site.write("disk.raw", b"imported data")
    own_site.run("swift upload c disk.raw")
    own_site.run("swift post --meta temp-url-key:made-up-key")
    account = own_site.run("swift stat --verbose").split("StorageURL: ")[1].split()[0]
    host, version, path = account.partition("/v1/")
    signed = own_site.run(f"swift tempurl GET 600 {version}{path}/c/disk.raw made-up-key").strip()

    assert _imported(own_site, "web-download", f"--uri '{host}{signed}'") == b"imported data"


def test_data_is_sent_later(site: Site) -> None:
    site.write("disk.raw", b"some data")
    image = _fields(site.run(f"glance image-create --name web-@ {RAW}"))["id"]

    site.run(f"glance image-upload {image} --file disk.raw")

    assert _fields(site.run(f"glance image-show {image}"))["status"] == "active"


@pytest.mark.parametrize("model", ["image", "member", "task"])
def test_a_model_is_explained(site: Site, model: str) -> None:
    explained = [row[0] for row in _rows(site.run(f"glance explain {model}"))]

    assert "status" in explained
    assert {"checksum", "virtual_size", "os_hash_algo", "stores"} <= {
        *explained
    } or model != "image"


def test_what_can_be_imported_and_where_data_is_kept_is_told(site: Site) -> None:
    methods, stores = (site.run(f"glance {what}-info") for what in ("import", "stores"))

    assert '"value": ["glance-' in methods
    assert _fields(stores)["stores"] == '[{"id": "file", "default": "true"}]'
    assert _rows(site.run("glance usage")) == []


def test_tasks_are_the_operators(site: Site) -> None:
    site.run("glance task-list", "admin")

    assert site.ends("glance task-list").code == 1


def test_rackspaces_export_is_a_task(rackspace: Site) -> None:
    rackspace.write("disk.raw", b"exported data")
    rackspace.run("swift post exports-@")
    created = rackspace.run(f"glance image-create --name web-@ {RAW} --file disk.raw")
    image, container = _fields(created)["id"], f"exports-{rackspace.mark}"
    wanted = json.dumps({"image_uuid": image, "receiving_swift_container": container})
    command = f"glance task-create --type export --input '{wanted}'"
    task = _fields(rackspace.run(command))["id"]

    until(lambda: _fields(rackspace.run(f"glance task-show {task}"))["status"] == "success")

    result = json.loads(_fields(rackspace.run(f"glance task-show {task}"))["result"])
    assert task in [row[0] for row in _rows(rackspace.run("glance task-list"))]
    assert result["export_location"] in [
        f"{container}/{name}" for name in rackspace.run("swift list exports-@").split()
    ]


def _imported(site: Site, method: str, source: str) -> bytes:
    """What is read from the image that glance makes by one command."""
    command = f"image-create-via-import --name web-@ {RAW} --import-method {method} {source}"
    image = _fields(site.run(f"glance {command}"))["id"]
    _until_active(site, image)
    site.run(f"glance image-download {image} --file copy.raw")
    return site.saved("copy.raw")


def _until_active(site: Site, image: str) -> None:
    until(lambda: _fields(site.run(f"glance image-show {image}"))["status"] == "active")


def _fields(table: str) -> dict[str, str]:
    return {key: value for key, value, *_ in _rows(table)}


def _rows(table: str) -> list[tuple[str, ...]]:
    """The cells of a table, without its head."""
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in lines[1:]]
