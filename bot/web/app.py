"""The HTTP endpoints: Slack's requests, installation, linking, and probes."""

from __future__ import annotations

import logging

from flask import Flask, Response, current_app, request
from slack_bolt.adapter.flask.handler import to_bolt_request, to_flask_response
from werkzeug.exceptions import HTTPException

from bot.slack.socket_mode import SocketMode
from bot.web import confirmations, links
from bot.web.installation import add_installation
from bot.web.page import guarded, page
from bot.web.pools import EVENTS
from bot.web.probes import add_probes, text
from bot.wiring import Runtime
from bot.work.engine import Engine

log = logging.getLogger(__name__)

NOTHING_DONE = "Nothing was done. Check the address, or ask for a new link in Slack."
BROKE = "Something failed on our side. Try again in a minute."


def create_app(
    runtime: Runtime, socket_mode: SocketMode | None = None, engine: Engine | None = None
) -> Flask:
    """
    Args:
        socket_mode: the connection to Slack, without which nothing can be answered.

        engine: what does the work, if this process does it, too.
    """
    app = Flask("bot")
    app.config["MAX_CONTENT_LENGTH"] = runtime.settings.max_body_bytes
    app.jinja_env.globals["command"] = runtime.settings.slack_command
    if runtime.settings.slack_signing_secret:
        _add_events(app, runtime)
    add_probes(app, runtime, socket_mode=socket_mode, engine=engine)
    if runtime.settings.many_workspaces:
        add_installation(app, runtime)
    if runtime.settings.public_url:
        app.register_blueprint(links.pages(runtime))
        app.register_blueprint(confirmations.pages(runtime))
    app.register_error_handler(Exception, _broken)
    return app


def _add_events(app: Flask, runtime: Runtime) -> None:
    slack = runtime.slack_app()

    def events() -> Response:
        with runtime.metrics.acks.time():
            try:
                asked = to_bolt_request(request)
            except HTTPException:
                raise
            except Exception:  # noqa: BLE001 - Bolt reads the body before it looks at the signature
                return text("not a request from Slack", 400)
            return to_flask_response(slack.dispatch(asked))

    app.add_url_rule(EVENTS, "events", events, methods=["POST"])


def _broken(error: Exception) -> Response:
    """No page shows a traceback. A browser gets a page, a machine a line."""
    if isinstance(error, HTTPException):
        heading, said, status = error.name, NOTHING_DONE, error.code or 500
        line = error.name.lower()
    else:
        log.error("a page broke", exc_info=error)
        heading, said, status = "Something broke", BROKE, 500
        line = "internal error; see the log"
    if "links" not in current_app.blueprints or not _is_browser():
        return text(line, status)
    return guarded(page("error", status, heading=heading, said=said))


def _is_browser() -> bool:
    return request.accept_mimetypes.best_match(("text/plain", "text/html")) == "text/html"
