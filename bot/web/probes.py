"""Endpoints for machines: liveness, readiness and metrics."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response

from bot.slack.socket_mode import SocketMode
from bot.web import gauges
from bot.web.database_probe import DatabaseProbe
from bot.wiring import Runtime
from bot.work.engine import Engine

Check = Callable[[], str]
"""Says what is wrong; "" if nothing is."""


def create_probes(runtime: Runtime, engine: Engine) -> Flask:
    """Make the application of a process that serves nothing else: the worker."""
    app = Flask("bot")
    add_probes(app, runtime, engine=engine)
    return app


def add_probes(
    app: Flask,
    runtime: Runtime,
    *,
    socket_mode: SocketMode | None = None,
    engine: Engine | None = None,
    check: Check | None = None,
) -> None:
    """
    Add /healthz, /readyz and /metrics.

    Args:
        socket_mode: the connection to Slack, without which nothing can be answered.

        engine: what does the work of this process.

        check: what else is to be well.
    """
    gauges.watch(runtime, socket_mode, engine)
    checks = [_database(runtime)]
    if socket_mode:
        checks.append(
            lambda: "" if socket_mode.connected else "Socket Mode: no connection to Slack"
        )
    if engine:
        checks.append(engine.trouble)
    if check:
        checks.append(check)
    metrics = runtime.metrics
    app.add_url_rule("/healthz", "healthz", lambda: text("ok"))
    app.add_url_rule("/readyz", "readyz", lambda: _ready(checks))
    app.add_url_rule(
        "/metrics",
        "metrics",
        lambda: Response(metrics.page(), mimetype="text/plain; version=0.0.4"),
    )


def text(words: str, status: int = 200) -> Response:
    return Response(f"{words}\n", status, mimetype="text/plain")


def _database(runtime: Runtime) -> Check:
    """The database is there, and its tables are ours."""
    probe = DatabaseProbe(runtime.store.ready)
    return lambda: "" if probe.answer() else "the database does not answer, or is not migrated"


def _ready(checks: list[Check]) -> Response:
    """Say what is wrong first of all, or that nothing is."""
    wrong = next(filter(None, (check() for check in checks)), "")
    return text(wrong, 503) if wrong else text("ready")
