"""Run the listener, and its probes, until the program is stopped."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from typing import TYPE_CHECKING, NoReturn

from flask import Flask

from bot.bus.gather import Gatherer
from bot.settings import Settings
from bot.web.probes import add_probes
from bot.web.server import WorkerServer

if TYPE_CHECKING:
    from bot.bus.listen import Listener


class ListenServer(WorkerServer):
    """The listener: it reads the bus, and answers only probes, on WORKER_PORT."""

    def load(self) -> Flask:
        """
        Raises:
            BadSettings: BUS_URL is no address of a bus.
        """
        runtime, settings = self.build(), self._settings
        heard = runtime.metrics.bus_notifications
        gatherer = Gatherer(
            runtime.store,
            settings.bus_identity,
            settings.bus_region,
            count=lambda became: heard.labels(became).inc(),
        )
        listener = _with_threads()(settings, gatherer)
        gatherer.start()
        self._running.callback(gatherer.close)
        # While the broker does not answer it tries forever, and could not be stopped.
        threading.Thread(target=listener.start, name="connect", daemon=True).start()
        app = Flask("bot")
        add_probes(app, runtime, check=listener.trouble)
        return app


def run(settings: Settings) -> NoReturn:
    """
    Listen until SIGTERM or SIGINT.

    Raises:
        BadSettings: BUS_URL is no address of a bus.
    """
    ListenServer(settings).run()
    logging.shutdown()
    os._exit(0)  # places of unhandled hints are checked later anyway


def _with_threads() -> type[Listener]:
    """Import the listener once oslo's libraries know that they run on threads, not on eventlet."""
    with warnings.catch_warnings():
        # They are eventlet's, about parts that we do not use.
        warnings.simplefilter("ignore", DeprecationWarning)
        from oslo_service.backend import BackendType, init_backend

        init_backend(BackendType.THREADING)
        from bot.bus.listen import Listener

    return Listener
