"""The order in which several processes take the files of tests: the heaviest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pytest

HEAVY = ("lab", "browser", "in_order", "long")
"""Marks of tests for which programs are started, or that tell a story of many steps."""
HEAVIER = 300
"""By how many plain tests a file of such tests is heavier."""


def heaviest_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """
    Put the tests of the heaviest files first, so that none begins when all others have ended.

    Files that are as heavy as each other, and the tests of each, keep their order.
    """
    files = Counter(item.path for item in items)
    heavy = {item.path for item in items if _has_any(item, HEAVY)}
    return sorted(items, key=lambda item: -files[item.path] - HEAVIER * (item.path in heavy))


def _has_any(item: pytest.Item, marks: Iterable[str]) -> bool:
    return any(item.get_closest_marker(mark) for mark in marks)
