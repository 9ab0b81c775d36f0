"""Listings of every service come to an end, and leave nothing out before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import pytest

from cloud import Connection, asking_for, errors
from cloud.walk import PAGES, RESTARTS, walk
from tests.cloud.stub import REGION, Answer, Asked, Stub

TIME = "2026-01-01T00:00:00Z"
Rows = Sequence[Mapping[str, Any]]
Listing = Callable[[Connection], Iterator[Any]]

LISTINGS: Mapping[str, tuple[Listing, str, str]] = {
    "images": (lambda c: c.images(REGION).list(), "images", "id"),
    "tasks": (lambda c: c.tasks(REGION).list(), "tasks", "id"),
    "servers": (lambda c: c.compute(REGION).servers(), "servers", "id"),
    "flavors": (lambda c: iter(c.compute(REGION).flavors()), "flavors", "id"),
    "containers": (lambda c: c.object_store(REGION).containers(), "", "name"),
    "objects": (lambda c: c.object_store(REGION).objects("exports"), "", "name"),
}


class Service:
    """A listing of *count* rows, of which a page never has more than *most*."""

    def __init__(self, what: str, key: str, count: int, most: int) -> None:
        self.what, self.key, self.most = what, key, most
        self.names = [f"{n:05}" for n in range(count)]
        self.more: Mapping[str, Any] = {}

    def rows(self, asked: Asked) -> Sequence[str]:
        marker = asked.query.get("marker", "")
        after = [name for name in self.names if name > marker]
        return after[: min(self.most, int(asked.query["limit"]))]

    def __call__(self, asked: Asked) -> Answer:
        return self.page(self.rows(asked))

    def page(self, names: Sequence[str]) -> Answer:
        rows = [{self.key: name, "name": name} for name in names]
        if self.what:
            return Answer({self.what: rows, **self.more})
        return Answer(json.dumps(rows))


@pytest.fixture(params=LISTINGS)
def listing(
    request: pytest.FixtureRequest, stub: Stub, stubbed: Connection
) -> tuple[Service, Callable[[], list[str]]]:
    ask, what, key = LISTINGS[request.param]
    service = Service(what, key, 60, 25)
    stub.answer = service
    return service, lambda: [getattr(each, key) for each in ask(stubbed)]


Case = tuple[Service, Callable[[], list[str]]]


@pytest.mark.parametrize("more", [{}, {"next": "/v2/images?marker=x"}, {"first": "/v2/images"}])
def test_pages_shorter_than_asked_are_all_read(listing: Case, more: Mapping[str, str]) -> None:
    service, names = listing
    service.more = more

    assert names() == service.names


def test_2500_objects_of_which_1000_are_given_at_once_are_all_read(
    stub: Stub, stubbed: Connection
) -> None:
    service = Service("", "name", 2500, 1000)
    stub.answer = service

    listed = list(stubbed.object_store(REGION).objects("exports"))

    assert [each.name for each in listed] == service.names
    assert len(stub.asked) == 4


def test_the_same_page_for_ever_is_one(listing: Case, stub: Stub) -> None:
    service, names = listing
    stub.answer = lambda _: service.page(service.names[:25])

    assert names() == service.names[:25]
    assert len(stub.asked) == 2


def test_pages_that_come_in_turn_are_each_given_once(listing: Case, stub: Stub) -> None:
    service, names = listing
    pages = [service.names[:25], service.names[25:50]]
    stub.answer = lambda _: service.page(pages[(len(stub.asked) - 1) % 2])

    assert names() == service.names[:50]
    assert len(stub.asked) == 3


def test_an_order_that_turns_between_pages_repeats_nothing_and_ends(
    listing: Case, stub: Stub
) -> None:
    service, names = listing

    def turning(asked: Asked) -> Answer:
        marker = asked.query.get("marker")
        order = service.names if len(stub.asked) % 2 else service.names[::-1]
        start = order.index(marker) + 1 if marker else 0
        return service.page(order[start : start + 25])

    stub.answer = turning

    found = names()

    assert len(found) == len(set(found)) >= 25
    assert len(stub.asked) < 10


def test_a_listing_without_an_end_is_left() -> None:
    asked: list[object] = []

    def ask(more: object) -> Rows:
        asked.append(more)
        return [{"id": f"{len(asked)}"}]

    with pytest.raises(errors.UnexpectedAnswer, match="does not end"):
        list(walk(ask, "id", "images"))

    assert len(asked) == PAGES


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_listing_begins_again_when_its_marker_is_gone(
    listing: Case, stub: Stub, status: int
) -> None:
    service, names = listing
    gone = iter([True])

    def losing(asked: Asked) -> Answer:
        if "marker" in asked.query and next(gone, False):
            return Answer({"message": "no such marker"}, status)
        return service(asked)

    stub.answer = losing

    assert names() == service.names


def test_a_listing_whose_markers_are_always_gone_is_left(listing: Case, stub: Stub) -> None:
    service, names = listing
    stub.answer = lambda asked: (
        Answer({"message": "no"}, 400) if "marker" in asked.query else service(asked)
    )

    with pytest.raises(errors.UnexpectedAnswer, match="deleted faster"):
        names()

    assert len(stub.asked) == 2 * RESTARTS


def test_a_listing_ends_with_whoever_asked_for_it(stub: Stub, stubbed: Connection) -> None:
    stub.answer = Service("images", "id", 60, 25)
    images = stubbed.images(REGION).list()
    read = list(islice(images, 25))

    with asking_for(0), pytest.raises(errors.Unavailable, match="no answer in time"):
        next(images)

    assert (len(read), len(stub.asked)) == (25, 1)


def test_a_region_without_the_compute_that_its_catalog_names_has_none(
    stub: Stub, stubbed: Connection
) -> None:
    stub.answer = lambda _: Answer("<html>404 Not Found</html>", 404)

    for ask in (stubbed.compute(REGION).flavors, lambda: list(stubbed.compute(REGION).servers())):
        with pytest.raises(errors.NoSuchService) as caught:
            ask()
        assert (caught.value.service, caught.value.region) == ("compute", REGION)
    with pytest.raises(errors.NotFound):
        stubbed.compute(REGION).server("1")


def test_a_store_that_does_not_know_the_account_is_none(stub: Stub, stubbed: Connection) -> None:
    stub.answer = lambda _: Answer("", 404)

    with pytest.raises(errors.NoSuchService):
        list(stubbed.object_store(REGION).containers())
    with pytest.raises(errors.NotFound):
        list(stubbed.object_store(REGION).objects("exports"))
