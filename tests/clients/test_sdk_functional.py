"""
openstacksdk's own functional tests of images and object stores, on the stand-in and on the lab.

All that it has of the two are run, and none is left out: each passes on the lab. (Those of its
other services need services that neither place has.)
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.clients.sites import Site
from tests.waiting import PATIENCE_S

TESTS = "openstack.tests.functional"
MODULES: dict[str, tuple[int, tuple[str, ...]]] = {
    "images": (
        8,
        tuple(f"{TESTS}.image.v2.test_{name}" for name in ("image", "member", "schema", "task")),
    ),
    "metadata definitions": (
        15,
        tuple(
            f"{TESTS}.image.v2.test_metadef_{name}"
            for name in ("namespace", "object", "property", "resource_type", "schema")
        ),
    ),
    "object store": (
        9,
        tuple(f"{TESTS}.object_store.v1.test_{name}" for name in ("account", "container", "obj")),
    ),
    "images, in the cloud layer": (7, (f"{TESTS}.cloud.test_image",)),
    "object store, in the cloud layer": (2, (f"{TESTS}.cloud.test_object_store",)),
}
"""How many tests there are, and in which modules."""
PEOPLE = {
    "OS_CLOUD": "admin",
    "OPENSTACKSDK_OPERATOR_CLOUD": "admin",
    "OPENSTACKSDK_SYSTEM_ADMIN_CLOUD": "admin",
    "OPENSTACKSDK_DEMO_CLOUD": "producer",
    "OPENSTACKSDK_DEMO_CLOUD_ALT": "consumer-a",
    "OPENSTACKSDK_IMAGE": "any",
    "OS_CLIENT_CONFIG_FILE": "clouds.yaml",
    "OS_TEST_TIMEOUT": str(int(PATIENCE_S)),
}


@pytest.mark.parametrize("what", MODULES)
def test_what_openstacksdk_tries_works(own_site: Site, what: str) -> None:
    """With accounts of its own: it takes the first container that it finds for its newest."""
    count, modules = MODULES[what]
    own_site.write("CONTRIBUTING.rst", b"What one of the tests takes for an image.")
    own_site.write("clouds.yaml", json.dumps({"clouds": own_site.clouds}).encode())
    own_site.run("glance image-create --name any --disk-format raw --container-format bare")
    tester = replace(own_site, environments={"producer": PEOPLE})

    ended = tester.ends(f"functional-tests {' '.join(modules)}", limit_s=5 * PATIENCE_S)

    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    assert (found["wrong"], found["passed"]) == ({}, count)
