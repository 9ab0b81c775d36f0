"""docs/metrics.md lists every metric that is exposed, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from prometheus_client.metrics_core import Metric

from bot.settings import Settings
from bot.slack.socket_mode import SocketMode
from bot.web.app import create_app
from bot.wiring import Runtime
from bot.work import KINDS
from bot.work.engine import Engine
from storage import new_key

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/metrics.md").read_text()
SECRET = {"account", "image", "person", "project", "team", "user", "workspace"}
Row = tuple[str, str]
"""The type of a metric and its labels."""


@pytest.fixture
def exposed(tmp_path: Path) -> Mapping[str, Row]:
    """Each metric of a process that does everything."""
    settings = Settings(
        secret_keys=(new_key(),),
        slack_bot_token="xoxb-made-up",
        database_url=f"sqlite:///{tmp_path / 'bot.db'}",
    )
    runtime = Runtime.build(settings)
    socket_mode = SocketMode(runtime.slack_app, "", runtime.workspaces.bare_client(), 1, print)
    create_app(runtime, socket_mode, Engine(runtime, KINDS))
    try:
        return {
            _name(family): (family.type, ", ".join(labels))
            for collector in runtime.metrics.registry._collector_to_names
            for family in collector.collect()
            for labels in [getattr(collector, "_labelnames", getattr(family, "_labelnames", ()))]
        }
    finally:
        runtime.close()


def test_metrics_page_lists_what_is_exposed(exposed: Mapping[str, Row]) -> None:
    assert _listed() == exposed


def test_no_label_names_anybody(exposed: Mapping[str, Row]) -> None:
    assert [name for name, (_, labels) in exposed.items() if set(labels.split(", ")) & SECRET] == []


def test_units_are_what_the_names_say() -> None:
    for name, _, _, unit, meaning in _rows():
        assert unit.endswith("seconds") == name.strip("`").endswith("seconds"), name
        assert meaning


def _name(family: Metric) -> str:
    return f"{family.name}_total" if family.type == "counter" else family.name


def _rows() -> list[list[str]]:
    lines = [line for line in PAGE.splitlines() if line.startswith("| `imagebot_")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _listed() -> Mapping[str, Row]:
    return {name.strip("`"): (kind, labels) for name, kind, labels, _, _ in _rows()}
