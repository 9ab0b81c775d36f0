"""
The page on which a person links a cloud account, so that no secret passes through Slack.

Its address holds a token that is bound to the person and good for ten minutes. Opening the page
does not spend it, because Slack and mail programs open links on their own; sending the form does,
in one statement. After a login that failed there is a new token for the time that is left.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request

import handlers
from bot import linking
from bot.linking import Linked
from bot.slack import names
from bot.web import limits
from bot.web.logins import LOGINS, Login, login_of
from bot.web.origin import origin
from bot.web.page import attempts_left, from_our_own, guarded, page
from bot.wiring import Runtime
from cloud import Credentials
from cloud.clouds_yaml import CloudEntry
from cloud.errors import BadCredentials, CloudError
from handlers import Message, Person
from handlers.accounts import commands as accounts
from handlers.accounts.announce_link import announce_link, others_with_it
from handlers.accounts.capabilities import abilities
from handlers.accounts.views import accounts as account_views
from handlers.core.notify import notify
from handlers.home import home
from handlers.ui import error_words as words
from handlers.ui.blocks import unformatted
from storage import Account
from storage.errors import Sealed

log = logging.getLogger(__name__)

NAMED = 5
"""People named who have linked the same account."""
MOST_TRIES = 5
"""Logins with one link. Then another one is asked for in Slack."""
REFUSED = "The cloud did not accept this login. Check each field."


@dataclass(frozen=True)
class LinkRequest:
    """The payload of a linking page's token."""

    person: Person
    then: str
    """The command that the person had typed; "" if none waits."""
    until: datetime
    tries: int = 0

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> LinkRequest:
        person = Person(payload["team"], payload["user"])
        until = datetime.fromisoformat(payload["until"])
        return cls(person, payload["then"], until, payload.get("tries", 0))

    def payload(self) -> dict[str, Any]:
        person = {"team": self.person.team_id, "user": self.person.user_id}
        return {**person, "then": self.then, "until": self.until.isoformat(), "tries": self.tries}


def pages(runtime: Runtime) -> Blueprint:
    links = Links(runtime)
    blueprint = Blueprint(
        "links",
        __name__,
        template_folder="pages",
        static_folder="static",
        static_url_path="/link/static",
    )
    blueprint.add_url_rule("/link/<token>", "show", links.show, methods=["GET"])
    blueprint.add_url_rule("/link/<token>", "send", links.send, methods=["POST"])
    blueprint.after_request(guarded)
    return blueprint


class Links:
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def show(self, token: str) -> Response:
        """Show the form. The token stays valid."""
        payload = self._runtime.store.once.peek(accounts.PURPOSE, token)
        if payload is None:
            return page("over", 410)
        return self._form(LinkRequest.read(payload), token)

    def send(self, token: str) -> Response:
        """Take the form. The token is used up, whatever the outcome."""
        if not from_our_own(self._runtime.settings.public_url):
            return page("elsewhere", 403)
        given = request.form  # read whole, or refused as too large, before the token is spent
        payload = self._runtime.store.once.redeem(accounts.PURPOSE, token)
        if payload is None:
            return page("over", 410)
        asked = LinkRequest.read(payload)
        login = login_of(given.get("kind", ""))
        auth_url = self._offered(login).get(given.get("cloud", ""))
        if login is None or auth_url is None:
            return self._again(asked, login, "Choose a cloud from the list.")
        if missing := login.missing(given):
            lacking = ", ".join(field.label.lower() for field in missing)
            return self._again(asked, login, f"Fill in: {lacking}.")
        credentials = login.credentials(auth_url, given)
        if limits.closed(self._runtime.store, asked.person, limits.login(credentials)):
            log.warning("linking by %s: too many wrong logins", asked.person.actor)
            return page("enough", 429)
        return self._link(asked, login, credentials)

    def _link(self, asked: LinkRequest, login: Login, credentials: Credentials) -> Response:
        entry = CloudEntry(request.form["cloud"], credentials, (), None)
        person = asked.person
        try:
            linked = linking.link_entry(
                self._runtime.store, self._runtime.clouds, entry, person, by=person.actor
            )
        except CloudError as error:
            log.info("linking by %s: %s", person.actor, type(error).__name__)
            if isinstance(error, BadCredentials):
                limits.failed(self._runtime.store, person, limits.login(credentials))
            said = REFUSED if isinstance(error, BadCredentials) else words.words(error)
            return self._again(asked, login, unformatted(said), tried=True)
        origin_ = origin()
        self._runtime.request_pool.take(lambda: self._go_on(asked, linked, origin_), asked.person)
        return page(
            "linked",
            account=linked.account,
            abilities=abilities(linked.roles),
            others=self._called(linked.account.team_id, linked.account),
        )

    def _called(self, team_id: str, account: Account) -> list[str]:
        """Others who have linked the account, by name where Slack tells it."""
        others = others_with_it(account, self._runtime.store)
        called = [names.name(self._runtime.workspaces, team_id, each) for each in others[:NAMED]]
        named = [f"{name or 'somebody'} ({who})" for name, who in zip(called, others, strict=False)]
        return [*named, f"{len(others) - NAMED} more"] if len(others) > NAMED else named

    def _again(
        self, asked: LinkRequest, login: Login | None, said: str, *, tried: bool = False
    ) -> Response:
        """Show the form again, under a new token, with what was typed except for secrets."""
        tries = asked.tries + (1 if tried else 0)
        left = (asked.until - self._runtime.clock()).total_seconds()
        if tries >= MOST_TRIES or left <= 0:
            return page("over", 410)
        asked = LinkRequest(asked.person, asked.then, asked.until, tries)
        once = self._runtime.store.once
        token = once.issue(accounts.PURPOSE, asked.payload(), left)
        said = f"{said} {attempts_left(MOST_TRIES - tries)}" if tried else said
        return self._form(asked, token, login, said, 422)

    def _form(
        self,
        asked: LinkRequest,
        token: str,
        chosen: Login | None = None,
        said: str = "",
        status: int = 200,
    ) -> Response:
        logins = [(login, self._offered(login)) for login in LOGINS]
        who = asked.person
        profile = names.profile(self._runtime.workspaces, who.team_id, who.user_id)
        return page(
            "form",
            status,
            token=token,
            person=asked.person,
            called=profile.name,
            picture=profile.picture,
            workspace=self._workspace(asked.person.team_id),
            until=asked.until,
            logins=[(login, clouds) for login, clouds in logins if clouds],
            chosen=chosen,
            said=said,
            given=request.form,
        )

    def _workspace(self, team_id: str) -> str:
        """Its name, as it was when the app was installed there; "" if that is not known."""
        try:
            known = self._runtime.store.installations.find_team(team_id) or {}
        except Sealed:
            return ""
        return str(known.get("team_name") or "")

    def _offered(self, login: Login | None) -> Mapping[str, str]:
        return login.clouds(self._runtime.settings.link_clouds) if login else {}

    def _go_on(self, asked: LinkRequest, linked: Linked, origin: str) -> None:
        """Say in Slack that it is done, and answer the command that had waited for it."""
        announce_link(linked.account, origin, self._runtime.services.roles, self._runtime.store)
        self._say(asked, _linked_message(linked), "linked")
        if asked.then:
            services = self._runtime.services
            answer = handlers.DISPATCHER.answer_after_linking(asked.person, asked.then, services)
            self._say(asked, answer or account_views.offer_command(asked.then), "then")
        if linked.first:
            home.notify_first_link(asked.person, self._runtime.store)

    def _say(self, asked: LinkRequest, message: Message, what: str) -> None:
        person = asked.person
        notify(
            person,
            message,
            self._runtime.store,
            f"{what} {person.actor} {asked.until.isoformat()} 0",
        )


def _linked_message(linked: Linked) -> Message:
    return accounts.linked_message(linked.account, linked.roles, linked.instead_of)
