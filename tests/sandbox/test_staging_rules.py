"""Data that is staged, and what an image's bytes must be; held against a real Glance as well."""

from __future__ import annotations

import struct
import time
from typing import Any

import pytest

from tests.sandbox.places import Place

DATA = {"Content-Type": "application/octet-stream"}
DIRECT = {"method": {"name": "glance-direct"}}
VHD = b"conectix" + bytes(32) + struct.pack(">Q", 4096) + bytes(464)


def test_staged_data_becomes_an_image(place: Place) -> None:
    image = place.new_image()
    staged = place.image("PUT", f"/images/{image}/stage", b"abc", **DATA)
    waiting = place.image("GET", f"/images/{image}").json()
    nothing = place.image("GET", f"/images/{image}/file")
    taken = place.image("POST", f"/images/{image}/import", DIRECT)

    done = _when(place, image, "active")

    assert [each.status_code for each in (staged, nothing, taken)] == [204, 204, 202]
    assert (waiting["status"], waiting["size"], waiting["checksum"]) == ("uploading", 3, None)
    assert (done["size"], done["virtual_size"], done["stores"]) == (3, 3, "file")
    assert done["os_glance_failed_import"] == done["os_glance_importing_to_stores"] == ""
    assert place.image("GET", f"/images/{image}/file").content == b"abc"


@pytest.mark.parametrize(
    ("who", "kind", "status", "said"),
    [
        ("producer", "text/plain", 415, "Invalid content type text/plain"),
        ("consumer-a", DATA["Content-Type"], 404, "No image found with ID"),
        ("producer-reader", DATA["Content-Type"], 403, "complete modify_image action"),
    ],
)
def test_staging_is_the_owners(place: Place, who: str, kind: str, status: int, said: str) -> None:
    image = place.new_image()

    answer = place.image("PUT", f"/images/{image}/stage", b"x", who=who, **{"Content-Type": kind})

    assert (answer.status_code, said in answer.text) == (status, True), answer.text


def test_data_is_staged_once(place: Place) -> None:
    image = place.new_image()
    place.image("PUT", f"/images/{image}/stage", b"x", **DATA)

    again = place.image("PUT", f"/images/{image}/stage", b"x", **DATA)
    upload = place.image("PUT", f"/images/{image}/file", b"x", **DATA)

    assert (again.status_code, upload.status_code) == (409, 409)
    assert "transition from uploading to uploading is not allowed" in again.text
    assert "transition from uploading to saving is not allowed" in upload.text
    assert place.image("DELETE", f"/images/{image}").status_code == 204


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            {"method": {"name": "web-download", "uri": "http://127.0.0.1:1/x"}},
            "Image needs to be in 'queued' state to use 'web-download' method",
        ),
        ({**DIRECT, "stores": ["none"]}, "Store for identifier none not found"),
    ],
)
def test_an_import_that_does_not_fit_staged_data_is_refused(
    place: Place, body: Any, said: str
) -> None:
    image = place.new_image()
    place.image("PUT", f"/images/{image}/stage", b"x", **DATA)

    answer = place.image("POST", f"/images/{image}/import", body)

    assert (answer.status_code, said in answer.text) == (409, True), answer.text


def test_staged_data_that_is_not_what_it_should_be_is_no_image(place: Place) -> None:
    image = place.new_image(disk_format="qcow2")
    place.image("PUT", f"/images/{image}/stage", b"no qcow2", **DATA)
    place.image("POST", f"/images/{image}/import", DIRECT)

    failed = _when(place, image, "importing", "os_glance_failed_import")

    assert (failed["os_glance_failed_import"], failed["checksum"]) == ("file", None)


@pytest.mark.parametrize(
    ("disk", "container", "data", "found"),
    [
        ("raw", "bare", b"anything", ""),
        ("raw", "bare", VHD, ""),
        ("vhd", "bare", VHD, ""),
        ("vhd", "bare", b"anything", "raw"),
        ("vhd", "bare", b"", "raw"),
        ("qcow2", "bare", VHD, "vhd"),
        ("iso", "bare", b"anything", "raw"),
        ("iso", "bare", bytes(32769) + b"CD001" + bytes(3000), ""),
        ("ploop", "bare", b"anything", ""),
        ("ploop", "bare", VHD, "vhd"),
        ("qcow2", "ovf", b"anything", ""),
        ("ami", "ami", VHD, ""),
    ],
)
def test_bytes_must_be_what_the_disk_format_says(
    place: Place, disk: str, container: str, data: bytes, found: str
) -> None:
    image = place.new_image(disk_format=disk, container_format=container)

    answer = place.image("PUT", f"/images/{image}/file", data, **DATA)

    said = f"Image disk_format {disk} does not match stream data {found}"
    assert answer.status_code == (415 if found else 204)
    assert not found or said in answer.text
    told = place.image("GET", f"/images/{image}").json()
    assert told["status"] == ("queued" if found else "active")


@pytest.mark.parametrize(
    ("disk", "container", "data", "size"),
    [("raw", "bare", b"abc", 3), ("vhd", "bare", VHD, 4096), ("ami", "ami", b"abc", None)],
)
def test_the_size_of_the_disk_is_told(
    place: Place, disk: str, container: str, data: bytes, size: int | None
) -> None:
    image = place.new_image(disk_format=disk, container_format=container)
    place.image("PUT", f"/images/{image}/file", data, **DATA)

    assert place.image("GET", f"/images/{image}").json()["virtual_size"] == size


def _when(place: Place, image: str, status: str, key: str = "id") -> Any:
    """The image, as soon as it has that status and key."""
    deadline = time.monotonic() + 60
    while True:
        told = place.image("GET", f"/images/{image}").json()
        if told["status"] == status and told.get(key):
            return told
        assert time.monotonic() < deadline, told
        time.sleep(0.1)
