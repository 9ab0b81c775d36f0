"""Install the app in a workspace: Slack's flow, in pages like the bot's others."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, render_template, request
from slack_bolt import BoltRequest
from slack_bolt.adapter.flask.handler import to_bolt_request, to_flask_response
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.oauth import RedirectUriPageRenderer

from bot.settings import Settings
from bot.slack.scopes import SCOPES
from bot.slack.workspaces import Installations, States
from bot.web.page import guarded
from bot.wiring import Runtime

INSTALL = "/slack/install"
REDIRECT = "/slack/oauth_redirect"


def add_installation(app: Flask, runtime: Runtime) -> None:
    flow = _Flow(client=runtime.workspaces.bare_client(), settings=_oauth_settings(runtime))

    def install() -> Response:
        return guarded(to_flask_response(flow.handle_installation(to_bolt_request(request))))

    def oauth_redirect() -> Response:
        return guarded(to_flask_response(flow.handle_callback(to_bolt_request(request))))

    app.add_url_rule(INSTALL, "install", install)
    app.add_url_rule(REDIRECT, "oauth_redirect", oauth_redirect)


def _oauth_settings(runtime: Runtime) -> OAuthSettings:
    settings = runtime.settings
    oauth = OAuthSettings(
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret,
        scopes=list(SCOPES),
        authorization_url=f"{settings.slack_site}oauth/v2/authorize",
        install_path=INSTALL,
        redirect_uri_path=REDIRECT,
        redirect_uri=f"{settings.public_url}{REDIRECT}",
        installation_store=Installations(runtime.store),
        state_store=States(runtime.store),
    )
    oauth.redirect_uri_page_renderer = _Ends(settings)
    return oauth


class _Flow(OAuthFlow):
    """Slack's, whose first page is ours."""

    def build_install_page_html(self, url: str, request: BoltRequest) -> str:  # noqa: ARG002
        return render_template("install.html", url=url)


class _Ends(RedirectUriPageRenderer):
    """What is shown when somebody comes back from Slack."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(install_path=INSTALL, redirect_uri_path=REDIRECT)
        site = urlsplit(settings.slack_site)
        self._client = f"{site.scheme}://app.{site.netloc}/client/"

    def render_success_page(
        self,
        app_id: str,
        team_id: str | None,
        is_enterprise_install: bool | None = None,
        enterprise_url: str | None = None,
    ) -> str:
        more = ""
        if is_enterprise_install and enterprise_url:
            more = f"{enterprise_url}manage/organization/apps/profile/{app_id}/workspaces/add"
        return render_template(
            "installed.html",
            app_url=f"slack://app?team={team_id}&id={app_id}" if team_id else "slack://open",
            browser_url=f"{self._client}{team_id or ''}",
            workspaces_url=more,
        )

    def render_failure_page(self, reason: str) -> str:
        return render_template("not_installed.html", reason=reason, install=INSTALL)
