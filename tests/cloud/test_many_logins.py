"""However many accounts there are, each is logged in once."""

from __future__ import annotations

import io
import json
from collections import Counter
from typing import Any

import pytest
import requests

from cloud import AuthType, Clouds, Credentials

pytestmark = pytest.mark.long

ACCOUNTS = 30_000
HOST = "http://cloud.invalid"
REGIONS = ("DFW", "ORD")
TOKEN = {
    "token": {
        "methods": ["password"],
        "issued_at": "2026-01-01T00:00:00.000000Z",
        "expires_at": "2999-01-01T00:00:00.000000Z",
        "user": {"id": "u", "name": "u", "domain": {"id": "default", "name": "Default"}},
        "project": {"id": "1", "name": "1", "domain": {"id": "default", "name": "Default"}},
        "roles": [],
        "catalog": [
            {
                "type": "image",
                "name": "glance",
                "id": "g",
                "endpoints": [
                    {"id": region, "interface": "public", "region": region, "url": HOST}
                    for region in REGIONS
                ],
            }
        ],
    }
}
BODY = json.dumps(TOKEN).encode()


class Identity(requests.adapters.BaseAdapter):
    """Answers each login at once, without a socket, and counts them by user."""

    def __init__(self) -> None:
        super().__init__()
        self.logins: Counter[str] = Counter()

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        asked = json.loads(request.body or "{}")
        self.logins[asked["auth"]["identity"]["password"]["user"]["name"]] += 1
        answer = requests.Response()
        answer.request, answer.url, answer.status_code = request, request.url or "", 201
        answer.headers.update({"Content-Type": "application/json", "X-Subject-Token": "made-up"})
        answer.raw = io.BytesIO(BODY)
        return answer

    def close(self) -> None:
        """Nothing is open."""


def _credentials(number: int) -> Credentials:
    user = {"username": str(number), "password": "made-up", "user_domain_id": "default"}
    return Credentials(AuthType.V3_PASSWORD, f"{HOST}/v3", {**user, "project_id": str(number)})


def test_thirty_thousand_accounts_cost_one_login_each() -> None:
    clouds, identity = Clouds(), Identity()
    clouds._http.mount(HOST, identity)

    for _ in range(2):
        for number in range(ACCOUNTS):
            connection = clouds.connect(_credentials(number))
            assert connection.regions == REGIONS
    clouds.close()

    assert len(identity.logins) == ACCOUNTS
    assert set(identity.logins.values()) == {1}
