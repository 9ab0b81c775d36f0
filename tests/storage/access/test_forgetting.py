"""Somebody who has left is forgotten, and what others rely on stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from storage import Account, Store
from storage.access.forgetting import OWN
from tests.storage.fixtures import HandClock
from tests.storage.version_0_1 import KEY, load

KEPT = {"audit_log", "audit_head", "migrations", "once", "installations", "signing_keys"} | {
    *("ticks", "breakers", "organisations", "slack_troubles", "rests"),
}
"""Tables that are of nobody, or have to outlast everybody."""
OF_ACCOUNTS = {"ceilings", "grants", "policies", "names", "past_names", "trusted"} | {
    "dormant_members",
}
"""Kept for an account, whoever it was that decided them."""


@pytest.fixture
def old(database_url: str, clock: HandClock) -> Iterator[Store]:
    load(database_url)
    with closing(Store.open(database_url, [KEY], clock)) as store:
        store.migrate()
        yield store


def link(store: Store, like: Account, user_id: str) -> Account:
    return store.accounts.link(
        like.team_id,
        user_id,
        cloud=like.cloud,
        project_id=like.project_id,
        project_name="",
        user_name="",
        regions=like.regions,
        region=None,
        credentials={},
    )


def test_nothing_of_theirs_is_left_in_any_table(old: Store) -> None:
    counts = old.forget("T1", "U1")

    assert counts["accounts"] == counts["people"] == 1
    for table in old._db.tables():
        if table not in KEPT | OF_ACCOUNTS | {"contacts"}:
            left = str(old._db.rows(f"select * from {table}"))  # noqa: S608
            assert not re.search(r"'U1'", left), table
    assert old.forget("T1", "U4") == {"contacts": 1}
    assert not old.audit.verify().broken
    assert old.forget("T1", "U1") == {}


def test_every_table_says_whether_its_rows_are_somebodys_own(sqlite_store: Store) -> None:
    """A new table has to be in one of the lists: or it would be forgotten to forget."""
    db = sqlite_store._db
    of_a_link = {
        table
        for table in db.tables()
        if "account_id" in {row["name"] for row in db.rows(f"pragma table_info({table})")}
    }

    assert set(db.tables()) - of_a_link - set(OWN) - KEPT - OF_ACCOUNTS == set()


def test_a_timed_share_is_passed_on_to_who_else_has_the_account(
    old: Store, clock: HandClock
) -> None:
    [account] = old.accounts.all()
    other = link(old, account, "U7")
    assert old.expiries.of_nobody_else("T1", "U1") == []

    counts = old.forget("T1", "U1")

    assert counts["passed on"] == 1
    expiry = old.expiries.of_image(other, "DFW", "i1")["999"]
    assert (expiry.account_id, expiry.user_id) == (other.id, "U7")
    assert [each.user_id for each in old.shares._table.find()] == ["U7"]


def test_a_timed_share_that_nobody_else_can_end_is_named(old: Store) -> None:
    [expiry] = old.expiries.of_nobody_else("T1", "U1")

    assert (expiry.image_id, expiry.number, expiry.span) == ("i1", "999", timedelta(days=4))


def test_nobody_elses_is_touched(old: Store) -> None:
    before = {table: old._db.rows(f"select * from {table}") for table in OWN}  # noqa: S608

    assert old.forget("T2", "U1") == {}
    assert old.forget("T1", "U99") == {}
    assert {table: old._db.rows(f"select * from {table}") for table in OWN} == before  # noqa: S608
