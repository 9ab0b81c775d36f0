"""Alerts and dashboard read metrics that there are, and every alert fires in a test of its own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.programs import missing
from tests.repository import ROOT

DEPLOY = ROOT / "deploy"
LISTED = set(
    re.findall(r"^\| `(imagebot_\w+)`", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE)
)
"""docs/metrics.md is held against what is exposed by a test of its own."""
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
TESTS: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "alerts_test.yml").read_text())["tests"]
DASHBOARD: dict[str, Any] = json.loads((DEPLOY / "dashboard.json").read_text())


def _expressions() -> Iterator[str]:
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            yield target["expr"]


def _metrics(text: str) -> set[str]:
    """Names of metrics, without what Prometheus adds to those of a histogram."""
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"imagebot_\w+", text)}


def _promtool(*words: str, cwd: Path = DEPLOY) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        missing("promtool", "install Prometheus (Debian: apt-get install prometheus)")
    done = subprocess.run([promtool, *words], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_takes_the_rules() -> None:
    _promtool("check", "rules", "alerts.yml")


def test_alerts_fire_when_they_should_and_not_while_all_is_well() -> None:
    _promtool("test", "rules", "alerts_test.yml")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_alert_fires_in_a_test_and_is_quiet_in_another(rule: dict[str, Any]) -> None:
    cases = [
        bool(case["exp_alerts"])
        for test in TESTS
        for case in test["alert_rule_test"]
        if case["alertname"] == rule["alert"]
    ]

    assert set(cases) == {True, False}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_alert_reads_what_is_exposed_and_says_what_to_do(rule: dict[str, Any]) -> None:
    assert _metrics(rule["expr"]) - LISTED == set()
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"].endswith(".") or "python -m bot" in str(rule)


@pytest.mark.parametrize("name", ["alerts.yml", "alerts_test.yml"])
def test_commands_that_alerts_name_are_there(name: str) -> None:
    named = re.findall(r"python -m bot ([a-z-]+)", (DEPLOY / name).read_text())
    programs = re.findall(
        r"^\| `python -m bot ([\w-]+)", (ROOT / "docs/program.md").read_text(), re.MULTILINE
    )

    assert set(named) <= set(programs)


def test_the_dashboard_s_expressions_are_promql(tmp_path: Path) -> None:
    """As recording rules, which promtool parses."""
    rules = [
        {"record": f"panel:{number}", "expr": each} for number, each in enumerate(_expressions())
    ]
    whole = {"groups": [{"name": "dashboard", "rules": rules}]}
    (tmp_path / "rules.yml").write_text(yaml.safe_dump(whole))

    _promtool("check", "rules", "rules.yml", cwd=tmp_path)


def test_the_dashboard_reads_what_is_exposed_and_leaves_little_out() -> None:
    read = _metrics(" ".join(_expressions()))

    assert read - LISTED == set()
    assert {each for each in LISTED - read if "_after_" not in each} == {
        "imagebot_job_hands",
        "imagebot_job_in_hand_seconds",
    }


def test_panels_have_titles_words_and_places_of_their_own() -> None:
    panels = [each for each in DASHBOARD["panels"] if each["type"] != "row"]
    places = [(each["gridPos"]["x"], each["gridPos"]["y"]) for each in panels]

    assert all(each["title"] and each["description"] for each in panels)
    assert len(set(places)) == len(places)
