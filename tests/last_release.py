"""
The last release, whose programs run beside this one's while it is rolled out.

Its code is packed in `tests/storage/data/last_release.tar.xz`, so that a clone of any depth has it;
`make release` packs that of the release that it makes.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.processes import temporary_folder
from tests.repository import ROOT

PACKED = ROOT / "tests/storage/data/last_release.tar.xz"


@pytest.fixture(scope="session")
def last_release() -> Iterator[Path]:
    """A folder in which `python -m bot` is that of the last release."""
    with temporary_folder("imagebot-last-") as folder:
        with tarfile.open(PACKED) as packed:
            packed.extractall(folder, filter="data")
        yield folder
