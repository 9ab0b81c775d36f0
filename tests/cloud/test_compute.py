"""Servers. There is no Compute service to compare with: the stand-in keeps to the published API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cloud import Attached, AuthType, Clouds, Compute, Credentials, Images, ServerStatus, errors
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


def of_producer(cloud: CloudStandIn) -> Credentials:
    entry = cloud.credentials("producer", "v3password")["auth"]
    options = {key: value for key, value in entry.items() if key != "auth_url"}
    return Credentials(AuthType.V3_PASSWORD, entry["auth_url"], options)


@pytest.fixture
def connected(cloud: CloudStandIn, clouds: Clouds) -> tuple[Compute, Images]:
    connection = clouds.connect(of_producer(cloud))
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

    server = compute.server(compute.launch("web-1", image_id, "general1-2", MARK))
    hand.now += timedelta(minutes=1)
    built = compute.server(server.id)

    assert (server.status, server.image_id, server.metadata) == ("BUILD", image_id, MARK)
    assert (built.status, built.addresses) == ("ACTIVE", ("203.0.113.7",))
    assert "made-up-password" not in repr(server)


def test_a_server_is_attached_to_what_was_chosen(
    cloud: CloudStandIn, clouds: Clouds, hand: Hand
) -> None:
    connection = clouds.connect(of_producer(cloud))
    compute, networking = connection.compute("DFW"), connection.networking("DFW")
    image_id = cloud.add_image(NUMBER, name="web")
    cloud.add_keypair("producer", "laptop")
    inner = cloud.add_network(NUMBER, name="inner")
    shared = cloud.add_network("999", name="shared", shared=True)
    cloud.add_network("999", name="somebody else's")
    outside: dict[str, Any] = {"router:external": True}
    cloud.add_network("999", name="outside", region="", **outside)
    web = cloud.add_security_group(NUMBER, name="web")

    with pytest.raises(errors.ChoiceNeeded):
        compute.launch("web-1", image_id, "general1-2", MARK)
    for wrong in (Attached(shared, "not there"), Attached("n"), Attached(shared, "", ("g",))):
        with pytest.raises(errors.Invalid):
            compute.launch("web-1", image_id, "general1-2", MARK, wrong)
    made = compute.launch("web-1", image_id, "general1-2", {}, Attached(inner, "laptop", (web,)))
    hand.now += timedelta(minutes=1)

    assert [network.id for network in networking.networks()] == [inner, shared]
    assert [group.name for group in networking.security_groups()] == ["default", "web"]
    assert compute.keypairs() == ("laptop",)
    assert compute.server(made).addresses == ("203.0.113.7",)
    stored = cloud.state.regions["DFW"].servers[made]
    assert list(stored["addresses"]) == ["inner"]
    assert (stored["key_name"], stored["security_groups"]) == ("laptop", [{"name": web}])


def test_deleted_servers_are_told_to_who_asks_for_what_has_changed(
    cloud: CloudStandIn, connected: tuple[Compute, Images], hand: Hand
) -> None:
    compute, _ = connected
    cloud.add_server(NUMBER, name="long ago")
    hand.now += timedelta(hours=2)
    server = cloud.add_server(NUMBER, name="web", metadata=MARK)
    cloud.delete_server(server)

    changed = list(compute.changed(hand.now - timedelta(hours=1)))

    assert [(one.id, one.status, one.metadata) for one in changed] == [
        (server, ServerStatus.DELETED, MARK)
    ]
    assert [one.name for one in compute.servers()] == ["long ago"]
    with pytest.raises(errors.NotFound):
        compute.server(server)


def test_a_cloud_without_key_pairs_or_networks_offers_none(
    cloud: CloudStandIn, clouds: Clouds, connected: tuple[Compute, Images]
) -> None:
    compute, _ = connected
    cloud.fail_next(1, 404, body='{"itemNotFound": {}}', path_prefix="/os-keypairs")

    assert compute.keypairs() == ()
    cloud.fail_next(1, 404, body="{}", path_prefix="/v2.0/networks")
    with pytest.raises(errors.NoSuchService):
        clouds.connect(of_producer(cloud)).networking("DFW").networks()


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
