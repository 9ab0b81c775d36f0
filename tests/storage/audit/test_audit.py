"""What was begun, and how it ended."""

from __future__ import annotations

import pytest

from storage import AuditFilter, AuditRow, Reader, Store
from tests.storage.fixtures import START, HandClock


def test_an_entry_is_on_record_while_it_is_being_done(store: Store, clock: HandClock) -> None:
    with store.audit.entry(
        "T1/U1", "image.share", "web", account="123", region="DFW", detail="with 456"
    ) as entry:
        during = store.audit.recent()
        entry.note("was accepted before")
        clock.advance(seconds=2)

    begun = AuditRow(
        START, "T1/U1", "image.share", "web", "123", "DFW", "with 456", "started", None
    )
    assert during == [begun]
    assert store.audit.recent() == [
        AuditRow(
            START,
            "T1/U1",
            "image.share",
            "web",
            "123",
            "DFW",
            "with 456; was accepted before",
            "done",
            clock(),
        )
    ]


def fail_half_way(store: Store, error: BaseException) -> None:
    with store.audit.entry("T1/U1", "image.share", "web") as entry:
        store.people.seen("T1", "U1")
        entry.note("half way")
        raise error


@pytest.mark.parametrize("error", [LookupError("secret words"), KeyboardInterrupt()])
def test_an_error_is_recorded_by_its_name_and_goes_on_its_way(
    store: Store, error: BaseException
) -> None:
    with pytest.raises(type(error)) as raised:
        fail_half_way(store, error)

    [row] = store.audit.recent()
    assert raised.value is error
    assert (row.outcome, row.detail) == (f"failed: {type(error).__name__}", "half way")


def test_no_transaction_is_open_while_it_is_being_done(store: Store) -> None:
    """What is written meanwhile stays, however it ends."""
    with pytest.raises(LookupError):
        fail_half_way(store, LookupError())

    assert store.people.get("T1", "U1")


def test_the_newest_entries_come_first_even_of_one_moment(store: Store) -> None:
    for target in ("first", "second", "third"):
        with store.audit.entry("T1/U1", "image.share", target):
            pass

    assert [row.target for row in store.audit.recent(limit=2)] == ["third", "second"]


def test_entries_within_one_another_end_each_for_itself(store: Store) -> None:
    with store.audit.entry("T1/U1", "outer", "web"):
        with pytest.raises(LookupError), store.audit.entry("T1/U1", "inner", "web"):
            raise LookupError
        outcomes = {row.action: row.outcome for row in store.audit.recent()}

    assert outcomes == {"outer": "started", "inner": "failed: LookupError"}


def test_a_reader_sees_their_accounts_in_their_workspace_and_their_own_of_no_account(
    store: Store,
) -> None:
    for actor, target, account in (
        ("T1/U1", "mine", "1"),
        ("T1/U2", "a colleague's", "1"),
        ("T1/job/expiries", "our job's", "1"),
        ("T1/U1", "mine, of an account taken from me", "2"),
        ("T1/U2", "of another account", "2"),
        ("T2/U1", "of another workspace", "1"),
        ("T2/job/expiries", "another workspace's job's", "1"),
        ("T11/U1", "of a workspace that begins alike", "1"),
        ("job/delivery", "the program's", ""),
        ("T1/U1", "mine, of none", ""),
        ("T1/U2", "a colleague's, of none", ""),
    ):
        with store.audit.entry(actor, "image.share", target, account=account):
            pass

    def seen(*accounts: str) -> list[str]:
        reader = Reader("T1/U1", "T1", accounts)
        return [row.target for row in store.audit.find(AuditFilter(reader=reader))][::-1]

    assert seen("1", "3") == ["mine", "a colleague's", "our job's", "mine, of none"]
    assert seen() == ["mine, of none"]
