"""Listing and showing images, the same on the stand-in and on a real Glance."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from cloud import (
    AuthType,
    Clouds,
    Credentials,
    ImageFilter,
    ImageStatus,
    MemberStatus,
    Visibility,
)
from cloud.errors import Invalid, NotFound, UnexpectedAnswer

if TYPE_CHECKING:
    from sandbox.cloud import CloudStandIn
    from tests.cloud.conftest import Provider


def test_an_image_tells_all_that_the_api_says(provider: Provider) -> None:
    image_id = provider.create_image(
        "all of it", data=b"12345", tags=["t1"], min_disk=20, min_ram=512, os_distro="debian"
    )

    image = provider.images("producer").get(image_id)

    assert image.id == image_id
    assert (image.name, image.region, image.owner) == (
        "all of it",
        "DFW",
        provider.projects["producer"],
    )
    assert (image.status, image.visibility) == (ImageStatus.ACTIVE, Visibility.SHARED)
    assert (image.size, image.min_disk, image.min_ram) == (5, 20, 512)
    assert (image.disk_format, image.container_format) == ("raw", "bare")
    assert (image.tags, image.protected, image.standard) == (("t1",), False, False)
    assert image.properties == {"probe": provider.probe, "os_distro": "debian"}
    assert abs(datetime.now(UTC) - image.created_at) < timedelta(minutes=2)
    assert image.updated_at >= image.created_at


def test_an_image_without_data_has_no_size(provider: Provider) -> None:
    image = provider.images("producer").get(provider.create_image())

    assert (image.status, image.size, image.checksum) == (ImageStatus.QUEUED, None, None)


@pytest.mark.parametrize(
    "name",
    [
        *("", "Ünïcode 画像", "a,b in:c", "ubuntu:24.04", "<b>&amp;", "50% /off?x=1&y#z"),
        *("in:a,b", "eq:x", "neq:x", 'in:"a,b"', "2026-01-01T00:00:00Z", ":", "eq:", "a:b:c"),
    ],
)
def test_every_name_is_shown_and_found_as_it_is(provider: Provider, name: str) -> None:
    image_id = provider.create_image("to be renamed")
    images = provider.images("producer")
    patch = [{"op": "replace", "path": "/name", "value": name}]
    media_type = "application/openstack-images-v2.1-json-patch"

    images.transport.call("PATCH", f"/images/{image_id}", body=patch, content_type=media_type)

    assert images.get(image_id).name == name
    assert [i.id for i in images.list(provider.mine(name=name))] == [image_id]


@pytest.mark.parametrize("image_id", [str(uuid.UUID(int=7)), "no-uuid", "ümläut", "a b?c#d"])
def test_an_unknown_id_is_not_found(provider: Provider, image_id: str) -> None:
    with pytest.raises(NotFound) as caught:
        provider.images("producer").get(image_id)

    assert caught.value.status == 404
    assert caught.value.message.startswith("No image found with ID")
    assert str(caught.value.request_id).startswith("req-")


@pytest.mark.parametrize("visibility", ["shared", "private"])
def test_a_strangers_image_is_not_found(provider: Provider, visibility: str) -> None:
    image_id = provider.create_image(visibility=visibility)

    with pytest.raises(NotFound):
        provider.images("consumer-a").get(image_id)


def test_a_community_image_is_everyones_but_listed_only_on_request(provider: Provider) -> None:
    image_id = provider.create_image("common", visibility="community")

    assert provider.images("consumer-a").get(image_id).name == "common"
    assert provider.listed("consumer-a") == []
    assert provider.listed("consumer-a", visibility="community") == ["common"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["big", "private", "small"]),
        ({"name": "small"}, ["small"]),
        ({"name": "smal"}, []),
        ({"name": "Small"}, []),
        ({"visibility": "private"}, ["private"]),
        ({"visibility": "shared"}, ["big", "small"]),
        ({"visibility": "all"}, ["big", "private", "small"]),
        ({"status": "active"}, ["big", "small"]),
        ({"status": "queued"}, ["private"]),
        ({"tags": ("x",)}, ["big", "small"]),
        ({"tags": ("x", "y")}, ["small"]),
        ({"tags": ("z",)}, []),
        ({"size_min": 4}, ["big"]),
        ({"size_min": 1}, ["big", "small"]),
        ({"size_max": 4}, ["small"]),
        ({"size_min": 3, "size_max": 3}, ["small"]),
        ({"properties": {"os_distro": "debian"}}, ["big", "small"]),
        ({"properties": {"os_distro": "debian", "build": "2"}}, ["big"]),
        ({"properties": {"os_distro": "deb"}}, []),
        ({"properties": {"no_such_property": "1"}}, []),
        ({"properties": {"disk_format": "raw"}}, ["big", "private", "small"]),
        ({"properties": {"protected": "true"}}, []),
        ({"name": "in:big,small"}, []),
        ({"name": "eq:small"}, []),
        ({"status": "in:active,queued"}, []),
        ({"tags": ("x ",)}, []),
        ({"properties": {"name": "in:big,small"}}, []),
        ({"properties": {"limit": "1"}}, []),
        ({"properties": {"created_at": "gte:2020-01-01T00:00:00Z"}}, []),
        ({"properties": {"size_min": "much"}}, []),
    ],
    ids=repr,
)
def test_filters_are_exact_and_all_must_hold(
    provider: Provider, filters: dict[str, object], expected: list[str]
) -> None:
    small: dict[str, Any] = {
        "data": b"123",
        "tags": ["x", "y"],
        "os_distro": "debian",
        "build": "1",
    }
    big: dict[str, Any] = {"data": b"123456", "tags": ["x"], "os_distro": "debian", "build": "2"}
    provider.create_image("small", **small)
    provider.create_image("big", **big)
    provider.create_image("private", visibility="private")

    assert provider.listed("producer", **filters) == expected


def test_the_owner_filter_tells_own_from_accepted(provider: Provider) -> None:
    images = provider.images("consumer-a")
    provider.create_image("own", owner="consumer-a")
    shared = provider.create_image("shared")
    provider.images("producer").add_member(shared, provider.projects["consumer-a"])
    images.set_member_status(shared, MemberStatus.ACCEPTED)

    assert provider.listed("consumer-a") == ["own", "shared"]
    assert provider.listed("consumer-a", owner=provider.projects["producer"]) == ["shared"]
    assert provider.listed("consumer-a", owner=provider.projects["consumer-a"]) == ["own"]
    assert provider.listed("consumer-a", owner="nobody") == []


@pytest.mark.parametrize(
    "filters",
    [
        ImageFilter(visibility="bogus"),
        ImageFilter(visibility="shared", member_status="bogus"),
    ],
    ids=repr,
)
def test_a_filter_that_the_api_does_not_know_is_invalid(
    provider: Provider, filters: ImageFilter
) -> None:
    with pytest.raises(Invalid) as caught:
        list(provider.images("producer").list(filters))

    assert caught.value.status == 400
    assert caught.value.message


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["a", "b", "c"]),
        ("name:asc", ["a", "b", "c"]),
        ("name:desc", ["c", "b", "a"]),
        ("size:asc", ["c", "a", "b"]),
        ("size:desc", ["b", "a", "c"]),
    ],
)
def test_a_listing_is_sorted_by_the_api(provider: Provider, sort: str, expected: list[str]) -> None:
    for name, size in (("b", 3), ("a", 2), ("c", 1)):
        provider.create_image(name, data=b"." * size)

    images = provider.images("producer").list(provider.mine(), sort=sort)

    assert [image.name for image in images] == expected


def test_an_unknown_sort_key_is_invalid(provider: Provider) -> None:
    with pytest.raises(Invalid, match="Invalid sort key: bogus"):
        list(provider.images("producer").list(sort="bogus"))


@pytest.mark.parametrize("page_size", [1, 2, 3, 5, 6, 1000])
def test_all_pages_together_are_the_whole_list(provider: Provider, page_size: int) -> None:
    names = [provider.create_image(f"{n}") and f"{n}" for n in range(5)]
    images = replace(provider.images("producer"), page_size=page_size)

    listed = [image.name for image in images.list(provider.mine(), sort="name:asc")]

    assert listed == names


def test_pages_keep_both_tags(provider: Provider) -> None:
    """Glance's own `next` loses one of them."""
    for n in range(6):
        provider.create_image(f"{n}", tags=["even", "x"] if n % 2 == 0 else ["odd", "x"])
    images = replace(provider.images("producer"), page_size=1)

    listed = [i.name for i in images.list(provider.mine(tags=("even", "x")), sort="name:asc")]

    assert listed == ["0", "2", "4"]


@pytest.mark.parametrize(("limit", "expected"), [(0, 0), (1, 1), (3, 3), (9, 5)])
def test_a_limit_counts_images_and_not_pages(provider: Provider, limit: int, expected: int) -> None:
    for n in range(5):
        provider.create_image(f"{n}")
    images = replace(provider.images("producer"), page_size=2)

    assert len(list(images.list(provider.mine(), limit=limit))) == expected


def test_a_listing_survives_the_deletion_of_the_image_it_stood_at(provider: Provider) -> None:
    ids = [provider.create_image(f"{n}") for n in range(6)]
    images = replace(provider.images("producer"), page_size=2)
    listing = images.list(provider.mine(), sort="name:asc")
    read = [image.name for image in islice(listing, 2)]

    images.transport.call("DELETE", f"/images/{ids[1]}")
    read += [image.name for image in listing]

    assert read == ["0", "1", "2", "3", "4", "5"]


def test_a_consumers_listing_survives_that_the_image_it_stood_at_is_unshared(
    provider: Provider,
) -> None:
    producer, account = provider.images("producer"), provider.projects["consumer-a"]
    ids = [provider.create_image(f"{n}") for n in range(4)]
    for image_id in ids:
        producer.add_member(image_id, account)
    consumer = replace(provider.images("consumer-a"), page_size=2)
    listing = consumer.list(provider.mine(member_status="all"), sort="name:asc")
    read = [image.name for image in islice(listing, 2)]

    producer.remove_member(ids[1], account)
    read += [image.name for image in listing]

    assert read == ["0", "1", "2", "3"]


def test_a_listing_gives_up_when_every_image_it_stands_at_is_deleted(provider: Provider) -> None:
    for n in range(8):
        provider.create_image(f"{n}")
    images = replace(provider.images("producer"), page_size=1)
    deleted = (
        images.transport.call("DELETE", f"/images/{image.id}")
        for image in images.list(provider.mine(), sort="name:asc")
    )

    with pytest.raises(UnexpectedAnswer, match="deleted faster"):
        list(deleted)


def test_pages_are_asked_for_as_they_are_read(standin: CloudStandIn, clouds: Clouds) -> None:
    for n in range(2001):
        standin.add_image("100", name=f"{n:04}")
    images = clouds.connect(_producer(standin)).images("DFW")
    listing = images.list(sort="name:asc")
    pages = _pages(standin)

    steps = [pages()]
    for count in (1000, 1, 1000):
        list(islice(listing, count))
        steps.append(pages())

    assert steps == [0, 1, 2, 3]
    assert list(listing) == []
    assert pages() == 4, "only an empty page is an end that every service has"


def test_a_limit_asks_for_no_more_than_it_gives(standin: CloudStandIn, clouds: Clouds) -> None:
    for n in range(30):
        standin.add_image("100", name=f"{n}")
    images = clouds.connect(_producer(standin)).images("DFW")

    assert len(list(images.list(limit=10))) == 10
    assert _pages(standin)() == 1


def test_pending_invitations_are_those_of_others(provider: Provider) -> None:
    """A Glance of today adds one's own shared images, which is what new images are."""
    mine = provider.create_image("own", owner="consumer-a")
    invited = provider.create_image("invited")
    provider.images("producer").add_member(invited, provider.projects["consumer-a"])
    images = provider.images("consumer-a")

    pending = [image.id for image in images.pending_invitations()]

    assert invited in pending
    assert mine not in pending
    assert "own" in provider.listed("consumer-a", visibility="shared", member_status="pending")


def test_what_was_answered_is_no_longer_pending(provider: Provider) -> None:
    ids = [provider.create_image(f"{n}") for n in range(3)]
    for image_id in ids:
        provider.images("producer").add_member(image_id, provider.projects["consumer-a"])
    images = provider.images("consumer-a")

    images.set_member_status(ids[0], MemberStatus.ACCEPTED)
    images.set_member_status(ids[1], MemberStatus.REJECTED)

    pending = {image.id for image in images.pending_invitations()}
    assert pending & set(ids) == {ids[2]}


@pytest.mark.parametrize(
    ("member_status", "expected"),
    [
        (None, ["accepted", "own"]),
        ("accepted", ["accepted", "own"]),
        ("pending", ["own", "pending"]),
        ("rejected", ["own", "rejected"]),
        ("all", ["accepted", "own", "pending", "rejected"]),
    ],
)
def test_a_consumer_is_shown_what_it_accepted_unless_it_asks(
    provider: Provider, member_status: str | None, expected: list[str]
) -> None:
    provider.create_image("own", owner="consumer-a")
    for answer in MemberStatus:
        image_id = provider.create_image(answer.value)
        provider.images("producer").add_member(image_id, provider.projects["consumer-a"])
        provider.images("consumer-a").set_member_status(image_id, answer)

    shown = provider.listed("consumer-a", visibility="shared", member_status=member_status)

    assert shown == expected
    assert provider.listed("consumer-b", visibility="shared", member_status="all") == []


def test_what_is_hidden_is_listed_for_who_asks_for_it(provider: Provider) -> None:
    provider.create_image("shown")
    provider.create_image("tucked away", os_hidden=True)
    images = provider.images("producer")

    hidden = {i.name: i.hidden for i in images.list(provider.mine(hidden=True))}
    found = [i.name for i in images.list(provider.mine(name="tucked away", hidden=True))]

    assert provider.listed("producer") == ["shown"]
    assert hidden == {"shown": False, "tucked away": True}
    assert found == ["tucked away"]


def test_a_hidden_image_is_among_the_invitations(provider: Provider) -> None:
    image_id = provider.create_image("tucked away", os_hidden=True)
    provider.images("producer").add_member(image_id, provider.projects["consumer-a"])

    pending = [i.id for i in provider.images("consumer-a").pending_invitations()]

    assert image_id in pending


def test_community_images_of_one_s_own_are_listed(provider: Provider) -> None:
    provider.create_image("common", visibility="community")
    provider.create_image("common and hidden", visibility="community", os_hidden=True)
    me = provider.projects["producer"]

    mine = [i.name for i in provider.images("producer").list(provider.mine(owner=me, hidden=True))]

    assert sorted(mine) == ["common", "common and hidden"]


@pytest.mark.parametrize("answer", MemberStatus)
def test_a_member_may_get_the_image_whatever_it_answered(
    provider: Provider, answer: MemberStatus
) -> None:
    image_id = provider.create_image("visible")
    provider.images("producer").add_member(image_id, provider.projects["consumer-a"])
    images = provider.images("consumer-a")

    images.set_member_status(image_id, answer)

    assert images.get(image_id).name == "visible"


def _producer(standin: CloudStandIn) -> Credentials:
    auth = dict(standin.credentials("producer", "v3password")["auth"])
    return Credentials(AuthType.V3_PASSWORD, auth.pop("auth_url"), auth)


def _pages(standin: CloudStandIn) -> Callable[[], int]:
    """Counts the pages asked for so far."""
    return lambda: sum(path.endswith("/images") for _, path, _ in standin.requests)
