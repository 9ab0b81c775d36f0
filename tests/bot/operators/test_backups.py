"""`backup`, `restore` and `copy-database`, as an operator calls them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from storage import Store, new_key
from tests.bot.program import Program
from tests.storage.version_0_1 import KEY, load


@pytest.fixture
def kept(database_url: str) -> Store:
    """A database of version 0.1, on both kinds, migrated."""
    load(database_url)
    with closing(Store.open(database_url, [KEY])) as store:
        store.migrate()
    return store


@pytest.fixture
def env(database_url: str) -> Mapping[str, str]:
    """Slack is not needed for any of this."""
    return {
        "DATABASE_URL": database_url,
        "SECRET_KEYS": KEY,
        "SLACK_SIGNING_SECRET": "",
        "SLACK_BOT_TOKEN": "",
    }


@pytest.fixture
def empty(other_url: str) -> Iterator[Store]:
    with closing(Store.open(other_url, [KEY])) as store:
        yield store


def test_a_backup_is_restored_into_an_empty_database(
    program: Program,
    kept: Store,
    env: Mapping[str, str],
    empty: Store,
    other_url: str,
    tmp_path: Path,
) -> None:
    file = tmp_path / "monday.backup"

    code, said, _ = program("backup", str(file), **env)
    assert (code, "audit log intact" in said, "SECRET_KEYS" in said) == (0, True, True)
    assert file.stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.iterdir() if "monday" in each.name] == [file.name]

    empty.migrate()
    code, said, _ = program("restore", str(file), **{**env, "DATABASE_URL": other_url})
    assert (code, "Restart" in said) == (0, True)
    [account] = empty.accounts.all()
    assert empty.accounts.credentials(account.id) == {"api_key": "s3cret"}


def test_a_backup_of_an_older_version_is_brought_up_to_date_and_stays_as_it_is(
    program: Program, env: Mapping[str, str], empty: Store, other_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "old.backup"
    load(f"sqlite:///{file}")
    before = file.read_bytes()
    empty.migrate()

    code, _, complaint = program("restore", str(file), **{**env, "DATABASE_URL": other_url})

    assert (code, complaint, file.read_bytes()) == (0, "", before)
    assert len(empty.accounts.all()) == 1


def test_a_database_in_use_is_overwritten_only_if_that_is_said(
    program: Program, kept: Store, env: Mapping[str, str], tmp_path: Path, database_url: str
) -> None:
    file = str(tmp_path / "b")
    program("backup", file, **env)
    with closing(Store.open(database_url, [KEY])) as store:
        store.people.seen("T9", "U9")

        code, _, complaint = program("restore", file, **env)
        assert (code, "--replace" in complaint) == (1, True)
        assert store.people.get("T9", "U9")

        code, _, _ = program("restore", file, "--replace", **env)
        assert (code, store.people.get("T9", "U9")) == (0, None)


@pytest.mark.parametrize("contents", [b"", b"not a database", None], ids=["empty", "text", "none"])
def test_what_is_no_backup_is_refused(
    contents: bytes | None, program: Program, kept: Store, env: Mapping[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "b"
    if contents is not None:
        file.write_bytes(contents)

    code, said, complaint = program("restore", str(file), "--replace", **env)

    assert (code, said) == (1, "")
    assert str(file) in complaint
    assert "Traceback" not in complaint


def test_another_programs_database_is_refused(
    program: Program, kept: Store, env: Mapping[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as other:
        other.execute("create table people (name text)")

    code, _, complaint = program("restore", str(file), "--replace", **env)

    assert (code, "is no backup of this bot" in complaint) == (1, True)


def test_a_backup_whose_secrets_stay_shut_is_refused_before_anything_is_lost(
    program: Program, kept: Store, env: Mapping[str, str], tmp_path: Path
) -> None:
    file = str(tmp_path / "b")
    program("backup", file, **env)

    code, _, complaint = program("restore", file, "--replace", **{**env, "SECRET_KEYS": new_key()})

    assert (code, "SECRET_KEYS" in complaint) == (1, True)


def test_no_file_is_overwritten(
    program: Program, kept: Store, env: Mapping[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "b"
    file.write_text("dear to somebody")

    code, _, complaint = program("backup", str(file), **env)
    missing, _, no_folder = program("backup", str(tmp_path / "nowhere" / "b"), **env)

    assert (code, file.read_text()) == (1, "dear to somebody")
    assert f"{file} exists" in complaint
    assert (missing, "there is no folder" in no_folder) == (1, True)


def test_what_a_killed_backup_has_left_is_in_nobodys_way(
    program: Program, kept: Store, env: Mapping[str, str], tmp_path: Path
) -> None:
    """It may be half full, and open to others."""
    program("backup", str(tmp_path / "b.unfinished"), **env)
    (tmp_path / "b.unfinished").chmod(0o644)

    code, _, complaint = program("backup", str(tmp_path / "b"), **env)

    assert (code, complaint) == (0, "")
    assert (tmp_path / "b").stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.glob("b*")] == ["b"]


@pytest.mark.parametrize("words", [("backup",), ("restore", "--replace")])
def test_what_the_system_says_of_a_file_is_passed_on(
    words: tuple[str, ...], program: Program, kept: Store, env: Mapping[str, str], tmp_path: Path
) -> None:
    file = tmp_path / ("x" * 300)

    code, _, complaint = program(*words, str(file), **env)

    assert (code, complaint.startswith(f"{file}: File name too long.")) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        ("backup", "b"),
        ("work", "list"),
        ("outbox", "list"),
        ("accounts", "list"),
        ("audit", "verify"),
        ("people", "forget", "--team", "T11", "--user", "U11"),
    ],
)
def test_what_only_reads_a_database_makes_none(
    words: tuple[str, ...],
    program: Program,
    env: Mapping[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a wrong folder a backup would be a good copy of an empty database."""
    monkeypatch.chdir(tmp_path)

    code, said, complaint = program(*words, **{**env, "DATABASE_URL": "sqlite:///bot.db"})

    assert (code, said) == (1, "")
    assert f"there is no database {tmp_path / 'bot.db'}: check DATABASE_URL" in complaint
    assert not list(tmp_path.glob("b*"))


def test_copying_names_the_argument_that_is_wrong(
    program: Program, kept: Store, env: Mapping[str, str], tmp_path: Path, database_url: str
) -> None:
    missing = f"sqlite:///{tmp_path / 'missing.db'}"

    def complaint(source: str, target: str) -> str:
        code, _, said = program("copy-database", source, target, "--replace", **env)
        assert code == 1
        return said

    assert complaint("elsewhere", missing).startswith("FROM is neither sqlite:///path")
    assert complaint(database_url, "elsewhere").startswith("TO is neither sqlite:///path")
    assert "check FROM" in complaint(missing, database_url)
    assert "the same database" in complaint(database_url, database_url)
    assert not (tmp_path / "missing.db").exists()


def test_a_backup_that_fails_leaves_no_file(
    program: Program, kept: Store, env: Mapping[str, str], tmp_path: Path, database_url: str
) -> None:
    """Here, as one of the tables is gone."""
    with closing(Store.open(database_url, [KEY])) as store:
        store._db.execute("drop table once")

    with pytest.raises(Exception, match="once"):
        program("backup", str(tmp_path / "b"), **env)

    assert not list(tmp_path.glob("b*"))


def test_a_database_is_copied_into_another_and_counted(
    program: Program,
    kept: Store,
    env: Mapping[str, str],
    database_url: str,
    other_url: str,
    empty: Store,
) -> None:
    code, said, _ = program("copy-database", database_url, other_url, **env)

    assert code == 0
    counts = dict(line.split() for line in said.splitlines()[:-1])
    assert (counts["people"], counts["accounts"]) == ("1", "1")
    assert "each row compared" in said
    assert len(empty.accounts.all()) == 1
    again, _, complaint = program("copy-database", database_url, other_url, **env)
    assert (again, "--replace" in complaint) == (1, True)


def test_a_database_of_a_later_version_is_refused_by_every_program(
    program: Program, kept: Store, env: Mapping[str, str], tmp_path: Path, database_url: str
) -> None:
    with closing(Store.open(database_url, [KEY])) as store:
        store._db.execute("insert into migrations (name, applied_at) values ('9999_later', '')")

    for words in (("migrate",), ("backup", str(tmp_path / "b")), ("accounts", "list")):
        code, _, complaint = program(*words, **env)
        assert (code, "9999_later" in complaint) == (1, True)
