"""Which places a notification makes due, and that nothing else comes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bus import gather
from bot.bus.gather import Gatherer, act
from bot.bus.hints import EVENTS, Hint, hint_of
from bot.wiring import Runtime
from bot.work.engine import Engine
from bot.work.looks import LOOKS
from sandbox.cloud import CloudStandIn
from storage import Account, Invitation, SharedImage
from storage.errors import Unreachable
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS, PRODUCER
from tests.storage.fixtures import HandClock
from tests.waiting import until

Link = Callable[..., Account]
MEMBER = {"image_id": "web", "member_id": NUMBERS[CONSUMER_A], "status": "pending"}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@pytest.mark.parametrize("event", ["create", "update", "delete"])
def test_a_member_event_names_the_image_and_the_account(event: str) -> None:
    assert hint_of(f"image.member.{event}", MEMBER) == Hint("web", NUMBERS[CONSUMER_A])


@pytest.mark.parametrize("event", ["update", "delete"])
def test_an_image_event_names_the_image(event: str) -> None:
    assert hint_of(f"image.{event}", {"id": "web", "owner": "1", "status": "active"}) == Hint("web")


@given(event=st.sampled_from(sorted(EVENTS)) | ANYTHING, payload=ANYTHING)
def test_whatever_is_said_is_a_hint_or_nothing(event: Any, payload: Any) -> None:
    hint = hint_of(event, payload)

    assert hint is None or (event in EVENTS and hint.image)


@pytest.fixture
def region(cloud: CloudStandIn) -> tuple[str, str]:
    return cloud.auth_url_v3, "DFW"


@pytest.fixture
def minutes(runtime: Runtime) -> Callable[[Account], dict[str, float]]:
    """Until each region of an account is due."""

    def minutes(account: Account) -> dict[str, float]:
        places = runtime.store.places.of(account.id)
        return {p.region: (p.due_at - runtime.clock()).total_seconds() / 60 for p in places}

    return minutes


@pytest.fixture
def looked(runtime: Runtime, link: Link, clock: HandClock) -> dict[str, Account]:
    """Accounts of two consumers, which were looked at a minute ago."""
    linked = {each: link(each, region=None) for each in (CONSUMER_A, CONSUMER_B)}
    Engine(runtime, {"looks": LOOKS}).run_dry()
    clock.advance(minutes=1)
    return linked


def test_a_member_makes_its_account_due_in_that_region_alone(
    runtime: Runtime,
    looked: dict[str, Account],
    region: tuple[str, str],
    minutes: Callable[[Account], dict[str, float]],
) -> None:
    act(runtime.store, *region, [Hint("web", NUMBERS[CONSUMER_A])])

    due = minutes(looked[CONSUMER_A])
    assert (due["DFW"], due["ORD"] > 0) == (0, True)
    assert min(minutes(looked[CONSUMER_B]).values()) > 0


def test_of_another_cloud_nothing_becomes_due(
    runtime: Runtime, looked: dict[str, Account], minutes: Callable[[Account], dict[str, float]]
) -> None:
    act(runtime.store, "https://elsewhere.example/v3", "DFW", [Hint("web", NUMBERS[CONSUMER_A])])

    assert min(minutes(looked[CONSUMER_A]).values()) > 0


def test_an_image_makes_due_whoever_was_invited_and_whoever_shared_it(
    runtime: Runtime,
    looked: dict[str, Account],
    region: tuple[str, str],
    minutes: Callable[[Account], dict[str, float]],
    link: Link,
) -> None:
    invited, other = looked[CONSUMER_A], looked[CONSUMER_B]
    know(runtime, invited, "web")
    shared = share(runtime, link(PRODUCER), "web")
    due_at = shared_image(runtime, shared).due_at

    act(runtime.store, *region, [Hint("web")])

    assert minutes(invited)["DFW"] == 0
    assert min(minutes(other).values()) > 0
    assert shared_image(runtime, shared).due_at == runtime.clock() < due_at


def test_a_place_is_not_looked_at_again_at_once_however_often_it_is_hinted_at(
    runtime: Runtime,
    looked: dict[str, Account],
    region: tuple[str, str],
    minutes: Callable[[Account], dict[str, float]],
) -> None:
    hint = [Hint("web", NUMBERS[CONSUMER_A])]
    act(runtime.store, *region, hint)
    Engine(runtime, {"looks": LOOKS}).run_dry()

    act(runtime.store, *region, hint)
    act(runtime.store, *region, hint)

    assert minutes(looked[CONSUMER_A])["DFW"] * 60 == 2


def test_what_happens_during_a_look_is_looked_at_once_more(
    runtime: Runtime,
    looked: dict[str, Account],
    region: tuple[str, str],
    clock: HandClock,
    cloud: CloudStandIn,
) -> None:
    clock.advance(minutes=30)
    asked = []

    def shared_meanwhile(_: str, path: str) -> None:
        if path.endswith("/v2/images"):
            asked.append(path)
            if len(asked) == 1:
                act(runtime.store, *region, [Hint("w", n) for n in NUMBERS.values()])

    before = 2 * 2 * len(looked)  # questions of a look, regions, accounts
    cloud.before = shared_meanwhile
    Engine(runtime, {"looks": LOOKS}).run_dry()
    clock.advance(seconds=2)
    Engine(runtime, {"looks": LOOKS}).run_dry()

    assert len(asked) > before


def test_the_same_hint_is_acted_on_once_and_others_pass_over(
    runtime: Runtime, looked: dict[str, Account], region: tuple[str, str]
) -> None:
    counted: list[str] = []
    gatherer = Gatherer(runtime.store, *region, count=counted.append)
    for _ in range(3):
        gatherer.add("image.member.create", MEMBER)
    gatherer.add("image.upload", {"id": "web"})
    gatherer.start()
    gatherer.close()

    assert counted == ["taken", "same", "same", "ignored"]
    [due] = [p for p in runtime.store.places.of(looked[CONSUMER_A].id) if p.region == "DFW"]
    assert due.due_at == runtime.clock()


def test_a_flood_is_bounded(runtime: Runtime, region: tuple[str, str]) -> None:
    counted: list[str] = []
    gatherer = Gatherer(runtime.store, *region, count=counted.append)

    for number in range(gather.MOST + 5):
        gatherer.add("image.update", {"id": f"image-{number}"})

    assert Counter(counted) == {"taken": gather.MOST, "dropped": 5}
    gatherer.start()
    gatherer.close()


def test_hints_wait_for_a_database_that_is_away(
    runtime: Runtime,
    looked: dict[str, Account],
    region: tuple[str, str],
    minutes: Callable[[Account], dict[str, float]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gather, "PAUSE_S", 0.01)
    hinted, away = runtime.store.places.make_due_by_hints, [True]

    def refused(*words: Any, **more: Any) -> int:
        if away:
            away.pop()
            raise Unreachable("away")
        return hinted(*words, **more)

    monkeypatch.setattr(runtime.store.places, "make_due_by_hints", refused)
    counted: list[str] = []
    gatherer = Gatherer(runtime.store, *region, count=counted.append)
    gatherer.start()
    gatherer.add("image.member.create", MEMBER)

    until(lambda: minutes(looked[CONSUMER_A])["DFW"] == 0)
    gatherer.close()


def know(runtime: Runtime, account: Account, image_id: str) -> None:
    """An invitation that is known, in DFW."""
    runtime.store.invitations.settle(
        account.id,
        "DFW",
        [
            Invitation(
                account_id=account.id,
                region="DFW",
                image_id=image_id,
                image_name="web",
                owner=NUMBERS[PRODUCER],
                size=None,
                first_seen=runtime.clock(),
            )
        ],
    )


def share(runtime: Runtime, account: Account, image_id: str) -> str:
    """A row of what was shared with the bot, which is not due for an hour."""
    runtime.store._db.execute(
        """insert into shared_images (account_id, region, image_id, lane, due_at, attempts, claim)
           select account_id, region, :image, lane, :due, 0, '' from places
           where account_id = :account and region = 'DFW'""",
        {
            "image": image_id,
            "account": account.id,
            "due": runtime.clock() + timedelta(hours=1),
        },
    )
    return image_id


def shared_image(runtime: Runtime, image_id: str) -> SharedImage:
    return runtime.store.shared_images._table.find(image_id=image_id)[0]
