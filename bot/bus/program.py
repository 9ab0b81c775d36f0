"""Runs the listener until the program is told to stop."""

from __future__ import annotations

import logging
import os
import signal
import threading
import warnings
from typing import TYPE_CHECKING, NoReturn

from bot.bus.gather import Gatherer
from bot.settings import Settings
from bot.wiring import open_store

if TYPE_CHECKING:
    from bot.bus.listen import Listener


def run(settings: Settings) -> NoReturn:
    """
    Listen until SIGTERM or SIGINT.

    Raises:
        BadSettings: BUS_URL is no address of a bus.
    """
    stopped = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopped.set())
    store = open_store(settings)
    gatherer = Gatherer(store, settings.bus_identity, settings.bus_region)
    listener = _with_threads()(settings, gatherer)
    gatherer.start()
    # It tries for ever where the broker does not answer, and could not be stopped meanwhile.
    threading.Thread(target=listener.start, name="connect", daemon=True).start()
    stopped.wait()
    gatherer.close()
    store.close()
    logging.shutdown()
    os._exit(0)  # what was not acted on is looked at later anyway


def _with_threads() -> type[Listener]:
    """Import the listener once oslo's libraries know that they run on threads, not on eventlet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # eventlet's, of what we do not use
        from oslo_service.backend import BackendType, init_backend

        init_backend(BackendType.THREADING)
        from bot.bus.listen import Listener

    return Listener
