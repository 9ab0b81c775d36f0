"""What runs before a commit is what `make lint` runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import yaml

from tests.repository import ROOT

HOOKS = ROOT / ".pre-commit-config.yaml"


def test_pre_commit_runs_the_linters_of_the_makefile_and_no_other() -> None:
    """`--old-file`: as if the environment were there."""
    environ = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    linters = subprocess.run(
        ["make", "--dry-run", "--old-file=.venv/.dev", "lint"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    [local] = yaml.safe_load(HOOKS.read_text())["repos"]
    assert local["repo"] == "local"
    assert [hook["entry"] for hook in local["hooks"]] == linters


def test_pre_commit_takes_its_configuration(tmp_path: Path) -> None:
    environ = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path)}
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-config", HOOKS], env=environ, check=True
    )
