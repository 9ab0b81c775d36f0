"""openstacksdk, at its largest page."""

from typing import Any

import openstack

from benchmarks.clients.measure import run


def log_in(cloud: dict[str, Any]) -> Any:
    connection = openstack.connect(
        auth=cloud["auth"], region_name=cloud["region_name"], load_yaml_config=False
    )
    connection.authorize()
    return connection


run(log_in, lambda connection: list(connection.image.images(limit=1000)))
