"""
The rules of tasks.

What Rackspace shares with every Glance is held against the lab, whose Glance was given an
`export`. Its own rules are held against its pages and its tests: there is nothing to ask.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.cloud import CloudStandIn
from sandbox.cloud.contents import Pattern
from sandbox.cloud.object_store import SEGMENT
from tests.sandbox.places import NUMBERS, Place, of_lab, of_standin

DATA = {"Content-Type": "application/octet-stream"}
OPTIONS = "com.rackspace__1__options"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cloud(clock: Clock) -> Iterator[CloudStandIn]:
    """Rackspace's, where a task takes ten minutes."""
    with CloudStandIn(clock=clock, task_s=600, token_life=timedelta(days=9)) as cloud:
        yield cloud


@pytest.fixture
def rackspace(cloud: CloudStandIn) -> Place:
    place = of_standin(cloud)
    place.ask("PUT", "/{c}")
    return place


@pytest.fixture(params=["standin", pytest.param("lab", marks=pytest.mark.lab)])
def place(request: pytest.FixtureRequest) -> Place:
    if request.param == "standin":
        found: Place = request.getfixturevalue("rackspace")
        return found
    here = of_lab(request.getfixturevalue("rackspace_lab"))
    here.ask("PUT", "/{c}")
    return here


def ask(place: Place, kind: str, **wanted: Any) -> dict[str, Any]:
    """A task that was taken."""
    answer = place.image("POST", "/tasks", {"type": kind, "input": wanted})
    assert answer.status_code == 201, answer.text
    task: dict[str, Any] = answer.json()
    return task


def export(place: Place, image_id: str, container: str = "{c}") -> dict[str, Any]:
    to = place.fill(container)
    return ask(place, "export", image_uuid=image_id, receiving_swift_container=to)


def told(place: Place, task: dict[str, Any]) -> dict[str, Any]:
    now: dict[str, Any] = place.image("GET", f"/tasks/{task['id']}").json()
    return now


def new_image(place: Place) -> str:
    image_id = place.new_image()
    place.image("PUT", f"/images/{image_id}/file", b"hello", **DATA)
    return image_id


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "Body expected in request."),
        ([], "Task 'type' is required"),
        ({}, "Task 'type' is required"),
        ({"type": "export"}, "Task 'input' is required"),
        ({"type": "x", "input": {}}, "Provided object does not match schema 'task': 'x' is not o"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused(place: Place, body: Any, said: str) -> None:
    answer = place.image("POST", "/tasks", body)

    assert (answer.status_code, said in answer.text) == (400, True), answer.text


def test_a_task_is_taken_even_if_it_is_bound_to_fail(place: Place) -> None:
    task = export(place, str(uuid.uuid4()), "none")

    assert task["status"] in ("pending", "processing")
    assert task["input"]["receiving_swift_container"] == "none"
    assert task["self"] == f"/v2/tasks/{task['id']}"
    assert "expires_at" not in task


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("status=x", "Invalid status value: x"),
        ("type=x", "Invalid type value: x"),
        ("sort_dir=x", "Invalid sort direction: x"),
        ("limit=x", "limit param must be an integer"),
        ("limit=-1", "limit param must be positive"),
        (f"marker={uuid.UUID(int=7)}", "was not found"),
    ],
)
def test_a_listing_that_makes_no_sense_is_refused(place: Place, query: str, said: str) -> None:
    answer = place.image("GET", f"/tasks?{query}")

    assert (answer.status_code, said in answer.text) == (400, True), answer.text


def test_tasks_are_listed_newest_first_page_by_page_without_what_they_are_about(
    place: Place,
) -> None:
    ids = {export(place, str(uuid.uuid4()), "none")["id"] for _ in range(3)}

    pages = [place.image("GET", "/tasks?limit=2").json()]
    while following := pages[-1].get("next"):
        pages.append(place.image("GET", following.removeprefix("/v2")).json())

    rows = [row for page in pages for row in page["tasks"]]
    listed, times = ([row[key] for row in rows] for key in ("id", "created_at"))
    assert ids <= set(listed)
    assert (len(set(listed)), times) == (len(rows), sorted(times, reverse=True))
    assert pages[0]["first"] == "/v2/tasks?limit=2"
    assert not {"input", "result", "message"} & {key for row in rows for key in row}


def test_tasks_are_listed_by_their_type_and_status(rackspace: Place, clock: Clock) -> None:
    """The lab's Glance does not know its own export there."""
    old = ask(rackspace, "import", import_from="x")
    clock.advance(minutes=10)
    new = export(rackspace, str(uuid.uuid4()))

    listed = {
        query: [row["id"] for row in rackspace.image("GET", f"/tasks?{query}").json()["tasks"]]
        for query in ("", "sort_dir=asc", "type=export", "status=failure", "status=success")
    }

    assert listed == {
        "": [new["id"], old["id"]],
        "sort_dir=asc": [old["id"], new["id"]],
        "type=export": [new["id"]],
        "status=failure": [old["id"]],
        "status=success": [],
    }


def test_a_task_that_is_not_there_is_not_found(place: Place) -> None:
    answer = place.image("GET", f"/tasks/{uuid.UUID(int=7)}")

    assert answer.status_code == 404
    assert f"Could not find task {uuid.UUID(int=7)}" in answer.text


def test_a_task_is_its_accounts_alone(place: Place) -> None:
    path = f"/tasks/{export(place, str(uuid.uuid4()))['id']}"

    assert place.image("GET", path, who="consumer-a").status_code == 404


def test_there_is_no_deleting_and_no_cancelling(place: Place) -> None:
    answer = place.image("DELETE", f"/tasks/{export(place, str(uuid.uuid4()))['id']}")

    assert answer.status_code == 405
    assert "This operation is currently not permitted on Glance Tasks." in answer.text


def test_the_schema_tells_what_tasks_there_are(place: Place) -> None:
    kinds = place.image("GET", "/schemas/task").json()["properties"]["type"]["enum"]

    assert {"export", "import"} <= set(kinds)


def test_a_task_is_pending_then_under_way_then_done_and_forgotten_in_two_days(
    rackspace: Place, clock: Clock
) -> None:
    task = export(rackspace, new_image(rackspace))
    seen = [task["status"]]
    for _ in range(2):
        clock.advance(minutes=5)
        seen.append(told(rackspace, task)["status"])

    done = told(rackspace, task)
    assert seen == ["pending", "processing", "success"]
    assert (done["updated_at"], done["expires_at"]) == (
        "2026-11-23T12:10:00Z",
        "2026-11-25T12:10:00Z",
    )
    assert done["message"] == "None"
    clock.advance(hours=48)
    assert rackspace.image("GET", f"/tasks/{task['id']}").status_code == 404


def test_an_export_is_a_dynamic_large_object_named_by_the_image(
    rackspace: Place, clock: Clock
) -> None:
    image_id = new_image(rackspace)
    task = export(rackspace, image_id)
    clock.advance(minutes=10)

    done = told(rackspace, task)

    container, name = rackspace.container, f"{image_id}.vhd"
    assert done["result"] == {"export_location": f"{container}/{name}"}
    assert rackspace.listed() == [name, f"{name}-0001"]
    look = rackspace.ask("HEAD", f"/{{c}}/{name}").headers
    assert (look["X-Object-Manifest"], look["Content-Length"]) == (f"{container}/{name}-", "5")
    assert rackspace.ask("GET", f"/{{c}}/{name}").content == b"hello"


def test_a_large_export_is_cut_into_segments(
    cloud: CloudStandIn, rackspace: Place, clock: Clock
) -> None:
    size = 2 * SEGMENT + 7
    image_id = cloud.add_image(NUMBERS["producer"], name="big", size=size, pattern=b"disk ")
    export(rackspace, image_id)
    clock.advance(minutes=10)

    rows = rackspace.ask("GET", "/{c}?format=json").json()

    assert [row["bytes"] for row in rows] == [0, SEGMENT, SEGMENT, 7]
    asked = {"Range": f"bytes={SEGMENT - 3}-{SEGMENT + 2}"}
    part = rackspace.ask("GET", f"/{{c}}/{image_id}.vhd", headers=asked).content
    assert part == b"".join(Pattern(size, b"disk ").pieces(SEGMENT - 3, SEGMENT + 3))


@pytest.mark.parametrize(
    ("fields", "container", "message"),
    [
        ({"owner": "200"}, "{c}", "An image may only be exported by the image owner."),
        (
            {OPTIONS: "4"},
            "{c}",
            "Image cannot be exported due to licensing or billing restrictions "
            "(com.rackspace__1__options: '4')",
        ),
        ({"status": "deactivated"}, "{c}", "Image {image} is not active."),
        ({}, "none", "Container not found. Container: none"),
        (
            {},
            "{c}/full",
            "Object already exists in user's container. Container/Object: {c}/{image}.vhd",
        ),
    ],
)
def test_an_export_fails_in_rackspaces_words(
    cloud: CloudStandIn,
    rackspace: Place,
    clock: Clock,
    fields: dict[str, Any],
    container: str,
    message: str,
) -> None:
    given = dict(fields)
    owner = given.pop("owner", NUMBERS["producer"])
    image_id = cloud.add_image(owner, name="image", data=b"hello", **given)
    container, _, full = container.partition("/")
    if full:
        rackspace.put(f"{image_id}.vhd")
    task = export(rackspace, image_id, container)
    clock.advance(minutes=10)

    failed = told(rackspace, task)

    expected = rackspace.fill(message.replace("{image}", image_id))
    assert (failed["status"], failed["result"]) == ("failure", None)
    assert failed["message"] == expected


def test_an_import_makes_an_image_and_another_one_each_time(rackspace: Place, clock: Clock) -> None:
    rackspace.put("disk.vhd", b"hello")
    place = rackspace.fill("{c}/disk.vhd")
    tasks = [
        ask(rackspace, "import", import_from=place, image_properties={"name": "web"})
        for _ in range(2)
    ]
    clock.advance(minutes=10)

    ids = [told(rackspace, task)["result"]["image_id"] for task in tasks]

    image = rackspace.image("GET", f"/images/{ids[0]}").json()
    assert ids[0] != ids[1]
    assert (image["name"], image["status"], image["size"]) == ("web", "active", 5)
    assert (image["disk_format"], image["image_type"]) == ("vhd", "import")
    rackspace.ask("DELETE", "/{c}/disk.vhd")
    assert rackspace.image("GET", f"/images/{ids[0]}/file").content == b"hello"


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"import_from": "{c}/none.vhd"}, "Error: Swift could not find object none.vhd."),
        ({"import_from": "x"}, "Error: Image not found for import. Possible invalid location"),
        ({}, "Error: Image not found for import. Possible invalid location"),
        (
            {"import_from": "{c}/disk.vhd", "image_properties": {"name": "x", "role": "web"}},
            "Unsupported element in image_properties, please consult the documentation.",
        ),
    ],
)
def test_an_import_fails_in_rackspaces_words(
    rackspace: Place, clock: Clock, wanted: dict[str, Any], message: str
) -> None:
    rackspace.put("disk.vhd", b"hello")
    filled = {k: rackspace.fill(v) if isinstance(v, str) else v for k, v in wanted.items()}
    task = ask(rackspace, "import", **filled)
    clock.advance(minutes=10)

    failed = told(rackspace, task)

    assert (failed["status"], failed["message"]) == ("failure", message)


def test_a_large_object_with_a_segment_gone_is_not_imported(rackspace: Place, clock: Clock) -> None:
    rackspace.put("s-1", b"hel")
    rackspace.put("s-2", b"lo")
    rackspace.join("disk.vhd", "s-1", "s-2")
    rackspace.ask("DELETE", "/{c}/s-2")
    task = ask(rackspace, "import", import_from=rackspace.fill("{c}/disk.vhd"))
    clock.advance(minutes=10)

    assert told(rackspace, task)["status"] == "failure"


def test_who_may_only_look_asks_for_no_task(rackspace: Place) -> None:
    body = {"type": "import", "input": {}}

    assert rackspace.image("POST", "/tasks", body, who="producer-reader").status_code == 403
    assert rackspace.image("GET", "/tasks", who="producer-reader").status_code == 200


def test_rackspace_has_no_interoperable_import(rackspace: Place) -> None:
    path = f"/images/{rackspace.new_image()}"

    answers = [
        rackspace.image("GET", "/info/import"),
        rackspace.image("POST", f"{path}/import", {"method": {"name": "web-download"}}),
        rackspace.image("GET", f"{path}/tasks"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
