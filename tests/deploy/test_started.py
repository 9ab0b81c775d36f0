"""
The command lines of deploy/ start the programs, and their probes are answered.

As systemd, compose and Kubernetes would start them, but for three things: Python is that of the
tests, settings come from here, and each has a port of its own.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings
from sandbox.processes import kill, reserved_port, run, spawn
from storage import new_key
from tests.bot.program import get
from tests.repository import ROOT
from tests.waiting import PATIENCE_S, until

pytestmark = pytest.mark.long

DEPLOY = ROOT / "deploy"
PROGRAMS = ("web", "worker", "listen")
NO_BROKER = "rabbit://nobody:none@127.0.0.1:1/"
READY = {"web": 200, "worker": 200, "listen": 503}
"""Nobody is ready who has no connection to the bus yet."""


@dataclass(frozen=True)
class Start:
    """How a program is started, and its probes by their path."""

    command: list[str]
    environ: Mapping[str, str]
    probes: Mapping[str, int]


def by_systemd(program: str) -> Start:
    unit = "-migrate" if program == "migrate" else "@"
    text = (DEPLOY / f"systemd/cloud-images-bot{unit}.service").read_text()
    [line] = re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)
    python, *words = line.replace("%i", program).split()
    assert python == "/opt/cloud-images-bot/bin/python"
    return Start([sys.executable, *words], {}, {"/healthz": 200, "/readyz": READY.get(program, 0)})


def by_kubernetes(program: str) -> Start:
    [settings] = yaml.safe_load_all((DEPLOY / "kubernetes/settings.yaml").read_text())
    manifest = next(yaml.safe_load_all((DEPLOY / f"kubernetes/{program}.yaml").read_text()))
    [container] = manifest["spec"]["template"]["spec"]["containers"]
    kinds = [each for each in container if each.endswith("Probe")]
    paths = {container[each]["httpGet"]["path"] for each in kinds}
    asked = {path: READY[program] if path == "/readyz" else 200 for path in paths}
    return Start([*_entrypoint(), *container["args"]], settings["data"], asked)


def by_compose(program: str) -> Start:
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"][program]
    return Start(
        [*_entrypoint(), *service["command"]], _compose_settings(service), {"/healthz": 200}
    )


def _compose_settings(service: Mapping[str, Any]) -> dict[str, str]:
    """But for the address of the database, which is another here."""
    return {name: each for name, each in service["environment"].items() if name != "DATABASE_URL"}


def _entrypoint() -> list[str]:
    """The image's, with the Python of the tests."""
    text = (DEPLOY / "Containerfile").read_text()
    [line] = re.findall(r"^ENTRYPOINT (.+)$", text, re.MULTILINE)
    python, *words = json.loads(line)
    assert python == "python"
    return [sys.executable, *words]


WAYS: Mapping[str, Callable[[str], Start]] = {
    "systemd": by_systemd,
    "kubernetes": by_kubernetes,
    "compose": by_compose,
}


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What an operator has in `settings`, in a secret or in `.env`."""
    with ExitStack() as ports:
        port, worker_port = (str(ports.enter_context(reserved_port())) for _ in range(2))
        yield {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),  # where the wheel would be
            "HOME": str(tmp_path),
            "SECRET_KEYS": new_key(),
            "SLACK_SIGNING_SECRET": "made-up",
            "SLACK_BOT_TOKEN": "xoxb-made-up",
            "DATABASE_URL": f"sqlite:///{tmp_path}/imagebot.db",
            "BUS_URL": NO_BROKER,
            "BUS_REGION": "DFW",
            "PORT": port,
            "WORKER_PORT": worker_port,
        }


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("way", WAYS)
def test_it_starts_answers_its_probes_and_ends(
    way: str, program: str, settings: dict[str, str], tmp_path: Path
) -> None:
    start = WAYS[way](program)
    environ = {**settings, **start.environ}
    port = int(environ["PORT" if program == "web" else "WORKER_PORT"])
    migrate = run(WAYS[way]("migrate").command, cwd=tmp_path, env=environ)
    assert migrate.returncode == 0, migrate.stderr
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = spawn(start.command, cwd=tmp_path, env=environ, stdout=out, stderr=out)
    try:
        until(lambda: process.poll() is not None or _answers(port), log.read_text)
        assert process.poll() is None, log.read_text()

        for path, status in start.probes.items():
            until(partial(_answers, port, path, status), log.read_text)
        assert run([sys.executable, DEPLOY / "healthy.py"], env=environ).returncode == 0

        process.terminate()
        assert process.wait(PATIENCE_S) == 0, log.read_text()
    finally:
        kill(process)
        process.wait()


def test_probes_are_asked_at_the_ports_that_programs_have_by_default() -> None:
    ports = {}
    for program in PROGRAMS:
        manifest = next(yaml.safe_load_all((DEPLOY / f"kubernetes/{program}.yaml").read_text()))
        [container] = manifest["spec"]["template"]["spec"]["containers"]
        [port] = container["ports"]
        ports[program] = port["containerPort"]
        assert {
            container[each]["httpGet"]["port"] for each in container if each.endswith("Probe")
        } == {port["name"]}

    default = Settings()
    assert ports == {
        "web": default.port,
        "worker": default.worker_port,
        "listen": default.worker_port,
    }


def _answers(port: int, path: str = "/healthz", status: int = 200) -> bool:
    try:
        return get(port, path) == status
    except OSError:
        return False
