"""What is drawn again: found by what it shows, bounded, and its person's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage import Display, DisplayKind, Drawing, Store, of_link, of_person
from storage.work.displays import CHANGES_KEPT, DELAY, HOME_PACE, KEPT, REPLY_LIFE
from tests.storage.fixtures import HandClock

URL = "https://hooks.slack.example/actions/T1/secret"


LATER = datetime(2100, 1, 1, tzinfo=UTC)


def drawing(
    shown: str = "1",
    *subjects: str,
    kind: str = DisplayKind.DIGEST,
    read_at: datetime = LATER,
) -> Drawing:
    return Drawing(kind, {"page": 1}, shown, subjects or (of_link("a1"),), read_at)


def due(store: Store) -> list[Display]:
    return store.displays.claims.claim(100, per_lane=100)


def test_it_is_due_a_moment_after_one_of_its_subjects_has_changed(
    store: Store, clock: HandClock
) -> None:
    store.displays.put("T1", "U1", drawing("1", of_link("a1"), of_person("T1", "U1")), ts="1.0")
    store.displays.put("T1", "U2", drawing("1", of_link("a2")), ts="2.0")

    store.displays.changed(of_link("a1"))
    store.displays.changed(of_person("T1", "U1"))

    assert due(store) == []
    clock.advance(seconds=DELAY.total_seconds())
    [display] = due(store)
    assert (display.user_id, display.ts, display.about) == ("U1", "1.0", {"page": 1})


def test_one_change_upon_another_does_not_put_it_off(store: Store, clock: HandClock) -> None:
    store.displays.put("T1", "U1", drawing(), ts="1.0")

    store.displays.changed(of_link("a1"))
    clock.advance(seconds=DELAY.total_seconds() / 2)
    store.displays.changed(of_link("a1"))
    clock.advance(seconds=DELAY.total_seconds() / 2)

    assert len(due(store)) == 1


def test_what_changes_while_it_is_drawn_has_it_drawn_again(store: Store, clock: HandClock) -> None:
    store.displays.put("T1", "U1", drawing(), ts="1.0")
    store.displays.changed(of_link("a1"))
    clock.advance(seconds=5)
    [display] = due(store)
    clock.advance(seconds=1)
    store.displays.changed(of_link("a1"))

    assert store.displays.drawn(display, drawing("2", of_link("a1")))

    clock.advance(seconds=5)
    [again] = due(store)
    assert again.shown == "2"
    assert store.displays.drawn(again, drawing("3"))
    clock.advance(days=1)
    assert due(store) == []


@pytest.mark.parametrize("kind", [DisplayKind.DIGEST, DisplayKind.HOME])
def test_what_changed_between_its_reading_and_its_keeping_has_it_drawn_again(
    store: Store, clock: HandClock, kind: str
) -> None:
    read_at = clock()
    clock.advance(seconds=2)
    store.displays.changed(of_link("a1"))
    clock.advance(seconds=2)

    store.displays.put("T1", "U1", drawing(read_at=read_at, kind=kind), ts="1.0")

    assert due(store) == []
    clock.advance(seconds=DELAY.total_seconds())
    [display] = due(store)
    assert store.displays.drawn(display, drawing(read_at=clock(), kind=kind))
    clock.advance(days=1)
    assert due(store) == []


def test_what_changed_before_its_reading_does_not_have_it_drawn_again(
    store: Store, clock: HandClock
) -> None:
    """As with the click whose answer shows the change that it made."""
    store.displays.changed(of_link("a1"))
    clock.advance(seconds=1)
    read_at = clock()
    clock.advance(seconds=1)
    store.displays.changed(of_link("a2"))

    store.displays.put("T1", "U1", drawing(read_at=read_at), ts="1.0")

    clock.advance(days=1)
    assert due(store) == []


def test_what_it_shows_since_its_drawing_may_have_changed_meanwhile(
    store: Store, clock: HandClock
) -> None:
    store.displays.put("T1", "U1", drawing("1", of_link("a1")), ts="1.0")
    store.displays.changed(of_link("a1"))
    clock.advance(seconds=5)
    [display] = due(store)
    read_at = clock()
    clock.advance(seconds=1)
    store.displays.changed(of_link("a2"))

    store.displays.drawn(display, drawing("2", of_link("a2"), read_at=read_at))

    assert [each.shown for each in due(store)] == ["2"]


def test_it_follows_what_it_shows_now(store: Store, clock: HandClock) -> None:
    store.displays.put("T1", "U1", drawing("1", of_link("a1")), ts="1.0")
    store.displays.changed(of_link("a1"))
    clock.advance(seconds=5)
    [display] = due(store)
    store.displays.drawn(display, drawing("2", of_link("a2")))

    store.displays.changed(of_link("a1"))
    clock.advance(seconds=5)

    assert due(store) == []


@pytest.mark.parametrize("kind", list(KEPT))
def test_only_the_newest_of_a_person_are_kept(store: Store, clock: HandClock, kind: str) -> None:
    for n in range(KEPT[kind] + 2):
        store.displays.put("T1", "U1", drawing(kind=kind), channel="C1", ts=f"{n}.0")
        clock.advance(seconds=1)
    store.displays.put("T1", "U2", drawing(kind=kind), channel="C1", ts="99.0")

    store.displays.changed(of_link("a1"))
    clock.advance(seconds=5)

    of = [each.ts for each in due(store) if each.user_id == "U1"]
    assert of == [f"{n}.0" for n in range(2, KEPT[kind] + 2)] or len(of) == KEPT[kind]
    assert "0.0" not in of


def test_what_is_shown_in_its_place_has_it_forgotten(store: Store, clock: HandClock) -> None:
    store.people.set_dm_channel("T1", "U1", "D1")
    store.displays.put("T1", "U1", drawing("list"), channel="D1", ts="1.0")
    store.displays.put("T1", "U1", drawing("digest"), display_id="n1")
    store.displays.put("T1", "U2", drawing("other"), channel="D2", ts="1.0")
    store.displays.replaced("T1", "D1", "1.0")

    store.displays.changed(of_link("a1"))
    clock.advance(seconds=5)

    assert sorted(each.shown for each in due(store)) == ["digest", "other"]


def test_where_only_its_reader_sees_it_can_be_edited_is_sealed_and_ends(
    store: Store, clock: HandClock
) -> None:
    store.displays.put("T1", "U1", drawing(), channel="C1", ts="1.0", reply_url=URL)
    store.displays.changed(of_link("a1"))
    clock.advance(seconds=5)
    [display] = due(store)

    assert URL not in str(store._db.rows("select * from displays"))
    assert store.displays.reply_url(display.card_key) == URL
    clock.advance(seconds=REPLY_LIFE.total_seconds())
    assert store.displays.reply_url(display.card_key) is None
    assert store.displays.reply_url("displays unknown") is None


def test_a_home_is_drawn_no_more_often_than_its_pace(store: Store, clock: HandClock) -> None:
    home = drawing(kind=DisplayKind.HOME)
    store.displays.put_home("T1", "U1", home)
    store.displays.changed(of_link("a1"))
    clock.advance(seconds=5)
    [display] = due(store)
    store.displays.drawn(display, home)

    store.displays.changed(of_link("a1"))

    clock.advance(seconds=HOME_PACE.total_seconds() - 1)
    assert due(store) == []
    clock.advance(seconds=1)
    assert len(due(store)) == 1


def test_whoever_is_forgotten_has_none(store: Store, clock: HandClock) -> None:
    store.people.seen("T1", "U1")
    store.displays.put("T1", "U1", drawing("1", of_person("T1", "U1")), ts="1.0")
    store.displays.put("T1", "U2", drawing(), ts="2.0")
    store.displays.changed(of_person("T1", "U1"), of_person("T1", "U2"))

    assert store.forget("T1", "U1")["displays"] == 1

    left = [
        *store._db.rows("select * from displays"),
        *store._db.rows("select * from display_subjects"),
        *store._db.rows("select * from subject_changes"),
    ]
    assert "U1" not in str(left)
    assert "U2" in str(left)


def test_old_ones_are_forgotten(store: Store, clock: HandClock) -> None:
    store.displays.put("T1", "U1", drawing(), ts="1.0")

    store.displays.put("T1", "U2", drawing(), channel="C1", ts="2.0", reply_url=URL)

    assert store.displays.prune(clock() - timedelta(days=1)) == 0
    clock.advance(seconds=REPLY_LIFE.total_seconds() + 1)
    assert store.displays.prune(clock() - timedelta(days=1)) == 1, "its URL has lapsed"
    assert store.displays.prune(clock() + timedelta(seconds=1)) == 1
    assert store._db.rows("select * from display_subjects") == []


def test_changes_are_forgotten_once_nothing_is_being_drawn_from_before_them(
    store: Store, clock: HandClock
) -> None:
    store.displays.changed(of_link("a1"))
    clock.advance(seconds=CHANGES_KEPT.total_seconds())
    store.displays.changed(of_link("a2"))
    clock.advance(seconds=1)

    store.displays.prune(clock() - timedelta(days=1))

    assert [each["subject"] for each in store._db.rows("select * from subject_changes")] == [
        of_link("a2")
    ]
