"""Wake those who wait for rows: by a bell in the process, and after other processes' writes."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from typing import Any, Protocol

from storage.errors import Unreachable

log = logging.getLogger(__name__)

Heard = Callable[[str], None]
ANYTHING = ""
"""The topic of those who only know that something was changed."""

GLANCE_S = 0.25
"""How often it is looked whether another process has written to the file."""


class Listening(Protocol):
    def close(self) -> None:
        """Stop listening."""


class Bell:
    """Tells those who listen in this process. Thread-safe."""

    def __init__(self) -> None:
        self._heard: list[Heard] = []
        self._lock = threading.Lock()

    def add(self, heard: Heard) -> None:
        with self._lock:
            self._heard.append(heard)

    def remove(self, heard: Heard) -> None:
        with self._lock:
            self._heard.remove(heard)

    def ring(self, topic: str) -> None:
        with self._lock:
            listeners = list(self._heard)
        for heard in listeners:
            heard(topic)


class FileListener:
    """
    Listens to the bell, and looks whether the file was written by another process.

    SQLite counts the commits of others on each connection, this process's other ones too.
    """

    def __init__(self, connect: Callable[[], Any], bell: Bell, heard: Heard) -> None:
        self._connect = connect
        self._bell = bell
        self._heard = heard
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="listen", daemon=True)
        bell.add(heard)
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        self._bell.remove(self._heard)
        self._thread.join()

    def _watch(self) -> None:
        """At first nothing is known of what was written before: so that is heard, too."""
        connection, seen = None, None
        while not self._closed.is_set():
            try:
                connection = connection or self._connect()
                [[version]] = connection.execute("pragma data_version").fetchall()
            except (sqlite3.Error, Unreachable) as error:
                log.info("cannot check the database file for writes: %s", error)
                version = None
            if version != seen:
                self._heard(ANYTHING)
            seen = version
            self._closed.wait(GLANCE_S)
        if connection:
            connection.close()
