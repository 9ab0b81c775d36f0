"""
The page on which changes of strict accounts are confirmed, with the account's own secret.

Its address holds a token, as that of the linking page does: bound to the person, good once and
for ten minutes, and spent by sending the form. The secret is compared with the one that is kept
sealed; it goes nowhere, and is never shown.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from flask import Blueprint, Response, request

from bot.slack import names
from bot.web import limits
from bot.web.page import attempts_left, from_our_own, guarded, page
from bot.wiring import Runtime
from handlers import Message
from handlers.approvals.confirm_on_page import PURPOSE, Confirmation
from handlers.approvals.views import confirm_on_page as views
from handlers.core.errors import UserError
from handlers.core.facts import for_audit
from handlers.core.notify import notify
from handlers.core.operations import Clearances
from handlers.core.request_context import RequestContext
from handlers.ui import error_words as words
from handlers.ui.blocks import unformatted
from handlers.ui.facts_shown import details
from storage import Account

log = logging.getLogger(__name__)

MOST_TRIES = 5
"""Secrets tried with one link. Then the command is given again."""


def pages(runtime: Runtime) -> Blueprint:
    confirmations = Confirmations(runtime)
    blueprint = Blueprint("confirmations", __name__, template_folder="pages")
    blueprint.add_url_rule("/confirm/<token>", "show", confirmations.show, methods=["GET"])
    blueprint.add_url_rule("/confirm/<token>", "send", confirmations.send, methods=["POST"])
    blueprint.after_request(guarded)
    return blueprint


class Confirmations:
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def show(self, token: str) -> Response:
        """Show what would be done. The token stays valid."""
        payload = self._runtime.store.once.peek(PURPOSE, token)
        if payload is None:
            return page("confirm_over", 410)
        return self._form(Confirmation.read(payload), token)

    def send(self, token: str) -> Response:
        """
        Take the secret, and use up the token.

        If the secret is right, the change is queued to be carried out.
        """
        if not from_our_own(self._runtime.settings.public_url):
            return page("elsewhere", 403)
        secret = request.form.get("secret", "")  # read whole before the token is spent
        payload = self._runtime.store.once.redeem(PURPOSE, token)
        if payload is None:
            return page("confirm_over", 410)
        asked = Confirmation.read(payload)
        if limits.closed(self._runtime.store, asked.person, *self._tried(asked)):
            return page("enough", 429)
        if not self._knows(asked, secret):
            return self._again(asked)
        self._runtime.request_pool.take(lambda: self._carry_out(asked), asked.person)
        return page("confirmed", what=unformatted(asked.words))

    def _knows(self, asked: Confirmation, secret: str) -> bool:
        account = self._account(asked)
        store = self._runtime.store
        with store.audit.entry(
            asked.person.actor,
            "account.confirm",
            asked.number,
            account=asked.number,
            cloud=account.cloud if account else "",
        ) as entry:
            if asked.shown:
                entry.before, entry.after = for_audit(asked.shown)
            known = account is not None and self._credentials_know(account, secret)
            entry.note("confirmed" if known else "not the secret")
        if not known:
            limits.failed(store, asked.person, *self._tried(asked))
        return known

    def _tried(self, asked: Confirmation) -> list[str]:
        """Return the keys to count a wrong secret for, besides the person: account and login."""
        account = self._account(asked)
        if account is None:
            return []
        try:
            login = limits.login(self._runtime.services.credentials(account))
        except UserError:
            login = ""
        return [limits.account(account.key), login]

    def _credentials_know(self, account: Account, secret: str) -> bool:
        try:
            return self._runtime.services.credentials(account).knows(secret)
        except UserError:
            return False

    def _again(self, asked: Confirmation) -> Response:
        """Show the form again, under a new token."""
        left = (asked.until - self._runtime.clock()).total_seconds()
        if asked.tries + 1 >= MOST_TRIES or left <= 0:
            return page("confirm_over", 410)
        asked = replace(asked, tries=asked.tries + 1)
        token = self._runtime.store.once.issue(PURPOSE, asked.payload(asked.tries), left)
        left_words = attempts_left(MOST_TRIES - asked.tries)
        return self._form(asked, token, f"That is not this account's secret. {left_words}", 422)

    def _form(self, asked: Confirmation, token: str, said: str = "", status: int = 200) -> Response:
        account = self._account(asked)
        name = "secret"
        if account:
            try:
                name = self._runtime.services.credentials(account).secret_name
            except UserError as error:
                said = unformatted(words.words(error))
        return page(
            "confirm",
            status,
            token=token,
            person=asked.person,
            called=names.name(self._runtime.workspaces, asked.person.team_id, asked.person.user_id),
            number=asked.number,
            what=unformatted(asked.words),
            facts=[unformatted(line) for line in details(asked.shown)] if asked.shown else [],
            secret_name=name,
            until=asked.until,
            said=said,
        )

    def _account(self, asked: Confirmation) -> Account | None:
        return self._runtime.store.accounts.get(asked.account_id)

    def _carry_out(self, asked: Confirmation) -> None:
        """Do it as the person asked for it, and say in Slack what came of it."""
        sure = Clearances(confirmed=asked.key, shown=asked.shown)
        services = self._runtime.services.for_request(RequestContext(asked.person, clearances=sure))
        reply, _ = self._runtime.dispatcher.carry_out(asked.replayed(), services)
        answer = (
            reply
            if isinstance(reply, Message)
            else Message("It could not be done. Type the command again in Slack.")
        )
        message = views.answered(asked.words, answer)
        notify(
            asked.person,
            message,
            self._runtime.store,
            f"confirmed {asked.person.actor} {asked.until.isoformat()} 0",
        )
