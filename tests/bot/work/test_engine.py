"""Hands claim rows, hold them by a heartbeat, and let go of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import work
from bot.settings import Settings
from bot.wiring import Runtime
from bot.work import engine
from bot.work.engine import Engine
from bot.work.kinds import by_the_clock
from sandbox.slack import Person, SlackStandIn
from storage import LEASE, Account
from storage.errors import LostClaim
from tests.bot.people import CONSUMER_A
from tests.storage.fixtures import HandClock
from tests.waiting import PATIENCE_S, until

SPAN = timedelta(minutes=5)
Job = Callable[[Runtime], None]


@pytest.fixture
def other(environ: Mapping[str, str], clock: HandClock) -> Iterator[Runtime]:
    """Another process, as far as the database can tell."""
    runtime = Runtime.build(Settings.from_env(environ), clock=clock)
    yield runtime
    runtime.close()


def _run_dry(runtime: Runtime, job: Job) -> int:
    return Engine(runtime, {"mine": by_the_clock("mine", job, SPAN)}).run_dry()


def _due(runtime: Runtime) -> datetime | None:
    return runtime.store.ticks.every("mine", SPAN).next_due()


def test_a_job_is_run_once_by_whichever_process_is_free(
    runtime: Runtime, other: Runtime, clock: HandClock
) -> None:
    ran: list[Runtime] = []
    began, go_on = threading.Event(), threading.Event()

    def slow(mine: Runtime) -> None:
        ran.append(mine)
        began.set()
        assert go_on.wait(PATIENCE_S)

    first = threading.Thread(target=_run_dry, args=(runtime, slow))
    first.start()
    assert began.wait(PATIENCE_S)
    _run_dry(other, slow)
    go_on.set()
    first.join()
    assert ran == [runtime]

    clock.advance(minutes=5)
    _run_dry(other, slow)
    assert ran == [runtime, other]


def test_work_is_due_again_on_the_minute(runtime: Runtime, clock: HandClock) -> None:
    """So that nine o'clock is met in every time zone; all are at whole quarters of an hour."""
    ran: list[str] = []
    clock.now = datetime(2026, 3, 2, 8, 58, 17, tzinfo=UTC)
    for minutes in (0, 1, 1, 4, 1):
        clock.advance(minutes=minutes)
        _run_dry(runtime, lambda _: ran.append(f"{clock():%H:%M}"))

    assert ran == ["08:58", "09:00", "09:05"]
    assert _due(runtime) == datetime(2026, 3, 2, 9, 10, tzinfo=UTC)


def test_what_a_dead_process_had_in_hand_is_done_elsewhere_after_a_minute(
    runtime: Runtime, other: Runtime, clock: HandClock
) -> None:
    ran: list[Runtime] = []
    [_] = runtime.store.ticks.every("mine", SPAN).claim(1)

    clock.advance(seconds=59)
    _run_dry(other, ran.append)
    assert ran == []

    clock.advance(seconds=2)
    _run_dry(other, ran.append)
    assert ran == [other]
    assert timedelta(seconds=60) == LEASE
    assert engine.BEATS > 2


def test_a_heartbeat_keeps_what_is_in_hand(
    runtime: Runtime, other: Runtime, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BEATS", 6000)
    began, go_on = threading.Event(), threading.Event()
    ran: list[Runtime] = []

    def slow(_: Runtime) -> None:
        began.set()
        assert go_on.wait(PATIENCE_S)

    first = threading.Thread(target=_run_dry, args=(runtime, slow))
    first.start()
    assert began.wait(PATIENCE_S)
    for _ in range(3):
        clock.advance(seconds=40)
        until(lambda: _due(other) == clock() + LEASE, "the lease was not renewed")
    _run_dry(other, ran.append)
    go_on.set()
    first.join()

    assert ran == []


def test_what_is_in_hand_for_too_long_is_no_longer_kept(
    runtime: Runtime, other: Runtime, clock: HandClock
) -> None:
    crew = engine.Crew(runtime, "mine", by_the_clock("mine", lambda _: None, SPAN, most_s=0.0))
    rows = runtime.store.ticks.every("mine", SPAN)
    crew._give(rows.claim(1))

    clock.advance(seconds=61)
    assert crew.beat()

    assert len(other.store.ticks.every("mine", SPAN).claim(1)) == 1


def test_work_that_breaks_is_logged_counted_and_tried_again_later(
    runtime: Runtime, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Runtime) -> None:
        raise ZeroDivisionError

    pauses = []
    for _ in range(4):
        assert _run_dry(runtime, broken) == 1
        due = _due(runtime)
        assert due
        pauses.append((due - clock()).total_seconds())
        clock.now = due

    assert caplog.messages == ["the job mine broke"] * 4
    assert pauses == sorted(pauses)
    assert pauses[0] <= 12.5
    page = runtime.metrics.page().decode()
    assert 'imagebot_jobs_total{job="mine",outcome="broke"} 4.0' in page


def test_one_row_that_breaks_holds_up_no_other(
    runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    done = threading.Event()

    def broken(_: Runtime) -> None:
        raise ZeroDivisionError

    kinds = {
        "bad": by_the_clock("bad", broken, SPAN),
        "good": by_the_clock("good", lambda _: done.set(), SPAN),
    }
    assert Engine(runtime, kinds).run_dry() == 1
    assert done.is_set()


def test_a_lost_claim_is_no_failure(runtime: Runtime, caplog: pytest.LogCaptureFixture) -> None:
    def lost(_: Runtime) -> None:
        raise LostClaim("mine")

    assert _run_dry(runtime, lost) == 0
    assert "broke" not in caplog.text
    assert 'outcome="lost"} 1.0' in runtime.metrics.page().decode()


def test_a_database_that_goes_away_is_one_line_and_no_traceback(
    environ: Mapping[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    runtime = Runtime.build(Settings.from_env(environ))
    crew = engine.Crew(runtime, "mine", by_the_clock("mine", lambda _: None, SPAN))
    runtime.store.close()

    crew.start()
    until(lambda: bool(caplog.records), "nothing was logged")
    assert not crew.mend()
    crew.stop()
    crew.join(0)

    [record] = [each for each in caplog.records if each.name == "bot.work.engine"]
    assert record.getMessage() == "the job mine could not run: the store is closed"
    assert record.exc_info is None
    runtime.close()


def test_a_clock_that_goes_ahead_two_hours_and_back_stops_nothing(
    runtime: Runtime, clock: HandClock
) -> None:
    ran: list[datetime] = []
    job = by_the_clock("mine", lambda _: ran.append(clock()), SPAN)
    Engine(runtime, {"mine": job}).run_dry()
    clock.advance(hours=2)
    Engine(runtime, {"mine": job}).run_dry()
    clock.advance(hours=-2)

    crew = engine.Crew(runtime, "mine", job)
    assert crew.mend()
    Engine(runtime, {"mine": job}).run_dry()

    assert len(ran) == 3
    assert _due(runtime) == clock() + SPAN


def test_a_sleep_is_never_long_whatever_the_clock_says(runtime: Runtime, clock: HandClock) -> None:
    """So a clock that is set while hands sleep is noticed."""
    crew = engine.Crew(runtime, "mine", by_the_clock("mine", lambda _: None, timedelta(hours=1)))
    crew._rows.claim(1)
    crew._more = False

    assert 0 < crew._claim() <= 30


def test_word_of_something_due_wakes_at_once(runtime: Runtime, clock: HandClock) -> None:
    ran = threading.Semaphore(0)
    job = by_the_clock("mine", lambda _: ran.release(), SPAN)
    running = Engine(runtime, {"mine": replace(job, topics=frozenset({"mine"}))})
    running.start()
    assert ran.acquire(timeout=PATIENCE_S)
    until(lambda: running._crews[0].dry, "it does not rest")

    clock.advance(minutes=5)
    runtime.store._db.notify("mine")

    assert ran.acquire(timeout=5)  # by itself it would sleep for half a minute
    running.close()


def test_at_the_end_what_hangs_is_let_go_and_the_rest_given_back(
    runtime: Runtime, other: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "STOP_S", 0.1)
    began, for_ever = threading.Event(), threading.Event()

    def hangs(_: Runtime) -> None:
        began.set()
        for_ever.wait(PATIENCE_S)

    running = Engine(runtime, {"mine": by_the_clock("mine", hangs, SPAN)})
    running.start()
    assert began.wait(PATIENCE_S)
    running.close()

    assert len(other.store.ticks.every("mine", SPAN).claim(1)) == 1
    for_ever.set()
    hands = [each for each in threading.enumerate() if each.name.startswith("mine-")]
    until(lambda: not any(each.is_alive() for each in hands), "the hand does not end")


def test_two_engines_that_work_by_themselves_say_one_digest(
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
    engines = [work.start(each) for each in runtimes]

    digest = slack.wait_for(CONSUMER_A)
    for running, each in zip(engines, runtimes, strict=True):
        running.close()
        each.close()

    assert "web-2026" in str(digest.blocks)
    assert len(slack.messages(CONSUMER_A)) == 1


def _where_it_is_nine(now: datetime) -> str:
    """A time zone in which it is past nine, and not yet ten. (Their names count westwards.)"""
    east = 9 - now.hour
    return f"Etc/GMT{-(east if east >= -12 else east + 24):+d}"


def test_what_is_brought_forward_is_done_then_and_not_at_the_next_of_its_times(
    environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock alone would have it done once a year, and a crew's own sleep after the test."""
    monkeypatch.setattr(engine, "LONGEST_S", PATIENCE_S * 10)
    ran: list[datetime] = []
    with closing(Runtime.build(Settings.from_env(environ))) as runtime:
        job = by_the_clock("mine", lambda mine: ran.append(mine.clock()), timedelta(days=365))
        running = Engine(runtime, {"mine": job})
        running.start()
        until(lambda: ran)

        runtime.store.ticks.bring_forward("mine", runtime.clock() + timedelta(seconds=0.5))

        until(lambda: len(ran) == 2, "it was not done again")
        running.close()


def test_what_is_done_by_the_clock_is_woken_at_its_times(
    environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By APScheduler alone: a crew's own sleep would not end before the test has."""
    monkeypatch.setattr(engine, "LONGEST_S", PATIENCE_S * 10)
    ran: list[datetime] = []
    with closing(Runtime.build(Settings.from_env(environ))) as runtime:
        job = by_the_clock("mine", lambda mine: ran.append(mine.clock()), timedelta(seconds=1))
        running = Engine(runtime, {"mine": job})
        running.start()
        until(lambda: len(ran) >= 3)
        running.close()
