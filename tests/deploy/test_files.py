"""The files of deploy/ are what their programs take, and name settings and programs that exist."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from bot.settings import Settings
from tests.programs import missing
from tests.repository import ROOT, tracked

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("systemd/*.service"))
MANIFESTS = sorted(DEPLOY.glob("kubernetes/*.yaml"))
PROGRAMS = {"web", "worker", "all", "listen", "migrate"}
KUBERNETES = "1.31"
"""The version whose schemas are held against the manifests."""
VARIABLES = {f.name.upper() for f in dataclasses.fields(Settings)}


def objects(path: Path) -> Iterator[dict[str, Any]]:
    yield from yaml.safe_load_all(path.read_text())


def pods() -> dict[str, dict[str, Any]]:
    """The pods of each program."""
    loaded = [each for path in MANIFESTS for each in objects(path)]
    return {
        each["metadata"]["name"]: each["spec"]["template"]["spec"]
        for each in loaded
        if each["kind"] in ("Deployment", "Job")
    }


def container(pod: dict[str, Any]) -> dict[str, Any]:
    [only] = pod["containers"]
    assert isinstance(only, dict)
    return only


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_kubernetes_takes(path: Path) -> None:
    """By the schemas of its API; a field that it does not know is refused."""
    for each in objects(path):
        if each["kind"] != "Kustomization":
            kubernetes_validate.validate(each, KUBERNETES, strict=True)


def test_the_kustomization_names_every_manifest_and_the_image() -> None:
    [kustomization] = objects(DEPLOY / "kubernetes/kustomization.yaml")

    optional = {"kustomization.yaml", "listen.yaml"}
    assert set(kustomization["resources"]) == {p.name for p in MANIFESTS} - optional
    assert {image["name"] for image in kustomization["images"]} == {
        container(pod)["image"] for pod in pods().values()
    }


def test_each_pod_runs_a_program_as_nobody_in_particular_within_limits() -> None:
    for name, pod in pods().items():
        only = container(pod)
        assert only["args"] == [name]
        assert pod["securityContext"]["runAsNonRoot"]
        assert only["securityContext"]["readOnlyRootFilesystem"]
        assert only["resources"]["limits"]["memory"]
    assert set(pods()) == {"web", "worker", "listen", "migrate"}


def test_whatever_has_a_port_is_probed_and_has_as_long_to_end_as_the_bot_takes() -> None:
    for pod in (pods()[each] for each in ("web", "worker", "listen")):
        only = container(pod)
        paths = [only[f"{each}Probe"]["httpGet"]["path"] for each in ("liveness", "readiness")]
        assert paths == ["/healthz", "/readyz"]
        assert pod["terminationGracePeriodSeconds"] > Settings().stop_timeout_s


def test_compose_takes_its_file() -> None:
    """By the schema of the Compose specification, which check-jsonschema carries with it."""
    schema = ("--builtin-schema", "vendor.compose-spec")
    command = [sys.executable, "-m", "check_jsonschema", *schema, str(DEPLOY / "compose.yaml")]
    checked = subprocess.run(command, capture_output=True, text=True)

    assert (checked.returncode, checked.stdout) == (0, "ok -- validation done\n"), checked.stdout


def test_compose_migrates_before_it_runs_what_reads_the_tables() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]

    ours = {name: each for name, each in services.items() if "command" in each}
    assert {name: each["command"] for name, each in ours.items()} == {
        name: [name] for name in ("migrate", "web", "worker", "listen")
    }
    waiting = {name for name, each in ours.items() if "migrate" in each["depends_on"]}
    assert waiting == {"web", "worker", "listen"}


def test_settings_that_are_named_are_read() -> None:
    """PATH and its like are no settings, and no spelling of one."""
    named = set(re.findall(r"^ +([A-Z_]{4,}): ", _compose_and_kubernetes(), re.MULTILINE))

    assert named - VARIABLES - {"BASE"} - {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"} == (
        set()
    )


@pytest.mark.parametrize("name", [n for n in tracked() if n.startswith("deploy/")])
def test_no_file_names_a_registrys_host(name: str) -> None:
    """An image is named by its short name, so that whoever deploys says where it is from."""
    images = re.findall(r"^\s*(?:image:|FROM) *(\S+)", (ROOT / name).read_text(), re.MULTILINE)
    defaults = [re.sub(r"^\$\{\w+:-(.+)\}$", r"\1", each) for each in images]

    assert [each for each in defaults if "." in each.partition("/")[0] and "/" in each] == []


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """As they are, but for where the program is: systemd looks for it."""
    copies = []
    for unit in UNITS:
        text = unit.read_text().replace("/opt/cloud-images-bot/bin/python", sys.executable)
        copies.append(tmp_path / unit.name)
        copies[-1].write_text(text)
    return copies


def test_systemd_takes_its_units(units: list[Path]) -> None:
    analyze = shutil.which("systemd-analyze") or missing(
        "systemd-analyze", "install it (Debian: apt-get install systemd)"
    )
    checked = subprocess.run(
        [analyze, "verify", "--man=no", "--recursive-errors=no", *units],
        capture_output=True,
        text=True,
    )

    ours = [line for line in checked.stderr.splitlines() if "cloud-images-bot" in line]
    assert (checked.returncode, ours) == (0, []), checked.stderr


def test_units_run_programs_that_there_are() -> None:
    started = {
        word
        for unit in UNITS
        for word in re.findall(r"-m bot (\S+)", unit.read_text())
        if word != "%i"
    }
    enabled = set(re.findall(r"cloud-images-bot@(\w+)", (ROOT / "docs/deploy.md").read_text()))

    assert started | enabled <= PROGRAMS


@pytest.fixture
def nginx_root(tmp_path: Path) -> Path:
    """A configuration around ours, with a certificate and the name of the bot's machine."""
    conf = (DEPLOY / "nginx/cloud-images-bot.conf").read_text()
    conf = conf.replace("/etc/ssl/cloud-images-bot", str(tmp_path)).replace("web:", "127.0.0.1:")
    (tmp_path / "bot.conf").write_text(conf)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; "
        f"include {tmp_path}/bot.conf; }}"
    )
    made = ("-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=bot")
    files = ("-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem")
    subprocess.run(["openssl", "req", *made, *files], check=True, capture_output=True)
    return tmp_path


def test_nginx_takes_its_example(nginx_root: Path) -> None:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin") or missing(
        "nginx", "install it (Debian: apt-get install nginx-light)"
    )
    checked = subprocess.run(
        [nginx, "-t", "-q", "-p", nginx_root, "-c", nginx_root / "nginx.conf"],
        capture_output=True,
        text=True,
    )

    assert (checked.returncode, checked.stderr) == (0, ""), checked.stderr


def _compose_and_kubernetes() -> str:
    return "\n".join(each.read_text() for each in (DEPLOY / "compose.yaml", *MANIFESTS))
