"""`audit` and `run reseal`: what whoever runs the bot does with its record and its keys."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest

from storage import Store, new_key
from tests.bot.program import Program


@pytest.fixture
def record(sqlite_url: str, keys: list[str]) -> Iterator[Store]:
    """A store with two entries; one of them of an image whose name a spreadsheet would run."""
    store = Store.open(sqlite_url, keys)
    store.migrate()
    with store.audit.entry("T1/U1", "image.share", "web", account="123", region="DFW"):
        pass
    with store.audit.entry("T1/U2", "image.update", "=cmd()", account="123") as entry:
        entry.before, entry.after = {"name": "old"}, {"name": "=cmd()"}
    yield store
    store.close()


def test_verify_says_that_the_audit_log_is_intact_and_prints_its_head(
    program: Program, record: Store
) -> None:
    code, said, _ = program("audit", "verify")

    assert code == 0
    assert said.startswith(f"The audit log is intact: 4 rows.\nhead {record.audit.verify().head}\n")
    assert "Keep this head somewhere else" in said
    assert program("audit", "verify", "--head", record.audit.verify().head)[0] == 0


def test_verify_says_where_it_is_broken_and_fails(program: Program, record: Store) -> None:
    record._db.execute("update audit_log set actor = 'T9/U9' where seq = 3")

    code, said, _ = program("audit", "verify")

    assert code == 1
    assert said == "The audit log is broken: row 3 was changed.\n2 rows before that are intact.\n"


def test_export_gives_a_json_object_a_line(program: Program, record: Store) -> None:
    code, said, _ = program("audit", "export")

    update, share = [json.loads(line) for line in said.splitlines()]
    assert code == 0
    assert (share["actor"], share["action"], share["outcome"]) == ("T1/U1", "image.share", "done")
    assert (update["before"], update["after"]) == ({"name": "old"}, {"name": "=cmd()"})


def test_a_wrong_date_is_said(program: Program, record: Store) -> None:
    code, _, complaint = program("audit", "export", "--since", "yesterday")

    assert code == 2
    assert "'yesterday' is not a date: write it like 2026-03-05" in complaint


def test_an_export_ends_quietly_when_its_reader_has_enough(
    record: Store, environ: Mapping[str, str]
) -> None:
    """As in `audit export | head -1`."""
    reads, writes = os.pipe()
    os.close(reads)

    with os.fdopen(writes) as pipe:
        ended = subprocess.run(
            [sys.executable, "-m", "bot", "audit", "export"],
            env={**os.environ, **environ},
            stdout=pipe,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert (ended.returncode, ended.stderr) == (1, b"")


def test_export_gives_csv_that_no_spreadsheet_runs(program: Program, record: Store) -> None:
    _, said, _ = program("audit", "export", "--format", "csv", "--action", "image.update")

    [row] = csv.DictReader(io.StringIO(said))
    assert (row["target"], row["outcome"]) == ("'=cmd()", "done")
    assert row["after"] == '{"name": "=cmd()"}'


def test_export_keeps_to_what_was_asked(program: Program, record: Store) -> None:
    assert program("audit", "export", "--until", "2020-01-01")[1] == ""
    assert len(program("audit", "export", "--since", "2020-01-01T00:00")[1].splitlines()) == 2
    assert len(program("audit", "export", "--actor", "T1/U1")[1].splitlines()) == 1
    code, _, complaint = program("audit", "export", "--since", "yesterday")
    assert (code, "--since" in complaint) == (2, True)


def test_reseal_lets_the_old_key_go(
    program: Program, record: Store, sqlite_url: str, keys: list[str]
) -> None:
    record.installations.save("T1", None, {"bot_token": "xoxb"})
    new = new_key()

    code, said, _ = program("run", "reseal", SECRET_KEYS=",".join([new, *keys]))

    assert (code, said) == (
        0,
        "1 secrets are encrypted with the newest key. Remove the older ones.\n",
    )
    only_new = Store.open(sqlite_url, [new])
    assert only_new.installations.find("T1", None) == {"bot_token": "xoxb"}
    only_new.close()
