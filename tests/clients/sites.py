"""Where the clients are tried: the cloud stand-in, or the lab, with the same people in both."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.cloud import CloudStandIn
from sandbox.processes import spawn
from tests.waiting import PATIENCE_S

if TYPE_CHECKING:
    from tests.lab.fixtures import Lab

HERE = Path(__file__).parent
ROLES = {"producer": "member", "consumer-a": "member", "admin": "admin"}
KEYS = ("auth_url", "username", "password", "project_name")
"""What a login needs, by the names that all clients give it."""
DOMAINS = {"user_domain_id": "default", "project_domain_id": "default"}


@dataclass
class Clients:
    """A process that has the clients loaded and runs commands."""

    python: Path
    home: Path
    """An empty folder: whoever runs the tests may have a clouds.yaml, and a cloud in OS_…."""

    def __post_init__(self) -> None:
        bare = {key: value for key, value in os.environ.items() if not key.startswith("OS_")}
        self._process = spawn(
            [self.python, HERE / "run_clients.py"],
            env={**bare, "HOME": str(self.home)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self, command: list[str], environment: Mapping[str, str], folder: Path, limit_s: float
    ) -> Ended:
        asked = {
            "command": command,
            "environment": environment,
            "folder": str(folder),
            "limit_s": limit_s,
        }
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin
        assert stdout
        print(json.dumps(asked), file=stdin, flush=True)
        answer = stdout.readline()
        assert answer, f"the clients' process has ended, by {self._process.wait()}"
        return Ended(**json.loads(answer))

    def close(self) -> None:
        self._process.communicate()


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Site:
    """A cloud, and a folder where clients run against it."""

    environments: Mapping[str, Mapping[str, str]] = field(repr=False)
    """What tells a client where the cloud is and who asks, by person."""
    numbers: Mapping[str, str]
    """Account numbers, by person."""
    clouds: Mapping[str, Mapping[str, Any]] = field(repr=False)
    """The same, as entries of clouds.yaml."""
    clients: Clients
    folder: Path
    mark: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    """A word of this test's own, for names; written @ in commands."""

    def run(self, command: str, who: str = "producer") -> str:
        """What a command prints, which has to succeed."""
        ended = self.ends(command, who)
        assert ended.code == 0, f"{command} ended with {ended.code}: {ended.err or ended.out}"
        return ended.out

    def read(self, command: str, who: str = "producer") -> Any:
        """What an `openstack` command prints as JSON."""
        return json.loads(self.run(f"openstack {command} -f json", who))

    def ends(self, command: str, who: str = "producer", *, limit_s: float = PATIENCE_S) -> Ended:
        words = shlex.split(command.replace("@", self.mark))
        return self.clients.run(words, self.environments[who], self.folder, limit_s)

    def write(self, name: str, data: bytes) -> bytes:
        """A file to send."""
        (self.folder / name).write_bytes(data)
        return data

    def saved(self, name: str) -> bytes:
        """A file that a client has written."""
        return (self.folder / name).read_bytes()


def of_standin(cloud: CloudStandIn, clients: Clients, folder: Path) -> Site:
    """Makes its accounts, too."""
    for number, (who, role) in enumerate(ROLES.items(), 1):
        if who not in cloud.state.users:
            cloud.add_account(f"{number}00000", who, who, roles=(role,))
    users = cloud.state.users
    logins = {who: (cloud.auth_url_v3, who, users[who].password, who) for who in ROLES}
    return _site(logins, {who: users[who].number for who in ROLES}, clients, folder)


def of_lab(lab: Lab, clients: Clients, folder: Path) -> Site:
    auths = {who: lab.credentials(who)["auth"] for who in ROLES}
    numbers = {who: lab.project(who) for who in ROLES if who != "admin"}
    return _site(_logins(auths), numbers, clients, folder)


def of_new_projects(lab: Lab, clients: Clients, folder: Path) -> Site:
    """The lab, with people and projects of this site's own."""
    made = {who: lab.new_user(who, role) for who, role in ROLES.items()}
    auths = {who: entry["auth"] for who, (_, entry) in made.items()}
    return _site(_logins(auths), {who: made[who][0] for who in ROLES}, clients, folder)


def _logins(auths: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    return {who: tuple(auth[key] for key in KEYS) for who, auth in auths.items()}


def _site(
    logins: Mapping[str, tuple[str, ...]],
    numbers: Mapping[str, str],
    clients: Clients,
    folder: Path,
) -> Site:
    auths = {
        who: {**dict(zip(KEYS, login, strict=True)), **DOMAINS} for who, login in logins.items()
    }
    clouds = {who: {"auth": auth, "region_name": "DFW"} for who, auth in auths.items()}
    common = {"OS_REGION_NAME": "DFW", "OS_IDENTITY_API_VERSION": "3"}
    environments = {
        who: {**common, **{f"OS_{key.upper()}": value for key, value in auth.items()}}
        for who, auth in auths.items()
    }
    return Site(environments, numbers, clouds, clients, folder)
