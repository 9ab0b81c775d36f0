"""Logging in with nothing but requests."""

from __future__ import annotations

from typing import Any

import requests


def base_and_token(cloud: dict[str, Any], service: str = "image") -> tuple[str, str]:
    """Address of that service in the entry's region, and a token."""
    auth = cloud["auth"]
    user = {"name": auth["username"], "password": auth["password"], "domain": {"id": "default"}}
    project = {"name": auth["project_name"], "domain": {"id": "default"}}
    identity = {"methods": ["password"], "password": {"user": user}}
    answer = requests.post(
        f"{auth['auth_url']}/auth/tokens",
        json={"auth": {"identity": identity, "scope": {"project": project}}},
        timeout=60,
    )
    [base] = [
        endpoint["url"]
        for entry in answer.json()["token"]["catalog"]
        if entry["type"] == service
        for endpoint in entry["endpoints"]
        if endpoint["interface"] == "public" and endpoint["region"] == cloud["region_name"]
    ]
    return base, answer.headers["X-Subject-Token"]
