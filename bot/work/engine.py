"""
Run background work: hands claim due rows, and keep them by a heartbeat.

Each kind has a crew of its own in each process, so that none waits behind another. It sleeps until
the next row is due or somebody wakes it, by the monotonic clock; what is done by the clock is woken
by APScheduler. What goes wrong with one row is logged, and that row alone is tried again later.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from typing import Any, Generic

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.wiring import Runtime
from bot.work.kinds import Kind, T
from bot.work.turnstile import Turnstile
from cloud import reference
from storage import Listening
from storage.errors import LostClaim, StorageError, Unreachable

log = logging.getLogger(__name__)

MIDNIGHT = datetime(1970, 1, 1, tzinfo=UTC)
"""Ticks are at whole multiples since then, as the rows of what is done by the clock are due."""
BEATS = 3
"""In each lease: it outlasts two that were missed."""
MEND_S = 20.0
"""How often it is looked whether a clock was ahead."""
LONGEST_S = 30.0
"""The longest sleep, so that a clock that was set or a word that was lost holds nothing up."""
GATHER_S = 0.03
"""Wait for more free hands while some are busy: one claim serves several."""
SLOW_S = 1.0
"""A spare hand takes the place of one that is at the same row for longer than this."""
PAUSE_S = 1.0
"""Pause where more is due than may be claimed, because others work in the same lanes."""
TROUBLE_S = 5.0
"""Before it is tried again where the database does not answer."""
FIRST_RETRY_S, LONGEST_RETRY_S = 5.0, 900.0
SILENT_S = 120.0
"""Without a look for what is due a kind of work counts as dead: four of the longest sleeps."""
STOP_S = 4.0
"""How long claimed rows may take at SIGTERM; then they are released."""


@dataclass(frozen=True)
class _InHand(Generic[T]):
    work: T
    since: float
    """By the monotonic clock."""


@dataclass(frozen=True)
class CrewState:
    """One kind of work in this process, as it is watched."""

    name: str
    hands: int
    in_hand_s: Sequence[float]
    """For how many seconds each row has been in hand."""
    most_s: float
    turned_s: float
    """Seconds since it was last looked what is due."""
    alive: bool
    """Whether its threads are there."""

    @property
    def trouble(self) -> str:
        """What is wrong with it; "" if nothing is."""
        if not self.alive or self.turned_s > SILENT_S:
            return f"the job {self.name} no longer looks for work"
        if len([each for each in self.in_hand_s if each > self.most_s]) >= self.hands:
            return f"the job {self.name} has had all it can hold in hand for too long"
        return ""


class Engine:
    """All crews of one process, and their heartbeat."""

    def __init__(self, runtime: Runtime, kinds: Mapping[str, Kind[Any]]) -> None:
        self._crews = [Crew(runtime, name, kind) for name, kind in kinds.items()]
        self._runtime = runtime
        self._listening: Listening | None = None
        self._beat_s = runtime.settings.lease_s / BEATS
        self._stopped = threading.Event()
        self._beaten_at = time.monotonic()
        self._heart = threading.Thread(target=self._beat_for_ever, name="heartbeat", daemon=True)
        self._ticker = _ticker(self._crews)

    def start(self) -> None:
        self._start()
        self._ticker.start()
        self._listening = self._runtime.store.listen(self._heard)

    def run_dry(self) -> int:
        """Do all that is due, and end. Returns how many rows broke."""
        for crew in self._crews:
            crew.mend()
        self._crews = [crew for crew in self._crews if crew.due]
        if not self._crews:
            return 0
        self._start()
        while not (self._runtime.stopping.is_set() or all(crew.dry for crew in self._crews)):
            time.sleep(0.01)
        self._end()
        return sum(crew.broken for crew in self._crews)

    def close(self) -> None:
        """Claim nothing more; finish the claimed rows, or release them."""
        self._runtime.stopping.set()
        self._end()

    @property
    def crews(self) -> Sequence[CrewState]:
        return [crew.state for crew in self._crews]

    @property
    def heartbeat_age_s(self) -> float:
        """Seconds since the leases were last renewed with success."""
        return time.monotonic() - self._beaten_at

    def trouble(self) -> str:
        """Say what keeps it from working; "" if nothing does."""
        if not self._heart.is_alive() or self.heartbeat_age_s > SILENT_S + self._beat_s:
            return "the heartbeat does not renew leases"
        return next(filter(None, (each.trouble for each in self.crews)), "")

    def _start(self) -> None:
        for crew in self._crews:
            crew.start()
        self._heart.start()

    def _end(self) -> None:
        self._stopped.set()
        if self._ticker.running:
            self._ticker.shutdown(wait=False)
        if self._listening:
            self._listening.close()
        for crew in self._crews:
            crew.stop()
        deadline = time.monotonic() + STOP_S
        for crew in self._crews:
            crew.join(deadline)

    def _heard(self, topic: str) -> None:
        for crew in self._crews:
            if not topic or topic in crew.kind.topics:
                crew.wake()

    def _beat_for_ever(self) -> None:
        pause, mended = self._beat_s, 0.0
        while not self._stopped.wait(pause):
            beats = [crew.beat() for crew in self._crews]  # each of them, even if another fails
            pause = self._beat_s if all(beats) else min(TROUBLE_S, self._beat_s)
            self._beaten_at = time.monotonic() if all(beats) else self._beaten_at
            if all(beats) and time.monotonic() - mended > MEND_S:
                mended = time.monotonic()
                for crew in self._crews:
                    crew.mend()


def _ticker(crews: Sequence[Crew[Any]]) -> BackgroundScheduler:
    """
    Wake the crews of what is done by the clock, each at its times.

    APScheduler waits by the wall clock. While one that was set back holds it up, crews look by
    themselves every LONGEST_S, and by rows that `mend` has brought near again.
    """
    ticker = BackgroundScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None}
    )
    for crew in crews:
        if span := crew.kind.every:
            seconds = int(span.total_seconds())
            ticker.add_job(crew.wake, IntervalTrigger(seconds=seconds, start_date=MIDNIGHT))
    return ticker


class Crew(Generic[T]):
    """The hands of one kind of work in one process, and who claims for them."""

    def __init__(self, runtime: Runtime, name: str, kind: Kind[T]) -> None:
        self.kind = kind
        self.broken = 0
        self._runtime = runtime
        self._name = name
        self._rows = kind.rows(runtime)
        hands = kind.hands(runtime.settings)
        self._hands = hands + kind.spare(runtime.settings)
        self._turnstile = Turnstile(hands, SLOW_S)
        self._given: SimpleQueue[T | None] = SimpleQueue()
        self._in_hand: dict[int, _InHand[T]] = {}
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._stopping = False
        self._away = False
        """Whether the database did not answer when it was last asked."""
        self._more = True
        """Whether there may be more of what was claimed last."""
        self._resting = False
        self._turned_at = time.monotonic()
        serving = [self._claim_for_ever, *[self._serve] * self._hands]
        self._threads = [
            threading.Thread(target=each, name=f"{name}-{n}", daemon=True)
            for n, each in enumerate(serving)
        ]

    @property
    def dry(self) -> bool:
        """Whether nothing is in hand, and nothing was there to claim."""
        with self._lock:
            return self._resting and not self._in_hand

    @property
    def state(self) -> CrewState:
        now = time.monotonic()
        with self._lock:
            in_hand = [now - each.since for each in self._in_hand.values()]
        alive = all(each.is_alive() for each in self._threads)
        return CrewState(
            self._name, self._hands, in_hand, self.kind.most_s, now - self._turned_at, alive
        )

    @property
    def due(self) -> bool:
        """Whether there is something to claim."""
        return self._until_due() <= 0

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        self._woken.set()

    def beat(self) -> bool:
        """Renew the leases of what is in hand. False if the database does not answer."""
        now = time.monotonic()
        with self._lock:
            young = [w.work for w in self._in_hand.values() if now - w.since < self.kind.most_s]
        return self._safely(self._rows.renew, young) if young else True

    def mend(self) -> bool:
        """Put right what a clock that was ahead has put too far off."""
        return self._safely(self._rows.mend)

    def _safely(self, what: Callable[..., object], *given: object) -> bool:
        """Do that, and say whether it went well; it is done again at the next beat."""
        try:
            what(*given)
        except Unreachable as error:
            self._unreachable(error)
            return False
        except Exception:
            log.exception("the heartbeat of the job %s broke", self._name)
            return False
        return True

    def stop(self) -> None:
        self._stopping = True
        self.wake()

    def join(self, deadline: float) -> None:
        """Wait for the claimed rows until then, by the monotonic clock, and release the rest."""
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        for each in self._held():
            log.warning("%s: released rows that take too long", self._name)
            self._let_go(each)
        self._safely(self.kind.close, self._rows)

    def _claim_for_ever(self) -> None:
        while not self._stopping:
            self._woken.clear()
            self._turned_at = time.monotonic()
            try:
                pause = self._claim()
            except Unreachable as error:
                self._unreachable(error)
                pause = self._rest(TROUBLE_S)
            except Exception:
                log.exception("the job %s could not claim", self._name)
                pause = self._rest(TROUBLE_S)
            if pause:
                self._woken.wait(pause)
            if self._more or self._held():
                time.sleep(GATHER_S)
        for _ in range(self._hands):
            self._given.put(None)

    def _claim(self) -> float:
        """Claim for the hands that are free. Returns for how long there is nothing to do."""
        free = self._hands - len(self._held())
        if free <= 0:
            return LONGEST_S
        if not self._more and (until_due := self._until_due()) > 0:
            return self._rest(until_due)
        works = self._rows.claim(free)
        self._give(works)
        expected, self._more = self._more, len(works) == free
        return 0 if works or expected else self._rest(PAUSE_S)

    def _until_due(self) -> float:
        due = self._rows.next_due()
        self._away = False
        if due and due > self._runtime.clock() and self._ticks_at(due):
            return LONGEST_S  # the ticker wakes us, unless the wall clock was set back
        seconds = (due - self._runtime.clock()).total_seconds() if due else LONGEST_S
        return min(LONGEST_S, seconds)

    def _ticks_at(self, due: datetime) -> bool:
        """Whether the clock has it done then. It does not know what was brought forward."""
        return self.kind.every is not None and not (due - MIDNIGHT) % self.kind.every

    def _rest(self, seconds: float) -> float:
        with self._lock:
            self._resting = True
        return seconds

    def _give(self, works: Sequence[T]) -> None:
        now = time.monotonic()
        with self._lock:
            self._resting = False
            self._in_hand |= {id(work): _InHand(work, now) for work in works}
        for work in works:
            self._given.put(work)

    def _serve(self) -> None:
        while (work := self._given.get()) is not None:
            try:
                with self._turnstile.one():
                    if self._stopping:
                        self._let_go(work)
                    else:
                        self._do(work)
            finally:
                with self._lock:
                    del self._in_hand[id(work)]
                    self._resting = False
                self.wake()

    def _do(self, work: T) -> None:
        reference.begin(getattr(work, "reference", None))
        outcome, began = "done", time.monotonic()
        try:
            self.kind.do(self._runtime, work)
        except LostClaim:
            outcome = "lost"
            log.info("%s: another worker has claimed it", self._name)
        except Unreachable as error:
            outcome = self._broke(work)
            self._unreachable(error)
        except Exception:
            outcome = self._broke(work)
            log.exception("the job %s broke", self._name)
        self._count(outcome, time.monotonic() - began)

    def _count(self, outcome: str, seconds: float) -> None:
        metrics = self._runtime.metrics
        metrics.jobs.labels(self._name, outcome).inc()
        metrics.job_seconds.labels(self._name).observe(seconds)
        if outcome == "done":
            metrics.job_success.labels(self._name).set(self._runtime.clock().timestamp())

    def _broke(self, work: T) -> str:
        self.broken += 1
        self._retry(work)
        return "broke"

    def _retry(self, work: T) -> None:
        """Later each time, and not all at the same moment."""
        seconds = min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** min(work.attempts, 10))
        pause = timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311 - no secret
        with suppress(StorageError):  # then its lease expires
            self._rows.release(work, self._runtime.clock() + pause)

    def _let_go(self, work: T) -> None:
        with suppress(StorageError):
            self._rows.release(work, self._runtime.clock(), counted=False)

    def _held(self) -> list[T]:
        with self._lock:
            return [each.work for each in self._in_hand.values()]

    def _unreachable(self, error: Unreachable) -> None:
        """One line each time that the database goes away."""
        if not self._away:
            self._away = True
            log.warning("the job %s could not run: %s", self._name, error)
