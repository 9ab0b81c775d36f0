"""APScheduler only ticks: what is due is claimed, so more than one of them is harmless."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.triggers.interval import IntervalTrigger

from bot.settings import Settings
from bot.wiring import Runtime
from bot.work import JOBS, Job, housekeeping, scheduler
from sandbox.slack import TEAM_ID, Person, SlackStandIn
from storage import Account, Invitation, Kind, TransferState
from tests.bot.people import CONSUMER_A
from tests.storage.asking import ask
from tests.storage.fixtures import HandClock
from tests.waiting import PATIENCE_S

SOON = IntervalTrigger(seconds=3600, timezone="UTC")


def test_a_job_that_is_running_elsewhere_is_left_alone(
    runtime: Runtime, environ: Mapping[str, str], clock: HandClock
) -> None:
    other = Runtime.build(Settings.from_env(environ), clock=clock)
    ran: list[Runtime] = []
    began, go_on = threading.Event(), threading.Event()

    def slow(mine: Runtime) -> None:
        ran.append(mine)
        began.set()
        assert go_on.wait(PATIENCE_S)

    job = Job(slow, SOON)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(scheduler.tick, runtime, "slow", job)
        assert began.wait(PATIENCE_S)
        scheduler.tick(other, "slow", job)
        go_on.set()
        first.result()
    assert ran == [runtime]

    scheduler.tick(other, "slow", job)
    assert ran == [runtime, other]
    other.close()


def test_a_job_whose_process_died_runs_again_after_the_lease(
    runtime: Runtime, clock: HandClock
) -> None:
    ran: list[datetime] = []
    job = Job(lambda _: ran.append(clock.now), SOON)
    runtime.store.once.claim("job:mine", job.lease_s)

    scheduler.tick(runtime, "mine", job)
    assert ran == []

    clock.advance(seconds=job.lease_s)
    scheduler.tick(runtime, "mine", job)
    assert ran == [clock.now]


def test_messages_wait_a_minute_at_most_for_a_process_that_died() -> None:
    """Each is claimed for itself, so two processes that deliver at once say nothing twice."""
    assert JOBS["delivery"].lease_s <= 60


def test_a_job_that_breaks_is_logged_counted_and_ticks_again(
    runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Runtime) -> None:
        raise ZeroDivisionError

    for _ in range(2):
        scheduler.tick(runtime, "mine", Job(broken, SOON))

    assert caplog.messages == ["the job mine broke"] * 2
    page = runtime.metrics.page().decode()
    assert 'imagebot_jobs_total{job="mine",outcome="broke"} 2.0' in page


def test_a_database_that_is_away_is_one_line_and_no_traceback(
    runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    runtime.store.close()

    scheduler.tick(runtime, "delivery", JOBS["delivery"])

    [record] = caplog.records
    assert record.getMessage() == "the job delivery could not run: the store is closed"
    assert record.exc_info is None


def test_invitations_tick_on_the_minute() -> None:
    """So that nine o'clock is met in every time zone; all are at whole quarters of an hour."""
    trigger = JOBS["invitations"].trigger
    ticks = []
    last, now = None, datetime(2026, 3, 2, 8, 58, 17, tzinfo=UTC)
    for _ in range(3):
        last = now = trigger.get_next_fire_time(last, now)
        ticks.append(f"{now:%H:%M:%S}")

    assert ticks == ["09:00:00", "09:05:00", "09:10:00"]


def test_two_schedulers_that_tick_by_themselves_say_one_digest(
    environ: Mapping[str, str],
    slack: SlackStandIn,
    link: Callable[..., Account],
    invite: Callable[..., str],
    clock: HandClock,
) -> None:
    """Each with threads, timers and database connections of its own, by the real time."""
    now = datetime.now(UTC)
    clock.now = now - timedelta(days=2)
    link(CONSUMER_A)
    invite("web-2026", CONSUMER_A)
    slack.workspace.people[CONSUMER_A] = Person(CONSUMER_A, "Consumer A", _where_it_is_nine(now))
    runtimes = [Runtime.build(Settings.from_env(environ)) for _ in range(2)]
    tickers = [scheduler.start(each) for each in runtimes]

    digest = slack.wait_for(CONSUMER_A)
    for ticker, each in zip(tickers, runtimes, strict=True):
        ticker.close()
        each.close()

    assert "web-2026" in str(digest.blocks)
    assert len(slack.messages(CONSUMER_A)) == 1


def test_housekeeping_forgets_what_has_lapsed_and_what_was_said_long_ago(
    runtime: Runtime, clock: HandClock
) -> None:
    outbox = runtime.store.outbox
    token = runtime.store.once.issue("link", {}, seconds=60)
    outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="said", dedupe_key="said")
    [said] = outbox.claim()
    outbox.sent(said.id, "1.0")
    outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="waiting", dedupe_key="waiting")
    clock.advance(days=31)

    housekeeping.run(runtime)

    assert runtime.store.once.redeem("link", token) is None
    assert outbox.waiting() == 1
    assert outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="said", dedupe_key="said")
    assert not outbox.put(team_id=TEAM_ID, user_id=CONSUMER_A, text="w", dedupe_key="waiting")


def test_housekeeping_forgets_cards_after_a_month_and_transfers_after_half_a_year(
    runtime: Runtime, clock: HandClock
) -> None:
    cards, transfers = runtime.store.cards, runtime.store.transfers
    cards.draw(key="old", team_id=TEAM_ID, user_id=CONSUMER_A, text="old", blocks=[])
    transfer, _ = transfers.begin(
        click="c",
        key="k",
        kind=Kind.EXPORT,
        team_id=TEAM_ID,
        user_id=CONSUMER_A,
        account_id="a",
        account="1",
        region="DFW",
        title="web",
        plan={},
    )
    [claimed] = transfers.claim(1, lease=timedelta(minutes=5))
    transfers.end(claimed, TransferState.DONE)

    clock.advance(days=31)
    housekeeping.run(runtime)
    after_a_month = (cards.waiting(), transfers.get(transfer.id) is not None)
    clock.advance(days=150)
    housekeeping.run(runtime)

    assert after_a_month == (0, True)
    assert transfers.get(transfer.id) is None


def test_housekeeping_forgets_what_was_decided_after_a_season_and_figures_after_a_year(
    runtime: Runtime, link: Callable[..., Account], clock: HandClock
) -> None:
    store, account = runtime.store, link(CONSUMER_A)
    approval, _ = ask(store, account_id=account.id)
    store.approvals.withdraw(approval.id, approval.user_id)
    begun = Invitation(account.id, "DFW", "i1", "web", "9", 5, clock())
    store.invitations.begin(begun)
    store.delivered.note(TEAM_ID, CONSUMER_A, begun)
    store.invitations.answered(account.id, "DFW", "i1", "accepted", None, clock())
    store.figures.put(account.id, "DFW", 1, 5)

    kept = []
    for days in (89, 2, 308, 2):
        clock.advance(days=days)
        housekeeping.run(runtime)
        kept.append(
            (
                store.approvals.get(approval.id) is not None,
                len(store.invitations.of(account.id)),
                len(store.delivered.of(TEAM_ID, CONSUMER_A)),
                len(store.figures.of([account.id])),
            )
        )

    assert kept == [(True, 1, 1, 1), (False, 0, 0, 1), (False, 0, 0, 1), (False, 0, 0, 0)]


def _where_it_is_nine(now: datetime) -> str:
    """A time zone in which it is past nine, and not yet ten. (Their names count westwards.)"""
    east = 9 - now.hour
    return f"Etc/GMT{-(east if east >= -12 else east + 24):+d}"
