"""
The workspaces the bot is in, and the token for each.

One workspace: its token is in the settings. Many: people install the app from a page, and
each workspace's tokens are kept sealed. Bolt would rotate tokens only when a request comes
in, while we need one only to speak unasked; so they are rotated here, before that.
"""

from __future__ import annotations

import inspect
import logging
import secrets
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cachetools import LRUCache
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store import Bot, Installation, InstallationStore
from slack_sdk.oauth.state_store import OAuthStateStore
from slack_sdk.oauth.token_rotation import TokenRotator

from bot.settings import Settings
from bot.slack import clients, refusals
from bot.slack.clients import SlackClient
from bot.slack.command_name import CommandName
from bot.slack.payloads import Removal
from bot.slack.refusals import NOT_SENT, NotInstalled, SlackRefusal
from bot.slack.troubles import Troubles
from handlers import Person
from handlers.home import home
from storage import Store, errors

log = logging.getLogger(__name__)

STATE_S = 600.0
"""How long a person may take to install the app."""
ROTATE_MINUTES = 120
"""Tokens that live shorter than this are renewed before they are used."""
ROTATING_S = 60.0
"""How long one process may take to renew a token, while the others use the old one."""
STATE = "slack-install"
ORGANISATIONS = 10_000
"""Workspaces whose organisation is remembered."""


class Workspaces:
    """Tokens by workspace. Thread-safe."""

    def __init__(
        self, settings: Settings, store: Store, observe: clients.Observe = clients.ignore
    ) -> None:
        self.observe = observe
        self._settings = settings
        self._store = store
        self.troubles = Troubles(store)
        self._lock = threading.Lock()
        self._organisations: LRUCache[str, str] = LRUCache(ORGANISATIONS)
        """By team, as its last request said."""
        self._noted: LRUCache[str, str] = LRUCache(ORGANISATIONS)
        """By team, as this process has noted it in the database."""

    def client(self, team_id: str) -> SlackClient:
        """
        Return a client that speaks as the bot in this workspace.

        Raises:
            NotInstalled: the app is not installed there.
        """
        if self._settings.slack_bot_token:
            token: str | None = self._settings.slack_bot_token
            team: str | None = None
        else:
            installation = self._renewed(self._installation(team_id, None))
            token = installation.bot_token
            # With an organisation's token some methods need to know the team.
            team = team_id if installation.is_enterprise_install else None
        return clients.client(
            self._settings,
            token,
            lambda method, refused: self.troubles.heard(team_id, method, refused),
            team_id=team,
            observe=self.observe,
        )

    def respond(self, url: str, body: Mapping[str, Any]) -> None:
        """
        Draw the message of a response URL again. Slack takes that a few times, for half an hour.

        Raises:
            SlackRefusal: `message_not_found` if it does not take it any more.
        """
        named = CommandName(self._settings.slack_command).of({**body, "replace_original": True})
        try:
            clients.respond(url, named, self._settings, self.observe)
        except SlackRefusal as refused:
            if refused.told_to_wait or refused.unsure or refused.error == NOT_SENT:
                raise
            raise SlackRefusal("message_not_found") from None

    def bare_client(self) -> WebClient:
        """Return a client of no workspace, for what the app itself asks."""
        return clients.for_library(self._settings)

    def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        """
        Return the authorization that Bolt asks for before it acknowledges.

        So it asks neither Slack nor the database. Requests are answered through their response
        URLs, which need no token; `client` gets one for what needs it. Whether the app is installed
        at all is looked at by `installed`, before a request is answered.
        """
        token = self._settings.slack_bot_token or None
        if enterprise_id and team_id:
            with self._lock:
                self._organisations[team_id] = enterprise_id
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    def installed(self, team_id: str) -> bool:
        """
        Whether the app is installed where it was spoken to.

        Raises:
            storage.errors.Unreachable: the database does not answer.
        """
        if self._settings.slack_bot_token:
            return True
        try:
            self._installation(team_id, None)
        except NotInstalled:
            return False
        return True

    def forget(self, removed: Removal) -> None:
        """The app was taken out there: the tokens of until then are of no more use."""
        where = removed.team_id or removed.enterprise_id
        with self._store.audit.entry(f"{where}/slack", "app.uninstall", where):
            gone = self._forgotten(removed)
        self._store.slack_troubles.forget(removed.team_id)
        log.info("the app was removed from %s: %d installations forgotten", where, gone)

    def _forgotten(self, removed: Removal) -> int:
        installations = self._store.installations
        # Slack's event has its time in whole seconds, and always had.
        ever = datetime.max.replace(tzinfo=UTC)
        at = datetime.fromtimestamp(removed.at + 1, UTC) if removed.at else ever
        if removed.team_id:
            return installations.forget_team(removed.team_id, at)
        return installations.forget_organisation(removed.enterprise_id, at)

    def _installation(self, team_id: str, enterprise_id: str | None) -> Installation:
        try:
            data = self._store.installations.find_team(team_id) if team_id else None
            with self._lock:
                enterprise_id = enterprise_id or self._organisations.get(team_id)
            if data is None and enterprise_id:
                data = self._of_organisation(team_id, enterprise_id)
            elif data is None:
                data = self._store.installations.find_organisation_of(team_id)
        except errors.Sealed as error:
            log.error("the tokens of workspace %s are %s", team_id, error)
            raise NotInstalled("sealed") from error
        if not data or not data.get("bot_token"):
            raise NotInstalled("not_installed")
        return Installation(**data)

    def _of_organisation(self, team_id: str, enterprise_id: str) -> dict[str, Any] | None:
        """Find the organisation's installation, and note that the team uses it."""
        data = self._store.installations.find(None, enterprise_id)
        if data and team_id and self._is_news(team_id, enterprise_id):
            self._store.installations.note_organisation(team_id, enterprise_id)
            with self._lock:
                self._noted[team_id] = enterprise_id
        return data

    def _is_news(self, team_id: str, enterprise_id: str) -> bool:
        with self._lock:
            return self._noted.get(team_id) != enterprise_id

    def _renewed(self, installation: Installation) -> Installation:
        """
        With tokens that live long enough. A refresh token works once, so only one process
        at a time uses it; the others go on with the old token, which is good for hours.
        """
        if not self._ends_soon(installation):
            return installation
        key = f"rotate:{installation.enterprise_id}/{installation.team_id}"
        if not self._store.once.claim(key, ROTATING_S):
            return installation
        try:
            return self._rotated(
                self._installation(installation.team_id or "", installation.enterprise_id)
            )
        except SlackRefusal as refused:
            log.warning("the token of %s was not renewed: %s", installation.team_id, refused.error)
            return installation
        finally:
            self._store.once.release(key)

    def _ends_soon(self, installation: Installation) -> bool:
        ends = installation.bot_token_expires_at
        return ends is not None and ends <= time.time() + ROTATE_MINUTES * 60

    def _rotated(self, installation: Installation) -> Installation:
        rotator = TokenRotator(
            client_id=self._settings.slack_client_id,
            client_secret=self._settings.slack_client_secret,
            client=self.bare_client(),
        )
        with refusals.named():
            renewed = rotator.perform_token_rotation(
                installation=installation, minutes_before_expiration=ROTATE_MINUTES
            )
        if renewed is None:
            return installation
        keep(self._store, renewed)
        return renewed


class Installations(InstallationStore):
    """The installation pages' interface of slack_sdk to the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, installation: Installation) -> None:
        where = installation.team_id or installation.enterprise_id or ""
        self._store.rests.over(where)
        with self._store.audit.entry(f"{where}/{installation.user_id}", "app.install", where):
            keep(self._store, installation)
        if installation.team_id and installation.user_id:
            home.notify_installed(Person(installation.team_id, installation.user_id), self._store)

    def save_bot(self, bot: Bot) -> None:
        """Do nothing: `save` has stored the bot's token with the installation."""

    def find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        found = self.find_installation(
            enterprise_id=enterprise_id,
            team_id=team_id,
            is_enterprise_install=is_enterprise_install,
        )
        return found.to_bot() if found else None

    def find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        del user_id
        team = None if is_enterprise_install else team_id
        data = self._store.installations.find(team, enterprise_id)
        return Installation(**data) if data else None


class States(OAuthStateStore):
    """
    One-time states of the installation page.

    A state is sealed and says when it ends, so that a page that anyone may open writes no row. What
    a browser brings back with it is compared by Bolt with its cookie; it works once.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def issue(self, *args: Any, **kwargs: Any) -> str:
        del args, kwargs
        return self._store.seal({"what": STATE, "nonce": secrets.token_urlsafe(16)}, STATE_S)

    def consume(self, state: str) -> bool:
        held = self._store.unseal(state)
        if held is None or held.get("what") != STATE:
            return False
        return self._store.once.claim(f"{STATE} {held['nonce']}", STATE_S)


def keep(store: Store, installation: Installation) -> None:
    """Store an installation with its tokens, sealed."""
    team = None if installation.is_enterprise_install else installation.team_id
    data = {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in installation.to_dict().items()
        if key in _FIELDS
    }
    store.installations.save(team, installation.enterprise_id, data)


_FIELDS = frozenset(inspect.signature(Installation).parameters)
"""The fields of an installation; Slack's answer may contain more."""
