"""Gauges read when /metrics is scraped: rows of work, threads, connections."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from bot import lateness
from bot.metrics import Family, Metrics, Sample
from bot.slack.socket_mode import SocketMode
from bot.web.database_probe import DatabaseProbe
from bot.wiring import Runtime
from bot.work.engine import Engine
from storage import Backlog, Store

KIND, JOB, POOL = ("kind",), ("job",), ("pool",)

_WORK: Sequence[tuple[Family, Callable[[Backlog, datetime], float]]] = (
    (
        Family("work_due", "Rows that are due and not claimed by any worker.", KIND),
        lambda each, _: each.due,
    ),
    (
        Family("work_held", "Rows that a worker has claimed, by leases that are valid.", KIND),
        lambda each, _: each.held,
    ),
    (
        Family("work_failed", "Rows that were given up.", KIND),
        lambda each, _: each.failed,
    ),
    (
        Family("work_repeated", "Rows claimed five times or more without success.", KIND),
        lambda each, _: each.repeated,
    ),
    (
        Family("work_lag_seconds", "Since the most overdue row became due.", KIND),
        lambda each, now: lateness.lag(each, now).total_seconds(),
    ),
    (
        Family("work_late_after_seconds", "The lag above which a kind counts as late.", KIND),
        lambda each, _: lateness.bounds_of(each.kind).late.total_seconds(),
    ),
    (
        Family("work_stale_seconds", "Since the stalest claimed row last made progress.", KIND),
        lambda each, now: lateness.held(each, now).total_seconds(),
    ),
    (
        Family(
            "work_stuck_after_seconds",
            "Seconds without progress above which a row is stuck.",
            KIND,
        ),
        lambda each, _: lateness.bounds_of(each.kind).stuck.total_seconds(),
    ),
    (
        Family("work_oldest_age_seconds", "Age of the oldest row that is not finished.", KIND),
        lambda each, now: lateness.age(each, now).total_seconds(),
    ),
)


def watch(runtime: Runtime, socket_mode: SocketMode | None, engine: Engine | None) -> None:
    """Expose what this process has of these."""
    _watch_store(runtime)
    _watch_pools(runtime)
    if engine:
        _watch_engine(runtime.metrics, engine)
    if socket_mode:
        _watch_socket_mode(runtime.metrics, socket_mode)


def _watch_store(runtime: Runtime) -> None:
    """All of it in one question, for which half a second is waited at most."""
    probe = DatabaseProbe(lambda: _asked(runtime.store))

    def read() -> Iterator[Sample]:
        answer = probe.answer()
        waiting, backlogs = answer or (math.nan, ())
        yield "database_answers", (), float(answer is not None)
        yield "outbox_waiting", (), waiting
        now = runtime.clock()
        for each in backlogs:
            for family, value in _WORK:
                yield family.name, (each.kind,), value(each, now)

    runtime.metrics.watch(
        [
            Family("database_answers", "Whether the database answered just now."),
            Family("outbox_waiting", "Messages still to be delivered, paused ones included."),
            *(family for family, _ in _WORK),
        ],
        read,
    )


def _asked(store: Store) -> tuple[float, Sequence[Backlog]]:
    return store.outbox.waiting(), store.work.all()


def _watch_pools(runtime: Runtime) -> None:
    def read() -> Iterator[Sample]:
        for name, pool in runtime.metrics.pools.items():
            load = pool.load
            yield "pool_threads", (name,), load.threads
            yield "pool_busy", (name,), load.busy
            yield "pool_waiting", (name,), load.waiting
        yield "transfers_streaming", (), runtime.streams.taken

    runtime.metrics.watch(
        [
            Family("pool_threads", "Threads of each pool.", POOL),
            Family("pool_busy", "Threads of each pool that are busy.", POOL),
            Family("pool_waiting", "Tasks that wait for a thread of the pool.", POOL),
            Family("transfers_streaming", "Transfers of this process that copy an image's data."),
        ],
        read,
    )


def _watch_engine(metrics: Metrics, engine: Engine) -> None:
    def read() -> Iterator[Sample]:
        yield "heartbeat_age_seconds", (), engine.heartbeat_age_s
        for each in engine.crews:
            yield "job_hands", (each.name,), each.hands
            yield "job_hands_busy", (each.name,), len(each.in_hand_s)
            yield "job_in_hand_seconds", (each.name,), max(each.in_hand_s, default=0.0)

    metrics.watch(
        [
            Family("heartbeat_age_seconds", "Since this process last renewed its leases."),
            Family("job_hands", "The most rows that this process works on at once.", JOB),
            Family("job_hands_busy", "Rows that it works on.", JOB),
            Family("job_in_hand_seconds", "For how long it has worked on the oldest of them.", JOB),
        ],
        read,
    )


def _watch_socket_mode(metrics: Metrics, socket_mode: SocketMode) -> None:
    def read() -> Iterator[Sample]:
        yield "socket_mode_connected", (), socket_mode.connected
        yield "socket_mode_ping_age_seconds", (), socket_mode.ping_age_s
        yield "socket_mode_connects", (), socket_mode.connects

    metrics.watch(
        [
            Family(
                "socket_mode_connected", "Whether Slack answers on the connection of Socket Mode."
            ),
            Family("socket_mode_ping_age_seconds", "Since Slack last answered a ping there."),
            Family("socket_mode_connects", "Connections made since the start."),
        ],
        read,
    )
