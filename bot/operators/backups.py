"""
`python -m bot backup`, `restore` and `copy-database`: copy the whole database.

A backup is an SQLite file, whichever database it comes from, so that one way of copying is enough.
The bot may run meanwhile. Secrets stay encrypted: a backup is useless without SECRET_KEYS.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TextIO

from bot.settings import Settings
from storage import Store
from storage.errors import NotEmpty, Sealed, StorageError

REPLACE = "--replace"


class BadFile(Exception):
    """A file that is no backup, or cannot be written as one."""


def add_file(program: argparse.ArgumentParser) -> None:
    program.add_argument("file", type=Path, metavar="FILE")


def add_replace(program: argparse.ArgumentParser) -> None:
    program.add_argument(REPLACE, action="store_true", help="overwrite everything in the database")


def backup(settings: Settings, arguments: argparse.Namespace, out: TextIO) -> int:
    """
    Write the whole database to a new file, and open that to check that it is complete.

    Raises:
        BadFile: the file exists, or cannot be written.

        storage.errors.NoDatabase: there is nothing to back up.
    """
    file: Path = arguments.file
    Store.must_exist(settings.database_url)
    with _new_file(file) as unfinished:
        with closing(_open(settings)) as source, closing(_open(settings, unfinished)) as target:
            counts = source.copy_into(target)
        with closing(_open(settings, unfinished)) as written:
            verdict = written.audit.verify()
    out.write(f"{file}: {_counted(counts)}; ")
    out.write(f"audit log {f'broken: {verdict.broken}' if verdict.broken else 'intact'}.\n")
    out.write("Its secrets are encrypted: keep SECRET_KEYS, but in another place.\n")
    return 0


def restore(settings: Settings, arguments: argparse.Namespace, out: TextIO) -> int:
    """
    Restore a backup, of this version or an older one, into the database of DATABASE_URL.

    Raises:
        BadFile: the file is no backup, or SECRET_KEYS does not decrypt its secrets.

        storage.errors.NotEmpty: the database is not empty.
    """
    with _copy_of(arguments.file) as copied, closing(_open(settings, copied)) as source:
        _must_open(source, arguments.file)
        with closing(_open(settings)) as target:
            counts = _copy(source, target, replace=arguments.replace)
    out.write(f"Restored {_counted(counts)}. Restart the bot's processes.\n")
    out.write("Messages that were unsent in the backup are sent now: see `outbox list`.\n")
    return 0


def copy_database(settings: Settings, arguments: argparse.Namespace, out: TextIO) -> int:
    """
    Copy one database into another, such as an SQLite file into PostgreSQL, and compare the rows.

    Raises:
        BadFile: they are the same.

        storage.errors.NoDatabase: there is no database to copy.

        storage.errors.NotEmpty: the second is not empty.
    """
    if arguments.source == arguments.target:
        raise BadFile("FROM and TO are the same database: name two")
    with _naming("FROM"):
        Store.must_exist(arguments.source)
        source_store = Store.open(arguments.source, settings.secret_keys)
    with closing(source_store) as source:
        source.must_be_migrated()
        with _naming("TO"):
            target_store = Store.open(arguments.target, settings.secret_keys)
        with closing(target_store) as target:
            target.migrate()
            counts = _copy(source, target, replace=arguments.replace)
    out.writelines(f"{table:<24}{rows:>10,}\n" for table, rows in counts.items())
    out.write(
        f"Copied {_counted(counts)}, each row compared. Set DATABASE_URL, and start the bot.\n"
    )
    return 0


def add_databases(program: argparse.ArgumentParser) -> None:
    program.add_argument("source", metavar="FROM", help="sqlite:///path or postgresql://…")
    program.add_argument("target", metavar="TO", help="the same; it has to be empty")
    add_replace(program)


def _copy(source: Store, target: Store, *, replace: bool) -> Mapping[str, int]:
    try:
        return source.copy_into(target, replace=replace)
    except NotEmpty:
        raise NotEmpty(
            "the database is not empty: name an empty one, "
            f"or overwrite everything in it with {REPLACE}"
        ) from None


@contextmanager
def _naming(argument: str) -> Iterator[None]:
    """Name the argument in errors, which name the setting that a URL usually comes from."""
    try:
        yield
    except StorageError as error:
        raise type(error)(str(error).replace("DATABASE_URL", argument)) from None


def _open(settings: Settings, file: Path | None = None) -> Store:
    """Open the bot's database, or a backup file, and migrate the file's tables."""
    url = f"sqlite:///{file}" if file else settings.database_url
    store = Store.open(url, settings.secret_keys)
    try:
        if file or settings.embedded_database:
            store.migrate()
        store.must_be_migrated()
    except StorageError:
        store.close()
        raise
    return store


def _must_open(store: Store, file: Path) -> None:
    try:
        for account in store.accounts.all():
            store.accounts.credentials(account.id)
    except Sealed:
        raise BadFile(
            f"SECRET_KEYS does not decrypt the secrets in {file}: append the key used at that time"
        ) from None


@contextmanager
def _new_file(file: Path) -> Iterator[Path]:
    """Yield a temporary file beside it, which is renamed to it after success."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    with _translating_errors(file):
        if file.exists():
            raise BadFile(f"{file} exists: name another file")
        if not file.parent.is_dir():
            raise BadFile(f"there is no folder {file.parent}: make it first")
        if not os.access(file.parent, os.W_OK):
            raise BadFile(f"the folder {file.parent} cannot be written to: name another")
        _delete(unfinished)  # what a killed backup has left
        try:
            yield unfinished
            unfinished.rename(file)
        finally:
            _delete(unfinished)


def _delete(file: Path) -> None:
    for each in _with_log(file):
        with suppress(FileNotFoundError):
            each.unlink()


@contextmanager
def _translating_errors(file: Path) -> Iterator[None]:
    """Raise what the system says about a file, such as that it may not be read, as BadFile."""
    try:
        yield
    except OSError as error:
        raise BadFile(f"{file}: {error.strerror}. Check its folder, or name another.") from error


@contextmanager
def _copy_of(file: Path) -> Iterator[Path]:
    """Yield a copy of a backup that may be migrated; the original is not changed."""
    with _translating_errors(file), tempfile.TemporaryDirectory() as folder:
        if not file.is_file():
            raise BadFile(f"there is no file {file}")
        copied = Path(folder, "backup")
        for original, copy in zip(_with_log(file), _with_log(copied), strict=True):
            with suppress(FileNotFoundError):
                shutil.copyfile(original, copy)
        if not Store.is_one(copied):
            raise BadFile(f"{file} is no backup of this bot")
        yield copied


def _with_log(file: Path) -> Sequence[Path]:
    """Return the file and those that SQLite keeps beside it, for what is not in the file yet."""
    return [file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")]


def _counted(counts: Mapping[str, int]) -> str:
    return f"{sum(counts.values()):,} rows of {len(counts)} tables"
