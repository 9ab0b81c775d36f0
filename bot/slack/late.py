"""Post a note, once, if an answer takes too long."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.pool import Pool
from bot.slack.payloads import Incoming

log = logging.getLogger(__name__)

STILL = "Still working on this. I'll post the answer here."
SENDING_S = 10.0
"""How long an answer waits for the note before it, which is being sent."""


@dataclass
class _Open:
    incoming: Incoming
    due: float
    """When it is late, as `time.monotonic` counts."""
    sending: bool = False
    sent: threading.Event = field(default_factory=threading.Event)


class LateNotes:
    """
    Requests that are not answered yet. Thread-safe.

    What is answered first counts: a note that was not begun by then is not sent, and an answer
    waits for one that was, so that they come in this order.

    Args:
        say: says it. Runs in a thread of *pool*.

        after_s: seconds after which a request is late.
    """

    def __init__(self, say: Callable[[Incoming, str], None], pool: Pool, after_s: float) -> None:
        self._say = say
        self._pool = pool
        self._after_s = after_s
        self._lock = threading.Lock()
        self._open: dict[int, _Open] = {}
        """By the id of the request, which each keeps alive."""
        self._queue: deque[_Open] = deque()
        """The same, in the order in which they become late, and what was answered meanwhile."""
        self._watched = False

    def begin(self, incoming: Incoming) -> None:
        """Start to wait for an answer."""
        opened = _Open(incoming, time.monotonic() + self._after_s)
        with self._lock:
            self._open[id(incoming)] = opened
            self._queue.append(opened)
            if not self._watched:
                self._watched = True
                threading.Thread(target=self._watch, name="late", daemon=True).start()

    def end(self, incoming: Incoming) -> bool:
        """End the wait, because the answer is ready. Return whether a note was sent before it."""
        with self._lock:
            ended = self._open.pop(id(incoming), None)
        if ended is None or not ended.sending:
            return False
        ended.sent.wait(SENDING_S)
        return True

    def _watch(self) -> None:
        """Watch in a thread, until nothing is left to wait for."""
        while True:
            with self._lock:
                if not self._queue:
                    self._watched = False
                    return
                late = self._queue.popleft()
            time.sleep(max(late.due - time.monotonic(), 0))
            with self._lock:
                late.sending = self._open.get(id(late.incoming)) is late
            if late.sending and not self._pool.take(lambda late=late: self._send(late)):  # type: ignore[misc]
                late.sent.set()

    def _send(self, late: _Open) -> None:
        try:
            log.info("the answer to %s is late", late.incoming.what)
            self._say(late.incoming, STILL)
        finally:
            late.sent.set()
