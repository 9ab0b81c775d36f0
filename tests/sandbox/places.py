"""Where rules are tried: the cloud stand-in, or the lab, both spoken to by plain HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from sandbox.cloud import CloudStandIn
from sandbox.cloud.object_state import tenant_of
from tests.waiting import PATIENCE_S

if TYPE_CHECKING:
    from tests.lab.fixtures import Lab

ROLES = {
    "producer": "member",
    "consumer-a": "member",
    "producer-reader": "reader",
    "admin": "admin",
}
NUMBERS = {"producer": "100", "consumer-a": "200", "producer-reader": "100", "admin": "300"}
ACCOUNTS = {"producer-reader": "producer"}
"""Names of accounts that are not those of their users."""
TIMEOUT_S = PATIENCE_S


@dataclass(frozen=True)
class Place:
    """One of the two clouds."""

    images: str
    """Address of its Images API, with the version."""
    store: str
    """Address of the producer's part of its object store."""
    token: Callable[[str], str] = field(repr=False)
    names: Mapping[str, str] = field(default_factory=dict)
    """What a name in braces stands for: {a} is the consumer's account."""
    container: str = field(default_factory=lambda: f"c{uuid.uuid4().hex[:8]}")
    """The name of a container that is this test's own. Written {c} in paths and bodies."""

    def ask(
        self,
        method: str,
        path: str = "",
        body: Any = None,
        *,
        who: str = "producer",
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> requests.Response:
        """A request to the object store. An empty *who* is nobody."""
        given = {"X-Auth-Token": self.token(who)} if who else {}
        sent = {**given, **{k: self.fill(v) for k, v in (headers or {}).items()}}
        url, data = f"{self.store}{self.fill(path)}", body
        if isinstance(body, list | dict):
            data = self.fill(json.dumps(body))
        return requests.request(method, url, data=data, headers=sent, timeout=TIMEOUT_S, **options)

    def put(self, name: str, data: bytes = b"", **headers: str) -> str:
        """An object in the test's container. Returns its etag."""
        answer = self.ask("PUT", f"/{{c}}/{name}", data, headers=headers)
        answer.raise_for_status()
        return answer.headers["Etag"]

    def join(self, name: str, *segments: str) -> requests.Response:
        """A static large object of segments in the test's container."""
        rows = [{"path": f"/{{c}}/{segment}"} for segment in segments]
        return self.ask("PUT", f"/{{c}}/{name}?multipart-manifest=put", rows)

    def listed(self, query: str = "") -> list[str]:
        return self.ask("GET", f"/{{c}}?{query}").text.splitlines()

    def image(
        self, method: str, path: str, body: Any = None, *, who: str = "producer", **headers: str
    ) -> requests.Response:
        """A request to the Images API."""
        sent = {"Accept": "application/json", "X-Auth-Token": self.token(who), **headers}
        data = body if isinstance(body, bytes) or body is None else json.dumps(body)
        url = f"{self.images}{path}"
        return requests.request(method, url, data=data, headers=sent, timeout=TIMEOUT_S)

    def new_image(self, **fields: Any) -> str:
        body = {"name": "image", "disk_format": "raw", "container_format": "bare", **fields}
        return str(self.image("POST", "/images", body).json()["id"])

    def temporary_url(
        self,
        name: str,
        key: str,
        *,
        method: str = "GET",
        lasts_s: int = 60,
        digest: str = "sha256",
    ) -> str:
        """Of an object in the test's container; signed as Swift's own guide says."""
        expires = int(time.time()) + lasts_s
        account = urlsplit(self.store).path
        path = f"{account[account.index('/v1/') :]}/{self.container}/{name}"
        text = f"{method}\n{expires}\n{path}".encode()
        signature = hmac.new(key.encode(), text, getattr(hashlib, digest)).hexdigest()
        query = f"temp_url_sig={signature}&temp_url_expires={expires}"
        return f"{self.store}/{self.container}/{name}?{query}"

    def fill(self, text: str) -> str:
        for name, value in {**self.names, "c": self.container}.items():
            text = text.replace(f"{{{name}}}", value)
        return text


def of_standin(cloud: CloudStandIn) -> Place:
    """Makes its accounts, too."""
    for who, role in ROLES.items():
        cloud.add_account(NUMBERS[who], ACCOUNTS.get(who, who), who, roles=(role,))
    region = next(iter(cloud.state.regions))
    store = f"{cloud.base_url}/files/{region}/v1/{tenant_of(NUMBERS['producer'])}"
    tokens = {who: cloud.state.log_in(cloud.state.users[who]).id for who in ROLES}
    names = {"a": NUMBERS["consumer-a"]}
    return Place(f"{cloud.base_url}/{region}/v2", store, tokens.__getitem__, names)


def of_lab(lab: Lab) -> Place:
    store = f"{lab.summary['endpoints']['swift']}/v1/AUTH_{lab.project('producer')}"
    names = {"a": lab.project("consumer-a")}
    return Place(lab.image_url(), store, lab.token, names)
