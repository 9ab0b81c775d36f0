"""
`python -m bot backup`, `restore` and `copy-database`: all that is kept, whole, in another place.

A backup is an SQLite file, whichever database it is of, so that one way of copying serves all. It
is taken while the bot runs. Secrets in it stay sealed: it is of no use without SECRET_KEYS.
"""

from __future__ import annotations

import argparse
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
    """A file that cannot be written as a backup, or is none."""


def add_file(program: argparse.ArgumentParser) -> None:
    program.add_argument("file", type=Path, metavar="FILE")


def add_replace(program: argparse.ArgumentParser) -> None:
    program.add_argument(
        REPLACE, action="store_true", help="overwrite all that the database holds now"
    )


def backup(settings: Settings, arguments: argparse.Namespace, out: TextIO) -> int:
    """
    Write all that is kept at this moment to a new file, and open it to see that it is whole.

    Raises:
        BadFile: the file exists, or its folder does not.
    """
    file: Path = arguments.file
    with _new_file(file) as unfinished:
        with closing(_open(settings)) as source, closing(_open(settings, unfinished)) as target:
            counts = source.copy_into(target)
        with closing(_open(settings, unfinished)) as written:
            verdict = written.audit.verify()
    out.write(f"{file}: {_counted(counts)}; ")
    out.write(f"audit {f'broken: {verdict.broken}' if verdict.broken else 'whole'}.\n")
    out.write("Its secrets are sealed: keep SECRET_KEYS, but not beside it.\n")
    return 0


def restore(settings: Settings, arguments: argparse.Namespace, out: TextIO) -> int:
    """
    Put what a backup holds into the database of DATABASE_URL. One of an older version will do.

    Raises:
        BadFile: the file is no backup, or SECRET_KEYS does not open what it holds.

        storage.errors.NotEmpty: the database holds something already.
    """
    with _copy_of(arguments.file) as copied, closing(_open(settings, copied)) as source:
        _must_open(source, arguments.file)
        with closing(_open(settings)) as target:
            counts = _copy(source, target, replace=arguments.replace)
    out.write(f"Restored {_counted(counts)}. Restart the bot's processes.\n")
    out.write("Messages that had not gone out by then go out now: see `outbox list`.\n")
    return 0


def copy_database(settings: Settings, arguments: argparse.Namespace, out: TextIO) -> int:
    """
    Copy one database into another, such as an SQLite file into PostgreSQL, and compare the rows.

    Raises:
        storage.errors.NotEmpty: the second holds something already.
    """
    with closing(Store.open(arguments.source, settings.secret_keys)) as source:
        source.must_be_migrated()
        with closing(Store.open(arguments.target, settings.secret_keys)) as target:
            target.migrate()
            counts = _copy(source, target, replace=arguments.replace)
    out.writelines(f"{table:<24}{rows:>10,}\n" for table, rows in counts.items())
    out.write(
        f"Copied {_counted(counts)}, each row compared. Set DATABASE_URL, and start the bot.\n"
    )
    return 0


def add_databases(program: argparse.ArgumentParser) -> None:
    program.add_argument("source", metavar="FROM", help="sqlite:///path or postgresql://…")
    program.add_argument("target", metavar="TO", help="likewise; it has to be empty")
    add_replace(program)


def _copy(source: Store, target: Store, *, replace: bool) -> Mapping[str, int]:
    try:
        return source.copy_into(target, replace=replace)
    except NotEmpty:
        raise NotEmpty(
            "the database holds something already: name an empty one, "
            f"or overwrite all of it with {REPLACE}"
        ) from None


def _open(settings: Settings, file: Path | None = None) -> Store:
    """Open the bot's database, or such a file, and bring a file's tables up to this program."""
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
            f"SECRET_KEYS does not open the secrets in {file}: add the key of that time after yours"
        ) from None


@contextmanager
def _new_file(file: Path) -> Iterator[Path]:
    """Name a file to write beside it, which takes its place once all went well."""
    if file.exists():
        raise BadFile(f"{file} exists: name another file")
    if not file.parent.is_dir():
        raise BadFile(f"there is no folder {file.parent}: make it first")
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        yield unfinished
        unfinished.rename(file)
    finally:
        for left in _with_log(unfinished):
            with suppress(FileNotFoundError):
                left.unlink()


@contextmanager
def _copy_of(file: Path) -> Iterator[Path]:
    """Copy a backup to where it may be brought up to date, and the original stays as it is."""
    if not file.is_file():
        raise BadFile(f"there is no file {file}")
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder, "backup")
        for original, copy in zip(_with_log(file), _with_log(copied), strict=True):
            with suppress(FileNotFoundError):
                shutil.copyfile(original, copy)
        if not Store.is_one(copied):
            raise BadFile(f"{file} is no backup of this bot")
        yield copied


def _with_log(file: Path) -> Sequence[Path]:
    """SQLite keeps what it has not moved into the file yet beside it."""
    return [file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")]


def _counted(counts: Mapping[str, int]) -> str:
    return f"{sum(counts.values()):,} rows of {len(counts)} tables"
