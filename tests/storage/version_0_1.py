"""
A database as version 0.1 has written it.

The dumps in `data/` were made by that version itself, on each database, at the start of the tests'
clock, with a row or more in every table.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

DATA = Path(__file__).parent / "data"
KEY = "b2xkLXNlY3JldC1rZXktb2YtYS10ZXN0LW9ubHktMDE="
"""With which the dumps are sealed; no other database is."""


def load(url: str) -> None:
    """Fill an empty database."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            file.executescript((DATA / "version_0_1.sqlite.sql").read_text())
    else:
        with psycopg.connect(url) as server:
            server.execute((DATA / "version_0_1.postgres.sql").read_bytes())
