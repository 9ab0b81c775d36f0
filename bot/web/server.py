"""gunicorn, with threads: the program `web`, and `all` with the scheduler beside it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.errors import AppImportError
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.settings import Settings
from bot.web.app import create_app
from bot.wiring import Runtime
from bot.work import scheduler

log = logging.getLogger(__name__)

THREADS = 16
"""Requests acknowledged at the same time; each takes about 11 ms."""
ACCESS = "%(t)s %(m)s %(U)s %(s)s %(B)s bytes in %(M)s ms"
"""Without the query string: that of /slack/oauth_redirect holds a secret."""
GRACE_S = 60
"""How long work in hand may take when the server is told to stop."""


class Worker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """
    Ends at Ctrl-C as it does at SIGTERM.

    gunicorn would shut its threads down within the signal handler, and wait for ever for a
    lock that the interrupted main thread holds while it hands on a request.
    """

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        self.handle_exit(sig, frame)


class AccessLog(Logger):  # type: ignore[misc] # gunicorn has no types
    """Without the token in the address of a page: whoever has it may link or confirm there."""

    def atoms(self, *args: Any) -> dict[str, Any]:
        atoms: dict[str, Any] = super().atoms(*args)
        page = atoms["U"].split("/")[1:2]
        if page in (["link"], ["confirm"]):
            atoms["U"] = f"/{page[0]}/(secret)"
        return atoms


class Server(BaseApplication):  # type: ignore[misc] # gunicorn has no types
    """
    One worker process, which makes everything it needs after the fork.

    Sockets, threads and database connections do not survive a fork; so nothing is made before.
    """

    def __init__(self, settings: Settings, *, with_scheduler: bool) -> None:
        self._settings = settings
        self._with_scheduler = with_scheduler
        self._running = ExitStack()
        """Ended in the order in which work comes in: requests, ticks, then what was taken."""
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": _address(self._settings),
            "workers": 1,
            "worker_class": Worker,
            "threads": THREADS,
            "graceful_timeout": GRACE_S,
            "timeout": 0,
            "proc_name": "cloud-images-bot",
            "loglevel": "warning",
            "accesslog": "-",
            "access_log_format": ACCESS,
            "logger_class": AccessLog,
            "worker_exit": lambda _server, _worker: self._running.close(),
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        runtime = Runtime.build(self._settings)
        self._running.callback(runtime.close)
        app = create_app(runtime)
        if self._with_scheduler:
            self._running.callback(scheduler.start(runtime).close)
        if self._settings.slack_app_token:
            _connect(self._running.enter_context(_socket_mode(runtime)))
        log.info("listening on http://%s", _address(self._settings))
        return app


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"


@contextmanager
def _socket_mode(runtime: Runtime) -> Iterator[SocketModeHandler]:
    handler = SocketModeHandler(
        runtime.slack_app(),
        runtime.settings.slack_app_token,
        web_client=runtime.workspaces.bare_client(),
    )
    try:
        yield handler
    finally:
        handler.close()  # type: ignore[no-untyped-call]


def _connect(handler: SocketModeHandler) -> None:
    try:
        handler.connect()  # type: ignore[no-untyped-call]
    except (SlackClientError, OSError) as error:
        why = error.response.get("error") if isinstance(error, SlackApiError) else "no answer"
        raise AppImportError(f"Socket Mode: Slack refuses SLACK_APP_TOKEN ({why})") from None
