"""
`lab`: a real Keystone, Glance (two regions) and Swift on loopback, started once a run.
`rackspace_lab`: another one, whose Glance has tasks for everyone and Rackspace's `export`.
`bus_lab`: another one, of one region, whose Glance tells RabbitMQ what happens (`rabbit.py`).

They live in an environment of their own (`make check` builds it), named by LAB_PYTHON or
found in .lab-venv. Glance asks Keystone about each token, so that a token's end shows at once.
"""

from __future__ import annotations

import json
import os
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.processes import at_death, run, temporary_folder
from tests.lab.rabbit import Rabbit
from tests.programs import missing
from tests.waiting import PATIENCE_S, until

HERE = Path(__file__).parent
TIMEOUT_S = PATIENCE_S


@dataclass
class Lab:
    """What is running, and an administrator's hand in it. Speaks plain HTTP, not our client."""

    summary: Mapping[str, Any]
    """What `lab.py up` printed."""
    _http: requests.Session = field(default_factory=requests.Session, repr=False)
    _tokens: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def clouds_yaml(self) -> Path:
        """Clouds `producer`, `consumer-a`, `consumer-b`, `producer-reader`, `operator`, `admin`;
        each again with `-app` for its application credential."""
        return Path(self.summary["clouds_yaml"])

    @property
    def auth_url(self) -> str:
        return str(self.summary["auth_url"])

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(self.summary["regions"])

    def project(self, name: str) -> str:
        """Id of the project `producer`, `consumer-a` or `consumer-b`: its account number."""
        return str(self.summary["projects"][name])

    def credentials(self, cloud: str) -> dict[str, Any]:
        """The entry of clouds.yaml."""
        entries: dict[str, dict[str, Any]] = json.loads(self.clouds_yaml.read_text())["clouds"]
        return entries[cloud]

    def create_image(
        self,
        cloud: str,
        name: str,
        *,
        region: str = "",
        visibility: str = "shared",
        data: bytes = b"",
        **fields: Any,
    ) -> str:
        """An image of that cloud's project, active if it has *data*. Returns its id."""
        formats = {"disk_format": "raw", "container_format": "bare"}
        body = {"name": name, "visibility": visibility, **formats, **fields}
        image_id = str(self.image_call(cloud, "POST", "/images", region, json=body).json()["id"])
        if data:
            headers = {"Content-Type": "application/octet-stream"}
            path = f"/images/{image_id}/file"
            self.image_call(cloud, "PUT", path, region, data=data, headers=headers)
        return image_id

    def image_call(
        self, cloud: str, method: str, path: str, region: str = "", **options: Any
    ) -> requests.Response:
        """One call to Glance as that cloud's user; *path* comes after `/v2`."""
        return self._call(cloud, method, f"{self.image_url(region)}{path}", **options)

    def image_url(self, region: str = "") -> str:
        """Where a region's Images API begins, with its version."""
        return f"{self.summary['endpoints'][f'glance-{region or self.regions[0]}']}/v2"

    def forget_signing_keys(self, cloud: str) -> None:
        """Take the keys of temporary URLs out of the cloud's object store: another bot set them."""
        url = f"{self.summary['endpoints']['swift']}/v1/AUTH_{self.project(cloud)}"
        keys = ("X-Remove-Account-Meta-Temp-URL-Key", "X-Remove-Account-Meta-Temp-URL-Key-2")
        self._call(cloud, "POST", url, headers=dict.fromkeys(keys, "x"))

    def end_tokens(self, user: str) -> None:
        """
        All tokens of a user end now; a new login works.

        Keystone dates revocations by the second and would refuse a login of the same second,
        so this waits until one holds.
        """
        self.disable(user)
        self.enable(user)
        until(lambda: self._login_holds(user), f"no login of {user} holds")

    def disable(self, user: str) -> None:
        self._set(user, enabled=False)

    def enable(self, user: str) -> None:
        self._set(user, enabled=True)

    def new_user(self, prefix: str, role: str) -> tuple[str, dict[str, Any]]:
        """A user in a project that nobody else uses: its id, and an entry of clouds.yaml."""
        name, password = f"{prefix}-{uuid.uuid4().hex[:8]}", uuid.uuid4().hex
        new = {"name": name, "domain_id": "default"}
        project = self._identity("POST", "/projects", json={"project": new})["project"]["id"]
        user = self._identity("POST", "/users", json={"user": {**new, "password": password}})
        [found] = self._identity("GET", "/roles", params={"name": role})["roles"]
        path = f"/projects/{project}/users/{user['user']['id']}/roles/{found['id']}"
        self._call("admin", "PUT", f"{self.auth_url}{path}")
        auth = {"username": name, "password": password, "project_name": name}
        return str(project), {"auth": {"auth_url": self.auth_url, **auth}}

    def new_application_credential(
        self, user: str, name: str, **fields: Any
    ) -> tuple[str, dict[str, Any]]:
        """Its id, and an entry of clouds.yaml that uses it. Made by the user: an admin may not."""
        body = {"application_credential": {"name": name, **fields}}
        made = self._credentials_of(user, "POST", json=body).json()["application_credential"]
        entry = {
            "auth_type": "v3applicationcredential",
            "auth": {
                "auth_url": self.auth_url,
                "application_credential_id": made["id"],
                "application_credential_secret": made["secret"],
            },
        }
        return str(made["id"]), entry

    def expired_application_credential(self, user: str, name: str) -> dict[str, Any]:
        """An entry of clouds.yaml. Keystone makes none that is expired: this waits a second."""
        soon = datetime.now(UTC) + timedelta(seconds=1)
        expires_at = soon.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        _, entry = self.new_application_credential(user, name, expires_at=expires_at)
        while datetime.now(UTC) <= soon:
            time.sleep(0.1)
        return entry

    @contextmanager
    def second_factor(self, user: str) -> Iterator[None]:
        """While it lasts, a password alone does not let *user* in."""
        # Of Keystone's methods, `totp` is off by default, and rules that name it do nothing.
        rules = [["password", "token"]]
        mfa = {"multi_factor_auth_enabled": True, "multi_factor_auth_rules": rules}
        self._set(user, options=mfa)
        try:
            yield
        finally:
            self._set(user, options=dict.fromkeys(mfa))

    def delete_application_credential(self, user: str, credential_id: str) -> None:
        self._credentials_of(user, "DELETE", f"/{credential_id}")

    def _credentials_of(
        self, user: str, method: str, path: str = "", **options: Any
    ) -> requests.Response:
        url = f"{self.auth_url}/users/{self._user_id(user)}/application_credentials{path}"
        return self._call(user, method, url, **options)

    def _identity(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """What Keystone answers an administrator."""
        answer: dict[str, Any] = self._call(
            "admin", method, f"{self.auth_url}{path}", **options
        ).json()
        return answer

    def _set(self, user: str, **fields: Any) -> None:
        url = f"{self.auth_url}/users/{self._user_id(user)}"
        self._call("admin", "PATCH", url, json={"user": fields})

    def _login_holds(self, user: str) -> bool:
        self._tokens.pop(user, None)
        headers = {"X-Auth-Token": self.token(user), "X-Subject-Token": self.token(user)}
        url = f"{self.auth_url}/auth/tokens"
        return self._http.get(url, headers=headers, timeout=TIMEOUT_S).ok

    def _user_id(self, name: str) -> str:
        found = self._call("admin", "GET", f"{self.auth_url}/users", params={"name": name})
        return str(found.json()["users"][0]["id"])

    def _call(self, cloud: str, method: str, url: str, **options: Any) -> requests.Response:
        headers = {
            "Accept": "application/json",
            "X-Auth-Token": self.token(cloud),
            **options.pop("headers", {}),
        }
        answer = self._http.request(method, url, headers=headers, timeout=TIMEOUT_S, **options)
        answer.raise_for_status()
        return answer

    def token(self, cloud: str) -> str:
        """Of a login by password, kept until `end_tokens`."""
        if cloud not in self._tokens:
            body = {"auth": _password_login(self.credentials(cloud)["auth"])}
            url = f"{self.auth_url}/auth/tokens"
            answer = self._http.post(url, json=body, timeout=TIMEOUT_S)
            answer.raise_for_status()
            self._tokens[cloud] = answer.headers["X-Subject-Token"]
        return self._tokens[cloud]

    def close(self) -> None:
        self._http.close()


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    with _running() as lab:
        yield lab


@pytest.fixture(scope="session")
def rackspace_lab() -> Iterator[Lab]:
    with _running("--rackspace", "--regions", "DFW") as lab:
        yield lab


@pytest.fixture(scope="session")
def bus_lab(_rabbit: Rabbit) -> Iterator[Lab]:
    with _running("--bus", _rabbit.url, "--regions", "DFW", "--swift", "no") as lab:
        yield lab


@contextmanager
def _running(*options: str) -> Iterator[Lab]:
    python = _python()
    if python is None:
        missing("the lab's environment", "build it with: make check")
    with temporary_folder("imagebot-lab-") as folder:
        command: list[str | Path] = [python, HERE / "lab.py", "--state", folder / "state"]
        down = [*command, "down", "--purge"]
        with at_death(*down):
            try:
                running = Lab(json.loads(_run([*command, "up", "--token-cache", "-1", *options])))
                yield running
                running.close()
            finally:
                _run(down)


def _python() -> str | None:
    beside = HERE.parents[1] / ".lab-venv" / "bin" / "python"
    return shutil.which(os.environ.get("LAB_PYTHON") or beside)


def _run(command: list[str | Path]) -> str:
    done = run(command)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _password_login(auth: Mapping[str, str]) -> dict[str, Any]:
    user = {"name": auth["username"], "password": auth["password"], "domain": {"id": "default"}}
    project = {"name": auth["project_name"], "domain": {"id": "default"}}
    return {
        "identity": {"methods": ["password"], "password": {"user": user}},
        "scope": {"project": project},
    }
