"""The rules of Compute. There is no Nova to ask: they are those of its pages and its source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from sandbox.cloud import CloudStandIn
from tests.sandbox.places import NUMBERS, TIMEOUT_S, Place, of_standin

MINE = NUMBERS["producer"]
OPTIONS = "com.rackspace__1__options"
INVALID = "Invalid input for field/attribute"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cloud(clock: Clock) -> Iterator[CloudStandIn]:
    with CloudStandIn(clock=clock, task_s=60) as cloud:
        yield cloud


@pytest.fixture
def place(cloud: CloudStandIn) -> Place:
    return of_standin(cloud)


@pytest.fixture
def compute(cloud: CloudStandIn, place: Place) -> Compute:
    return Compute(f"{cloud.base_url}/servers/DFW/v2.1/{MINE}", place)


class Compute:
    def __init__(self, url: str, place: Place) -> None:
        self.url, self.place = url, place

    def __call__(
        self, method: str, path: str, body: Any = None, who: str = "producer"
    ) -> requests.Response:
        headers = {"X-Auth-Token": self.place.token(who), "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body)
        url = path if path.startswith("http") else f"{self.url}{path}"
        return requests.request(method, url, data=data, headers=headers, timeout=TIMEOUT_S)

    def names(self, query: str) -> list[str]:
        rows = self("GET", f"/servers/detail?{query}").json()["servers"]
        return [row["name"] for row in rows]


def test_discovery_finds_the_one_version(cloud: CloudStandIn) -> None:
    base = f"{cloud.base_url}/servers/DFW"

    asked = [requests.get(f"{base}{path}", timeout=TIMEOUT_S) for path in ("", "/v2.1", "/v3")]

    assert [answer.status_code for answer in asked] == [200, 200, 404]
    [listed], one = asked[0].json()["versions"], asked[1].json()["version"]
    assert listed == one
    assert (one["id"], one["version"]) == ("v2.1", "2.1")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["web-2", "db", "web-1"]),
        ("name=web", ["web-2", "web-1"]),
        ("name=^d.$", ["db"]),
        ("status=active", ["db", "web-1"]),
        ("status=none", []),
        ("limit=1", ["web-2"]),
    ],
)
def test_servers_are_listed_newest_first_as_asked(
    cloud: CloudStandIn, compute: Compute, clock: Clock, query: str, names: list[str]
) -> None:
    for name, status in (("web-1", "ACTIVE"), ("db", "ACTIVE"), ("web-2", "ERROR")):
        cloud.add_server(MINE, name=name, status=status)
        clock.now += timedelta(seconds=1)

    assert compute.names(query) == names


@pytest.mark.parametrize("what", ["servers", "flavors"])
def test_a_list_that_is_cut_tells_where_it_goes_on(
    cloud: CloudStandIn, compute: Compute, what: str
) -> None:
    for name in "abc":
        cloud.add_server(MINE, name=name)

    page = compute("GET", f"/{what}/detail?limit=2").json()
    [link] = page[f"{what}_links"]
    rest = compute("GET", link["href"]).json()

    assert (len(page[what]), link["rel"], len(rest[what])) == (2, "next", 1)
    assert f"{what}_links" not in rest


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("marker=none", "marker [none] not found"),
        ("limit=x", "Invalid input for query parameters limit. Value: x."),
        ("name=[", "Invalid input for query parameters name. Value: [. '[' is not a 'regex'"),
    ],
)
def test_a_listing_that_makes_no_sense_is_refused(compute: Compute, query: str, said: str) -> None:
    fault = compute("GET", f"/servers/detail?{query}").json()["badRequest"]

    assert (fault["code"], fault["message"].startswith(said)) == (400, True), fault


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": None}, f"{INVALID} name. Value: None. None is not of type 'string'"),
        ({"name": ""}, f"{INVALID} name. Value: . An invalid 'name' value was provided."),
        ({"name": " web"}, f"{INVALID} name. Value:  web. An invalid 'name' value was prov"),
        ({"name": "x" * 256}, "is too long"),
        ({"image": "x"}, "Additional properties are not allowed ('image' was unexpected)"),
        ({"metadata": {"a": 1}}, f"{INVALID} a. Value: 1. 1 is not of type 'string'"),
        ({"metadata": {"a": "x" * 256}}, "is too long"),
        ({"metadata": {"a/b": "x"}}, "'a/b' does not match any of the regexes"),
        ({"metadata": []}, "[] is not of type 'object'"),
        ({"imageRef": ""}, "Missing imageRef attribute"),
        ({"imageRef": "none"}, "Can not find requested image"),
        ({"flavorRef": "none"}, "Invalid flavorRef provided."),
    ],
)
def test_a_server_that_makes_no_sense_is_not_built(
    cloud: CloudStandIn, compute: Compute, changes: dict[str, Any], said: str
) -> None:
    image_id = cloud.add_image(MINE, name="web")
    wanted = {"name": "web", "imageRef": image_id, "flavorRef": "general1-1", **changes}

    answer = compute("POST", "/servers", {"server": wanted})

    assert (answer.status_code, said in answer.json()["badRequest"]["message"]) == (400, True)
    assert compute.names("") == []


@pytest.mark.parametrize("body", [{}, [], {"server": 5}])
def test_a_request_without_a_server_builds_none(compute: Compute, body: Any) -> None:
    answer = compute("POST", "/servers", body)

    assert answer.status_code == 400
    assert "is not of type 'object'" in answer.json()["badRequest"]["message"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"min_ram": 2048}, "Flavor's memory is too small for requested image."),
        ({"min_disk": 21}, "Flavor's disk is too small for requested image."),
        ({"status": "deactivated"}, "is not active."),
        ({"owner": NUMBERS["consumer-a"]}, "Can not find requested image"),
    ],
)
def test_an_image_that_does_not_fit_builds_no_server(
    cloud: CloudStandIn, compute: Compute, fields: dict[str, Any], said: str
) -> None:
    given = dict(fields)
    image_id = cloud.add_image(given.pop("owner", MINE), name="web", **given)
    wanted = {"name": "web", "imageRef": image_id, "flavorRef": "general1-1"}

    answer = compute("POST", "/servers", {"server": wanted})

    assert (answer.status_code, said in answer.json()["badRequest"]["message"]) == (400, True)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"reboot": {}}, "There is no such action"),
        ({"createImage": {}}, "'name' is a required property"),
        ({"createImage": {"name": "x", "y": 1}}, "Additional properties are not allowed ('y' w"),
        ({"createImage": {"name": "x", "metadata": {"a": 1}}}, "1 is not of type 'string'"),
    ],
)
def test_an_action_that_makes_no_sense_is_refused(
    cloud: CloudStandIn, compute: Compute, body: Any, said: str
) -> None:
    server = cloud.add_server(MINE, name="web")

    answer = compute("POST", f"/servers/{server}/action", body)

    assert (answer.status_code, said in answer.json()["badRequest"]["message"]) == (400, True)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status": "BUILD"}, "while it is in vm_state build"),
        ({"OS-EXT-STS:task_state": "rebooting"}, "while it is in task_state rebooting"),
    ],
)
def test_a_server_at_work_is_not_made_an_image_of(
    cloud: CloudStandIn, compute: Compute, fields: dict[str, Any], said: str
) -> None:
    server = cloud.add_server(MINE, name="web", **fields)

    answer = compute("POST", f"/servers/{server}/action", {"createImage": {"name": "x"}})

    assert answer.status_code == 409
    assert said in answer.json()["conflictingRequest"]["message"]


def test_a_snapshot_has_its_metadata_and_the_licence_of_its_servers_image(
    cloud: CloudStandIn, place: Place, compute: Compute, clock: Clock
) -> None:
    licence: dict[str, Any] = {OPTIONS: "4"}
    base = cloud.add_image(MINE, name="base", **licence)
    server = cloud.add_server(MINE, name="web", image={"id": base})
    wanted = {"createImage": {"name": "backup", "metadata": {"role": "web"}}}

    answer = compute("POST", f"/servers/{server}/action", wanted)
    clock.now += timedelta(minutes=1)

    image_id = answer.headers["Location"].rpartition("/")[2]
    image = place.image("GET", f"/images/{image_id}").json()
    data = place.image("GET", f"/images/{image_id}/file").content
    assert (answer.status_code, answer.content) == (202, b"")
    assert (image["name"], image["status"], image["size"]) == ("backup", "active", len(data))
    assert (image["role"], image[OPTIONS], image["image_type"]) == ("web", "4", "snapshot")
    assert (image["instance_uuid"], image["base_image_ref"]) == (server, base)


def test_a_server_that_is_booted_from_a_volume_has_no_image(
    cloud: CloudStandIn, compute: Compute
) -> None:
    server = cloud.add_server(MINE, name="web", image="")

    answer = compute("POST", f"/servers/{server}/action", {"createImage": {"name": "x"}})

    assert answer.status_code == 202


@pytest.mark.parametrize(("who", "status"), [("consumer-a", 404), ("producer-reader", 403)])
def test_servers_are_their_accounts_and_not_for_who_may_only_look(
    cloud: CloudStandIn, compute: Compute, who: str, status: int
) -> None:
    server = cloud.add_server(MINE, name="web")
    body = {"createImage": {"name": "x"}}

    assert compute("POST", f"/servers/{server}/action", body, who).status_code == status
