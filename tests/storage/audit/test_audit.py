"""What was begun, and how it ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import AccountKey, AuditFilter, AuditRow, Reader, Store
from storage.db.chain import digest
from storage.errors import ChainBroken
from tests.storage.fixtures import START, HandClock

HERE = AccountKey("T1", "https://one.example.com", "123")


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
        cloud = HERE.cloud if account else ""
        with store.audit.entry(actor, "image.share", target, account=account, cloud=cloud):
            pass

    def seen(*accounts: str) -> list[str]:
        keys = tuple(replace(HERE, project_id=each) for each in accounts)
        reader = Reader("T1/U1", "T1", keys)
        return [row.target for row in store.audit.find(AuditFilter(reader=reader))][::-1]

    assert seen("1", "3") == ["mine", "a colleague's", "our job's", "mine, of none"]
    assert seen() == ["mine, of none"]


THERE = AccountKey("T1", "https://two.example.com", "123")


def test_an_account_of_the_same_number_in_another_cloud_is_another(store: Store) -> None:
    for key in (HERE, THERE):
        with store.audit.entry(
            "T1/U2", "image.share", key.cloud, account=key.project_id, cloud=key.cloud
        ):
            pass

    seen = store.audit.find(AuditFilter(reader=Reader("T1/U1", "T1", (HERE,))))

    assert [(row.target, row.cloud) for row in seen] == [(HERE.cloud, HERE.cloud)]


@pytest.mark.parametrize(("unclouded", "seen"), [(("123",), ["web"]), ((), [])])
def test_an_entry_from_before_clouds_were_kept_is_read_where_the_number_means_one_account(
    store: Store, unclouded: tuple[str, ...], seen: list[str]
) -> None:
    with store.audit.entry("T1/U2", "image.share", "web", account="123"):
        pass

    reader = Reader("T1/U1", "T1", (HERE,), unclouded)

    assert [row.target for row in store.audit.find(AuditFilter(reader=reader))] == seen


def _forged(store: Store, seq: int) -> None:
    with store.audit.entry("T1/U1", "image.share", "web", account="123", cloud=HERE.cloud):
        pass
    columns = (
        "entry_id, at, stage, actor, action, target, account, region, detail, error, before_json, "
        "after_json, request_id, approvers, previous, hash, cloud"
    )
    store._db.execute(
        f"""insert into audit_log (seq, {columns})
            select {seq}, {columns.replace("entry_id", "'forged'", 1)}
            from audit_log where seq = 1""",  # noqa: S608 - our own words
    )


@pytest.mark.parametrize("seq", [0, -7])
def test_a_row_before_the_first_one_is_neither_read_nor_taken_for_whole(
    store: Store, seq: int
) -> None:
    _forged(store, seq)

    assert len(store.audit.recent()) == len(list(store.audit.export(AuditFilter()))) == 1
    assert store.audit.verify().broken.startswith("1 rows are before the first one")


def test_a_row_that_was_added_without_the_head_is_told(store: Store) -> None:
    _forged(store, 3)
    [row] = store._db.rows("select * from audit_log where seq = 3")
    [last] = store._db.rows("select hash from audit_log where seq = 2")
    row["previous"] = last["hash"]
    store._db.execute(
        "update audit_log set previous = :previous, hash = :hash where seq = 3",
        {"previous": row["previous"], "hash": digest(row)},
    )

    assert store.audit.verify().broken == "rows after 2 were added without the head"


def test_a_missing_head_is_told_in_words(store: Store) -> None:
    store._db.execute("delete from audit_head")

    assert "the row that holds its head is missing" in store.audit.verify().broken
    with pytest.raises(ChainBroken, match="take it from a backup"):
        fail_half_way(store, LookupError())


def test_rows_from_before_the_cloud_was_kept_stay_sound(store: Store) -> None:
    """They are bound without it, and nobody can add one to them."""
    with store.audit.entry("T1/U1", "image.share", "web", account="123"):
        pass
    sound = store.audit.verify().broken
    store._db.execute("update audit_log set cloud = 'https://two.example.com' where seq = 1")

    assert (sound, store.audit.verify().broken) == ("", "row 1 was changed")
