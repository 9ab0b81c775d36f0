"""What one installs: the wheel holds the bot, all of it and nothing else, and runs by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from bot import __version__
from tests.repository import ROOT, tracked

pytestmark = pytest.mark.long

PACKAGES = ("bot", "handlers", "storage", "cloud")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that git knows, so that a build leaves nothing in the checkout."""
    copy = tmp_path_factory.mktemp("source")
    for name in tracked():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built with the setuptools that is here: no network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = ("wheel", "--no-build-isolation", "--no-deps", "--no-index")
    subprocess.run([*PIP, *build, "--wheel-dir", folder, source], check=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [*PIP, "install", "--no-deps", "--no-index", "--target", folder, wheel], check=True
    )
    return folder


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Runs a command far from the checkout, with no setting but those given."""

    def run(*command: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(installed)}
        return subprocess.run(
            command, cwd=tmp_path, env=environ | settings, capture_output=True, text=True
        )

    return run


def test_wheel_holds_every_file_of_the_bots_packages_and_no_other(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert held == {name for name in tracked() if name.split("/")[0] in PACKAGES}


@pytest.mark.parametrize("package", [*PACKAGES, "sandbox"])
def test_package_tells_type_checkers_that_it_has_types(package: str) -> None:
    assert f"{package}/py.typed" in tracked()


def test_wheel_tells_its_version_and_its_license(wheel: Path) -> None:
    told = metadata(wheel)

    assert (told["Name"], told["Version"]) == ("cloud-images-bot", __version__)
    assert (told["License-Expression"], told["License-File"]) == ("Apache-2.0", "LICENSE")


def test_wheel_asks_for_nothing_that_only_the_checkout_needs(wheel: Path) -> None:
    asked = [r for r in metadata(wheel).get_all("Requires-Dist", []) if "extra ==" not in r]

    assert "slack-bolt>=1.22" in asked
    assert [r for r in asked if r.startswith(("slackblocks", "pytest", "ruff"))] == []


def test_installed_program_tells_its_version_both_ways(run: Run, installed: Path) -> None:
    by_name = run(installed / "bin" / "cloud-images-bot", "--version")
    by_module = run(sys.executable, "-m", "bot", "--version")

    assert by_name.stdout == by_module.stdout == f"cloud-images-bot {__version__}\n"
    assert by_name.returncode == by_module.returncode == 0


def test_installed_program_lists_its_programs(run: Run, installed: Path) -> None:
    ended = run(installed / "bin" / "cloud-images-bot", "--help")

    assert ended.returncode == 0
    assert "serve Slack's requests" in ended.stdout


def test_installed_program_names_the_settings_that_are_missing(run: Run, installed: Path) -> None:
    ended = run(installed / "bin" / "cloud-images-bot", "check")

    assert ended.returncode == 1
    assert "\n  - SECRET_KEYS is missing" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_installed_bot_is_the_one_that_runs_with_its_pages(run: Run, installed: Path) -> None:
    """Not that of the checkout, which the tests themselves import."""
    ended = run(
        sys.executable,
        "-c",
        "import bot, bot.web.app as app, pathlib;"
        "print(bot.__file__);"
        "print(*sorted(p.name for p in pathlib.Path(app.__file__).parent.glob('pages/*')))",
    )

    where, pages = ended.stdout.splitlines()
    assert Path(where).is_relative_to(installed)
    assert {"base.html", "form.html"} <= set(pages.split())


def metadata(wheel: Path) -> Message:
    archive = zipfile.ZipFile(wheel)
    [name] = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
    return Parser().parsestr(archive.read(name).decode())
