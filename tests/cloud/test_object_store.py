"""Object stores: containers, objects of any size, temporary URLs. On the stand-in and on Swift."""

from __future__ import annotations

import hashlib
import logging
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests

from cloud import Container, ObjectStore, Segment, errors
from tests.cloud.conftest import Provider
from tests.waiting import PATIENCE_S

BITS = bytes(range(256)) * 40


@pytest.fixture
def store(provider: Provider) -> ObjectStore:
    return provider.connect("producer").object_store(provider.regions[0])


@pytest.fixture
def container(store: ObjectStore) -> str:
    """A new container."""
    name = f"c {uuid.uuid4().hex[:8]}"
    store.create_container(name)
    return name


def write(store: ObjectStore, container: str, name: str, data: bytes = BITS) -> str:
    return store.write(container, name, _cut(data), len(data))


def _cut(data: bytes, size: int = 1000) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def read(store: ObjectStore, container: str, name: str, offset: int = 0) -> bytes:
    with store.read(container, name, offset) as download:
        return b"".join(download)


def test_a_container_is_made_once_and_says_what_is_in_it(
    store: ObjectStore, container: str
) -> None:
    store.create_container(container)

    assert store.container(container) == Container(container, 0, 0)
    assert container in [each.name for each in store.containers()]
    with pytest.raises(errors.NotFound):
        store.container("not there")


def test_an_object_is_what_was_written(store: ObjectStore, container: str) -> None:
    etag = write(store, container, "folder/an object?.raw")

    told = store.object(container, "folder/an object?.raw")
    assert etag == hashlib.md5(BITS, usedforsecurity=False).hexdigest()
    assert (told.size, told.etag, told.manifest) == (len(BITS), etag, "")
    assert read(store, container, "folder/an object?.raw") == BITS


def test_an_object_is_read_from_any_byte_on(store: ObjectStore, container: str) -> None:
    write(store, container, "o")

    with store.read(container, "o", 1000) as download:
        assert (download.offset, download.size) == (1000, len(BITS))
        assert b"".join(download) == BITS[1000:]


def test_an_empty_object_is_one(store: ObjectStore, container: str) -> None:
    write(store, container, "empty", b"")

    assert (store.object(container, "empty").size, read(store, container, "empty")) == (0, b"")


def test_objects_are_listed_by_their_names(store: ObjectStore, container: str) -> None:
    for name in ("b/2", "a", "b/1"):
        write(store, container, name, b"x")

    assert [each.name for each in store.objects(container)] == ["a", "b/1", "b/2"]
    assert [each.name for each in store.objects(container, "b/")] == ["b/1", "b/2"]
    assert list(store.objects(container, "z")) == []


def test_what_is_not_there_is_not_found(store: ObjectStore, container: str) -> None:
    for ask in (
        lambda: store.object(container, "o"),
        lambda: store.delete(container, "o"),
        lambda: write(store, "not there", "o"),
        lambda: list(store.objects("not there")),
    ):
        with pytest.raises(errors.NotFound):
            ask()
    for name in ("..", "a/../b", "."):
        with pytest.raises(errors.NotFound):
            store.object(container, name)


def test_segments_make_one_object_that_goes_with_them(store: ObjectStore, container: str) -> None:
    segments = [
        Segment(container, f"big/{n}", len(part), write(store, container, f"big/{n}", part))
        for n, part in enumerate(_cut(BITS, 4000))
    ]

    store.write_manifest(container, "big.raw", segments)

    told = store.object(container, "big.raw")
    assert (told.size, told.manifest) == (len(BITS), "static")
    assert read(store, container, "big.raw") == BITS
    assert read(store, container, "big.raw", 4500) == BITS[4500:]
    store.delete(container, "big.raw", segments=True)
    assert list(store.objects(container)) == []


def test_a_manifest_of_other_segments_is_refused(store: ObjectStore, container: str) -> None:
    etag = write(store, container, "s", b"one")

    for segment in (
        Segment(container, "s", 4, etag),
        Segment(container, "s", 3, "0" * 32),
        Segment(container, "not there", 3, etag),
    ):
        with pytest.raises(errors.Invalid):
            store.write_manifest(container, "big.raw", [segment])


def test_a_dynamic_large_object_tells_its_true_size_and_goes_with_its_segments(
    provider: Provider, store: ObjectStore, container: str
) -> None:
    for n, part in enumerate(_cut(BITS, 4000)):
        write(store, container, f"image.vhd-{n}", part)
    provider.put_manifest("producer", store.url, container, "image.vhd")

    told = store.object(container, "image.vhd")
    listed = {each.name: each.size for each in store.objects(container)}
    assert (told.size, told.manifest, listed["image.vhd"]) == (
        len(BITS),
        f"{container}/image.vhd-".replace(" ", "%20") if "%20" in told.manifest else told.manifest,
        0,
    )
    assert read(store, container, "image.vhd") == BITS
    store.delete(container, "image.vhd", segments=True)
    assert list(store.objects(container)) == []


def test_a_segment_that_expired_keeps_no_other_from_being_deleted(
    provider: Provider, store: ObjectStore, container: str
) -> None:
    """Swift lists it for a while, though it is gone."""
    for n, part in enumerate(_cut(BITS, 4000)):
        after = 1 if n == 0 else None
        store.write(container, f"image.vhd-{n}", [part], len(part), delete_after_s=after)
    provider.put_manifest("producer", store.url, container, "image.vhd")
    time.sleep(1.1)

    store.delete(container, "image.vhd", segments=True)

    left = [each.name for each in store.objects(container)]
    assert set(left) <= {"image.vhd-0"}


def test_bytes_that_arrive_changed_are_not_taken_for_good(
    provider: Provider, store: ObjectStore, container: str
) -> None:
    """Fewer bytes than were promised break the connection: no request comes after them on it."""
    with pytest.raises(errors.Corrupt, match="3 of 10 bytes were there to send"):
        store.write(container, "short", [b"abc"], 10)

    with pytest.raises(errors.NotFound):
        store.object(container, "short")
    assert write(store, container, "after") != ""


def test_a_temporary_url_reads_one_object_until_it_ends(store: ObjectStore, container: str) -> None:
    write(store, container, "a b/ü.raw")
    write(store, container, "other")
    store.set_signing_key(2, "a key")
    soon = datetime.now(UTC) + timedelta(minutes=5)

    url = store.temporary_url(container, "a b/ü.raw", "a key", soon, filename="my file.raw")
    past = store.temporary_url(container, "other", "a key", soon - timedelta(minutes=10))
    wrong = store.temporary_url(container, "other", "another key", soon)

    assert store.signing_keys()[1] == "a key"
    assert requests.get(url, timeout=PATIENCE_S).content == BITS
    later = url.replace("temp_url_expires=", "temp_url_expires=9")
    for refused in (past, wrong, later):
        assert requests.get(refused, timeout=PATIENCE_S).status_code == 401


def test_uploads_and_downloads_go_on_after_the_token_has_ended(
    provider: Provider, store: ObjectStore, container: str
) -> None:
    """Bytes can be given only once: so the token is tried before."""
    provider.end_tokens("producer")

    write(store, container, "o")

    provider.end_tokens("producer")
    assert read(store, container, "o") == BITS


def test_somebody_else_s_containers_are_not_there(
    provider: Provider, store: ObjectStore, container: str
) -> None:
    other = provider.connect("consumer-a").object_store(provider.regions[0])

    assert other.url != store.url
    assert container not in [each.name for each in other.containers()]


def test_a_region_without_an_object_store_is_named(provider: Provider) -> None:
    with pytest.raises(errors.NoSuchService) as refusal:
        provider.connect("producer").object_store("NOWHERE")

    assert (refusal.value.service, refusal.value.region) == ("object-store", "NOWHERE")


def test_no_address_or_key_is_logged(
    store: ObjectStore, container: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "cloud")
    write(store, container, "o")
    store.set_signing_key(2, "canary-key")

    url = store.temporary_url(container, "o", "canary-key", datetime.now(UTC))

    assert "canary-key" not in caplog.text + repr(store)
    assert url.rpartition("temp_url_sig=")[2][:20] not in caplog.text
