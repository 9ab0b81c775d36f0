"""How messages name accounts, images, members and times."""

from __future__ import annotations

from handlers.ui.labels import tally


def test_answers_are_counted_and_a_status_nobody_knows_is_another() -> None:
    statuses = ["pending", "never_heard_of", "accepted", "rejected", "pending", "unknown"]

    assert tally(statuses) == ["1 accepted", "2 pending", "1 rejected", "2 other"]
    assert tally([]) == []
