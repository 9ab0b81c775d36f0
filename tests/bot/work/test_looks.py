"""Places, regions of accounts, are looked at when they are due, by whoever has a free hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bot.settings import Settings
from bot.wiring import Runtime
from bot.work import KINDS
from bot.work.engine import Engine
from bot.work.looks import LOOKS
from bot.work.shared_images import SHARED_IMAGES
from handlers import Person
from handlers.home.home import home
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID
from storage import Account, Place
from storage.access.breakers import FAILURES
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS, PRODUCER
from tests.storage.fixtures import HandClock
from tests.waiting import PATIENCE_S, until

Link = Callable[..., Account]
Invite = Callable[..., str]


def look(runtime: Runtime) -> None:
    """At all that is due now."""
    Engine(runtime, {"looks": LOOKS}).run_dry()


def place(runtime: Runtime, account: Account) -> Place:
    [found] = runtime.store.places.of(account.id)
    return found


def minutes_until_due(runtime: Runtime, account: Account) -> float:
    due = place(runtime, account).due_at - runtime.clock()
    return due.total_seconds() / 60


def looks(cloud: CloudStandIn) -> int:
    """A look is two questions: for images, and for those that are hidden."""
    return sum(is_look(path) for _, path, _ in cloud.requests) // 2


def is_look(path: str) -> bool:
    return path.endswith("/v2/images")


def test_a_new_link_is_due_at_once_in_its_regions(runtime: Runtime, link: Link) -> None:
    account = link(CONSUMER_A, region=None)

    places = runtime.store.places.of(account.id)

    assert {(each.region, each.due_at) for each in places} == {
        ("DFW", runtime.clock()),
        ("ORD", runtime.clock()),
    }


def test_a_region_that_is_chosen_is_the_only_one(runtime: Runtime, link: Link) -> None:
    account = link(CONSUMER_A, region=None)
    look(runtime)

    runtime.store.accounts.use(account.id, "ORD")
    assert [each.region for each in runtime.store.places.of(account.id)] == ["ORD"]
    runtime.store.accounts.use(account.id, None)
    assert [each.region for each in runtime.store.places.of(account.id)] == ["DFW", "ORD"]
    runtime.store.accounts.unlink(account.id)
    assert runtime.store.places.of(account.id) == []


def test_what_an_older_release_has_linked_is_looked_at(runtime: Runtime, link: Link) -> None:
    account = link(CONSUMER_A, region=None)
    runtime.store._db.execute("update places set region = 'GONE' where region = 'ORD'")

    runtime.store.places.reconcile()

    assert [each.region for each in runtime.store.places.of(account.id)] == ["DFW", "ORD"]


def test_a_place_is_looked_at_often_while_something_happens_and_ever_more_seldom_while_not(
    runtime: Runtime, link: Link, invite: Invite, clock: HandClock
) -> None:
    account = link(CONSUMER_A)
    intervals = []
    for news in (False, False, False, False, True, False):
        if news:
            invite("web", CONSUMER_A)
        clock.now = place(runtime, account).due_at
        look(runtime)
        intervals.append(place(runtime, account).interval_s / 60)
        assert 0.9 <= minutes_until_due(runtime, account) / intervals[-1] <= 1

    assert intervals == [7.5, 11.25, 15, 15, 5, 7.5]


def test_what_is_not_due_is_not_asked(
    runtime: Runtime, link: Link, cloud: CloudStandIn, clock: HandClock
) -> None:
    link(CONSUMER_A)
    look(runtime)
    cloud.requests.clear()

    clock.advance(minutes=4)
    look(runtime)

    assert cloud.requests == []


def test_opening_home_makes_due_what_nobody_has_seen_lately(
    runtime: Runtime, link: Link, clock: HandClock
) -> None:
    account, other = link(CONSUMER_A), link(CONSUMER_B)
    look(runtime)
    person = Person(TEAM_ID, CONSUMER_A)

    home(person, runtime.services)
    assert minutes_until_due(runtime, account) > 0
    clock.advance(minutes=1)
    home(person, runtime.services)

    assert minutes_until_due(runtime, account) == 0
    assert minutes_until_due(runtime, other) > 0


def test_what_is_made_due_during_a_look_stays_so(
    runtime: Runtime, link: Link, cloud: CloudStandIn
) -> None:
    account = link(CONSUMER_A)

    def shared_meanwhile(_: str, path: str) -> None:
        if is_look(path):
            cloud.before = None
            runtime.store._db.execute(
                "update places set due_at = :later", {"later": runtime.clock() + timedelta(hours=1)}
            )
            runtime.store.places.make_due(account.id)

    runtime.store._db.execute(
        "update places set due_at = :before", {"before": runtime.clock() - timedelta(hours=1)}
    )
    cloud.before = shared_meanwhile
    look(runtime)

    assert looks(cloud) == 2


def test_a_region_that_does_not_answer_is_left_alone_and_then_asked_once(
    runtime: Runtime, link: Link, cloud: CloudStandIn, clock: HandClock
) -> None:
    accounts = [link(each) for each in (PRODUCER, CONSUMER_A, CONSUMER_B)]
    broken = True
    cloud.before = lambda _, path: cloud.fail_next(1, 500) if broken and is_look(path) else None
    for _ in range(FAILURES):
        runtime.store.places._make_due("true", {})
        look(runtime)
    cloud.requests.clear()

    runtime.store.places._make_due("true", {})
    look(runtime)
    assert cloud.requests == []

    clock.advance(minutes=6)
    look(runtime)
    assert [path for _, path, _ in cloud.requests] == ["/DFW/v2/images"]

    broken = False
    clock.advance(minutes=6)
    look(runtime)
    assert runtime.store.places.breakers.all() == []
    runtime.store.places._make_due("true", {})
    look(runtime)
    assert {place(runtime, each).failures for each in accounts} == {0}


def test_what_is_wrong_with_one_account_says_nothing_of_its_region(
    runtime: Runtime, link: Link
) -> None:
    account = link(CONSUMER_A, password="another-password")
    look(runtime)

    assert place(runtime, account).last_answer == "BadCredentials"
    assert runtime.store.places.breakers.all() == []


def test_a_region_is_asked_so_much_at_once_as_it_may_by_all_workers_together(
    environ: Mapping[str, str], runtime: Runtime, cloud: CloudStandIn, link: Link
) -> None:
    for each in (PRODUCER, CONSUMER_A, CONSUMER_B):
        link(each)
    under_way, most, lock = 0, 0, threading.Lock()

    def count(_: str, path: str) -> None:
        nonlocal under_way, most
        if is_look(path):
            with lock:
                under_way += 1
                most = max(most, under_way)

    def uncount(_: str, path: str) -> None:
        nonlocal under_way
        if is_look(path):
            with lock:
                under_way -= 1

    cloud.before, cloud.after, cloud.delay_s = count, uncount, 0.05
    bound = {**environ, "LOOKS_PER_REGION": "1"}
    workers = [Runtime.build(Settings.from_env(bound), clock=runtime.clock) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(look, workers))
    until(lambda: runtime.store.places.claims.next_due() != runtime.clock(), "some are due still")
    for worker in workers:
        worker.close()

    assert (most, looks(cloud)) == (1, 3)


def test_a_region_that_hangs_holds_up_no_other(
    environ: Mapping[str, str], runtime: Runtime, cloud: CloudStandIn, link: Link
) -> None:
    account = link(CONSUMER_A, region=None)
    go_on = threading.Event()

    def hang(_: str, path: str) -> None:
        if path.startswith("/DFW"):
            go_on.wait(PATIENCE_S)

    cloud.before = hang
    engine = Engine(runtime, {"looks": KINDS["looks"]})
    engine.start()

    def answers() -> dict[str, bool]:
        return {p.region: p.last_looked_at is not None for p in runtime.store.places.of(account.id)}

    until(lambda: answers()["ORD"], "the other region was not looked at")
    assert not answers()["DFW"]
    go_on.set()
    engine.close()


def test_a_clock_that_went_ahead_and_back_keeps_nothing_from_being_looked_at(
    runtime: Runtime, link: Link, cloud: CloudStandIn, clock: HandClock
) -> None:
    link(CONSUMER_A)
    clock.advance(hours=2)
    look(runtime)
    clock.advance(hours=-2)
    before = looks(cloud)

    Engine(runtime, {"looks": LOOKS})._crews[0].mend()
    look(runtime)

    assert looks(cloud) == before + 1


def test_each_account_logs_in_once_whatever_its_regions(
    runtime: Runtime, link: Link, cloud: CloudStandIn, clock: HandClock
) -> None:
    accounts = [link(each, region=None) for each in (PRODUCER, CONSUMER_A, CONSUMER_B)]
    for _ in range(3):
        look(runtime)
        clock.advance(minutes=16)

    logins = [path for _, path, _ in cloud.requests if path.endswith("/auth/tokens")]
    assert len(logins) == len(accounts)


def test_shared_images_are_rows_and_looked_at_while_somebody_has_not_answered(
    runtime: Runtime, link: Link, invite: Invite, cloud: CloudStandIn, clock: HandClock
) -> None:
    account, image_id = link(PRODUCER), invite("web", CONSUMER_A)
    runtime.store.shares.put(account, PRODUCER, "DFW", image_id, "web", NUMBERS[CONSUMER_A])
    engine = {"shared_images": SHARED_IMAGES}
    claims = runtime.store.shared_images.claims

    Engine(runtime, engine).run_dry()
    assert cloud.requests == []
    clock.advance(minutes=1)
    Engine(runtime, engine).run_dry()
    pending_until = claims.next_due()
    cloud.state.regions["DFW"].members[image_id].clear()
    clock.advance(minutes=5)
    Engine(runtime, engine).run_dry()

    assert pending_until == clock()
    assert runtime.store.shares._table.find() == []
    assert claims.next_due() is None


def test_a_share_of_an_older_release_is_looked_at(
    runtime: Runtime, link: Link, invite: Invite
) -> None:
    account, image_id = link(PRODUCER), invite("web", CONSUMER_A)
    runtime.store.shares.put(account, PRODUCER, "DFW", image_id, "web", NUMBERS[CONSUMER_A])
    runtime.store._db.execute("delete from shared_images")

    runtime.store.shared_images.reconcile()

    assert runtime.store.shared_images.claims.next_due() == runtime.clock()
