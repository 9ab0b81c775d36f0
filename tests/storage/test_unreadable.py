"""
Whatever a stored value has become, it stops nothing beside it, and can be written anew.

In every table one row is spoilt at random, in any of its columns: all that reads the table gives
the other rows, and does not break.
"""

from __future__ import annotations

import logging
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import Account, Policy, Preference, Role, Store, Subject
from storage.db.database import Row
from storage.db.table import Table
from storage.errors import StorageError
from tests import taking
from tests.storage.fixtures import HandClock
from tests.storage.version_0_1 import KEY, load

KINDS = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
TEXTS = st.one_of(
    st.sampled_from(
        ("", "x", "null", "[]", "{}", "5", "true", '"x"', "[1]", '{"a":1}', "[" * 2000, "NaN")
    ),
    st.sampled_from(("2026-01-01", "2026-03-02T08:00:00", "2026-13-45T99:00:00+00:00", "today")),
    st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=30),
)
NUMBERS = st.one_of(st.sampled_from((-1, 0, 2, 7, 10**6, 2**31 - 1)), st.integers(-9, 9))
REFERS = ("account_id", "approval_id", "sealed")
"""Columns whose values the database, or the vault, checks."""
NOT_READ = frozenset(
    {"migrations", "once", "audit_log", "audit_head", "account_troubles", "digests", "breakers"}
    | {"conversations", "display_subjects", "subject_changes"}
)
"""Of whose rows no family makes values by a Table."""


@pytest.fixture
def old(database_url: str, clock: HandClock) -> Iterator[Store]:
    """With a row or more in every table of version 0.1."""
    load(database_url)
    with closing(Store.open(database_url, [KEY], clock)) as store:
        store.migrate()
        [account] = store.accounts.all()
        _fill(store, account)
        clock.advance(days=30)
        yield store


def _fill(store: Store, account: Account) -> None:
    """A row in each table that version 0.1 had not."""
    store.rights.grant(account.key, account.id, Subject.PERSON, "U8", Role.VIEWER, "U1")
    store.rights.limit(account.key, "C8", Role.VIEWER, "U1")
    store.rights.borrow("T1", "U8", account.id, None)
    store.dormant.note(account.cloud, "DFW", "i-1", ["2"])
    store.policies.put(account.key, Policy(), "U1")
    store.preferences.put("T1", "U8", "*", Preference())
    store.expiries.put(account, "U1", "DFW", "i-8", "web", "2", timedelta(days=1), "")
    store.names.put("T1", account.cloud, "2", "two", "U1")


def tables(store: Store) -> dict[str, list[Table[Any]]]:
    """The tables of all families, by name: some are read as several kinds of value."""
    found: dict[str, list[Table[Any]]] = {}
    for family in vars(store).values():
        for held in getattr(family, "__dict__", {}).values():
            if isinstance(held, Table):
                found.setdefault(held.name, []).append(held)
    return found


def _reconciled(store: Store) -> bool:
    store.places.reconcile()
    return True


READS: Mapping[str, Callable[[Store, Account], object]] = {
    "accounts": lambda store, _: (store.accounts.all(), store.accounts.of("T1", "U1")),
    "approvals": lambda store, _: (
        store.approvals.waiting("T1"),
        store.approvals.claims.next_due(),
        store.approvals.claims.claim(10),
    ),
    "audit": lambda store, _: store.audit.recent(),
    "cards": lambda store, _: taking.cards(store),
    "expiries": lambda store, _: store.expiries.claims.claim(20),
    "grants": lambda store, account: (
        store.rights.of_account(account.key),
        store.rights.ceilings("T1"),
        store.rights.borrowed("T1", "U8"),
    ),
    "outbox": lambda store, _: (
        taking.notices(store),
        store.outbox.unsent(),
        store.notices_due.serve([], 20, 20),
        store.notices_due.next_due(),
        store.cards_due.serve([], 20, 20),
    ),
    "places": lambda store, _: (
        _reconciled(store),
        store.places.claims.next_due(),
        store.places.claims.claim(10),
    ),
    "policies": lambda store, account: store.policies.of(account.key),
    "preferences": lambda store, _: store.preferences.of("T1", "U8"),
    "shares": lambda store, account: (
        store.shares.waiting("T1", "U1", account.linked_at, account.linked_at),
        store.shared_images.claims.next_due(),
        store.shared_images.claims.claim(10),
    ),
    "snoozes": lambda store, _: (store.snoozes.of("T1", "U1"), store.delivered.of("T1", "U1")),
    "transfers": lambda store, _: (
        store.transfers.running(),
        store.transfers.claims.claim(10),
    ),
}
"""What the program reads all the time."""


def columns(store: Store, table: str) -> dict[str, type]:
    [row, *_] = store._db.rows(f"select * from {table}")  # noqa: S608 - our own words
    kinds = {name: type(value) for name, value in row.items() if name not in REFERS}
    return {name: kind for name, kind in kinds.items() if kind in (str, int)}


def spoilt(store: Store, table: str, row: Row, odd: Mapping[str, Any]) -> bool:
    """Add the row once more, under another key and with odd values. False if it has no room."""
    for name in [*tables(store)[table][0].key, "id", "click", "dedupe_key"]:
        if not isinstance(row.get(name), str) or name in REFERS:
            continue
        other = {**row, **odd, name: f"{row[name]}{secrets.token_hex(3)}"}
        other |= {each: secrets.token_hex(8) for each in ("click", "id") if each in row}
        names, values = ", ".join(other), ", ".join(f":{each}" for each in other)
        with suppress(StorageError, sqlite3.IntegrityError, psycopg.IntegrityError):
            store._db.execute(f"insert into {table} ({names}) values ({values})", other)  # noqa: S608
            return True
    return False


def test_most_tables_have_rows_to_spoil(old: Store) -> None:
    """A table of which no family makes values by a Table, and does not say so, is named here."""
    full = {t for t in tables(old) if old._db.rows(f"select 1 from {t} limit 1")}  # noqa: S608

    assert {*old._db.tables()} - NOT_READ - {*tables(old)} == set()
    assert len(full) > 20


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(data=st.data())
def test_an_odd_row_spoils_no_other(old: Store, data: st.DataObject) -> None:
    [account] = [each for each in old.accounts.all() if each.user_id == "U1"][:1]
    full = [t for t in sorted(tables(old)) if old._db.rows(f"select 1 from {t} limit 1")]  # noqa: S608
    table = data.draw(st.sampled_from(full))
    [row, *_] = old._db.rows(f"select * from {table}")  # noqa: S608
    kinds = columns(old, table)
    names = data.draw(st.sets(st.sampled_from(sorted(kinds)), min_size=1, max_size=3))
    odd = {name: data.draw(TEXTS if kinds[name] is str else NUMBERS) for name in sorted(names)}
    before = [held.find() for held in tables(old)[table]]

    spoilt(old, table, row, odd)

    for held, known in zip(tables(old)[table], before, strict=True):
        assert [each for each in known if each not in held.find()] == []
    for read in READS.values():
        read(old, account)


@pytest.mark.parametrize("held", ["x", "[]", "5", "[" * 2000, ""])
def test_what_is_kept_under_a_token_and_cannot_be_read_is_none(store: Store, held: str) -> None:
    token = store.once.issue("link", {"a": 1}, 60)
    store.once.remember("k", {"a": 1}, 60)
    store._db.execute("update once set payload = :held", {"held": held})

    assert store.once.peek("link", token) is None
    assert store.once.recall("k") is None
    assert store.once.redeem("link", token) is None


def test_a_right_or_a_limit_that_cannot_be_read_is_none(old: Store) -> None:
    """No damage may give a right, or lift a ban."""
    [account] = [each for each in old.accounts.all() if each.user_id == "U1"][:1]
    for table in ("grants", "ceilings"):
        old._db.execute(f"update {table} set role = 'owner'")  # noqa: S608 - our own words

    assert {grant.role for grant in old.rights.of_account(account.key)} == {Role.NONE}
    assert set(old.rights.ceilings("T1")[account.key].values()) == {Role.NONE}
    old.rights.grant(account.key, account.id, Subject.PERSON, "U8", Role.OPERATOR, "U1")
    assert Role.OPERATOR in {grant.role for grant in old.rights.of_account(account.key)}


def test_it_is_logged_once_by_its_place_and_linking_anew_overwrites_it(
    old: Store, caplog: pytest.LogCaptureFixture
) -> None:
    [account] = [each for each in old.accounts.all() if each.user_id == "U1"][:1]
    old._db.execute("update accounts set regions = 's3cret', used_at = 's3cret'")
    caplog.set_level(logging.WARNING)

    read = [old.accounts.get(account.id) for _ in range(3)]
    linked = old.accounts.link(
        "T1",
        "U1",
        cloud=account.cloud,
        project_id=account.project_id,
        project_name="",
        user_name="",
        regions=["DFW"],
        region=None,
        credentials={},
    )

    assert {each.regions for each in read if each} == {()}
    assert linked.regions == ("DFW",)
    assert [" regions " in f" {r.getMessage().split(': ')[1]} " for r in caplog.records] == [
        True,
        False,
    ]
    assert "s3cret" not in caplog.text
