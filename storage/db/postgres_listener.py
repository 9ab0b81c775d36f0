"""PostgreSQL's LISTEN, on a connection of its own."""

from __future__ import annotations

import logging
import threading

import psycopg

from storage.db.listening import ANYTHING, Heard

log = logging.getLogger(__name__)

CHANNEL = "imagebot"
GLANCE_S = 1.0
"""How often it is looked whether the listener was closed."""
PAUSE_S = 2.0
"""Before another connection, after one was lost."""
ALIVE = {
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""A server that vanished is noticed within 30 s, though nothing is ever sent to it."""


class PostgresListener:
    """Listens, and connects again where the server went away."""

    def __init__(self, url: str, heard: Heard) -> None:
        self._url = url
        self._heard = heard
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._listen_for_ever, name="listen", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        self._thread.join()

    def _listen_for_ever(self) -> None:
        while not self._closed.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                log.info("cannot listen to the database: %s", type(error).__name__)
                self._closed.wait(PAUSE_S)

    def _listen(self) -> None:
        with psycopg.connect(self._url, autocommit=True, **ALIVE) as connection:  # type: ignore[arg-type] # numbers, too
            connection.execute(f"listen {CHANNEL}")
            self._heard(ANYTHING)  # notifications meanwhile were missed
            while not self._closed.is_set():
                for notify in connection.notifies(timeout=GLANCE_S):
                    self._heard(notify.payload)
