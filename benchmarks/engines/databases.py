"""A PostgreSQL of our own, which can be taken away, and files of SQLite, which can be locked."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from sandbox.processes import end_with_us, reserved_port, temporary_folder


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL, without a database of ours as yet."""

    programs: Path
    folder: Path
    port: int
    who: int | None
    """The user it runs as, if we are root, as whom it does not run."""

    @property
    def url(self) -> str:
        return f"postgresql://bot@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Have it run for as long as this process does, at most."""
        self._control("start")
        leader = int((self.folder / "data/postmaster.pid").read_text().split()[0])
        end_with_us(leader, signal.SIGQUIT)

    def stop(self, mode: str) -> None:
        """By the *mode* of pg_ctl: `fast`, `immediate`."""
        self._control("-m", mode, "stop")

    def _control(self, *words: str) -> None:
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -c max_connections=400"
        pg_ctl: list[str | Path] = [self.programs / "pg_ctl", "-D", self.folder / "data", "-w"]
        self.run(*pg_ctl, "-l", self.folder / "log", "-o", options, *words)

    def run(self, *words: str | Path) -> None:
        subprocess.run(words, user=self.who, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)


@contextmanager
def server() -> Iterator[Server]:
    """With the durability that PostgreSQL has by default: each commit is on the disk."""
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found = newest[-1] if newest else Path(shutil.which("initdb") or "").parent
    who = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
    with temporary_folder("imagebot-engines-") as folder, reserved_port() as port:
        if who is not None:
            os.chown(folder, who, -1)
        here = Server(found, folder, port, who)
        here.run(found / "initdb", "-D", folder / "data", "-U", "bot", "-A", "trust", "-E", "UTF8")
        here.start()
        try:
            yield here
        finally:
            here.stop("immediate")


def create(here: Server, folder: Path, kind: str, name: str) -> str:
    """An empty database, and its URL."""
    if kind == "sqlite":
        return f"sqlite:///{folder / name}.db"
    with psycopg.connect(f"{here.url}/postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}")
    return f"{here.url}/{name}"


def transactions(url: str) -> int | None:
    """How many PostgreSQL has ended in this database; SQLite does not count."""
    if url.startswith("sqlite"):
        return None
    time.sleep(1.1)  # it is told of them once a second
    server, name = url.rsplit("/", 1)
    with psycopg.connect(f"{server}/postgres") as connection:
        [row] = connection.execute(
            """select xact_commit + xact_rollback from pg_stat_database where datname = %s""",
            (name,),
        )
    return int(row[0])


def tables(url: str) -> int:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            [row] = file.execute("select count(*) from sqlite_master where type = 'table'")
            return int(row[0])
    with psycopg.connect(url) as connection:
        [row] = connection.execute(
            """select count(*) from information_schema.tables where table_type = 'BASE TABLE'
               and table_schema not in ('pg_catalog', 'information_schema')"""
        )
    return int(row[0])


def count(url: str, item: str) -> int:
    """In how many rows of all tables an item's id stands."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            return sum(item in statement for statement in file.iterdump())
    with psycopg.connect(url) as connection:
        named = connection.execute(
            """select format('%I.%I', table_schema, table_name) from information_schema.tables
               where table_type = 'BASE TABLE'
               and table_schema not in ('pg_catalog', 'information_schema')"""
        )
        found = 0
        for [table] in named.fetchall():
            sql = f"select count(*) from {table} t where t::text like %s"  # noqa: S608
            [row] = connection.execute(sql, (f"%{item}%",))
            found += int(row[0])
    return found


def lock(url: str, seconds: float) -> None:
    """Keep a file of SQLite from everybody else."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)) as file:
        file.isolation_level = None
        file.execute("begin exclusive")
        time.sleep(seconds)
        file.execute("rollback")
