"""Logins by v3, and what is told of projects and users; held against a real Keystone as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from sandbox.cloud import CloudStandIn
from tests.sandbox.places import Place

DOMAIN = {"domain": {"id": "default"}}
EXPECTED = "Expecting to find {}. The server could not comply with the request"
AGAIN = "The request you have made requires authentication."
FERNET = "Could not recognize Fernet token"


@dataclass(frozen=True)
class Keystone:
    """One of the two, and the producer's password."""

    url: str
    password: str = field(repr=False)
    token: Callable[[str], str] = field(repr=False)
    project: str

    def log_in(self, identity: Any, scope: Any = None) -> requests.Response:
        auth = {"identity": identity, **({"scope": scope} if scope else {})}
        return self.post({"auth": auth})

    def post(self, body: Any) -> requests.Response:
        return requests.post(f"{self.url}/auth/tokens", json=body, timeout=30)

    def get(self, path: str, who: str = "producer", **headers: str) -> requests.Response:
        sent = {"X-Auth-Token": self.token(who), **headers}
        return requests.get(f"{self.url}{path}", headers=sent, timeout=30)

    def by_password(self, **changes: Any) -> Mapping[str, Any]:
        user = {"name": "producer", "password": self.password, **DOMAIN, **changes}
        user = {key: value for key, value in user.items() if value is not None}
        return {"methods": ["password"], "password": {"user": user}}


@pytest.fixture
def keystone(request: pytest.FixtureRequest, place: Place) -> Keystone:
    if "standin" in request.node.callspec.id:
        cloud: CloudStandIn = request.getfixturevalue("cloud")
        producer = cloud.state.users["producer"]
        return Keystone(cloud.auth_url_v3, producer.password, place.token, producer.number)
    lab = request.getfixturevalue("lab")
    password = lab.credentials("producer")["auth"]["password"]
    return Keystone(lab.auth_url, password, place.token, lab.project("producer"))


@pytest.mark.parametrize(
    ("changes", "scope", "status", "said"),
    [
        ({}, None, 201, ""),
        ({}, {"project": {"name": "producer", **DOMAIN}}, 201, ""),
        ({"domain": None}, None, 400, EXPECTED.format("domain in user")),
        ({}, {"project": {"name": "producer"}}, 400, EXPECTED.format("domain in project")),
        ({}, {"project": {"name": "consumer-a", **DOMAIN}}, 401, AGAIN),
        ({}, {"project": {"id": "none"}}, 401, AGAIN),
        ({"password": "wrong"}, None, 401, AGAIN),
        ({"password": None}, None, 401, AGAIN),
        ({"name": "nobody"}, None, 401, AGAIN),
    ],
)
def test_a_password_lets_its_user_in(
    keystone: Keystone, changes: dict[str, Any], scope: Any, status: int, said: str
) -> None:
    answer = keystone.log_in(keystone.by_password(**changes), scope)

    assert (answer.status_code, said in answer.text) == (status, True), answer.text


@pytest.mark.parametrize(
    ("identity", "status", "said"),
    [
        ({"methods": ["none"]}, 400, EXPECTED.format("none in identity")),
        ({"methods": []}, 401, AGAIN),
        ({"methods": ["token"], "token": {"id": "x"}}, 404, FERNET),
        (
            {
                "methods": ["application_credential"],
                "application_credential": {"id": "x", "secret": "y"},
            },
            404,
            "Could not find Application Credential: x.",
        ),
    ],
)
def test_another_login_is_refused_in_its_own_words(
    keystone: Keystone, identity: Any, status: int, said: str
) -> None:
    answer = keystone.log_in(identity)

    assert (answer.status_code, said in answer.text) == (status, True), answer.text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([], EXPECTED.format("valid JSON in request body")),
        ({}, EXPECTED.format("auth in request body")),
        ({"auth": {}}, "'identity' is a required property"),
    ],
)
def test_a_login_that_makes_no_sense_is_refused(keystone: Keystone, body: Any, said: str) -> None:
    answer = keystone.post(body)

    assert (answer.status_code, said in answer.text) == (400, True), answer.text


def test_a_token_is_exchanged_and_shown(keystone: Keystone) -> None:
    held = keystone.token("producer")
    new = keystone.log_in({"methods": ["token"], "token": {"id": held}})

    shown = keystone.get("/auth/tokens", **{"X-Subject-Token": held})
    unknown = keystone.get("/auth/tokens", **{"X-Subject-Token": "none"})

    assert (new.status_code, shown.status_code, unknown.status_code) == (201, 200, 404)
    assert shown.json()["token"]["project"]["id"] == keystone.project
    assert FERNET in unknown.text


def test_the_catalog_names_every_service_by_three_interfaces(keystone: Keystone) -> None:
    catalog = {
        each["type"]: each["endpoints"] for each in keystone.get("/auth/catalog").json()["catalog"]
    }

    assert catalog.keys() >= {"identity", "image", "object-store"}
    for endpoints in catalog.values():
        assert {each["interface"] for each in endpoints} == {"public", "internal", "admin"}


@pytest.mark.parametrize(
    ("path", "producer", "operator"),
    [
        ("/projects/{own}", 200, 200),
        ("/projects/none", 403, 404),
        ("/projects", 403, 200),
        ("/users", 403, 200),
        ("/users?name=producer", 403, 200),
        ("/users/none", 403, 404),
        ("/auth/projects", 200, 200),
        ("/domains/default", 200, 200),
    ],
)
def test_a_user_is_told_of_itself_and_an_operator_of_all(
    keystone: Keystone, path: str, producer: int, operator: int
) -> None:
    path = path.format(own=keystone.project)

    statuses = [keystone.get(path, who).status_code for who in ("producer", "admin")]

    assert statuses == [producer, operator]


def test_a_project_is_told_whole(keystone: Keystone) -> None:
    [own] = keystone.get("/auth/projects").json()["projects"]
    [found] = keystone.get("/projects?name=producer", "admin").json()["projects"]
    one = keystone.get(f"/projects/{keystone.project}").json()["project"]

    own.pop("links"), one.pop("links"), found.pop("links")
    assert own == one == found
    assert own == {
        "id": keystone.project,
        "name": "producer",
        "domain_id": "default",
        "description": "",
        "enabled": True,
        "parent_id": "default",
        "is_domain": False,
        "tags": [],
        "options": {},
    }
