"""
The rules of the cloud stand-in, each held against a real Glance as well.

They are asked by plain HTTP: what our client makes of the answers is the matter of
tests/cloud. Identity v2.0 is Rackspace's alone, and is held against its guide.
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from sandbox.cloud import CloudStandIn
from tests.waiting import PATIENCE_S

if TYPE_CHECKING:
    from tests.lab.fixtures import Lab

WHO = ("producer", "consumer-a", "consumer-b", "producer-reader")
V20, V21 = (f"application/openstack-images-v2.{n}-json-patch" for n in (0, 1))
DATA = {"Content-Type": "application/octet-stream"}
SCHEMA = "Provided object does not match schema 'image':"
NO_ID = str(uuid.UUID(int=7))
WRONG = "Unable to authenticate user with credentials provided."


@dataclass(frozen=True)
class Side:
    """One of the two clouds, and what was put there; texts may name it in braces."""

    base: str
    tokens: Mapping[str, str] = field(repr=False)
    http: requests.Session = field(repr=False)
    names: dict[str, str] = field(default_factory=dict)

    def ask(
        self, who: str, method: str, path: str, body: Any = None, **headers: str
    ) -> requests.Response:
        kind = V21 if method == "PATCH" else "application/json"
        sent = {"Accept": "application/json", "Content-Type": kind, **headers}
        data = body if isinstance(body, bytes) or body is None else self.fill(json.dumps(body))
        url = self.base + self.fill(path)
        sent["X-Auth-Token"] = self.tokens[who]
        return self.http.request(method, url, data=data, headers=sent, timeout=PATIENCE_S)

    def make(self, **fields: Any) -> str:
        body = {"disk_format": "raw", "container_format": "bare", **fields}
        return str(self.ask("producer", "POST", "/images", body).json()["id"])

    def shared(self, **fields: Any) -> str:
        """An image that waits for consumer-a's answer."""
        image_id = self.make(**fields)
        self.ask("producer", "POST", f"/images/{image_id}/members", {"member": "{a}"})
        return image_id

    def listed(self, who: str, query: str) -> list[str]:
        answer = self.ask(who, "GET", f"/images?probe={{probe}}&{query}")
        return [image["name"] for image in answer.json()["images"]]

    def fill(self, text: str) -> str:
        for name, value in self.names.items():
            text = text.replace(f"{{{name}}}", value)
        return text


@pytest.fixture(scope="module")
def cloud() -> Iterator[CloudStandIn]:
    with CloudStandIn() as cloud:
        for number, name in enumerate(WHO[:3], 1):
            cloud.add_account(f"{number}0000000", name, name, roles=("member",))
        cloud.add_account("10000000", "producer", "producer-reader", roles=("reader",))
        yield cloud


@pytest.fixture(scope="module", params=["standin", pytest.param("lab", marks=pytest.mark.lab)])
def side(request: pytest.FixtureRequest) -> Iterator[Side]:
    """Five images of the producer, one of them shared with consumer-a."""
    with requests.Session() as http:
        if request.param == "standin":
            here = _standin(request.getfixturevalue("cloud"), http)
        else:
            here = _lab(request.getfixturevalue("lab"), http)
        _furnish(here)
        yield here


def _standin(cloud: CloudStandIn, http: requests.Session) -> Side:
    auths = {who: cloud.credentials(who, "v3password")["auth"] for who in cloud.state.users}
    tokens = {who: _token(http, auth) for who, auth in auths.items()}
    names = {f"{who[-1]}": auth["project_id"] for who, auth in auths.items()}
    return Side(f"{cloud.base_url}/DFW/v2", tokens, http, names)


def _lab(lab: Lab, http: requests.Session) -> Side:
    tokens = {who: _token(http, lab.credentials(who)["auth"]) for who in WHO}
    names = {who[-1]: lab.project(who) for who in WHO[:3]}
    return Side(f"{lab.summary['endpoints']['glance-DFW']}/v2", tokens, http, names)


def _token(http: requests.Session, auth: Mapping[str, str]) -> str:
    """Of a login by password, in Keystone's v3."""
    domain = {"domain": {"id": "default"}}
    user = {"name": auth["username"], "password": auth["password"], **domain}
    project = {"name": auth.get("project_name"), **domain}
    if "project_id" in auth:
        project = {"id": auth["project_id"]}
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": {"project": project}}}
    answer = http.post(f"{auth['auth_url']}/auth/tokens", json=body, timeout=PATIENCE_S)
    return answer.headers["X-Subject-Token"]


def _furnish(side: Side) -> None:
    """Account numbers go by the last letter of a name: the producer's is {r}."""
    side.names.update(probe=uuid.uuid4().hex[:8], no_id=NO_ID)
    common = {"probe": "{probe}"}
    side.names["shared"] = side.shared(name="shared", tags=["t1", "t2"], colour="red", **common)
    side.names["other"] = side.make(name="other", tags=["t1"], min_disk=20, **common)
    side.names["private"] = side.make(name="private", visibility="private", **common)
    side.names["everyones"] = side.make(name="everyones", visibility="community", **common)
    side.names["blank"] = side.make(name="blank", disk_format=None, container_format=None, **common)
    side.ask("producer", "PUT", "/images/{shared}/file", b"x" * 1000, **DATA)


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"id": "x"}, 400, f"{SCHEMA} 'x' does not match"),
        ({"id": "{shared}"}, 409, "Image ID {shared} already exists!"),
        ({"visibility": "x"}, 400, f"{SCHEMA} 'x' is not one of ['community', 'public',"),
        ({"disk_format": "x"}, 400, f"{SCHEMA} 'x' is not one of [None, 'ami',"),
        ({"name": 5}, 400, f"{SCHEMA} 5 is not of type 'null', 'string'"),
        ({"name": "x" * 256}, 400, "is too long"),
        ({"tags": [1]}, 400, f"{SCHEMA} 1 is not of type 'string'"),
        ({"anything": 5}, 400, f"{SCHEMA} 5 is not of type 'string'"),
        ({"min_disk": "2"}, 400, f"{SCHEMA} '2' is not of type 'integer'"),
        ({"min_ram": -1}, 400, "Invalid value '-1' for parameter 'min_ram'"),
        ({"status": "active"}, 403, "Attribute 'status' is read-only."),
        ({"deleted": "x"}, 403, "Access was denied to this resource. Attribute 'deleted' is reser"),
        ({"os_glance_x": "x"}, 403, "Attribute 'os_glance_x' is reserved."),
        ({"owner": "{a}"}, 403, "You are not permitted to create images owned by '{a}'"),
        (b"", 400, "Body expected in request."),
        (b"{", 400, "Malformed JSON in request body."),
        (b"[]", 500, "The server has either erred or is incapable of performing"),
    ],
)
def test_an_image_that_makes_no_sense_is_not_made(
    side: Side, fields: Any, status: int, said: str
) -> None:
    answer = side.ask("producer", "POST", "/images", fields)

    assert (answer.status_code, side.fill(said) in _said(answer)) == (status, True), answer.text


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"path": "/a", "value": ""}, 400, "Unable to find `op` in JSON Schema change."),
        ({"op": "add", "value": ""}, 400, "Unable to find 'path' in JSON Schema change"),
        ({"op": "add", "path": "/a"}, 400, 'Operation "add" requires a member named "value".'),
        ({"op": "add", "path": "a", "value": ""}, 400, 'Pointer `a` does not start with "/".'),
        ({"op": "add", "path": "/a/", "value": ""}, 400, 'Pointer `/a/` end with "/".'),
        ({"op": "add", "path": "/a//b", "value": ""}, 400, 'contains adjacent "/".'),
        ({"op": "add", "path": "/~2", "value": ""}, 400, 'contains "~" not part of a recognized'),
        ({"op": "add", "path": "/location", "value": ""}, 403, "'location' is reserved."),
        ({"op": "add", "path": "/protected", "value": "true"}, 400, "not of type 'boolean'"),
        ({"op": "replace", "path": "/disk_format", "value": "iso"}, 403, "only replaced for a que"),
        ("x", 400, "Operations must be JSON objects."),
    ],
)
def test_a_change_that_makes_no_sense_changes_nothing(
    side: Side, change: Any, status: int, said: str
) -> None:
    before = side.ask("producer", "GET", "/images/{shared}").json()

    answer = side.ask("producer", "PATCH", "/images/{shared}", [change])

    assert (answer.status_code, said in _said(answer)) == (status, True), answer.text
    assert side.ask("producer", "GET", "/images/{shared}").json() == before


ALL = "blank everyones other private shared"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ALL),
        ("name=share", ""),
        ("name=eq:shared", "shared"),
        ('name=in:"shared",other', "other shared"),
        ("id=in:{shared},{other}", "other shared"),
        ("owner={r}", ALL),
        ("owner=in:{r}", ""),
        ("tag=t1", "other shared"),
        ("tag=t1&tag=t2", "shared"),
        ("colour=red", "shared"),
        ("colour=in:red,blue", ""),
        ("size_min=1", "shared"),
        ("size_max=1000", "shared"),
        ("size_min=1001", ""),
        ("min_disk_min=1", "other"),
        ("min_disk=20", "other"),
        ("created_at=gte:2020-01-01T00:00:00Z", ALL),
        ("created_at=lt:2020-01-01T00:00:00", ""),
        ("created_at=2020-01-01T00:00:00Z", ""),
        ("visibility=private", "private"),
        ("visibility=all", ALL),
        ("visibility=", ""),
        ("protected=false", ALL),
        ("os_hidden=FALSE", ALL),
        ("disk_format=in:raw,iso", "everyones other private shared"),
        ("nothing=here", ""),
    ],
)
def test_a_filter_is_exact(side: Side, query: str, names: str) -> None:
    assert side.listed("producer", f"{query}&sort=name:asc") == names.split()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("created_at=gt:x", 'Bad "created_at" query filter format. Use ISO 8601 DateTime'),
        ("protected=TRUE", "Invalid value 'TRUE' for 'protected' filter."),
        ("protected=x", "Invalid value 'x' for 'protected' filter."),
        ("os_hidden=x", "Invalid value 'x' for 'os_hidden' filter."),
        ("changes-since=2020", 'The "changes-since" filter is no longer available on v2.'),
        ("sort_dir=x", "Invalid sort direction: x"),
        ("sort_key=id&sort_dir=asc&sort_dir=desc", "Number of sort dirs does not match the num"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(side: Side, query: str, said: str) -> None:
    answer = side.ask("producer", "GET", f"/images?{query}")

    assert (answer.status_code, said in _said(answer)) == (400, True), answer.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sort=name", "shared private other everyones blank"),
        ("sort=status:asc,name:desc", "shared private other everyones blank"),
        ("sort_key=status&sort_key=name&sort_dir=asc", "shared blank everyones other private"),
        (
            "sort_key=status&sort_key=name&sort_dir=asc&sort_dir=desc",
            "shared private other everyones blank",
        ),
    ],
)
def test_a_list_may_have_several_sort_keys(side: Side, query: str, names: str) -> None:
    assert side.listed("producer", query) == names.split()


@pytest.mark.parametrize(
    ("who", "query", "names"),
    [
        ("consumer-a", "", ""),
        ("consumer-a", "member_status=all", "shared"),
        ("consumer-a", "member_status=rejected", ""),
        ("consumer-a", "visibility=community", "everyones"),
        ("consumer-a", "visibility=all&member_status=all", "everyones shared"),
        ("consumer-b", "visibility=shared&member_status=all", ""),
        ("producer-reader", "", ALL),
        # Its own, and they wait for nobody: the trap of the pending query.
        ("producer", "visibility=shared&member_status=pending", "blank other shared"),
    ],
)
def test_who_asks_decides_what_is_listed(side: Side, who: str, query: str, names: str) -> None:
    assert side.listed(who, f"{query}&sort=name:asc") == names.split()


def test_the_last_page_may_be_an_empty_one(side: Side) -> None:
    """A full page has a `next`, whether there is more or not."""
    query = "/images?probe={probe}&sort=name:asc&limit=5"
    full = side.ask("producer", "GET", query).json()

    last = side.ask("producer", "GET", f"{query}&marker={full['images'][-1]['id']}").json()

    assert "next" in full
    assert (last["images"], "next" in last) == ([], False)


def test_a_marker_need_not_fit_the_filter(side: Side) -> None:
    query = "name=in:shared,private&sort=name:asc&marker={other}"

    assert side.listed("producer", query) == ["private", "shared"]


def test_a_marker_that_is_no_longer_seen_is_forbidden(side: Side) -> None:
    """An image may be unshared while a consumer's listing stands at it: no 400, as if deleted."""
    answer = side.ask("consumer-b", "GET", "/images?marker={shared}")

    assert answer.status_code == 403
    assert side.fill("Forbidding request, image {shared} not visible") in _said(answer)


def test_a_hidden_image_is_listed_only_on_request(side: Side) -> None:
    image_id = side.make(os_hidden=True, hidden="yes")

    asked = side.ask("producer", "GET", "/images?hidden=yes&os_hidden=true").json()["images"]

    assert side.ask("producer", "GET", "/images?hidden=yes").json()["images"] == []
    assert [image["id"] for image in asked][:1] == [image_id]


def test_an_empty_change_is_a_look(side: Side) -> None:
    """Nobody needs a role to change nothing."""
    answer = side.ask("producer-reader", "PATCH", "/images/{shared}", [])

    assert (answer.status_code, answer.json()["name"]) == (200, "shared")


def test_of_several_changes_all_are_made_or_none(side: Side) -> None:
    image_id = side.make(colour="red")
    add = {"op": "add", "path": "/colour"}

    one = side.ask("producer", "PATCH", f"/images/{image_id}", [{**add, "value": "blue"}])
    missing = {"op": "replace", "path": "/missing", "value": ""}
    two = side.ask("producer", "PATCH", f"/images/{image_id}", [{**add, "value": "gray"}, missing])

    assert (one.status_code, two.status_code) == (200, 409)
    assert side.ask("producer", "GET", f"/images/{image_id}").json()["colour"] == "blue"


def test_the_older_media_type_does_not_overwrite(side: Side) -> None:
    path, kind = f"/images/{side.make(colour='red')}", {"Content-Type": V20}

    refused = side.ask("producer", "PATCH", path, [{"add": "/colour", "value": "x"}], **kind)
    renamed = side.ask("producer", "PATCH", path, [{"replace": "/name", "value": "x"}], **kind)

    assert (refused.status_code, renamed.json()["name"]) == (409, "x")
    assert "Property colour already present." in _said(refused)


def test_properties_have_a_quota(side: Side) -> None:
    changes = [{"op": "add", "path": f"/p{n}", "value": ""} for n in range(129)]

    answer = side.ask("producer", "PATCH", f"/images/{side.make()}", changes)

    assert answer.status_code == 413
    assert "image properties. Attempted: 129, Maximum: 128" in _said(answer)


def test_tags_are_put_and_deleted_one_by_one(side: Side) -> None:
    path = f"/images/{side.make(tags=['a', 'a'])}"

    done = [
        side.ask("producer", method, f"{path}/tags/{tag}").status_code
        for method, tag in (("PUT", "b"), ("PUT", "b"), ("DELETE", "a"), ("DELETE", "a"))
    ]

    assert done == [204, 204, 204, 404]
    assert side.ask("producer", "GET", path).json()["tags"] == ["b"]


@pytest.mark.parametrize("who", ["consumer-a", "consumer-b", "producer-reader"])
def test_tags_are_the_owners(side: Side, who: str) -> None:
    status = 404 if who == "consumer-b" else 403

    assert side.ask(who, "PUT", "/images/{shared}/tags/x").status_code == status


def test_a_consumer_may_change_its_mind_and_sees_the_image_whatever_it_said(side: Side) -> None:
    image_id = side.shared()
    mine = f"/images/{image_id}/members/{{a}}"

    answers = [
        side.ask("consumer-a", "PUT", mine, {"status": status}).json()["status"]
        for status in ("accepted", "rejected", "pending", "rejected")
    ]

    assert answers == ["accepted", "rejected", "pending", "rejected"]
    assert side.ask("consumer-a", "GET", f"/images/{image_id}").status_code == 200


def test_inviting_anew_needs_an_unshare_first(side: Side) -> None:
    members = f"/images/{side.shared()}/members"
    side.ask("consumer-a", "PUT", f"{members}/{{a}}", {"status": "rejected"})

    again = side.ask("producer", "POST", members, {"member": "{a}"})
    side.ask("producer", "DELETE", f"{members}/{{a}}")
    anew = side.ask("producer", "POST", members, {"member": "{a}"})

    assert again.status_code == 409
    assert (anew.status_code, anew.json()["status"]) == (200, "pending")


def test_members_outlast_a_private_time(side: Side) -> None:
    path = f"/images/{side.shared()}"
    seen = {"op": "replace", "path": "/visibility"}

    side.ask("producer", "PATCH", path, [{**seen, "value": "private"}])
    hidden = side.ask("consumer-a", "GET", path)
    kept = side.ask("producer", "GET", f"{path}/members/{{a}}")
    side.ask("producer", "PATCH", path, [{**seen, "value": "shared"}])

    assert (hidden.status_code, kept.status_code) == (404, 404)
    assert "Only shared images have members." in _said(kept)
    assert len(side.ask("producer", "GET", f"{path}/members").json()["members"]) == 1


@pytest.mark.parametrize("account", ["no-such-account", "{r}", 5])
def test_whoever_is_named_is_invited(side: Side, account: str | int) -> None:
    """That the account exists is not looked up; it may even be one's own."""
    answer = side.ask("producer", "POST", f"/images/{side.make()}/members", {"member": account})

    assert (answer.status_code, answer.json()["status"]) == (200, "pending")


def test_the_129th_member_is_one_too_many(side: Side) -> None:
    path = f"/images/{side.make()}/members"
    for number in range(128):
        assert side.ask("producer", "POST", path, {"member": f"{number}"}).status_code == 200

    answer = side.ask("producer", "POST", path, {"member": "128"})

    assert answer.status_code == 413
    assert "image members for this image. Attempted: 129, Maximum: 128:" in _said(answer)


def test_a_shared_image_may_be_deleted_and_leaves_no_trace(side: Side) -> None:
    image_id = side.shared()

    done = [side.ask("producer", "DELETE", f"/images/{image_id}").status_code for _ in range(2)]

    assert done == [204, 404]
    assert side.ask("consumer-a", "GET", f"/images/{image_id}/members/{{a}}").status_code == 404


def test_an_image_is_deactivated_and_reactivated(side: Side) -> None:
    path = f"/images/{side.shared()}"
    queued = side.ask("producer", "POST", f"{path}/actions/deactivate")
    side.ask("producer", "PUT", f"{path}/file", b"x", **DATA)
    foreign = side.ask("consumer-a", "POST", f"{path}/actions/deactivate")

    seen = []
    for action in ("deactivate", "deactivate", "reactivate", "reactivate"):
        done = side.ask("producer", "POST", f"{path}/actions/{action}").status_code
        seen.append((done, side.ask("producer", "GET", path).json()["status"]))

    assert (queued.status_code, foreign.status_code) == (403, 403)
    assert seen == [(204, "deactivated")] * 2 + [(204, "active")] * 2


def test_data_comes_once_and_is_measured(side: Side) -> None:
    path = f"/images/{side.make()}"

    done = [
        side.ask("producer", "PUT", f"{path}/file", b"x" * 1000, **DATA).status_code
        for _ in range(2)
    ]

    assert done == [204, 409]
    image = side.ask("producer", "GET", path).json()
    assert (image["status"], image["size"], image["virtual_size"]) == ("active", 1000, 1000)
    assert image["checksum"] == "398533d48111e9f664b1f64cb10c4b63"


@pytest.mark.parametrize(
    ("who", "image", "kind", "status"),
    [
        ("producer", "{blank}", "application/octet-stream", 400),
        ("producer", "{other}", "application/json", 415),
        ("consumer-a", "{shared}", "application/octet-stream", 403),
        ("consumer-b", "{shared}", "application/octet-stream", 404),
    ],
)
def test_data_is_refused(side: Side, who: str, image: str, kind: str, status: int) -> None:
    answer = side.ask(who, "PUT", f"/images/{image}/file", b"x", **{"Content-Type": kind})

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("HEAD", "/images", 405),
        ("HEAD", "/images/{shared}", 405),
        ("PATCH", "/images/{shared}/members", 405),
        ("GET", "/images/{shared}/actions/deactivate", 405),
        ("GET", "/images/", 404),
        ("POST", "/images/{shared}/actions/explode", 404),
        ("GET", "/schemas/image", 200),
        ("GET", "/schemas/member", 200),
        ("GET", "/schemas/export", 404),
    ],
)
def test_addresses_and_methods(side: Side, method: str, path: str, status: int) -> None:
    answer = side.ask("producer", method, path)

    assert answer.status_code == status
    assert answer.headers["X-Openstack-Request-Id"].startswith("req-")


def test_rackspaces_creator_shares_but_neither_answers_nor_changes() -> None:
    """By Rackspace's permissions matrix `creator` may share, and `admin` all the rest."""
    with CloudStandIn() as cloud, requests.Session() as http:
        cloud.add_account("1", "one", "creator", roles=("cloudImages:creator",))
        own, foreign = cloud.add_image("1", name="own"), cloud.add_image("2", name="foreign")
        cloud.add_member(foreign, "1")
        here = _standin(cloud, http)

        done = [
            here.ask("creator", *asked).status_code
            for asked in (
                ("POST", f"/images/{own}/members", {"member": "2"}),
                ("PUT", f"/images/{foreign}/members/1", {"status": "accepted"}),
                ("DELETE", f"/images/{own}/members/2"),
                ("PATCH", f"/images/{own}", [{"op": "add", "path": "/a", "value": ""}]),
            )
        ]

    assert done == [200, 403, 403, 403]


def test_many_at_once_make_one_row(cloud: CloudStandIn) -> None:
    """Kinder than Glance, which has been seen to make three."""
    with requests.Session() as http:
        here = _standin(cloud, http)
        path = f"/images/{here.make()}/members"
        statuses: list[int] = []

        def share() -> None:
            statuses.append(here.ask("producer", "POST", path, {"member": "1"}).status_code)

        threads = [threading.Thread(target=share) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(statuses) == [200] + [409] * 7


@pytest.fixture
def acme() -> Iterator[CloudStandIn]:
    with CloudStandIn() as cloud:
        cloud.add_account("110011", "Acme", "ann", api_key="k-1", password="p-1")
        yield cloud


def test_an_api_key_opens_rackspaces_catalog(acme: CloudStandIn) -> None:
    answer = _v2(acme, {"RAX-KSKEY:apiKeyCredentials": {"username": "ann", "apiKey": "k-1"}})

    access = answer.json()["access"]
    assert access["token"]["tenant"] == {"id": "110011", "name": "Acme"}
    services = {(s["name"], s["type"]): s["endpoints"] for s in access["serviceCatalog"]}
    assert services.keys() == {
        ("cloudImages", "image"),
        ("cloudFiles", "object-store"),
        ("cloudServers", "compute"),
        ("cloudNetworks", "network"),
    }
    assert [(e["region"], e["publicURL"]) for e in services["cloudImages", "image"]] == [
        (region, f"{acme.base_url}/{region}/v2") for region in ("DFW", "ORD")
    ]


@pytest.mark.parametrize(
    ("changes", "status", "kind"),
    [
        ({"passwordCredentials": {"username": "ann", "password": "wrong"}}, 401, "unauthorized"),
        ({"tenantId": "110011", "tenantName": "Acme"}, 400, "badRequest"),
        ({"tenantId": "9"}, 401, "unauthorized"),
        ({"tenantName": "Other"}, 401, "unauthorized"),
    ],
)
def test_a_refused_login_has_rackspaces_shape(
    acme: CloudStandIn, changes: dict[str, Any], status: int, kind: str
) -> None:
    login = {"passwordCredentials": {"username": "ann", "password": "p-1"}}

    answer = _v2(acme, {**login, **changes})

    assert answer.status_code == status
    assert answer.json()[kind]["code"] == status
    assert (answer.json()[kind]["message"] == WRONG) == (status == 401)


@pytest.mark.parametrize("body", ["", "[]", "{", '{"auth": 5}', '{"auth": {"identity": []}}'])
@pytest.mark.parametrize(("path", "status"), [("v2.0/tokens", 401), ("v3/auth/tokens", 400)])
def test_a_login_that_makes_no_sense_fails(
    acme: CloudStandIn, path: str, status: int, body: str
) -> None:
    headers = {"Content-Type": "application/json"}

    answer = requests.post(
        f"{acme.base_url}/{path}", data=body, headers=headers, timeout=PATIENCE_S
    )

    assert answer.status_code == status


def test_a_second_factor_is_asked_for_in_a_header(acme: CloudStandIn) -> None:
    acme.add_account("2", "Guarded", "bob", password="p-2", mfa=True)

    answer = _v2(acme, {"passwordCredentials": {"username": "bob", "password": "p-2"}})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("OS-MF sessionId=")


def test_a_project_of_someone_else_is_a_failed_login(acme: CloudStandIn) -> None:
    entry = dict(acme.credentials("ann", "v3password")["auth"], project_id="9")

    with requests.Session() as http, pytest.raises(KeyError):
        _token(http, entry)


def test_discovery_finds_both_identities_and_the_images(acme: CloudStandIn) -> None:
    asked = [
        requests.get(f"{acme.base_url}/{path}", timeout=PATIENCE_S) for path in ("", "v3", "v2.0")
    ]
    images = requests.get(f"{acme.base_url}/DFW/", timeout=PATIENCE_S)

    assert [answer.status_code for answer in (*asked, images)] == [300, 200, 200, 300]
    assert [answer.json()["version"]["id"] for answer in asked[1:]] == ["v3.14", "v2.0"]
    [link] = images.json()["versions"][0]["links"]
    assert link["href"] == f"{acme.base_url}/DFW/v2/"


def test_a_token_ends_by_age_by_request_and_by_order() -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    with CloudStandIn(clock=lambda: now[0]) as cloud, requests.Session() as http:
        cloud.add_account("1", "Acme", "ann")
        entry = cloud.credentials("ann", "v3password")["auth"]

        def works(token: str) -> bool:
            url, headers = f"{cloud.base_url}/DFW/v2/images", {"X-Auth-Token": token}
            return http.get(url, headers=headers, timeout=PATIENCE_S).ok

        aged, revoked = _token(http, entry), _token(http, entry)
        before = works(aged), works(revoked)
        headers = {"X-Auth-Token": revoked, "X-Subject-Token": revoked}
        http.delete(f"{cloud.auth_url_v3}/auth/tokens", headers=headers, timeout=PATIENCE_S)
        after_request = works(aged), works(revoked)
        now[0] += timedelta(hours=24)
        young = _token(http, entry)
        after_a_day = works(aged), works(young)
        cloud.expire_tokens()

        assert (before, after_request, after_a_day) == ((True, True), (True, False), (False, True))
        assert not works(young)


def test_a_written_clouds_yaml_is_for_its_owner_only(acme: CloudStandIn, tmp_path: Path) -> None:
    path = tmp_path / "clouds.yaml"

    acme.write_clouds_yaml(path, "rackspace_apikey")

    entries = {"ann": acme.credentials("ann", "rackspace_apikey")}
    assert json.loads(path.read_text()) == {"clouds": entries}
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_ordered_trouble_comes_as_often_as_ordered_and_is_written_down(
    acme: CloudStandIn,
) -> None:
    acme.fail_next(2, 429, {"Retry-After": "7"}, "slow down")

    url = f"{acme.base_url}/DFW/v2/images"
    answers = [requests.get(url, timeout=PATIENCE_S) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [429, 429, 401]
    assert (answers[0].headers["Retry-After"], answers[0].text) == ("7", "slow down")
    assert acme.requests == [("GET", "/DFW/v2/images", status) for status in (429, 429, 401)]


def _said(answer: requests.Response) -> str:
    """The message, on one line, without its tags."""
    return re.sub(r"(<br />|\s)+", " ", answer.json()["message"])


def _v2(cloud: CloudStandIn, auth: Any) -> requests.Response:
    return requests.post(f"{cloud.auth_url_v2}/tokens", json={"auth": auth}, timeout=PATIENCE_S)
