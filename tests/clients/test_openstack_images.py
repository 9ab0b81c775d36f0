"""What python-openstackclient does with images, on the stand-in and on a real Glance alike."""

from __future__ import annotations

import pytest

from tests.clients.sites import Site

RAW = "--disk-format raw --container-format bare"
QUERIES = {
    "--tag blue-@": "a b",
    "--tag blue-@ --tag red": "a",
    "--property probe=@": "a b",
    "--tag blue-@ --sort name:desc": "b a",
    "--tag blue-@ --shared --status queued": "a b",
    "--tag blue-@ --private": "",
    "--tag blue-@ --hidden": "",
}


@pytest.fixture
def image(site: Site) -> str:
    """The id of an image of the producer, with data."""
    site.write("disk.raw", b"some data")
    made = site.read(f"image create web-@ {RAW} --file disk.raw --property os_distro=debian")
    assert (made["status"], made["visibility"]) == ("active", "shared")
    return str(made["id"])


def test_an_image_is_made_found_read_and_deleted(site: Site, image: str) -> None:
    shown = site.read("image show web-@")
    listed = site.read("image list --name web-@ --long")
    site.run(f"openstack image save {image} --file copy.raw")
    site.run("openstack image delete web-@")

    assert (shown["id"], shown["size"], shown["properties"]["os_distro"]) == (image, 9, "debian")
    assert [(row["ID"], row["Checksum"]) for row in listed] == [(image, shown["checksum"])]
    assert site.saved("copy.raw") == b"some data"
    assert site.ends(f"openstack image show {image}").code == 1


def test_an_image_is_changed(site: Site, image: str) -> None:
    site.run(
        f"openstack image set {image} --name new-@ --min-disk 2 --min-ram 64 --protected "
        "--tag blue --tag red --property os_version=13 --community --hidden"
    )
    changed = site.read(f"image show {image}")
    refused = site.ends(f"openstack image delete {image}")
    site.run(f"openstack image set {image} --unprotected --unhidden --shared --deactivate")
    site.run(f"openstack image unset {image} --tag red --property os_version")
    after = site.read(f"image show {image}")

    assert (changed["name"], changed["min_disk"], changed["min_ram"]) == (f"new-{site.mark}", 2, 64)
    assert (changed["protected"], changed["visibility"]) == (True, "community")
    assert (sorted(changed["tags"]), changed["properties"]["os_version"]) == (["blue", "red"], "13")
    assert refused.code == 1
    assert (after["status"], after["tags"]) == ("deactivated", ["blue"])
    assert "os_version" not in after["properties"]


def test_images_are_listed_as_asked(site: Site) -> None:
    site.run(f"openstack image create a-@ {RAW} --tag blue-@ --tag red --property probe=@")
    site.run(f"openstack image create b-@ {RAW} --tag blue-@ --property probe=@")

    listed = {query: site.read(f"image list {query}") for query in QUERIES}

    for query, rows in listed.items():
        names = [row["Name"].partition("-")[0] for row in rows]
        assert " ".join(names if "--sort" in query else sorted(names)) == QUERIES[query], query


def test_an_image_is_shared_answered_and_unshared(site: Site, image: str) -> None:
    consumer = site.numbers["consumer-a"]
    added = site.read(f"image add project {image} {consumer}")
    before = site.read("image list --name web-@", "consumer-a")
    pending = site.read("image list --shared --member-status pending --name web-@", "consumer-a")
    site.run(f"openstack image set {image} --accept", "consumer-a")
    after = site.read("image list --name web-@", "consumer-a")
    members = site.read(f"image member list {image}")
    one = site.read(f"image member get {image} {consumer}")
    site.run(f"openstack image set {image} --reject", "consumer-a")
    site.run(f"openstack image remove project {image} {consumer}")

    assert (added["member_id"], added["status"]) == (consumer, "pending")
    assert (before, [row["ID"] for row in pending]) == ([], [image])
    assert [row["ID"] for row in after] == [image]
    assert [(row["Member ID"], row["Status"]) for row in members] == [(consumer, "accepted")]
    assert one["status"] == "accepted"
    assert site.read(f"image member list {image}") == []
    assert site.ends(f"openstack image show {image}", "consumer-a").code == 1


def test_data_is_staged_and_imported(site: Site) -> None:
    site.write("disk.raw", b"staged data")
    image = site.read(f"image create staged-@ {RAW}")["id"]
    site.run(f"openstack image stage {image} --file disk.raw")
    staged = site.read(f"image show {image}")
    site.run(f"openstack image import {image} --method glance-direct --wait")
    site.run(f"openstack image save {image} --file copy.raw")

    assert staged["status"] == "uploading"
    assert site.read(f"image show {image}")["status"] == "active"
    assert site.saved("copy.raw") == b"staged data"


def test_what_can_be_imported_and_where_data_is_kept_is_told(site: Site) -> None:
    methods = site.read("image import info")
    stores = site.read("image stores list")

    assert methods == {"import-methods": ["glance-direct", "web-download"]}
    assert [(row["ID"], row["Default"]) for row in stores] == [("file", True)]


def test_tasks_are_the_operators(site: Site) -> None:
    assert isinstance(site.read("image task list", "admin"), list)
    assert site.ends("openstack image task list").code == 1


def test_who_asks_and_what_there_is_is_told(site: Site) -> None:
    token = site.read("token issue")
    services = site.read("catalog list")
    versions = site.read("versions show --service image")

    assert token["project_id"] == site.numbers["producer"]
    assert {"identity", "image", "object-store"} <= {row["Type"] for row in services}
    assert "CURRENT" in {row["Status"] for row in versions}


def test_the_command_that_shares_tells_nobody_and_never_ends(site: Site) -> None:
    """What the README says of the alternative."""
    said = site.run("openstack image add project --help").lower()

    assert "image member" in said or "associate" in said
    assert [word for word in ("notify", "expir", "until", "approv") if word in said] == []
