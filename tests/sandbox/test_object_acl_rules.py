"""Whom a container's owner lets in, as a real Swift understands it."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.places import TIMEOUT_S, Place

HOST = {"Referer": "http://example.com/page"}
BELOW = {"Referer": "http://www.example.com/page"}


@pytest.mark.parametrize(
    ("acl", "read", "listed", "from_host", "from_below"),
    [
        ("", 401, 401, 401, 401),
        (".r:*", 200, 401, 200, 200),
        (".r:*,.rlistings", 200, 204, 200, 200),
        (".rlistings", 401, 401, 401, 401),
        (".r:example.com", 401, 401, 200, 401),
        (".r:.example.com", 401, 401, 401, 200),
        (".r:*,.r:-example.com", 200, 401, 401, 200),
        ("*:*", 401, 401, 401, 401),
    ],
)
def test_a_container_may_be_open_to_all_or_to_who_comes_from_somewhere(
    place: Place, acl: str, read: int, listed: int, from_host: int, from_below: int
) -> None:
    place.put("o", b"hello")
    place.ask("POST", "/{c}", headers={"X-Container-Read": acl})
    url = place.fill(f"{place.store}/{{c}}")

    asked = [("/o", {}), ("", {}), ("/o", HOST), ("/o", BELOW)]
    got = [requests.get(f"{url}{each}", headers=h, timeout=TIMEOUT_S) for each, h in asked]
    looked = requests.head(url, timeout=TIMEOUT_S).status_code

    statuses = [each.status_code for each in got]
    assert statuses[0::2] + statuses[3:] == [read, from_host, from_below]
    assert (statuses[1], looked) == (200 if listed == 204 else listed, listed)
    assert requests.put(f"{url}/x", timeout=TIMEOUT_S).status_code == 401


@pytest.mark.parametrize(
    ("acl", "let_in"),
    [
        ("{a}:*", True),
        ("{a}:consumer-a", True),
        ("*:consumer-a", True),
        ("*:*", True),
        ("x, {a}:consumer-a", True),
        ("{a}", False),
        ("{a}:somebody", False),
        ("member", False),
    ],
)
def test_another_account_may_be_let_in_to_read(place: Place, acl: str, let_in: bool) -> None:
    place.put("o", b"hello")
    place.ask("POST", "/{c}", headers={"X-Container-Read": acl})

    asked = [("GET", "/{c}/o"), ("GET", "/{c}"), ("PUT", "/{c}/new"), ("DELETE", "/{c}/o")]
    statuses = [place.ask(*each, who="consumer-a").status_code for each in asked]

    assert statuses == [200 if let_in else 403] * 2 + [403, 403]


def test_another_account_may_be_let_in_to_write(place: Place) -> None:
    place.put("o", b"hello")
    place.ask("POST", "/{c}", headers={"X-Container-Write": "{a}:*"})

    asked = ["GET /{c}/o", "PUT /{c}/new", "POST /{c}/o", "DELETE /{c}/new"]
    asked += ["GET /{c}", "POST /{c}", "DELETE /{c}"]
    statuses = [place.ask(*each.split(), who="consumer-a").status_code for each in asked]

    assert statuses == [403, 201, 202, 204, 403, 403, 403]


def test_who_writes_is_not_known_by_where_they_come_from(place: Place) -> None:
    answer = place.ask("POST", "/{c}", headers={"X-Container-Write": ".r:*"})

    assert (answer.status_code, "Referrers not allowed in write ACL" in answer.text) == (400, True)


def test_who_may_only_read_is_not_told_whom_else_the_owner_lets_in(place: Place) -> None:
    place.ask("POST", "/{c}", headers={"X-Container-Read": "{a}:*", "X-Container-Meta-X": "y"})

    told = place.ask("HEAD", "/{c}", who="consumer-a").headers

    assert (told["X-Container-Meta-X"], "X-Container-Read" in told) == ("y", False)
