"""The bot's client."""

from typing import Any

from benchmarks.clients.measure import run
from cloud import AuthType, Clouds, Credentials, Image, Images


def log_in(cloud: dict[str, Any]) -> Images:
    options = dict(cloud["auth"])
    credentials = Credentials(AuthType.V3_PASSWORD, options.pop("auth_url"), options)
    return Clouds().connect(credentials).images(cloud["region_name"])


def list_all(images: Images) -> list[Image]:
    return list(images.list())


run(log_in, list_all)
