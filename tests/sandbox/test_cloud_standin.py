"""
The cloud stand-in keeps the rules of a real Glance that our client never gets to see.

Each exchange is made with both, on the same images, and the whole answers are compared, but
for white space. The last few tests do without the real one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import requests

from sandbox.cloud import CloudStandIn
from tests.waiting import PATIENCE_S

if TYPE_CHECKING:
    from tests.lab.fixtures import Lab

pytestmark = pytest.mark.in_order

V21 = "application/openstack-images-v2.1-json-patch"
JSON = {"Accept": "application/json"}
PEOPLE = ("producer", "consumer-a", "consumer-b")


@dataclass
class Side:
    """One of the two clouds, spoken to by plain HTTP, and the names of what is in it."""

    url: str
    token: Callable[[str], str]
    names: dict[str, str] = field(default_factory=dict)
    """What is written for an id, so that the answers of both can be compared."""

    def call(self, who: str, method: str, path: str, **options: Any) -> requests.Response:
        ids = {name: id_ for id_, name in self.names.items()}
        headers = {"X-Auth-Token": self.token(who), **options.pop("headers", JSON)}
        url = self.url + re.sub(r"\{(.+?)\}", lambda found: ids[found[1]], path)
        return requests.request(method, url, headers=headers, timeout=PATIENCE_S, **options)

    def create(self, name: str, who: str = "producer", **fields: Any) -> None:
        body = {"name": name, "disk_format": "raw", "container_format": "bare", **fields}
        self.names[self.call(who, "POST", "/images", json=body).json()["id"]] = name

    def said(self, answer: requests.Response) -> str:
        """All of an answer but what differs from one moment, and one cloud, to the next."""
        text = answer.text
        for id_, name in self.names.items():
            text = text.replace(id_, name)
        text = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "TIME", text)
        text = re.sub(r"(\\n|\s)+", " ", text).replace(' "', '"')
        kind = answer.headers.get("Content-Type", "").split(";")[0]
        return f"{answer.status_code} {kind} {text}"


@dataclass(frozen=True)
class Exchange:
    """Something to ask both."""

    who: str
    method: str
    path: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        body = self.options.get("json", self.options.get("data", ""))
        return f"{self.who} {self.method} {self.path} {body}"[:110]


def _get(path: str, who: str = "producer", **headers: str) -> Exchange:
    return Exchange(who, "GET", path, {"headers": headers} if headers else {})


def _patch(op: str, key: str, *value: Any, who: str = "producer", kind: str = V21) -> Exchange:
    operation = {"op": op, "path": f"/{key}", **({"value": value[0]} if value else {})}
    headers = {**JSON, "Content-Type": kind}
    return Exchange(who, "PATCH", "/images/{one}", {"json": [operation], "headers": headers})


def _send(method: str, path: str, body: Any = None, who: str = "producer") -> Exchange:
    return Exchange(who, method, path, {"json": body} if body is not None else {})


REFUSALS = [
    # Without asking for JSON one is answered in HTML.
    _get("/images/no-such-image", Accept="text/html"),
    _get("/images/no-such-image", Accept="*/*"),
    _get("/images/no-such-image"),
    _get("/images/{one}", who="consumer-b"),
    _get("/nowhere"),
    _send("PUT", "/images", {}),
    # Lists
    _get("/images?limit=-1"),
    _get("/images?limit=abc"),
    _get("/images?marker=no-such-image"),
    _get("/images?visibility=bogus"),
    _get("/images?visibility=shared&member_status=bogus"),
    _get("/images?sort=bogus"),
    _get("/images?sort=name:up"),
    _get("/images?sort=name&sort_key=size"),
    _get("/images?created_at=foo:2020"),
    _get("/images?name=a:b"),
    _get("/images?size_min=much"),
    # New images
    _send("POST", "/images", {"name": "x", "visibility": "public"}),
    _send("POST", "/images", {"name": "x"}, who="producer-reader"),
    Exchange("producer", "POST", "/images", {"data": "{"}),
    # Changes
    _patch("replace", "name", "x", kind="application/json"),
    _patch("replace", "name", "x", kind="application/json-patch+json"),
    _patch("move", "name", "x"),
    _patch("replace", "no_such_property", "x"),
    _patch("remove", "no_such_property"),
    _patch("remove", "name"),
    _patch("replace", "status", "active"),
    _patch("replace", "id", "x"),
    _patch("replace", "owner", "x"),
    _patch("add", "tags/-", "x"),
    _patch("replace", "visibility", "public"),
    _patch("replace", "min_disk", -1),
    _patch("replace", "tags", [f"t{n}" for n in range(140)]),
    _patch("replace", "name", "x", who="producer-reader"),
    _patch("replace", "name", "x", who="consumer-a"),
    _patch("replace", "name", "x", who="consumer-b"),
    # Members
    _send("POST", "/images/{one}/members", {}),
    _send("POST", "/images/{one}/members", {"member": ""}),
    _send("POST", "/images/{one}/members", {"member": "x"}, who="consumer-a"),
    _send("POST", "/images/{one}/members", {"member": "x"}, who="producer-reader"),
    _send("POST", "/images/{private}/members", {"member": "x"}),
    _send("POST", "/images/no-such-image/members", {"member": "x"}),
    _get("/images/{private}/members"),
    _get("/images/{one}/members", who="consumer-b"),
    _get("/images/{one}/members/nobody"),
    _send("PUT", "/images/{one}/members/{consumer-a}", {"status": "maybe"}, who="consumer-a"),
    _send("PUT", "/images/{one}/members/{consumer-a}", {}, who="consumer-a"),
    _send("PUT", "/images/{one}/members/{consumer-a}", {"status": "accepted"}),
    _send("DELETE", "/images/{one}/members/{consumer-a}", who="consumer-a"),
    _send("DELETE", "/images/{one}/members/nobody"),
    # Deletion
    _send("DELETE", "/images/{one}", who="consumer-a"),
    _send("DELETE", "/images/{one}", who="consumer-b"),
    _send("DELETE", "/images/{one}", who="producer-reader"),
    _send("DELETE", "/images/{protected}"),
]
ANSWERS = [
    _get("/images/{one}"),
    _get("/images/{one}", who="consumer-a"),
    _get("/images/{one}/members"),
    _get("/images/{one}/members", who="consumer-a"),
    _get("/images/{one}/members/{consumer-a}"),
    _get("/images?probe=rules&sort=name:asc"),
    _get("/images?probe=rules&sort=name:asc&limit=2"),
    _get("/images?probe=rules&sort=name:asc&limit=1&marker={one}"),
    _get("/images?probe=rules&sort=name:asc&limit=0"),
    _get("/images?probe=rules&tag=x&tag=y&limit=1"),
    _get("/images?probe=rules&name=in:one,private&sort=name:desc"),
    _get("/images?probe=rules&status=in:queued,active&sort=name:desc"),
    _get("/images?probe=rules&protected=true"),
    _get("/images?probe=rules&os_hidden=true"),
    _get("/images?probe=rules&sort_key=name&sort_dir=asc"),
    _get("/images?probe=rules&visibility=shared&member_status=pending", who="consumer-a"),
    _get("/images?probe=rules&visibility=shared", who="consumer-a"),
    _patch("replace", "name", "one", who="producer"),
    _patch("add", "os_distro", "debian"),
    _patch("remove", "os_distro"),
    _patch("replace", "tags", ["x", "y"]),
    _patch("add", "a~1b", "v"),
    _patch("remove", "a~1b"),
    _patch("replace", "name", None),
    _patch("replace", "name", "one"),
]


@pytest.fixture(scope="module")
def standin() -> Iterator[Side]:
    with CloudStandIn(regions=("DFW",)) as cloud:
        for number, name in enumerate(PEOPLE, 1):
            cloud.add_account(f"account-{number}", name, name)
        cloud.add_account("account-1", "producer", "producer-reader", roles=("reader",))
        users = cloud.state.users
        tokens = {name: cloud.state.log_in(user).id for name, user in users.items()}
        side = Side(f"{cloud.base_url}/DFW/v2", tokens.__getitem__)
        side.names.update({users[name].number: name for name in PEOPLE})
        yield _furnished(side)


@pytest.fixture(scope="module")
def glance(lab: Lab) -> Side:
    side = Side(lab.image_url(), lab.token)
    side.names.update({lab.project(name): name for name in PEOPLE})
    return _furnished(side)


@pytest.mark.lab
@pytest.mark.parametrize("exchange", REFUSALS, ids=str)
def test_refusals_are_glances_word_for_word(
    standin: Side, glance: Side, exchange: Exchange
) -> None:
    ours, theirs = _made(standin, exchange), _made(glance, exchange)

    assert standin.said(ours) == glance.said(theirs)
    assert theirs.status_code >= 400


@pytest.mark.lab
@pytest.mark.parametrize("exchange", ANSWERS, ids=str)
def test_answers_hold_what_glances_hold(standin: Side, glance: Side, exchange: Exchange) -> None:
    ours, theirs = _made(standin, exchange), _made(glance, exchange)

    assert ours.status_code == theirs.status_code == 200
    assert _comparable(standin, ours) == _comparable(glance, theirs)


def test_a_list_shows_25_unless_more_are_asked_for(standin: Side) -> None:
    for number in range(30):
        standin.create(f"many-{number}", many="yes")

    shown = standin.call("producer", "GET", "/images?many=yes").json()
    more = standin.call("producer", "GET", "/images?many=yes&limit=5000").json()

    assert (len(shown["images"]), "next" in shown) == (25, True)
    assert (len(more["images"]), "next" in more) == (30, False)


def test_the_next_page_loses_one_of_two_tags(standin: Side) -> None:
    shown = standin.call("producer", "GET", "/images?tag=x&tag=y&limit=1").json()

    assert re.findall(r"tag=(\w)", shown["next"]) == ["y"]
    assert shown["next"].startswith("/v2/images?")


def test_a_request_without_json_is_refused_in_html(standin: Side) -> None:
    answer = standin.call("producer", "GET", "/images/none", headers={"Accept": "text/html"})

    assert answer.headers["Content-Type"].startswith("text/html")
    assert "<h1>404 Not Found</h1>" in answer.text


def test_a_request_without_a_token_is_told_where_to_get_one(standin: Side) -> None:
    answer = requests.get(f"{standin.url}/images", headers=JSON, timeout=PATIENCE_S)

    assert answer.status_code == 401
    assert re.fullmatch(r'Keystone uri="http://[\w.:]+/v3"', answer.headers["WWW-Authenticate"])
    assert "X-Openstack-Request-Id" not in answer.headers


def _furnished(side: Side) -> Side:
    """The same few images, one shared with Consumer A."""
    side.create("one", tags=["x", "y"], probe="rules", min_disk=1)
    side.create("private", visibility="private", tags=["x"], probe="rules")
    side.create("protected", protected=True, probe="rules")
    side.call("producer", "POST", "/images/{one}/members", json={"member": _id(side, "consumer-a")})
    return side


def _id(side: Side, name: str) -> str:
    return next(id_ for id_, each in side.names.items() if each == name)


def _made(side: Side, exchange: Exchange) -> requests.Response:
    return side.call(exchange.who, exchange.method, exchange.path, **exchange.options)


def _comparable(side: Side, answer: requests.Response) -> Any:
    """JSON with names for ids, whose keys may come in any order."""
    text = side.said(answer)
    named = json.loads(text.partition(" application/json ")[2])
    for image in [named, *named.get("images", [])]:
        image["tags"] = sorted(image.get("tags", []))
    return named
