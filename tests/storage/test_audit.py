"""What was begun, and how it ended."""

from __future__ import annotations

import pytest

from storage import AuditRow, Store
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
