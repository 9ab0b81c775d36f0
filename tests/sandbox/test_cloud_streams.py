"""Bytes in the cloud stand-in: nobody waits for somebody else's, and none are held for long."""

from __future__ import annotations

import hashlib
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import requests

from sandbox.cloud import CloudStandIn, Provider
from sandbox.cloud.contents import Pattern
from tests.sandbox.places import NUMBERS, Place, of_standin
from tests.waiting import PATIENCE_S

MINE = NUMBERS["producer"]
GIB = 1024**3
MIB = 1024**2


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Slow(Pattern):
    """Bytes that come when the test says so."""

    def __init__(self) -> None:
        super().__init__(5, b"hello")
        self.asked, self.come = threading.Event(), threading.Event()

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        self.asked.set()
        assert self.come.wait(PATIENCE_S)
        yield from super().pieces(start, stop)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cloud(clock: Clock) -> Iterator[CloudStandIn]:
    with CloudStandIn(clock=clock, provider=Provider.GLANCE) as cloud:
        yield cloud


@pytest.fixture
def place(cloud: CloudStandIn) -> Place:
    here = of_standin(cloud)
    here.ask("PUT", "/{c}")
    return here


def test_two_gigabytes_are_made_while_they_are_read(cloud: CloudStandIn, place: Place) -> None:
    image_id = cloud.add_image(MINE, name="big", size=2 * GIB, pattern=b"0123456789")
    cloud.add_object(MINE, place.container, "big", Pattern(2 * GIB, b"0123456789"))
    last = {"Range": f"bytes={2 * GIB - 4}-"}

    image = place.image("GET", f"/images/{image_id}/file", **last)

    # 2 GiB end with the eighth digit of a round.
    assert image.content == b"4567"
    assert image.headers["Content-Range"] == f"bytes {2 * GIB - 4}-{2 * GIB - 1}/{2 * GIB}"


def test_what_is_read_is_not_held(cloud: CloudStandIn, place: Place) -> None:
    cloud.add_object(MINE, place.container, "big", Pattern(64 * MIB))
    place.ask("HEAD", "/{c}/big")  # hashed, for its etag
    tracemalloc.start()

    answer = place.ask("GET", "/{c}/big", stream=True)
    size = sum(len(piece) for piece in answer.iter_content(MIB))

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == 64 * MIB
    assert peak < 16 * MIB


def test_what_is_sent_is_not_held_either(place: Place) -> None:
    digest = hashlib.md5(usedforsecurity=False)
    for piece in Pattern(64 * MIB).pieces():
        digest.update(piece)
    tracemalloc.start()

    answer = place.ask("PUT", "/{c}/big", Pattern(64 * MIB).pieces())

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.headers["Etag"] == digest.hexdigest()
    assert peak < 24 * MIB


@pytest.mark.parametrize("what", ["object", "image"])
def test_nobody_waits_for_bytes_that_are_being_sent(place: Place, what: str) -> None:
    image_id = place.new_image()
    url = f"{place.store}/{place.container}/slow"
    if what == "image":
        url = f"{place.images}/images/{image_id}/file"

    with _half_sent(place, url) as finish:
        assert place.listed() == []
        assert place.image("GET", f"/images/{image_id}").json()["status"] == "queued"
        status = finish()

    assert status == (b"201" if what == "object" else b"204")


def test_nobody_waits_for_bytes_that_are_being_read(cloud: CloudStandIn, place: Place) -> None:
    image_id = cloud.add_image(MINE, name="big", size=GIB)
    url, headers = (
        f"{place.images}/images/{image_id}/file",
        {"X-Auth-Token": place.token("producer")},
    )

    with requests.get(url, headers=headers, stream=True, timeout=PATIENCE_S) as answer:
        assert next(answer.iter_content(10)) == b"image data"
        assert place.image("GET", f"/images/{image_id}").status_code == 200


def test_nobody_waits_for_an_import(cloud: CloudStandIn, place: Place) -> None:
    """Whoever asks first after it is due does it; others are told that it is under way."""
    slow, image_id = Slow(), place.new_image()
    cloud.add_object(MINE, place.container, "slow", slow)
    _begin_import(place, image_id, "slow")
    path = f"/images/{image_id}"
    first = threading.Thread(target=place.image, args=("GET", path))

    first.start()
    assert slow.asked.wait(PATIENCE_S)
    meanwhile = place.image("GET", path).json()
    [task] = place.image("GET", f"{path}/tasks").json()["tasks"]
    slow.come.set()
    first.join()

    assert (meanwhile["status"], task["status"]) == ("queued", "processing")
    assert place.image("GET", path).json()["status"] == "active"


def test_a_large_object_breaks_off_where_a_segment_is_gone(place: Place) -> None:
    place.put("s-1", b"hel")
    place.put("s-2", b"lo")
    place.join("o", "s-1", "s-2")
    place.ask("DELETE", "/{c}/s-2")

    with pytest.raises(requests.RequestException):
        _ = place.ask("GET", "/{c}/o").content

    assert place.ask("GET", "/{c}/o", headers={"Range": "bytes=0-2"}).content == b"hel"


def test_an_import_of_a_large_object_with_a_segment_gone_fails(place: Place) -> None:
    place.put("s-1", b"hel")
    place.put("s-2", b"lo")
    place.join("o", "s-1", "s-2")
    place.ask("DELETE", "/{c}/s-2")
    image_id = place.new_image()

    _begin_import(place, image_id, "o")

    image = place.image("GET", f"/images/{image_id}").json()
    assert (image["status"], image["os_glance_failed_import"]) == ("queued", "file")


def test_an_object_that_has_ended_is_listed_for_a_while(place: Place, clock: Clock) -> None:
    """As with Swift, whose expirer comes by now and then."""
    place.put("o", b"hello", **{"X-Delete-After": "60"})
    before = place.ask("HEAD", "/{c}/o").status_code

    clock.now += timedelta(seconds=60)
    after, listed = place.ask("HEAD", "/{c}/o").status_code, place.listed()
    clock.now += timedelta(minutes=5)

    assert (before, after, listed) == (200, 404, ["o"])
    assert place.listed() == []


def test_deleting_an_object_that_has_ended_takes_it_from_the_list(
    place: Place, clock: Clock
) -> None:
    place.put("o", b"hello", **{"X-Delete-After": "60"})
    clock.now += timedelta(seconds=60)

    answer = place.ask("DELETE", "/{c}/o")

    assert (answer.status_code, place.listed()) == (404, [])


def test_a_test_may_look_before_and_after_each_request(cloud: CloudStandIn, place: Place) -> None:
    """Before anything is done, and when it is done but the answer is not sent."""
    seen: list[tuple[str, str, int]] = []
    objects = cloud.state.regions["DFW"].stores[place.store.rpartition("/")[2]].containers

    def note(when: str) -> Callable[[str, str], None]:
        return lambda method, _: seen.append((when, method, len(objects[place.container].objects)))

    cloud.before, cloud.after = note("before"), note("after")

    place.put("o", b"hello")

    assert seen == [("before", "PUT", 0), ("after", "PUT", 1)]


def _begin_import(place: Place, image_id: str, name: str) -> None:
    place.ask("POST", headers={"X-Account-Meta-Temp-URL-Key": "key"})
    lasts = 10 * 365 * 86_400  # the clock stands still elsewhere
    uri = place.temporary_url(name, "key", lasts_s=lasts)
    body = {"method": {"name": "web-download", "uri": uri}}
    place.image("POST", f"/images/{image_id}/import", body).raise_for_status()


@contextmanager
def _half_sent(place: Place, url: str) -> Iterator[Callable[[], bytes]]:
    """A PUT of ten bytes, five of which are sent; what it gives sends the rest."""
    parts = urlsplit(url)
    head = (
        f"PUT {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 10\r\n"
        f"Content-Type: application/octet-stream\r\nX-Auth-Token: {place.token('producer')}\r\n\r\n"
    )
    with socket.create_connection(
        (parts.hostname or "", parts.port or 0), timeout=PATIENCE_S
    ) as wire:

        def finish() -> bytes:
            wire.sendall(b"world")
            return wire.recv(1000).split()[1]

        wire.sendall(head.encode() + b"hello")
        yield finish
