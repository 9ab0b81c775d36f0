"""A real Keystone, Glance and Swift on loopback: those of `tests/lab`, in their environment."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sandbox.processes import at_death, run, temporary_folder
from sandbox.scene import CONSUMER_A, PRODUCER, Play

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".lab-venv/bin/python"
LAB = ROOT / "tests/lab/lab.py"
TIMEOUT_S = 60.0
MB = 1_000_000
DATA = "application/octet-stream"


class CannotStart(Exception):
    """The services do not run. The text says why."""


class RealCloud:
    """The services, up while the `with` block runs."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.summary: Mapping[str, Any] = {}

    def __enter__(self) -> Self:
        if not PYTHON.exists():
            raise CannotStart("A real cloud needs an environment of its own: make demo CLOUD=real")
        with self._stack as stack:
            folder = stack.enter_context(temporary_folder("images-lab-"))
            command: list[str | Path] = [PYTHON, LAB, "--state", folder / "state"]
            down = [*command, "down", "--purge"]
            stack.enter_context(at_death(*down))
            stack.callback(run, down)
            done = run([*command, "up", "--token-cache", "-1"])
            if done.returncode:
                raise CannotStart(f"The real cloud did not start.\n{done.stderr}")
            self.summary = json.loads(done.stdout)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def entries(self) -> dict[str, Any]:
        """Of clouds.yaml, by name."""
        entries: dict[str, Any] = json.loads(Path(self.summary["clouds_yaml"]).read_text())
        return dict(entries["clouds"])


@dataclass(frozen=True)
class RealScene(Play):
    """The producer's images in it, one of which is shared."""

    cloud: RealCloud = field(default_factory=RealCloud)

    @property
    def numbers(self) -> Mapping[str, str]:
        return {user: self.cloud.summary["projects"][name] for user, name in self.clouds.items()}

    @property
    def link_clouds(self) -> str:
        return f"Sandbox={self.cloud.summary['auth_url']}"

    def write_clouds_yaml(self, path: Path) -> None:
        entries = {name: self.cloud.entries[name] for name in self.clouds.values()}
        path.write_text(json.dumps({"clouds": entries}))
        path.chmod(0o600)

    def furnish(self) -> None:
        token = self._token()
        self._image(token, "web-2026", 64 * MB, os_distro="ubuntu", release="2026.11")
        self._image(token, "web-2025", 8 * MB, os_distro="ubuntu", release="2025.12")
        self._image(token, "build-agent", MB, region="ORD", os_distro="debian")
        shared = self._image(token, "db-2026", 16 * MB, os_distro="debian")
        member = {"member": self.numbers[CONSUMER_A]}
        self._ask(token, "POST", f"/images/{shared}/members", json.dumps(member).encode())

    def _image(self, token: str, name: str, size: int, region: str = "DFW", **more: str) -> str:
        formats = {"disk_format": "raw", "container_format": "bare", "visibility": "shared"}
        body = json.dumps({"name": name, **formats, **more}).encode()
        image_id = str(self._ask(token, "POST", "/images", body, region=region)["id"])
        path = f"/images/{image_id}/file"
        self._ask(token, "PUT", path, bytes(size), region=region, kind=DATA)
        return image_id

    def _ask(
        self,
        token: str,
        method: str,
        path: str,
        body: bytes,
        *,
        region: str = "DFW",
        kind: str = "application/json",
    ) -> Any:
        url = f"{self.cloud.summary['endpoints'][f'glance-{region}']}/v2{path}"
        headers = {"X-Auth-Token": token, "Content-Type": kind}
        _, answer = _sent(method, url, body, headers)
        return json.loads(answer or b"{}")

    def _token(self) -> str:
        auth = self.cloud.entries[self.clouds[PRODUCER]]["auth"]
        domain = {"domain": {"id": "default"}}
        user = {"name": auth["username"], "password": auth["password"], **domain}
        body = {
            "auth": {
                "identity": {"methods": ["password"], "password": {"user": user}},
                "scope": {"project": {"name": auth["project_name"], **domain}},
            }
        }
        url = f"{self.cloud.summary['auth_url']}/auth/tokens"
        headers, _ = _sent(
            "POST", url, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        return headers["X-Subject-Token"]


def _sent(
    method: str, url: str, body: bytes, headers: Mapping[str, str]
) -> tuple[Mapping[str, str], bytes]:
    """Headers and body of the answer of a service that we have started."""
    request = urllib.request.Request(url, body, dict(headers), method=method)  # noqa: S310
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
        return dict(answer.headers), answer.read()
