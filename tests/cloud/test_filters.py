"""What reaches the language of a service's filters: never a stranger's words as more than words."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud import Connection, Image, ImageFilter
from cloud.filters import server_name
from tests.cloud.stub import REGION, Answer, Asked, Stub

NAMES = ["in:a,b", "eq:x", "neq:x", "ubuntu:24.04", "plain", "2026-01-01T00:00:00Z", "a:"]


def _older(asked: Asked, name: str) -> list[dict[str, Any]]:
    """A service that knows no operators."""
    return [{"id": "1", "name": name}] if asked.query["name"] == name else []


def _careless(_: Asked, name: str) -> list[dict[str, Any]]:
    """One that ignores what it is asked for."""
    return [{"id": "1", "name": name}, {"id": "2", "name": name.upper() + "?"}]


@pytest.mark.parametrize("service", [_older, _careless])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_found_by_every_kind_of_service(
    stub: Stub, stubbed: Connection, name: str, service: Any
) -> None:
    stub.answer = lambda asked: Answer(
        {"images": [] if "marker" in asked.query else service(asked, name)}
    )

    found = list(stubbed.images(REGION).list(ImageFilter(name=name)))

    assert [each.id for each in found] == ["1"]


@pytest.mark.parametrize("name", NAMES)
def test_a_service_that_refuses_an_operator_is_asked_without(
    stub: Stub, stubbed: Connection, name: str
) -> None:
    def strict(asked: Asked) -> Answer:
        if asked.query["name"].startswith("eq:") and asked.query["name"] != name:
            return Answer({"message": "no such operator"}, 400)
        return Answer({"images": [] if "marker" in asked.query else _older(asked, name)})

    stub.answer = strict

    assert [each.id for each in stubbed.images(REGION).list(ImageFilter(name=name))] == ["1"]


def test_what_a_service_ignores_is_compared_here(stub: Stub, stubbed: Connection) -> None:
    rows = [
        {"id": "1", "name": "a", "owner": "100", "status": "active", "tags": ["x", "y"], "size": 5},
        {"id": "2", "name": "a", "owner": "200", "status": "active", "tags": ["x", "y"], "size": 5},
        {"id": "3", "name": "a", "owner": "100", "status": "queued", "tags": ["x", "y"], "size": 5},
        {"id": "4", "name": "a", "owner": "100", "status": "active", "tags": ["x"], "size": 5},
        {"id": "5", "name": "a", "owner": "100", "status": "active", "tags": ["x", "y"], "size": 1},
        {"id": "6", "name": "A", "owner": "100", "status": "active", "tags": ["x", "y"], "size": 5},
    ]
    for row in rows:
        row["limit"] = "7"
    rows.append({**rows[0], "id": "7", "limit": "8"})
    stub.answer = lambda asked: Answer({"images": [] if "marker" in asked.query else rows})
    wanted = ImageFilter(
        "a", owner="100", status="active", tags=("x", "y"), size_min=2, properties={"limit": "7"}
    )

    found = list(stubbed.images(REGION).list(wanted))

    assert [each.id for each in found] == ["1"]
    assert stub.asked[0].query["limit"] == "1000"


@given(st.text())
def test_no_name_of_a_server_is_a_pattern(name: str) -> None:
    """What is sent means itself to each language of patterns, and the name has it."""
    for _, plain in server_name(name):
        assert plain in name
        assert re.search(plain, name)
        assert not set(plain) & set(".^$*+?{}[]|()\\%")


def test_a_server_is_found_by_its_whole_name_only(stub: Stub, stubbed: Connection) -> None:
    names = ["web.1 (old)", "web.1 (older)", "old", "WEB.1 (OLD)", None]
    rows = [{"id": str(n), "name": name} for n, name in enumerate(names)]
    stub.answer = lambda asked: Answer({"servers": [] if "marker" in asked.query else rows})

    found = list(stubbed.compute(REGION).servers(name="web.1 (old)"))

    assert [each.id for each in found] == ["0"]
    assert stub.asked[0].query["name"] == "web"


def test_a_store_that_ignores_a_prefix_does_not_have_all_deleted(
    stub: Stub, stubbed: Connection
) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.method == "HEAD":
            return Answer("", 200, {"X-Object-Manifest": "c%20d/big%2F"})
        names = [] if "marker" in asked.query else ["big/1", "big/2", "other", "big"]
        return Answer(json.dumps([{"name": name} for name in names]))

    stub.answer = answer

    stubbed.object_store(REGION).delete("c d", "big", segments=True)

    deleted = [each.path for each in stub.asked if each.method == "DELETE"]
    assert [path.rpartition("/c%20d/")[2] for path in deleted] == ["big", "big/1", "big/2"]


@given(st.text(), st.text())
def test_what_fits_is_what_is_equal(asked: str, told: str) -> None:
    image = Image("DFW", {"id": "1", "name": told})

    assert ImageFilter(name=asked).fits(image) is (asked == told.replace("\0", ""))
