"""Which digests have been served."""

from __future__ import annotations

from storage import Store


def test_a_slot_is_claimed_once_a_person(store: Store) -> None:
    assert store.digests.claim_slot("T1", "U1", "2026-03-02 09:00")
    assert not store.digests.claim_slot("T1", "U1", "2026-03-02 09:00")
    assert store.digests.claim_slot("T1", "U2", "2026-03-02 09:00")
    assert store.digests.claim_slot("T2", "U1", "2026-03-02 09:00")


def test_the_last_slot_is_the_latest_in_whatever_order_they_were_claimed(store: Store) -> None:
    for slot in ("2026-03-02 16:00", "2026-03-03 09:00", "2026-03-02 09:00"):
        store.digests.claim_slot("T1", "U1", slot)

    assert store.digests.last("T1", "U1") == "2026-03-03 09:00"
    assert store.digests.last("T1", "U2") is None
