"""What GitHub reads: the workflow, the forms of issues, the template, where to report a hole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.repository import ROOT

GITHUB = ROOT / ".github"
FORMS = sorted(p for p in GITHUB.glob("ISSUE_TEMPLATE/*.yml") if p.name != "config.yml")


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", sorted(GITHUB.glob("workflows/*.yml"))),
        ("github-issue-forms", FORMS),
        ("github-issue-config", [GITHUB / "ISSUE_TEMPLATE/config.yml"]),
    ],
    ids=["workflow", "forms", "chooser"],
)
def test_github_takes(schema: str, files: list[Path]) -> None:
    """By the schemas that check-jsonschema carries with it."""
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *files],
        capture_output=True,
        text=True,
    )

    assert (checked.returncode, checked.stdout) == (0, "ok -- validation done\n"), checked.stderr


def test_the_workflow_does_what_a_person_does_for_every_pull_request_and_for_main() -> None:
    workflow = load("workflows/ci.yml")

    on = workflow[True]  # YAML 1.1 reads `on` so
    assert (on["push"], "pull_request" in on) == ({"branches": ["main"]}, True)
    [job] = workflow["jobs"].values()
    assert job["steps"][-1] == {"run": ".ci/run"}
    assert workflow["permissions"] == {"contents": "read"}


def test_issues_are_a_bug_or_an_idea_and_neither_goes_without_what_is_needed() -> None:
    required = {
        form.stem: [part["id"] for part in load(form)["body"] if needed(part)] for form in FORMS
    }

    assert required == {
        "bug": ["done", "seen", "expected", "version", "cloud", "database"],
        "idea": ["need", "today"],
    }


def test_a_hole_is_reported_in_private() -> None:
    security = (GITHUB / "SECURITY.md").read_text()

    assert "**Report a vulnerability**" in security
    assert "@" not in security


def load(path: Any) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load((GITHUB / path).read_text())
    return loaded


def needed(part: dict[str, Any]) -> bool:
    return bool(part.get("validations", {}).get("required"))
