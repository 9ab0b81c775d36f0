"""The least that can be done: requests, one page after another, the JSON kept."""

from typing import Any

import requests

from benchmarks.clients.login import base_and_token
from benchmarks.clients.measure import run


def log_in(cloud: dict[str, Any]) -> tuple[requests.Session, str]:
    base, token = base_and_token(cloud)
    session = requests.Session()
    session.headers["X-Auth-Token"] = token
    return session, base


def list_all(connected: tuple[requests.Session, str]) -> list[Any]:
    session, base = connected
    images: list[Any] = []
    link = "/v2/images?limit=1000"
    while link:
        page = session.get(base + link, timeout=60).json()
        images += page["images"]
        link = page.get("next", "")
    return images


run(log_in, list_all)
