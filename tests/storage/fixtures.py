"""
Stores for tests: `sqlite_store`, `store` (the same test on both databases), and a clock to turn.

Their tables are made once a run, and copied: that takes a tenth of the time that every step does.

PostgreSQL is Debian's, started once a run, as an unprivileged user, in a folder of its own.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sandbox.processes import reserved_port, run, spawn, temporary_folder
from storage import Store, new_key
from tests.programs import missing
from tests.waiting import PATIENCE_S, until

AT_ONCE = signal.SIGQUIT
"""The signal at which PostgreSQL ends without waiting for anybody."""
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class HandClock:
    """The time, turned by hand."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def keys() -> list[str]:
    return [new_key()]


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables, and nothing in them."""
    file = tmp_path_factory.mktemp("template") / "store.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_tables(sqlite_url: str, sqlite_template: Path) -> None:
    """Has all tables in the test's file before anybody opens it."""
    shutil.copy(sqlite_template, sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
def sqlite_store(
    sqlite_url: str, sqlite_tables: None, keys: list[str], clock: HandClock
) -> Iterator[Store]:
    yield from _opened(sqlite_url, keys, clock)


KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of each kind: with all tables where a test asks for its `store`, else empty."""
    yield from _database(request, "store", tables="store" in request.fixturenames)


@pytest.fixture(params=KINDS)
def other_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Another empty database, of each kind."""
    yield from _database(request, "other", tables=False)


def _database(request: pytest.FixtureRequest, file: str, *, tables: bool) -> Iterator[str]:
    if request.param == "sqlite":
        path = request.getfixturevalue("tmp_path") / f"{file}.db"
        if tables:
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres_url")
    template = request.getfixturevalue("postgres_template") if tables else "template1"
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}")
        yield f"{server}/{name}"
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture
def store(database_url: str, keys: list[str], clock: HandClock) -> Iterator[Store]:
    """A migrated store, on both databases."""
    yield from _opened(database_url, keys, clock)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of a running PostgreSQL, without a database name."""
    programs = _programs()
    if programs is None:
        missing("PostgreSQL's server", "install it (Debian: apt-get install postgresql)")
    with temporary_folder("imagebot-pg-") as folder:
        who = _unprivileged(folder)
        options = ["-U", "bot", "-A", "trust", "-E", "UTF8"]
        done = run([programs / "initdb", "-D", folder / "data", *options], cwd="/", **who)
        assert done.returncode == 0, done.stderr
        with reserved_port() as port, _running(programs / "postgres", folder, port, who) as url:
            yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """Name of a database with all tables, and nothing in them."""
    with psycopg.connect(f"{postgres_url}/postgres", autocommit=True) as connection:
        connection.execute("create database tables")
    _migrate(f"{postgres_url}/tables")
    return "tables"


@contextmanager
def _running(postgres: Path, folder: Path, port: int, who: dict[str, Any]) -> Iterator[str]:
    log = folder / "log"
    command: list[str | Path] = [postgres, "-D", folder / "data", "-k", folder]
    command += ["-h", "127.0.0.1", "-p", str(port)]
    command += ["-c", "fsync=off", "-c", "max_connections=200"]
    with log.open("ab") as out:
        server = spawn(command, end_by=AT_ONCE, cwd="/", stdout=out, stderr=out, **who)
    try:
        url = f"postgresql://bot@127.0.0.1:{port}"
        until(lambda: server.poll() is not None or _answers(url), log.read_text)
        assert server.poll() is None, log.read_text()
        yield url
    finally:
        server.send_signal(AT_ONCE)
        server.wait(PATIENCE_S)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(f"{url}/postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _migrate(url: str) -> None:
    with closing(Store.open(url, [new_key()], HandClock())) as store:
        store.migrate()


def _opened(url: str, keys: list[str], clock: HandClock) -> Iterator[Store]:
    store = Store.open(url, keys, clock)
    store.must_be_migrated()
    yield store
    store.close()


def _programs() -> Path | None:
    """Debian keeps them out of PATH, one folder a version."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = str(installed[-1]) if installed else shutil.which("initdb")
    return Path(found).parent if found else None


def _unprivileged(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as `nobody`, who gets the folder."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
