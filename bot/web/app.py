"""The pages: Slack's door, installation, health and metrics."""

from __future__ import annotations

import logging
import math
from urllib.parse import urlsplit

from flask import Flask, Response, request
from slack_bolt import BoltResponse
from slack_bolt.adapter.flask.handler import to_bolt_request, to_flask_response
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from werkzeug.exceptions import HTTPException

from bot.metrics import Metrics
from bot.settings import Settings
from bot.slack.scopes import SCOPES
from bot.slack.socket_mode import SocketMode
from bot.slack.workspaces import Installations, States
from bot.web import confirmations, links
from bot.web.database_probe import DatabaseProbe
from bot.web.page import guarded
from bot.web.pools import EVENTS
from bot.wiring import Runtime

log = logging.getLogger(__name__)


def create_app(runtime: Runtime, socket_mode: SocketMode | None = None) -> Flask:
    """
    Args:
        socket_mode: the connection to Slack, without which nothing can be answered.
    """
    app = Flask("bot")
    app.config["MAX_CONTENT_LENGTH"] = runtime.settings.max_body_bytes
    app.jinja_env.globals["command"] = runtime.settings.slack_command
    if runtime.settings.slack_signing_secret:
        _add_events(app, runtime)
    _add_probes(app, runtime, socket_mode)
    if runtime.settings.many_workspaces:
        _add_installation(app, runtime)
    if runtime.settings.public_url:
        app.register_blueprint(links.pages(runtime))
        app.register_blueprint(confirmations.pages(runtime))
    app.register_error_handler(Exception, _broken)
    return app


def _add_probes(app: Flask, runtime: Runtime, socket_mode: SocketMode | None) -> None:
    if socket_mode:
        runtime.metrics.watch_socket_mode(lambda: socket_mode.connected)
    ready, waiting = DatabaseProbe(runtime.store.ready), DatabaseProbe(runtime.store.outbox.waiting)
    app.add_url_rule("/healthz", "healthz", lambda: _text("ok"))
    app.add_url_rule("/readyz", "readyz", lambda: _ready(ready, socket_mode))
    app.add_url_rule("/metrics", "metrics", lambda: _metrics(runtime.metrics, waiting))


def _add_events(app: Flask, runtime: Runtime) -> None:
    slack = runtime.slack_app()

    def events() -> Response:
        with runtime.metrics.acks.time():
            try:
                asked = to_bolt_request(request)
            except HTTPException:
                raise
            except Exception:  # noqa: BLE001 - Bolt reads the body before it looks at the signature
                return _text("not a request of Slack's", 400)
            return to_flask_response(slack.dispatch(asked))

    app.add_url_rule(EVENTS, "events", events, methods=["POST"])


def _add_installation(app: Flask, runtime: Runtime) -> None:
    settings = runtime.settings
    flow = OAuthFlow(
        client=runtime.workspaces.bare_client(),
        settings=OAuthSettings(
            client_id=settings.slack_client_id,
            client_secret=settings.slack_client_secret,
            scopes=list(SCOPES),
            authorization_url=f"{settings.slack_site}oauth/v2/authorize",
            install_path="/slack/install",
            redirect_uri_path="/slack/oauth_redirect",
            redirect_uri=f"{settings.public_url}/slack/oauth_redirect",
            installation_store=Installations(runtime.store),
            state_store=States(runtime.store),
        ),
    )
    app.add_url_rule(
        "/slack/install",
        "install",
        lambda: guarded(to_flask_response(flow.handle_installation(to_bolt_request(request)))),
    )
    app.add_url_rule(
        "/slack/oauth_redirect",
        "oauth_redirect",
        lambda: guarded(
            to_flask_response(_at_home(settings, flow.handle_callback(to_bolt_request(request))))
        ),
    )


def _at_home(settings: Settings, response: BoltResponse) -> BoltResponse:
    """The page after installing, its links to Slack's client on the Slack that we speak to."""
    site = urlsplit(settings.slack_site)
    home = f"{site.scheme}://app.{site.netloc}/"
    response.body = response.body.replace("https://app.slack.com/", home)
    return response


def _ready(ready: DatabaseProbe[bool], socket_mode: SocketMode | None) -> Response:
    """
    Whether requests can be answered: the database is there, its tables are ours, and Slack
    reaches us if we are to call it.
    """
    if not ready.answer():
        return _text("the database does not answer, or is not migrated", 503)
    if socket_mode and not socket_mode.connected:
        return _text("Socket Mode: no connection to Slack", 503)
    return _text("ready")


def _metrics(metrics: Metrics, waiting: DatabaseProbe[int]) -> Response:
    count = waiting.answer()
    metrics.waiting.set(math.nan if count is None else count)
    return Response(metrics.page(), mimetype="text/plain; version=0.0.4")


def _broken(error: Exception) -> Response:
    """No page shows a traceback."""
    if isinstance(error, HTTPException):
        return _text(error.name.lower(), error.code or 500)
    log.error("a page broke", exc_info=error)
    return _text("broke on our side; the log says more", 500)


def _text(text: str, status: int = 200) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain")
