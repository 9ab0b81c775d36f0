"""Finds the function that answers a request, and turns whatever it raises into words."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeVar

from cloud.errors import CloudError
from handlers.accounts import commands as accounts
from handlers.accounts.views import accounts as account_views
from handlers.approvals import confirm_on_page
from handlers.approvals import requests as approvals
from handlers.approvals.replay import Request
from handlers.approvals.views import requests as approval_views
from handlers.core.authorization_errors import OutsideWorkspace
from handlers.core.command_line import VALUED, parse
from handlers.core.errors import (
    BadButton,
    LooksLikeKey,
    NotLinked,
    NoValue,
    SeveralImages,
    UnknownOption,
    Unreadable,
    UserError,
)
from handlers.core.interactions import Click, Command, Person, Search, Submission
from handlers.core.modal import FieldErrors, Option, Reply
from handlers.core.operations import Clearances, NeedsApproval, NeedsPage
from handlers.core.permits import Permit
from handlers.core.replies import Message
from handlers.core.routing import Button, Form, Verb
from handlers.core.secret_detection import looks_like_key
from handlers.core.services import Services
from handlers.core.suggestions import like
from handlers.help.help import find
from handlers.images.views import browse as image_views
from handlers.ui import error_words as views
from handlers.ui import notices_resumed
from handlers.ui.blocks import unformatted
from storage.access.roles import Role
from storage.errors import Unreachable

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Routes:
    verbs: Sequence[Verb]
    actions: Mapping[str, Button]
    views: Mapping[str, Form]
    searches: Mapping[str, Callable[[Search, Services], Sequence[Option]]]

    def answer(self, request: Request, services: Services) -> Reply:
        """
        What to say to a request. Never raises.

        What has a name is put into words; what has none is our fault, and is logged
        under a reference that the person can pass on. A click that failed changes no
        message: its answer is a note. A form that failed stays open.
        """
        try:
            return _resumed(self._said(request, services), request.person, services)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("reference %s: %s broke", reference, self._what(request))
            return _failed(request, views.broken(reference))

    def carry_out(self, request: Request, services: Services) -> tuple[Reply, bool]:
        """
        The answer to a request that was confirmed or approved since, and whether it was done.

        Args:
            services: under the permit that tells what was made sure.
        """
        try:
            return self._performed(request, services), True
        except NeedsApproval as needs:
            if services.permit and services.permit.clearances.approved:
                return views.explain(needs), False
            return approvals.ask(request, needs, services), True
        except (UserError, CloudError, Unreachable) as error:
            log.info("%s: %s", self._what(request), type(error).__name__)
            return views.explain(error), False
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("reference %s: %s broke", reference, self._what(request))
            return views.broken(reference), False

    def opens(self, request: Command | Click) -> bool:
        """Whether a form is to be opened for the answer. Asks nobody, and never raises."""
        if isinstance(request, Click):
            known = self.actions.get(request.action_id)
            return known.opens if known else self._repeated_opens(request)
        verb = self._verb(request.verb)
        return verb is not None and not request.unreadable and verb.opens(request)

    def go_on(self, person: Person, text: str, services: Services) -> Message:
        """
        The answer to a command that had to wait until the person was linked.

        What changes something is asked for again, and so is what needs a form.
        """
        command = parse(person, text)
        verb = self._verb(command.verb)
        if verb and (verb.changes or self.opens(command)):
            return account_views.go_on(text)
        reply = self.answer(command, services)
        return reply if isinstance(reply, Message) else account_views.go_on(text)

    def find_options(self, search: Search, services: Services) -> Sequence[Option]:
        """The options of a menu for the words typed so far. Never raises: trouble finds none."""
        try:
            permit = Permit(search.person, search.channel_id, Role.VIEWER)
            return _named(self.searches, search.action_id)(search, services.under(permit))
        except (UserError, CloudError, Unreachable) as error:
            log.info("%r by %s: %s", search.action_id, search.person.actor, type(error).__name__)
        except Exception:
            log.exception("%r by %s broke", search.action_id, search.person.actor)
        return ()

    def _said(self, request: Request, services: Services) -> Reply:
        try:
            return self._performed(request, services)
        except NeedsApproval as needs:
            return approvals.ask(request, needs, services)
        except NeedsPage as needs:
            return confirm_on_page.ask(request, needs.operation, services)
        except SeveralImages as several:
            return image_views.choice(several)
        except NotLinked as error:
            return _failed(request, _link_first(request, error, services))
        except (UserError, CloudError, Unreachable) as error:
            log.info("%s: %s", self._what(request), type(error).__name__)
            return _failed(request, views.explain(error))

    def _performed(self, request: Request, services: Services) -> Reply:
        """
        Raises:
            UserError, cloud.errors.CloudError, storage.errors.Unreachable: why it is not done.
        """
        match request:
            case Command():
                return self._run(request, services)
            case Submission():
                form = _named(self.views, request.view)
                return form.function(
                    request, services.under(_permit(request, form.needs, services))
                )
        if again := self._repeated(request, services):
            return self._performed(again, services)
        button = _named(self.actions, request.action_id)
        return button.function(request, services.under(_permit(request, button.needs, services)))

    def _run(self, command: Command, services: Services) -> Reply:
        verb = self._checked(command)
        reply = verb.function(command, services.under(_permit(command, verb.needs, services)))
        if isinstance(reply, Message):
            return replace(reply, public="public" in command.options)
        return reply

    def _checked(self, command: Command) -> Verb:
        """The verb of a command that can be read."""
        if looks_like_key(command.text):
            raise LooksLikeKey
        verb = find(command.verb, self.verbs)
        if command.unreadable:
            raise Unreadable
        for option, values in command.options.items():
            if option not in verb.options:
                raise UnknownOption(option, verb.form, like(option, sorted(verb.options)))
            if option in VALUED and not all(values or ("",)):
                raise NoValue(option, VALUED[option])
        return verb

    def _repeated(self, click: Click, services: Services) -> Request | None:
        """What a button asks for again: what waited, what was not clear, what was not approved."""
        if click.action_id == approval_views.AGAIN:
            return approvals.again(click, services)
        if click.action_id == account_views.RUN:
            text = account_views.read_run(click.value)
            return parse(click.person, text, click.channel_id, click.team_id)
        if click.action_id != image_views.CHOOSE:
            return None
        choice = image_views.Choice.read(click.value)
        seen = services.under(_permit(click, Role.VIEWER, services))
        account = seen.account(click.person, choice.place.account_id)
        where = {"region": (choice.place.region,), "account": (account.project_id,)}
        return replace(_chosen(click, choice), options=MappingProxyType(where))

    def _repeated_opens(self, click: Click) -> bool:
        try:
            if click.action_id == account_views.RUN:
                return self.opens(parse(click.person, account_views.read_run(click.value)))
            if click.action_id == image_views.CHOOSE:
                return self.opens(_chosen(click, image_views.Choice.read(click.value)))
        except BadButton:
            pass
        return False

    def _what(self, request: Request) -> str:
        """For the log: what we have named, and nothing that somebody typed."""
        match request:
            case Click():
                asked = request.action_id
            case Submission():
                asked = request.view
            case Command():
                asked = request.verb if self._verb(request.verb) else "something unknown"
        return f"{asked!r} by {request.person.actor}"

    def _verb(self, name: str) -> Verb | None:
        return next((verb for verb in self.verbs if verb.name == name), None)


def _chosen(click: Click, choice: image_views.Choice) -> Command:
    words = (choice.place.image_id, *choice.rest)
    return Command(
        click.person, choice.verb, words, channel_id=click.channel_id, team_id=click.team_id
    )


def _permit(request: Request, needs: Role | None, services: Services) -> Permit:
    """
    What this request takes, with what was made sure of it before.

    Raises:
        OutsideWorkspace: what concerns an account is for people of the bot's own workspace.
    """
    if needs and request.team_id not in ("", request.person.team_id):
        raise OutsideWorkspace
    sure = services.permit.clearances if services.permit else Clearances()
    return Permit(request.person, request.channel_id, needs, sure)


def _link_first(request: Request, error: NotLinked, services: Services) -> Message:
    if isinstance(request, Command) and services.public_url:
        return accounts.link_first(request, services)
    return views.explain(error)


def _named(table: Mapping[str, T], name: str) -> T:
    try:
        return table[name]
    except KeyError as error:
        raise BadButton from error


def _resumed(reply: Reply, person: Person, services: Services) -> Reply:
    """Say so if the person's notices had been stopped: hearing from them, they start again."""
    if not isinstance(reply, Message):
        return reply
    try:
        reason = services.store.people.resume(person.team_id, person.user_id)
    except Unreachable as error:
        log.warning("%s: %s", person.actor, error)
        return reply
    return notices_resumed.resumed(reply, reason) if reason else reply


def _failed(request: Request, message: Message) -> Reply:
    match request:
        case Click():
            return message.as_note()
        case Submission():
            return FieldErrors({"": unformatted(message.text)})
    return message
