"""`make release VERSION=…`, in a clone: version, changelog, commit, tag and wheel, or nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import __version__
from tests.last_release import PACKED
from tests.repository import ROOT, tracked

pytestmark = pytest.mark.long

Release = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of one commit with the files of this one: CI's clone may know no other."""
    root = tmp_path_factory.mktemp("repository")
    for name in tracked():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    git(root, "init", "--quiet", "--initial-branch=main")
    for key, value in (("user.name", "tester"), ("user.email", "tester@example.com")):
        git(root, "config", key, value)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "All")
    return root


@pytest.fixture
def checkout(committed: Path, tmp_path: Path) -> Path:
    shutil.copytree(committed, tmp_path / "checkout")
    return tmp_path / "checkout"


@pytest.fixture
def release(checkout: Path) -> Release:
    def release(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, ".ci/release", *words]
        return subprocess.run(command, cwd=checkout, capture_output=True, text=True)

    return release


def test_a_release_has_version_changelog_tag_and_wheel(release: Release, checkout: Path) -> None:
    made = release("9.1.0")

    assert made.returncode == 0, made.stderr
    assert git(checkout, "log", "-1", "--format=%s") == "Release 9.1.0"
    assert git(checkout, "tag", "--points-at", "HEAD") == "v9.1.0"
    assert "### Added" in git(checkout, "tag", "--list", "--format=%(contents)")
    assert '"9.1.0"' in (checkout / "bot/__init__.py").read_text()
    assert 'newTag: "9.1.0"' in (checkout / "deploy/kubernetes/kustomization.yaml").read_text()
    headings = re.findall(r"^## \[(.+?)\]", (checkout / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[:3] == ["Unreleased", "9.1.0", __version__]
    [wheel] = (checkout / "dist").glob("cloud_images_bot-9.1.0-*.whl")
    assert "bot/__main__.py" in zipfile.ZipFile(wheel).namelist()
    assert git(checkout, "status", "--porcelain") == ""


def test_a_release_keeps_its_code_for_the_tests_of_the_next(
    release: Release, checkout: Path
) -> None:
    assert __version__ in packed_version(ROOT)

    made = release("9.1.0")

    assert made.returncode == 0, made.stderr
    assert '"9.1.0"' in packed_version(checkout)


def test_a_dry_one_changes_nothing_here(release: Release, checkout: Path) -> None:
    before = git(checkout, "rev-parse", "HEAD")

    made = release("9.1.0", "--dry")

    assert made.returncode == 0, made.stderr
    assert "tagged v9.1.0" in made.stdout
    assert (git(checkout, "rev-parse", "HEAD"), git(checkout, "tag")) == (before, "")
    assert not (checkout / "dist").exists()


@pytest.mark.parametrize("version", [__version__, "0.0.1", "1.2", "next"])
def test_what_is_no_later_version_is_refused(
    release: Release, checkout: Path, version: str
) -> None:
    made = release(version)

    assert made.returncode == 1
    assert made.stderr.startswith("no release: ")
    assert git(checkout, "log", "--format=%s") == "All"


def test_what_is_not_committed_is_not_released(release: Release, checkout: Path) -> None:
    (checkout / "README.md").write_text("changed\n")

    assert "not committed" in release("9.1.0").stderr
    assert git(checkout, "tag") == ""


def test_the_manifests_name_this_version() -> None:
    kustomization = (ROOT / "deploy/kubernetes/kustomization.yaml").read_text()

    assert f'newTag: "{__version__}"' in kustomization


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def packed_version(root: Path) -> str:
    """The file of the code of the last release that says which it is."""
    with tarfile.open(root / PACKED.relative_to(ROOT)) as packed:
        file = packed.extractfile("bot/__init__.py")
        assert file
        return file.read().decode()
