"""The pages: Slack's door, installation, linking, and what machines ask."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from flask import Flask, Response, request
from slack_bolt import BoltResponse
from slack_bolt.adapter.flask.handler import to_bolt_request, to_flask_response
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from werkzeug.exceptions import HTTPException

from bot.settings import Settings
from bot.slack.scopes import SCOPES
from bot.slack.socket_mode import SocketMode
from bot.slack.workspaces import Installations, States
from bot.web import confirmations, links
from bot.web.page import guarded
from bot.web.pools import EVENTS
from bot.web.probes import add_probes, text
from bot.wiring import Runtime
from bot.work.engine import Engine

log = logging.getLogger(__name__)


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
        _add_installation(app, runtime)
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
                return text("not a request of Slack's", 400)
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


def _broken(error: Exception) -> Response:
    """No page shows a traceback."""
    if isinstance(error, HTTPException):
        return text(error.name.lower(), error.code or 500)
    log.error("a page broke", exc_info=error)
    return text("broke on our side; the log says more", 500)
