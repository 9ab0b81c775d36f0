"""Gather hints, and make the account regions that they concern due, some at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection

from bot.bus.hints import Hint, hint_of
from storage import Store
from storage.errors import StorageError

log = logging.getLogger(__name__)

GATHER_S = 0.25
"""Hints are gathered for this long: equal ones within it count as one."""
PAUSE_S = 2.0
"""Before the next attempt if the database does not answer."""
MOST = 10_000
"""Hints that are kept. More are dropped: what they concern is checked later anyway."""
TOGETHER = 500
"""Hints that are acted on in one transaction."""


class Gatherer:
    """
    Remembers what the bus hinted at until it is due to be looked at. Thread-safe.

    Args:
        cloud: address of the Identity service of the cloud whose bus it is.

        region: the region whose bus it is.

        count: called with the outcome of each notification: taken, same, ignored, dropped.
    """

    def __init__(
        self, store: Store, cloud: str, region: str, *, count: Callable[[str], object]
    ) -> None:
        self._store = store
        self._place = (cloud, region)
        self._changed = threading.Condition()
        self._hints: dict[Hint, None] = {}
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
        self._count = count

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Act on what was gathered, and end. Hints that cannot be handled now are dropped."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()

    def add(self, event_type: object, payload: object) -> None:
        """Take a notification of any content. Neither raises nor waits."""
        hint = hint_of(event_type, payload)
        with self._changed:
            self._count(self._became(hint))
            if hint and len(self._hints) < MOST:
                self._hints[hint] = None
                self._changed.notify()

    def _became(self, hint: Hint | None) -> str:
        if hint is None:
            return "ignored"
        if hint in self._hints:
            return "same"
        return "taken" if len(self._hints) < MOST else "dropped"

    def _run(self) -> None:
        while self._wait():
            some = self._take()
            try:
                act(self._store, *self._place, some)
            except StorageError as error:
                log.warning("bus hints wait for the database: %s", error)
                if not self._give_back(some):
                    return
            except Exception:
                log.exception("hints of the bus broke")

    def _wait(self) -> bool:
        """Until some are gathered; False at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._hints or self._stopping)
            self._changed.wait_for(lambda: self._stopping, GATHER_S)
            return bool(self._hints)

    def _take(self) -> list[Hint]:
        with self._changed:
            some = list(self._hints)[:TOGETHER]
            for each in some:
                del self._hints[each]
            return some

    def _give_back(self, some: list[Hint]) -> bool:
        """Keep them for the next attempt, in front of what has come since. False at the end."""
        with self._changed:
            self._hints = dict.fromkeys([*some, *self._hints][:MOST])
            return not self._changed.wait_for(lambda: self._stopping, PAUSE_S)


def act(store: Store, cloud: str, region: str, hints: Collection[Hint]) -> None:
    """Have what these hints concern be looked at now: invitations, and shares made here."""
    projects = {each.project for each in hints if each.project}
    images = {each.image for each in hints if not each.project}
    places = store.places.make_due_by_hints(cloud, region, projects=projects, images=images)
    shares = store.shared_images.make_due_by_hints(cloud, region, {each.image for each in hints})
    log.info("%d bus hints: %d places, %d shared images", len(hints), places, shares)
