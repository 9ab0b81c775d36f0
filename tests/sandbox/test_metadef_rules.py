"""Metadata definitions, held against a real Glance as well."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.places import Place

ROOT = "/metadefs/namespaces"
SCHEMA = "Provided object does not match schema"
NEW: dict[str, Any] = {
    "objects": {"name": "o", "description": "d"},
    "properties": {"name": "p", "title": "T", "type": "string"},
    "resource_types": {"name": "OS::X", "prefix": "hw_"},
}


@pytest.fixture
def space(place: Place) -> Iterator[str]:
    """A public namespace of the operator's, by its address."""
    name = f"ns{uuid.uuid4().hex[:8]}"
    body = {"namespace": name, "visibility": "public"}
    assert place.image("POST", ROOT, body, who="admin").status_code == 201
    yield f"{ROOT}/{name}"
    place.image("DELETE", f"{ROOT}/{name}", who="admin")


def test_a_namespace_is_made_said_anew_and_deleted(place: Place) -> None:
    name = f"ns{uuid.uuid4().hex[:8]}"
    path = f"{ROOT}/{name}"
    made = place.image("POST", ROOT, {"namespace": name}, who="admin")
    hidden = place.image("GET", path)
    body = {"namespace": name, "visibility": "public", "display_name": "N", "protected": True}
    place.image("PUT", path, body, who="admin")
    shown = place.image("GET", path).json()
    kept = place.image("DELETE", path, who="admin")
    place.image("PUT", path, {"namespace": f"{name}-2"}, who="admin")
    gone = place.image("DELETE", f"{path}-2", who="admin")

    assert (made.json()["visibility"], made.json()["protected"]) == ("private", False)
    assert made.headers["Location"].endswith(path)
    assert hidden.status_code == 404
    assert shown.items() >= body.items()
    assert (kept.status_code, "protected and cannot be deleted" in kept.text) == (403, True)
    assert gone.status_code == 204


def test_a_namespace_may_come_with_all_that_it_holds(place: Place) -> None:
    name = f"ns{uuid.uuid4().hex[:8]}"
    body = {
        "namespace": name,
        "visibility": "public",
        "resource_type_associations": [{"name": "OS::X", "prefix": "hw_"}],
        "properties": {"p": {"title": "P", "type": "string"}},
        "objects": [{"name": "o"}],
        "tags": [{"name": "t"}],
    }
    place.image("POST", ROOT, body, who="admin")

    told = place.image("GET", f"{ROOT}/{name}").json()
    prefixed = place.image("GET", f"{ROOT}/{name}?resource_type=OS::X").json()
    listed = place.image("GET", f"{ROOT}?resource_types=OS::X").json()["namespaces"]
    place.image("DELETE", f"{ROOT}/{name}", who="admin")

    assert ([each["name"] for each in told["objects"]], told["tags"]) == (["o"], [{"name": "t"}])
    assert (list(told["properties"]), list(prefixed["properties"])) == (["p"], ["hw_p"])
    assert name in [each["namespace"] for each in listed]
    assert all("objects" not in each for each in listed)


@pytest.mark.parametrize(
    ("who", "body", "status", "said"),
    [
        ("producer", {"namespace": "x"}, 403, "complete add_metadef_namespace action"),
        ("admin", {}, 400, f"{SCHEMA} 'namespace': 'namespace' is a required property"),
        ("admin", {"namespace": 5}, 400, f"{SCHEMA} 'namespace': 5 is not of type 'string'"),
        ("admin", {"namespace": "x" * 81}, 400, "is too long"),
        ("admin", {"namespace": "x", "y": 1}, 400, "('y' was unexpected)"),
        ("admin", [], 500, "The server has either erred"),
    ],
)
def test_a_namespace_that_makes_no_sense_is_not_made(
    place: Place, who: str, body: Any, status: int, said: str
) -> None:
    answer = place.image("POST", ROOT, body, who=who)

    assert (answer.status_code, said in answer.text) == (status, True), answer.text[:300]


@pytest.mark.parametrize("kind", NEW)
def test_what_stands_in_a_namespace_is_made_once_by_an_operator(
    place: Place, space: str, kind: str
) -> None:
    path = f"{space}/{kind}"

    statuses = [
        place.image("POST", path, NEW[kind], who=who).status_code
        for who in ("producer", "admin", "admin")
    ]

    [(_, rows)] = [(k, v) for k, v in place.image("GET", path).json().items() if k != "schema"]
    first = next(iter(rows.values())) if isinstance(rows, dict) else rows[0]
    assert statuses == [403, 201, 409]
    assert (len(rows), first.items() >= NEW[kind].items()) == (1, True)


@pytest.mark.parametrize("kind", ["objects", "properties"])
def test_an_object_and_a_property_are_said_anew_and_deleted(
    place: Place, space: str, kind: str
) -> None:
    new = NEW[kind]
    path = f"{space}/{kind}"
    place.image("POST", path, new, who="admin")
    renamed = {**new, "name": "other"}

    asked: list[tuple[str, str, Any, str]] = []
    asked += [("PUT", new["name"], renamed, "producer"), ("PUT", new["name"], renamed, "admin")]
    asked += [("GET", "other", None, "producer"), ("GET", new["name"], None, "producer")]
    asked += [("DELETE", "other", None, "producer"), ("DELETE", "other", None, "admin")]
    asked += [("DELETE", "other", None, "admin")]
    statuses = [
        place.image(method, f"{path}/{name}", body, who=who).status_code
        for method, name, body, who in asked
    ]

    assert statuses == [403, 200, 200, 404, 403, 204, 404]


def test_tags_replace_each_other_unless_they_are_to_be_added(place: Place, space: str) -> None:
    path = f"{space}/tags"
    place.image("POST", f"{path}/a", who="admin")
    again = place.image("POST", f"{path}/a", who="admin")
    place.image("PUT", f"{path}/a", {"name": "b"}, who="admin")
    renamed = _tags(place, path)
    place.image("POST", path, {"tags": [{"name": "c"}, {"name": "d"}]}, who="admin")
    replaced = _tags(place, path)
    more = {"X-Openstack-Append": "True"}
    place.image("POST", path, {"tags": [{"name": "e"}]}, who="admin", **more)
    added = _tags(place, path)
    place.image("DELETE", f"{path}/d", who="admin")
    one_less = _tags(place, path)
    place.image("DELETE", path, who="admin")

    assert (again.status_code, "tag names are case insensitive" in again.text) == (409, True)
    assert [renamed, replaced, added, one_less] == ["b", "cd", "cde", "ce"]
    assert _tags(place, path) == ""


def test_a_resource_type_is_known_once_it_was_named(place: Place, space: str) -> None:
    name = f"OS::{uuid.uuid4().hex[:8]}"
    place.image("POST", f"{space}/resource_types", {"name": name}, who="admin")

    gone, again = (
        place.image("DELETE", f"{space}/resource_types/{name}", who="admin") for _ in range(2)
    )

    known = place.image("GET", "/metadefs/resource_types").json()["resource_types"]
    assert (gone.status_code, again.status_code) == (204, 404)
    assert name in [each["name"] for each in known]


def _tags(place: Place, path: str) -> str:
    rows = place.image("GET", path).json()["tags"]
    return "".join(sorted(row["name"] for row in rows))
