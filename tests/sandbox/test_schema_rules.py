"""What is published under /v2/schemas and /v2/info, each held against a real Glance as well."""

from __future__ import annotations

import json

import pytest

from sandbox.cloud import CloudStandIn, Provider
from sandbox.cloud.schema import SCHEMAS
from tests.sandbox.places import Place, of_standin


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_glances_own(place: Place, name: str) -> None:
    assert place.image("GET", f"/schemas/{name}").json() == SCHEMAS[name]


@pytest.mark.parametrize("name", ["none", "metadefs/none", "metadefs"])
def test_a_schema_that_is_not_there_is_not_found(place: Place, name: str) -> None:
    assert place.image("GET", f"/schemas/{name}").status_code == 404


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("stores", {"stores": [{"id": "file", "default": "true"}]}),
        ("usage", {"usage": {}}),
    ],
)
def test_stores_and_quotas_are_told(place: Place, what: str, told: object) -> None:
    assert place.image("GET", f"/info/{what}").json() == told


def test_all_versions_are_listed(place: Place) -> None:
    answer = place.image("GET", "/../").json()["versions"]

    assert [each["id"] for each in answer if each["status"] == "CURRENT"] == ["v2.17"]
    assert len(answer) == 16


def test_rackspaces_tasks_are_in_its_schemas() -> None:
    with CloudStandIn(provider=Provider.RACKSPACE) as cloud:
        place = of_standin(cloud)

        told = [place.image("GET", f"/schemas/{name}").json() for name in ("task", "tasks")]

    assert told[0]["properties"]["type"]["enum"] == ["export", "import"]
    assert all("api_image_import" not in json.dumps(each) for each in told)
