"""The rules of interoperable import, each held against a real Glance as well."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import pytest

from tests.sandbox.places import Place
from tests.waiting import until

KEY = "a signing key"
"""How long the lab may take over an import."""
V21 = {"Content-Type": "application/openstack-images-v2.1-json-patch"}


@pytest.fixture
def place(place: Place) -> Place:
    """With an object `disk.raw`, and a key for its address."""
    place.ask("POST", headers={"X-Account-Meta-Temp-URL-Key": KEY}).raise_for_status()
    place.put("disk.raw", b"hello" * 100)
    return place


def web_download(uri: Any) -> dict[str, Any]:
    return {"method": {"name": "web-download", "uri": uri}}


def begin(place: Place, image_id: str, name: str = "disk.raw", key: str = KEY) -> Any:
    """Ask for an import from an object of the test's container."""
    body = web_download(place.temporary_url(name, key))
    return place.image("POST", f"/images/{image_id}/import", body)


def imported(place: Place, image_id: str) -> dict[str, Any]:
    """The image, when its import has ended."""

    def image() -> dict[str, Any] | None:
        now: dict[str, Any] = place.image("GET", f"/images/{image_id}").json()
        over = "os_glance_import_task" not in now and "os_glance_failed_import" in now
        return now if over else None

    return until(image, "the import does not end")


def test_methods_are_told(place: Place) -> None:
    answer = place.image("GET", "/info/import")

    assert answer.json() == {
        "import-methods": {
            "description": "Import methods available.",
            "type": "array",
            "value": ["glance-direct", "web-download"],
        }
    }


def test_an_image_is_made_of_what_the_address_gives(place: Place) -> None:
    image_id = place.new_image()

    answer = begin(place, image_id)

    image, data = imported(place, image_id), b"hello" * 100
    assert (answer.status_code, answer.content) == (202, b"")
    assert (image["status"], image["size"]) == ("active", 500)
    assert image["os_hash_value"] == hashlib.sha512(data).hexdigest()
    assert image["os_glance_failed_import"] == image["os_glance_importing_to_stores"] == ""
    assert place.image("GET", f"/images/{image_id}/file").content == data


@pytest.mark.parametrize("kind", ["static", "dynamic"])
def test_a_large_object_is_imported_whole(place: Place, kind: str) -> None:
    place.put("big-1", b"hel")
    place.put("big-2", b"lo")
    if kind == "static":
        place.join("big", "big-1", "big-2")
    else:
        place.put("big", b"", **{"X-Object-Manifest": "{c}/big-"})
    image_id = place.new_image()

    begin(place, image_id, "big")

    imported(place, image_id)
    assert place.image("GET", f"/images/{image_id}/file").content == b"hello"


@pytest.mark.parametrize(("name", "key"), [("none.raw", KEY), ("disk.raw", "another key")])
def test_an_address_that_gives_nothing_leaves_the_image_as_it_was(
    place: Place, name: str, key: str
) -> None:
    image_id = place.new_image()

    begin(place, image_id, name, key)

    image = imported(place, image_id)
    assert (image["status"], image["size"], image["checksum"]) == ("queued", None, None)
    assert image["os_glance_failed_import"] == "file"


def test_after_a_failure_it_may_be_tried_anew(place: Place) -> None:
    image_id = place.new_image()
    begin(place, image_id, "none.raw")
    imported(place, image_id)

    again = begin(place, image_id)

    assert again.status_code == 202
    image = _eventually_active(place, image_id)
    assert image["os_glance_failed_import"] == ""


def test_a_failure_is_not_forgotten_by_request(place: Place) -> None:
    image_id = place.new_image()
    begin(place, image_id, "none.raw")
    imported(place, image_id)
    change = [{"op": "remove", "path": "/os_glance_failed_import"}]

    answer = place.image("PATCH", f"/images/{image_id}", change, **V21)

    assert answer.status_code == 403
    assert "Attribute 'os_glance_failed_import' is reserved." in answer.text


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 400, "Import request requires a 'method' field."),
        ({"method": {}}, 400, "Import request requires a 'name' field."),
        ({"method": "x"}, 500, "The server has either erred or is incapable of performing"),
        ([1], 500, "The server has either erred or is incapable of performing"),
        (b"", 400, "Body expected in request."),
        ({"method": {"name": "teleport"}}, 400, "Unknown import method name 'teleport'."),
        ({"method": {"name": "copy-image"}}, 400, "Unknown import method name 'copy-image'."),
        ({"method": {"name": "glance-direct"}}, 409, "Image needs to be staged before 'glance-d"),
        (web_download(None), 400, "URI for web-download does not pass filtering: None"),
        (web_download("file:///etc/x"), 400, "does not pass filtering: file:///etc/x"),
        (web_download("ftp://127.0.0.1/x"), 400, "does not pass filtering: ftp://127.0.0.1/x"),
        (web_download("http://169.254.169.254/x"), 400, "filtering: http://169.254.169.254/x"),
        (web_download("nonsense"), 400, "does not pass filtering: nonsense"),
    ],
)
def test_an_import_that_makes_no_sense_is_refused(
    place: Place, body: Any, status: int, said: str
) -> None:
    answer = place.image("POST", f"/images/{place.new_image()}/import", body)

    assert (answer.status_code, said in answer.text) == (status, True), answer.text


def test_an_image_without_formats_is_not_imported(place: Place) -> None:
    answer = begin(place, place.new_image(disk_format=None))

    assert answer.status_code == 409
    assert "'disk_format' needs to be set before import" in answer.text


def test_an_image_is_imported_once(place: Place) -> None:
    image_id = place.new_image()
    begin(place, image_id)
    imported(place, image_id)

    answer = begin(place, image_id)

    assert answer.status_code == 409
    assert "Image with status active cannot be target for import" in answer.text


@pytest.mark.parametrize(("who", "status"), [("consumer-a", 404), ("producer-reader", 403)])
def test_an_import_is_the_owners(place: Place, who: str, status: int) -> None:
    path = f"/images/{place.new_image()}/import"
    body = web_download(place.temporary_url("disk.raw", KEY))

    assert place.image("POST", path, body, who=who).status_code == status


def test_an_image_may_be_deleted_while_it_is_imported(place: Place) -> None:
    image_id = place.new_image()
    begin(place, image_id)

    answer = place.image("DELETE", f"/images/{image_id}")

    assert answer.status_code == 204
    assert place.image("GET", f"/images/{image_id}").status_code == 404


def test_the_tasks_of_an_image_tell_how_its_imports_went(place: Place) -> None:
    """The address, which is a secret, is told with them."""
    image_id = place.new_image()
    begin(place, image_id, "none.raw")
    imported(place, image_id)

    [task] = place.image("GET", f"/images/{image_id}/tasks").json()["tasks"]

    assert (task["type"], task["status"]) == ("api_image_import", "failure")
    assert (task["message"], task["result"]) == ("Task failed due to Internal Error", None)
    assert (task["image_id"], task["deleted"]) == (image_id, False)
    assert "temp_url_sig" in task["input"]["import_req"]["method"]["uri"]
    assert task["expires_at"] > task["updated_at"] >= task["created_at"]


def test_the_tasks_of_an_image_are_told_to_who_sees_it(place: Place) -> None:
    image_id = place.new_image()
    path = f"/images/{image_id}/tasks"

    assert place.image("GET", path).json() == {"tasks": []}
    assert place.image("GET", path, who="producer-reader").status_code == 200
    for hidden in (
        place.image("GET", path, who="consumer-a"),
        place.image("GET", f"/images/{uuid.uuid4()}/tasks"),
    ):
        assert hidden.status_code == 404
        assert "The resource could not be found." in hidden.text


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_other_tasks_are_the_operators(place: Place, method: str) -> None:
    path = f"/tasks/{uuid.uuid4()}" if method == "DELETE" else "/tasks"

    answer = place.image(method, path, {"type": "import"} if method == "POST" else None)

    assert answer.status_code == 403
    assert "You are not authorized to complete tasks_api_access action." in answer.text


def test_the_schema_of_tasks_names_no_export(place: Place) -> None:
    kinds = place.image("GET", "/schemas/task").json()["properties"]["type"]["enum"]

    assert kinds == ["import", "api_image_import", "location_import"]


def _eventually_active(place: Place, image_id: str) -> dict[str, Any]:

    def image() -> dict[str, Any] | None:
        now = imported(place, image_id)
        return now if now["status"] == "active" else None

    return until(image, lambda: imported(place, image_id))
