"""
Rackspace's own login plugin, rackspaceauth, in OpenStack's clients.

On the stand-in alone: today's Keystone has no Identity v2.0, and none of Rackspace's keys.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sandbox.cloud import CloudStandIn
from tests.clients.sites import Clients, Site, of_standin

pytestmark = pytest.mark.long

RAW = "--disk-format raw --container-format bare"


@pytest.fixture
def site(cloud: CloudStandIn, clients: Clients, tmp_path: object) -> Site:
    """Where people log in by an API key."""
    here = of_standin(cloud, clients, tmp_path)  # type: ignore[arg-type]
    return replace(here, environments={who: _key(cloud, who) for who in here.environments})


def test_an_api_key_opens_images_and_containers(site: Site) -> None:
    site.write("disk.raw", b"some data")
    image = site.read(f"image create web-@ {RAW} --file disk.raw --tag blue")["id"]
    site.run(f"openstack image save {image} --file copy.raw")
    site.run("openstack container create c-@")
    site.run("openstack object create c-@ disk.raw")

    assert site.saved("copy.raw") == b"some data"
    assert [row["Name"] for row in site.read("object list c-@")] == ["disk.raw"]


def test_an_api_key_opens_compute(site: Site) -> None:
    """Its servers a client of today lists only for whom a v3 has let in."""
    flavors = site.read("flavor list")

    assert "general1-1" in {row["ID"] for row in flavors}


def test_its_token_is_good_in_the_other_clients(site: Site) -> None:
    token = site.read("token issue")["id"]
    services = {row["Name"]: row for row in site.read("catalog list")}
    images, store = (_address(services[name]) for name in ("cloudImages", "cloudFiles"))
    glance = f"glance --os-auth-token={token} --os-image-url {images.removesuffix('/v2')}"
    swift = f"swift --os-auth-token={token} --os-storage-url {store}"
    image = site.read(f"image create web-@ {RAW}")["id"]

    bare = replace(site, environments={"producer": {}})
    bare.run(f"{glance} member-create {image} {site.numbers['consumer-a']}")
    bare.run(f"{swift} post c-@")

    members = site.read(f"image member list {image}")
    assert [row["Member ID"] for row in members] == [site.numbers["consumer-a"]]
    assert f"c-{site.mark}" in {row["Name"] for row in site.read("container list")}


def test_a_wrong_key_is_refused(site: Site, cloud: CloudStandIn) -> None:
    wrong = {**site.environments["producer"], "OS_API_KEY": "no-key"}

    ended = replace(site, environments={"producer": wrong}).ends("openstack image list")

    assert (ended.code, "401" in ended.err) == (1, True)


def _key(cloud: CloudStandIn, who: str) -> dict[str, str]:
    return {
        "OS_AUTH_TYPE": "rackspace_apikey",
        "OS_AUTH_URL": cloud.auth_url_v2,
        "OS_USERNAME": who,
        "OS_API_KEY": cloud.state.users[who].api_key,
        "OS_REGION_NAME": "DFW",
    }


def _address(service: dict[str, object]) -> str:
    """Of a service's first endpoint that is a region's."""
    endpoints = json.loads(json.dumps(service["Endpoints"]))
    return str(next(each["publicURL"] for each in endpoints if each["region"] == "DFW"))
