"""Programs that some tests need. Locally a missing one skips them with a reason; in CI it fails."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(what: str, remedy: str) -> NoReturn:
    """End the test that needs *what*: skipped on a person's machine, failed in CI."""
    line = f"{what} is not here: {remedy}"
    if os.environ.get("CI"):
        pytest.fail(line, pytrace=False)
    pytest.skip(line)
