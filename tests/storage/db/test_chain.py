"""The audit as a chain: what is changed, taken out or put in is found."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from storage import AuditFilter, AuditRow, Store
from storage.db import chain, migrations
from tests.storage.conftest import Race
from tests.storage.fixtures import START, HandClock

ACTORS = ("T1/U1", "T1/U2", "T2/U1")


@pytest.fixture
def recorded(store: Store, clock: HandClock) -> Store:
    """Three entries of a minute each, the second failed."""
    for number, actor in enumerate(ACTORS):
        _act(store, clock, actor, f"image-{number}", broken=number == 1)
    return store


def _act(store: Store, clock: HandClock, actor: str, target: str, *, broken: bool) -> None:
    where = {"account": "123", "region": "DFW"}
    try:
        with store.audit.entry(actor, "image.update", target, **where) as entry:
            entry.before, entry.after = {"name": "old"}, {"name": "new"}
            entry.request_id = "req-1"
            clock.advance(minutes=1)
            if broken:
                raise LookupError
    except LookupError:
        pass


def test_a_chain_that_nobody_touched_is_sound(recorded: Store) -> None:
    verdict = recorded.audit.verify()

    assert (verdict.rows, verdict.broken) == (6, "")
    assert verdict.head == recorded._db.rows("select hash from audit_log where seq = 6")[0]["hash"]


@pytest.mark.parametrize(
    ("sql", "rows", "said"),
    [
        ("update audit_log set actor = 'T9/U9' where seq = 3", 2, "row 3 was changed"),
        ("update audit_log set hash = previous where seq = 3", 2, "row 3 was changed"),
        ("delete from audit_log where seq = 4", 3, "row 4 is missing"),
        ("delete from audit_log where seq > 4", 4, "rows 5 to 6 are missing"),
        ("delete from audit_log", 0, "rows 1 to 6 are missing"),
    ],
)
def test_whatever_was_changed_or_taken_out_is_found(
    recorded: Store, sql: str, rows: int, said: str
) -> None:
    recorded._db.execute(sql)

    verdict = recorded.audit.verify()

    assert (verdict.rows, verdict.broken) == (rows, said)


def test_a_last_row_that_was_forged_with_its_hash_is_found(recorded: Store) -> None:
    [row] = recorded._db.rows("select * from audit_log where seq = 6")
    forged = {**row, "actor": "T9/U9"}
    recorded._db.execute(
        "update audit_log set actor = :actor, hash = :hash where seq = 6",
        {"actor": forged["actor"], "hash": chain.digest(forged)},
    )

    verdict = recorded.audit.verify()

    assert (verdict.rows, verdict.broken) == (5, "row 6 is not the one that was written")


def test_a_chain_made_anew_does_not_hold_the_head_that_was_kept(recorded: Store) -> None:
    kept = recorded.audit.verify().head
    with recorded.audit.entry("T1/U1", "image.share", "web"):
        pass
    grown = recorded.audit.verify(kept)
    for row in chain.walk(recorded._db):
        recorded._db.execute("delete from audit_log where seq = :seq", {"seq": row["seq"]})
    recorded._db.execute("update audit_head set seq = 0, hash = :hash", {"hash": chain.GENESIS})
    with recorded.audit.entry("T1/U1", "image.share", "web"):
        pass

    assert (grown.rows, grown.broken) == (8, "")
    assert recorded.audit.verify().broken == ""
    assert recorded.audit.verify(kept).broken == "the head that was kept is not in the chain"


def test_entries_of_many_processes_make_one_sound_chain(store: Store, race: Race) -> None:
    race("record", *[f"t{number}" for number in range(20)])

    verdict = store.audit.verify()

    assert (verdict.rows, verdict.broken) == (4 * 20 * 2, "")


def test_entries_of_many_threads_make_one_sound_chain(store: Store) -> None:
    def record(number: int) -> None:
        with store.audit.entry("T1/U1", "image.share", f"image-{number}"):
            pass

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(record, range(40)))

    verdict = store.audit.verify()
    assert (verdict.rows, verdict.broken) == (80, "")


def test_names_that_no_database_holds_do_not_break_the_chain(store: Store) -> None:
    with store.audit.entry("T1/U1", "image.share", "nul \0, half a pair \ud800"):
        pass

    assert store.audit.verify().broken == ""


def test_what_was_learnt_on_the_way_stands_in_the_entry(recorded: Store) -> None:
    newest, failed, _ = recorded.audit.recent()

    assert newest == AuditRow(
        START + timedelta(minutes=2),
        "T2/U1",
        "image.update",
        "image-2",
        "123",
        "DFW",
        "",
        "done",
        START + timedelta(minutes=3),
        {"name": "old"},
        {"name": "new"},
        "req-1",
    )
    assert (failed.outcome, failed.after) == ("failed: LookupError", {"name": "new"})


@pytest.mark.parametrize(
    ("wanted", "targets"),
    [
        (AuditFilter(actor="T1/U2"), ["image-1"]),
        (AuditFilter(team_id="T1"), ["image-1", "image-0"]),
        (AuditFilter(action="image."), ["image-2", "image-1", "image-0"]),
        (AuditFilter(action="invitation."), []),
        (AuditFilter(target="image-0", region="DFW", account="123"), ["image-0"]),
        (AuditFilter(account="999"), []),
        (AuditFilter(outcome="failed"), ["image-1"]),
        (AuditFilter(since=START + timedelta(minutes=1)), ["image-2", "image-1"]),
        (AuditFilter(until=START + timedelta(minutes=1)), ["image-0"]),
    ],
)
def test_entries_are_found_by(recorded: Store, wanted: AuditFilter, targets: list[str]) -> None:
    assert [row.target for row in recorded.audit.find(wanted)] == targets
    assert [row.target for row in recorded.audit.export(wanted)] == targets


def test_an_export_is_read_in_pieces(recorded: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "BATCH", 2)

    assert len(list(recorded.audit.export(AuditFilter()))) == 3
    assert recorded.audit.verify().rows == 6


def test_entries_of_before_there_was_a_chain_are_its_first_rows(
    database_url: str, keys: list[str], clock: HandClock
) -> None:
    store = Store.open(database_url, keys, clock)
    migrations.migrate(store._db, clock, migrations.MIGRATIONS[:4])
    add = """insert into audit (id, at, actor, action, target, account, region, detail, outcome,
                                ended_at)
             values (:id, :at, 'T1/U1', 'image.share', :id, '123', 'DFW', 'with 456', :outcome,
                     :ended)"""
    at, ended = "2026-03-01T08:00:00.000000+00:00", "2026-03-01T08:00:02.000000+00:00"
    store._db.execute(add, {"id": "a", "at": at, "outcome": "failed: NotFound", "ended": ended})
    store._db.execute(add, {"id": "b", "at": at, "outcome": "started", "ended": None})

    store.migrate()

    assert [(row.target, row.outcome) for row in store.audit.recent()] == [
        ("b", "started"),
        ("a", "failed: NotFound"),
    ]
    assert store.audit.verify().broken == ""
    store.close()
