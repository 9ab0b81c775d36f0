"""
A bounded pool of threads, shared fairly, for requests, transfers and pages.

Bolt's own pool has five threads, and forty commands in a second would starve in it.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Generic, TypeVar

from cloud.reference import carried

T = TypeVar("T")
log = logging.getLogger(__name__)

Key = tuple[str, str]
"""The owner of a task: a kind, and one of that kind, such as ("person", "T1/U2")."""


@dataclass(frozen=True)
class Bound:
    """The most that one key of a kind may have of a pool."""

    threads: int
    """Tasks in progress at the same time."""
    waiting: int = 0
    """Tasks that wait for a thread."""


@dataclass(frozen=True)
class Load:
    """How full a pool is."""

    threads: int
    busy: int
    waiting: int


@dataclass(frozen=True)
class _Task:
    work: Callable[[], None]
    keys: tuple[Key, ...]
    done: Future[None] = field(default_factory=Future)


class Pool:
    """
    A bounded queue before a bounded number of threads. Thread-safe.

    First come, first served, but a key at its limit waits in its own queue, and delays no other.

    Args:
        bounds: by kind of key, what each key of it may have. Kinds that are not named here are
            bounded by the pool alone.
    """

    def __init__(
        self,
        threads: int,
        waiting: int,
        name: str,
        bounds: Mapping[str, Bound] = MappingProxyType({}),
    ) -> None:
        self._executor = ThreadPoolExecutor(max_workers=threads, thread_name_prefix=name)
        self._name = name
        self._whole = Bound(threads, waiting)
        self._bounds = bounds
        self._changed = threading.Condition()
        self._waiting: list[_Task] = []
        self._busy = 0
        self._held: Counter[Key] = Counter()
        self._queued: Counter[Key] = Counter()
        self._finished = False

    @property
    def load(self) -> Load:
        with self._changed:
            return Load(self._whole.threads, self._busy, len(self._waiting))

    def take(self, task: Callable[[], None], *keys: Key) -> Future[None] | None:
        """
        Have this done as soon as a thread is free; None, at once, if there is no room.

        What is returned is set when the task has ended, with its error if it raised one.

        Args:
            keys: whose task it is. Each of them must have room.
        """
        taken = _Task(carried(task), keys)
        with self._changed:
            if self._finished or not self._has_room(keys):
                return None
            self._waiting.append(taken)
            self._queued.update(keys)
            self._start()
        return taken.done

    def finish(self) -> None:
        """Finish the tasks that were taken, and take no more."""
        with self._changed:
            self._finished = True
            self._changed.wait_for(lambda: not self._waiting and not self._busy)
        self._executor.shutdown(wait=True)

    def _has_room(self, keys: tuple[Key, ...]) -> bool:
        everyone = self._whole.threads - self._busy + self._whole.waiting - len(self._waiting)
        return everyone > 0 and all(
            self._queued[key] < bound.waiting + max(bound.threads - self._held[key], 0)
            for key, bound in self._bounded(keys)
        )

    def _may_start(self, keys: tuple[Key, ...]) -> bool:
        return all(self._held[key] < bound.threads for key, bound in self._bounded(keys))

    def _bounded(self, keys: tuple[Key, ...]) -> Iterator[tuple[Key, Bound]]:
        return ((key, self._bounds[key[0]]) for key in keys if key[0] in self._bounds)

    def _start(self) -> None:
        """Start whatever may start, oldest first. To be called with the lock held."""
        for task in list(self._waiting):
            if self._busy == self._whole.threads:
                return
            if self._may_start(task.keys):
                self._waiting.remove(task)
                self._busy += 1
                self._held.update(task.keys)
                self._queued -= Counter(task.keys)
                self._executor.submit(self._run, task)

    def _run(self, task: _Task) -> None:
        try:
            task.work()
        except Exception as error:
            log.exception("a task of %r broke", self._name)
            self._end(task)
            task.done.set_exception(error)
        else:
            self._end(task)
            task.done.set_result(None)

    def _end(self, task: _Task) -> None:
        with self._changed:
            self._busy -= 1
            self._held -= Counter(task.keys)
            self._start()
            self._changed.notify_all()


class Slots:
    """So many of something at the same time, for those who do not wait for one. Thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self.taken = 0

    @contextmanager
    def holding(self) -> Iterator[bool]:
        """Within, hold one of them if it yields True; otherwise all are taken."""
        with self._lock:
            had = self.taken < self._most
            self.taken += had
        try:
            yield had
        finally:
            with self._lock:
                self.taken -= had


class Handover(Generic[T]):
    """
    A result that somebody waits for until a deadline.

    Either it is taken in time, or the producer learns that it has to pass it on itself.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._result: T | None = None
        self._left = False

    def give(self, result: T) -> bool:
        """False if it is no longer waited for."""
        with self._changed:
            self._result = result
            self._changed.notify()
            return not self._left

    def wait(self, seconds: float) -> T | None:
        """The result; None if it is not there in time, and then it is not waited for any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._result is not None, seconds)
            self._left = self._result is None
            return self._result
