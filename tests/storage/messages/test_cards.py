"""Cards: messages that show the newest, however often it changed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from storage import Card, CardCopy, Store
from tests import taking
from tests.storage.conftest import Race
from tests.storage.fixtures import START, HandClock

Draw = Callable[..., None]


@pytest.fixture
def draw(store: Store) -> Draw:
    def _draw(text: str, key: str = "transfer a") -> None:
        store.cards.draw(key=key, team_id="T1", user_id="U1", text=text, blocks=[{"type": text}])

    return _draw


def claimed(store: Store) -> list[tuple[str, str | None]]:
    """Text and message of each card that is claimed now."""
    return [(card.text, card.ts) for card in taking.cards(store)]


def one(store: Store) -> Card:
    [card] = taking.cards(store)
    return card


def test_a_card_is_posted_once_and_then_drawn_anew(store: Store, draw: Draw) -> None:
    draw("10%")
    first = one(store)
    store.cards.drawn(first, "D1", "1.1")
    nothing = claimed(store)
    draw("20%")
    second = one(store)

    assert (first.text, first.ts, first.channel, first.blocks) == (
        "10%",
        None,
        None,
        [{"type": "10%"}],
    )
    assert nothing == []
    assert (second.text, second.ts, second.channel) == ("20%", "1.1", "D1")


def test_of_many_changes_only_the_newest_is_drawn(store: Store, draw: Draw) -> None:
    for text in ("10%", "20%", "30%"):
        draw(text)

    assert claimed(store) == [("30%", None)]


def test_a_change_while_it_is_being_drawn_is_drawn_after_that(store: Store, draw: Draw) -> None:
    draw("10%")
    card = one(store)
    draw("20%")
    meanwhile = claimed(store)

    store.cards.drawn(card, "D1", "1.1")

    assert meanwhile == []
    assert claimed(store) == [("20%", "1.1")]


def test_what_shows_the_same_is_not_drawn_again(store: Store, draw: Draw) -> None:
    draw("10%")
    store.cards.drawn(one(store), "D1", "1.1")

    draw("10%")

    assert claimed(store) == []
    assert taking.undrawn(store) == 0


def test_a_card_whose_message_is_gone_is_posted_anew(store: Store, draw: Draw) -> None:
    draw("10%")
    store.cards.drawn(one(store), "D1", "1.1")
    draw("20%")

    store.cards.lost(one(store))

    assert claimed(store) == [("20%", None)]


def test_what_could_not_be_drawn_is_tried_again_when_it_is_due(
    store: Store, clock: HandClock, draw: Draw
) -> None:
    draw("10%")

    store.cards.retry(one(store), START + timedelta(seconds=30), "ratelimited")
    too_soon = claimed(store)
    clock.advance(seconds=30)
    card = one(store)

    assert (too_soon, card.attempts) == ([], 2)


def test_a_wait_for_another_s_sake_is_no_attempt(store: Store, draw: Draw) -> None:
    draw("10%")

    store.cards.retry(one(store), START, "invalid_auth", counted=False)

    assert one(store).attempts == 1


def test_what_cannot_be_drawn_waits_for_the_next_change(store: Store, draw: Draw) -> None:
    draw("10%")
    store.cards.fail(one(store), "invalid_blocks")
    given_up = claimed(store)

    draw("20%")

    assert (given_up, claimed(store)) == ([], [("20%", None)])


def test_a_version_that_cannot_be_drawn_does_not_take_a_newer_one_with_it(
    store: Store, draw: Draw
) -> None:
    draw("odd")
    card = one(store)
    draw("20%")

    store.cards.fail(card, "invalid_blocks")

    assert claimed(store) == [("20%", None)]


def test_a_worker_that_died_gives_its_card_back_and_a_slow_one_changes_nothing(
    store: Store, clock: HandClock, draw: Draw
) -> None:
    draw("10%")
    slow = one(store)
    clock.advance(minutes=6)
    quick = one(store)

    store.cards.drawn(quick, "D1", "1.2")
    store.cards.drawn(slow, "D1", "1.1")

    draw("20%")
    assert one(store).ts == "1.2"


def test_nothing_is_drawn_for_people_who_cannot_be_reached(store: Store, draw: Draw) -> None:
    store.people.seen("T1", "U1")
    store.people.pause("T1", "U1", "account_inactive")
    draw("10%")

    paused = claimed(store)
    store.people.resume("T1", "U1")

    assert (paused, claimed(store)) == ([], [("10%", None)])


def test_a_card_that_nothing_changed_for_long_is_forgotten(
    store: Store, clock: HandClock, draw: Draw
) -> None:
    draw("10%")
    clock.advance(days=60)
    draw("20%", key="transfer b")

    assert store.cards.prune(START + timedelta(days=30)) == 1
    assert claimed(store) == [("20%", None)]


def put(store: Store, key: str, user_id: str, channel: str | None = None, text: str = "a") -> None:
    store.cards.draw(key=key, team_id="T1", user_id=user_id, channel=channel, text=text, blocks=[])


def test_the_copies_of_a_card_are_known_by_the_beginning_of_their_keys(store: Store) -> None:
    """Which is no pattern: an id may hold what databases take for one."""
    put(store, "approval a_c U2", "U2")
    put(store, "approval a_c channel", "", "C1")
    put(store, "approval abc U3", "U3")
    put(store, "approval A_C U4", "U4")
    put(store, "of approval a_c ", "U5")

    assert store.cards.places("approval a_c ") == [
        CardCopy("approval a_c U2", "U2", None, failed=False),
        CardCopy("approval a_c channel", "", "C1", failed=False),
    ]
    assert store.cards.places("approval x ") == store.cards.failed("approval a_c ") == []


def test_a_place_is_where_slack_has_put_the_card(store: Store) -> None:
    put(store, "approval a U2", "U2")

    store.cards.drawn(one(store), "D2", "1.1")

    assert store.cards.places("approval a ") == [
        CardCopy("approval a U2", "U2", "D2", failed=False)
    ]


def test_places_that_slack_does_not_take_are_known_until_there_is_something_new(
    store: Store,
) -> None:
    put(store, "approval a channel", "", "C1")
    store.cards.fail(one(store), "not_in_channel")
    put(store, "approval a U2", "U2")
    refused = CardCopy("approval a channel", "", "C1", failed=True)

    failed, other = store.cards.failed("approval a "), store.cards.failed("approval b ")
    places = store.cards.places("approval a ")
    put(store, "approval a channel", "", "C1", text="b")

    assert (failed, other) == ([refused], [])
    assert places == [CardCopy("approval a U2", "U2", None, failed=False), refused]
    assert store.cards.failed("approval a ") == []


def test_processes_that_share_the_cards_draw_each_once(
    store: Store, draw: Draw, race: Race
) -> None:
    keys = [f"transfer {number:02}" for number in range(60)]
    for key in keys:
        draw("10%", key)

    drawn = race("paint")

    assert sorted(key for each in drawn for key in each) == keys
    assert taking.undrawn(store) == 0


def test_threads_that_draw_one_card_at_once_leave_one_that_shows_what_came_last(
    store: Store, draw: Draw
) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: draw(f"{number}%"), range(40)))

    draw("done")

    card = one(store)
    assert (card.text, card.version) == ("done", 41)
