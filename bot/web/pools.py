"""
The threads that answer requests, in separate pools by what they may wait for.

Commands, clicks and events are acknowledged by threads that wait for nobody. Forms and menus may
wait for the cloud, pages for the database: each keeps only its own kind waiting. Probes have
threads of their own, so that they are answered while the others are not.
"""

from __future__ import annotations

from bot.pool import Pool
from bot.settings import Settings

EVENTS = "/slack/events"
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
PROBE_THREADS = 2
WAITED_FOR = (b"view_submission", b"block_suggestion")
"""What Slack calls a form that was sent, and the options of a menu (`bot/slack/listeners.py`)."""


class Pools:
    def __init__(self, settings: Settings) -> None:
        def pool(threads: int, name: str) -> Pool:
            self.by_name[name] = Pool(threads, settings.web_queue, name)
            return self.by_name[name]

        self.by_name: dict[str, Pool] = {}
        self._acks = pool(settings.ack_threads, "ack")
        self._forms = pool(settings.form_threads, "form")
        self._pages = pool(settings.page_threads, "page")
        self._probes = pool(PROBE_THREADS, "probe")

    def of(self, path: str, body: bytes) -> Pool:
        """
        Return the pool for a request.

        The body is only searched for a word: that decides which queue it waits in, never a right.
        """
        if path in PROBES:
            return self._probes
        if path != EVENTS:
            return self._pages
        return self._forms if any(word in body for word in WAITED_FOR) else self._acks

    def finish(self) -> None:
        """Answer the requests taken, and take no more."""
        for each in self.by_name.values():
            each.finish()
