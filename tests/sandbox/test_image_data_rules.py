"""The rules of images' bytes, each held against a real Glance as well."""

from __future__ import annotations

import hashlib
import uuid

import pytest
import requests

from tests.sandbox.places import Place

DATA = {"Content-Type": "application/octet-stream"}
NO_RANGE = "The Range requested is not available."


@pytest.fixture
def image(place: Place) -> str:
    """An image whose bytes are `hello`."""
    image_id = place.new_image()
    place.image("PUT", f"/images/{image_id}/file", b"hello", **DATA).raise_for_status()
    return image_id


@pytest.mark.parametrize("data", [b"hello", b""])
def test_an_image_tells_what_its_bytes_are(place: Place, data: bytes) -> None:
    path = f"/images/{place.new_image()}"

    answer = place.image("PUT", f"{path}/file", data, **DATA)

    told = place.image("GET", path).json()
    assert (answer.status_code, told["status"]) == (204, "active")
    assert (told["size"], told["virtual_size"]) == (len(data), len(data) or None)
    assert told["checksum"] == hashlib.md5(data, usedforsecurity=False).hexdigest()
    assert told["os_hash_algo"] == "sha512"
    assert told["os_hash_value"] == hashlib.sha512(data).hexdigest()


@pytest.mark.parametrize(
    ("asked", "data", "told"),
    [
        ("bytes=1-2", b"el", "bytes 1-2/5"),
        ("bytes=2-", b"llo", "bytes 2-4/5"),
        ("bytes=-2", b"lo", "bytes 3-4/5"),
        ("bytes=0-99", b"hello", "bytes 0-4/5"),
    ],
)
def test_a_part_of_an_image_is_what_was_asked_for(
    place: Place, image: str, asked: str, data: bytes, told: str
) -> None:
    answer = place.image("GET", f"/images/{image}/file", Range=asked)

    assert (answer.status_code, answer.content) == (206, data)
    assert (answer.headers["Content-Range"], answer.headers["Content-Length"]) == (
        told,
        str(len(data)),
    )


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("bytes=5-", 416, "Start position MUST be in the inclusive range [0, 4]."),
        ("bytes=3-1", 416, "Invalid Range header."),
        ("bytes=", 416, "Invalid Range header."),
        ("x", 416, "Invalid Range header."),
        ("bytes=0-0,2-3", 400, "Requests with multiple ranges are not supported in Glance."),
    ],
)
def test_a_part_that_makes_no_sense_is_refused(
    place: Place, image: str, asked: str, status: int, said: str
) -> None:
    """Unlike Swift, which then gives all of it."""
    answer = place.image("GET", f"/images/{image}/file", Range=asked)

    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    assert status == 400 or answer.json()["message"].startswith(NO_RANGE)


def test_an_image_that_is_read_comes_with_its_checksum(place: Place, image: str) -> None:
    answer = place.image("GET", f"/images/{image}/file")

    assert (answer.status_code, answer.content) == (200, b"hello")
    assert (
        answer.headers["Content-MD5"] == place.image("GET", f"/images/{image}").json()["checksum"]
    )


def test_an_image_without_data_has_none_to_read(place: Place) -> None:
    answer = place.image("GET", f"/images/{place.new_image()}/file")

    assert (answer.status_code, answer.content) == (204, b"")


def test_a_deactivated_image_is_not_read(place: Place, image: str) -> None:
    place.image("POST", f"/images/{image}/actions/deactivate")

    answer = place.image("GET", f"/images/{image}/file")

    assert answer.status_code == 403
    assert "The requested image has been deactivated. Image data download is forb" in answer.text


def test_who_may_only_look_may_not_read(place: Place, image: str) -> None:
    reader = place.image("GET", f"/images/{image}/file", who="producer-reader")
    stranger = place.image("GET", f"/images/{image}/file", who="consumer-a")

    assert (reader.status_code, stranger.status_code) == (403, 404)
    assert "You are not authorized to complete download_image action." in reader.text
    assert f"No image found with ID {image}" in stranger.text


def test_whoever_it_is_shared_with_may_read_before_any_answer(place: Place, image: str) -> None:
    consumer = place.image("GET", "/images?limit=1", who="consumer-a")
    assert consumer.ok
    account = _account(place)

    place.image("POST", f"/images/{image}/members", {"member": account})

    assert place.image("GET", f"/images/{image}/file", who="consumer-a").content == b"hello"


@pytest.mark.parametrize(
    ("fields", "kind", "status", "said"),
    [
        ({}, "text/plain", 415, "The request media type text/plain is not supported by this serv"),
        (
            {"disk_format": None, "container_format": None},
            DATA["Content-Type"],
            400,
            "Properties disk_format, container_format must be set prior to saving data.",
        ),
    ],
)
def test_bytes_that_cannot_be_an_image_are_refused(
    place: Place, fields: dict[str, None], kind: str, status: int, said: str
) -> None:
    path = f"/images/{place.new_image(**fields)}/file"

    answer = place.image("PUT", path, b"x", **{"Content-Type": kind})

    assert (answer.status_code, said in answer.text) == (status, True), answer.text


def test_bytes_never_change(place: Place, image: str) -> None:
    answer = place.image("PUT", f"/images/{image}/file", b"other", **DATA)

    assert answer.status_code == 409
    assert "Image status transition from active to saving is not allowed" in answer.text


def test_bytes_of_an_image_that_is_not_there_are_refused(place: Place) -> None:
    for method, data in (("GET", None), ("PUT", b"x")):
        answer = place.image(method, f"/images/{uuid.uuid4()}/file", data, **DATA)

        assert (answer.status_code, "No image found with ID" in answer.text) == (404, True)


def _account(place: Place) -> str:
    """The account of consumer-a: the owner of what it makes."""
    body = {"name": "mine", "disk_format": "raw", "container_format": "bare"}
    made: requests.Response = place.image("POST", "/images", body, who="consumer-a")
    return str(made.json()["owner"])
