"""The programs `web`, `worker` and `all` (both): one process each, with threads."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from flask import Flask
from tornado.netutil import bind_sockets

from bot import work
from bot.settings import Settings
from bot.slack.socket_mode import SocketMode, TokenRefused
from bot.web.app import create_app
from bot.web.intake import Intake
from bot.web.probes import create_probes
from bot.wiring import Runtime
from bot.work.engine import Engine
from storage.clock import Clock, utc_now

log = logging.getLogger(__name__)

OTHER_FILES = 256
"""Open files that are no connections of clients: the database's, the cloud's, Slack's."""


class CannotStart(Exception):
    """The program cannot do what it was started for. The text says why."""


class Server:
    """Everything that runs beside the requests, and the end of all of it in the right order."""

    def __init__(self, settings: Settings, *, with_scheduler: bool, clock: Clock = utc_now) -> None:
        self._settings = settings
        self._clock = clock
        self._with_scheduler = with_scheduler
        self._running = ExitStack()
        """Ended in the order in which work comes in: Socket Mode, ticks, then what was taken."""
        self._stop: Callable[[], object] = lambda: None
        self.runtime: Runtime
        """Set by `build`."""
        self._trouble: TokenRefused | None = None
        """Why it stops, if nobody told it to."""

    def run(self) -> None:
        """
        Serve until SIGTERM or SIGINT, and finish the work in hand.

        Raises:
            CannotStart: the address is taken, or Slack refuses the token of Socket Mode.
        """
        asyncio.run(self._run())
        if self._trouble:
            raise _refused(self._trouble)

    async def _run(self) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, stop.set)
        self._stop = lambda: loop.call_soon_threadsafe(stop.set)
        sockets = self.listen()
        try:
            intake = Intake(self.load(), _within_open_files(self._settings))
            self.runtime.metrics.pools |= intake.pools.by_name
            intake.add_sockets(sockets)
            log.info("listening on %s", ", ".join(_url(each) for each in sockets) or "no port")
            await stop.wait()
            _end_after(self._settings.stop_timeout_s)
            await intake.drain()
        finally:
            for listening in sockets:
                listening.close()
            self.close()

    def listen(self) -> list[socket.socket]:
        """
        Raises:
            CannotStart: the address is taken.
        """
        return listen(self._settings.host, self._settings.port, "PORT")

    def load(self) -> Flask:
        """Create everything. If something fails, `close` ends what was created before."""
        runtime = self.build()
        socket_mode = self._socket_mode(runtime)
        engine = self.start_engine() if self._with_scheduler else None
        app = create_app(runtime, socket_mode, engine)
        if socket_mode:
            self._running.callback(socket_mode.close)
            try:
                socket_mode.start()
            except TokenRefused as error:
                raise _refused(error) from None
        return app

    def build(self) -> Runtime:
        self.runtime = Runtime.build(self._settings, clock=self._clock)
        self._running.callback(self.runtime.close)
        return self.runtime

    def start_engine(self) -> Engine:
        engine = work.start(self.runtime)
        self._running.callback(engine.close)
        return engine

    def close(self) -> None:
        self._running.close()

    def _socket_mode(self, runtime: Runtime) -> SocketMode | None:
        settings = self._settings
        if not settings.slack_app_token:
            return None
        return SocketMode(
            runtime.slack_app,
            settings.slack_app_token,
            runtime.workspaces.bare_client(),
            settings.ack_threads + settings.form_threads,
            self._stop_because,
        )

    def _stop_because(self, why: str) -> None:
        self._trouble = TokenRefused(why)
        log.error("%s", _refused(self._trouble))
        self._stop()


class WorkerServer(Server):
    """The worker: it does what is due, and answers nothing but probes."""

    def __init__(self, settings: Settings, clock: Clock = utc_now) -> None:
        super().__init__(settings, with_scheduler=True, clock=clock)

    def listen(self) -> list[socket.socket]:
        """Work without probes if the port is taken, as by another worker on this machine."""
        settings = self._settings
        try:
            return listen(settings.host, settings.worker_port, "WORKER_PORT")
        except CannotStart as error:
            log.warning("%s; give each worker of a machine its own, to see its health", error)
            return []

    def load(self) -> Flask:
        return create_probes(self.build(), self.start_engine())


def listen(host: str, port: int, setting: str) -> list[socket.socket]:
    """Open the listening socket first, so that an address in use is reported at once."""
    try:
        return bind_sockets(port, host)
    except OSError as error:
        where = f"HOST {host}, {setting} {port}"
        raise CannotStart(f"cannot listen on {where}: {error.strerror}") from None


def _within_open_files(settings: Settings) -> Settings:
    """Return the most connections that the system allows; more could not be accepted."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    room = max(most - OTHER_FILES, 1)
    if room < settings.web_connections:
        log.warning("only %d connections: the limit of open files is %d", room, most)
    return replace(settings, web_connections=min(room, settings.web_connections))


def _end_after(seconds: float) -> None:
    """Work that waits for an answer that never comes must not keep the program running."""

    def end() -> None:
        log.error("stopped in the middle of work that took longer than %s s", seconds)
        os._exit(1)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def _refused(error: TokenRefused) -> CannotStart:
    return CannotStart(f"Socket Mode: Slack refuses SLACK_APP_TOKEN ({error})")


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
