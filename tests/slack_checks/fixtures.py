"""`slack_accepts`: Slack's own declarations, models and limits as one assertion."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from tests.programs import missing
from tests.slack_checks import declarations

Calls = Sequence[Mapping[str, Any]]


@pytest.fixture(scope="session")
def slack_declarations() -> Callable[[Sequence[declarations.Typed]], list[str]]:
    """Complaints of Slack's TypeScript declarations about typed values."""
    if not declarations.COMPILER.exists() or shutil.which("node") is None:
        missing("Slack's TypeScript declarations", "install Node.js and npm, then `make test`")
    return declarations.complaints


@pytest.fixture(scope="session")
def slack_accepts(
    slack_declarations: Callable[[Sequence[declarations.Typed]], list[str]],
) -> Callable[[Calls], None]:
    """Assert that recorded traffic, in both directions, is what Slack declares."""

    def check(calls: Calls) -> None:
        assert calls, "no traffic was recorded"
        assert slack_declarations([declarations.record(call) for call in calls]) == []

    return check
