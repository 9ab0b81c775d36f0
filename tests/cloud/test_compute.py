"""Servers. There is no Compute service to compare with: the stand-in keeps to the published API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from cloud import AuthType, Clouds, Compute, Credentials, Images, ServerStatus, errors
from sandbox.cloud import CloudStandIn

NUMBER = "1100111"
MARK = {"imagebot_transfer": "abcdefgh"}


class Hand:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def cloud(hand: Hand) -> Iterator[CloudStandIn]:
    with CloudStandIn(clock=hand, task_s=60) as cloud:
        cloud.add_account(NUMBER, "Producer", "producer")
        yield cloud


@pytest.fixture
def connected(cloud: CloudStandIn, clouds: Clouds) -> tuple[Compute, Images]:
    entry = cloud.credentials("producer", "v3password")["auth"]
    options = {key: value for key, value in entry.items() if key != "auth_url"}
    connection = clouds.connect(Credentials(AuthType.V3_PASSWORD, entry["auth_url"], options))
    return connection.compute("DFW"), connection.images("DFW")


def test_servers_are_listed_and_shown(
    cloud: CloudStandIn, connected: tuple[Compute, Images]
) -> None:
    compute, _ = connected
    web = cloud.add_server(NUMBER, name="web", metadata={"role": "front"})
    cloud.add_server(NUMBER, name="db")
    cloud.add_server("999", name="somebody else's")

    assert [server.name for server in compute.servers()] == ["web", "db"]
    assert [server.id for server in compute.servers(name="web")] == [web]
    server = compute.server(web)
    assert (server.status, server.metadata, server.addresses, server.task_state) == (
        ServerStatus.ACTIVE,
        {"role": "front"},
        ("203.0.113.5",),
        "",
    )
    with pytest.raises(errors.NotFound):
        compute.server("not there")


def test_flavors_come_the_smallest_first(connected: tuple[Compute, Images]) -> None:
    flavors = connected[0].flavors()

    assert [flavor.ram for flavor in flavors] == [1024, 2048, 8192]
    assert (flavors[0].vcpus, flavors[0].disk) == (1, 20)


def test_a_snapshot_becomes_an_image_with_its_metadata(
    cloud: CloudStandIn, connected: tuple[Compute, Images], hand: Hand
) -> None:
    compute, images = connected
    server = cloud.add_server(NUMBER, name="web")

    image_id = compute.snapshot(server, "web-backup", MARK)
    begun = images.get(image_id)
    busy = compute.server(server).task_state
    with pytest.raises(errors.Conflict):
        compute.snapshot(server, "another", {})
    hand.now += timedelta(minutes=1)
    done = images.get(image_id)

    assert (begun.status, begun.name, busy) == ("queued", "web-backup", "image_snapshot")
    assert (done.status, done.properties["imagebot_transfer"]) == ("active", "abcdefgh")
    assert compute.server(server).task_state == ""


def test_a_server_is_built_from_an_image(
    cloud: CloudStandIn, connected: tuple[Compute, Images], hand: Hand
) -> None:
    compute, _ = connected
    image_id = cloud.add_image(NUMBER, name="web")

    server = compute.launch("web-1", image_id, "general1-2", MARK)
    hand.now += timedelta(minutes=1)
    built = compute.server(server.id)

    assert (server.status, server.image_id, server.metadata) == ("BUILD", image_id, MARK)
    assert (built.status, built.addresses) == ("ACTIVE", ("203.0.113.7",))
    assert "made-up-password" not in repr(server)


def test_what_does_not_fit_is_refused(
    cloud: CloudStandIn, connected: tuple[Compute, Images]
) -> None:
    compute, _ = connected
    large = cloud.add_image(NUMBER, name="large", min_ram=4096)
    web = cloud.add_image(NUMBER, name="web")

    for image_id, flavor in ((large, "general1-1"), (web, "nothing"), ("nothing", "general1-1")):
        with pytest.raises(errors.Invalid):
            compute.launch("x", image_id, flavor, {})


def test_a_reader_launches_nothing(cloud: CloudStandIn, clouds: Clouds) -> None:
    cloud.add_account(NUMBER, "Producer", "reader", roles=("reader",))
    entry = cloud.credentials("reader", "v3password")["auth"]
    options = {key: value for key, value in entry.items() if key != "auth_url"}
    connection = clouds.connect(Credentials(AuthType.V3_PASSWORD, entry["auth_url"], options))
    image_id = cloud.add_image(NUMBER, name="web")

    with pytest.raises(errors.Forbidden):
        connection.compute("DFW").launch("x", image_id, "general1-1", {})


def test_a_region_without_servers_is_named(cloud: CloudStandIn, clouds: Clouds) -> None:
    cloud.identity.services.discard("compute")
    entry = cloud.credentials("producer", "v3password")["auth"]
    options = {key: value for key, value in entry.items() if key != "auth_url"}
    connection = clouds.connect(Credentials(AuthType.V3_PASSWORD, entry["auth_url"], options))

    with pytest.raises(errors.NoSuchService) as refusal:
        connection.compute("DFW")

    assert refusal.value.service == "compute"
