"""Find the function that answers a request, and turn whatever it raises into words."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from cloud import reference
from cloud.errors import CloudError
from handlers.core import reasons
from handlers.core.authorization_errors import OnRecord, OutsideWorkspace
from handlers.core.command_line import MAX_TEXT, VALUED, parse
from handlers.core.errors import (
    BadButton,
    LooksLikeKey,
    NoValue,
    OneDash,
    ReadByOthers,
    TooLong,
    UnknownOption,
    Unreadable,
    Usage,
    UserError,
)
from handlers.core.interactions import Click, Command, Person, Request, Search, Submission
from handlers.core.operations import Clearances, NeedsApproval
from handlers.core.replies import FieldErrors, Message, Option, Reply
from handlers.core.request_context import RequestContext
from handlers.core.routing import Button, Form, Menu, Recovery, Repeat, Routes, Verb, find_verb
from handlers.core.secret_detection import looks_like_key
from handlers.core.services import Services
from handlers.core.suggestions import closest
from handlers.ui import error_words as views
from handlers.ui import form_fields, notices_resumed, pick_image
from handlers.ui.blocks import unformatted
from storage import Role
from storage.errors import Unreachable

T = TypeVar("T")
UNKNOWN = "something unknown"
UPDATE = "update"
"""The verb in which a single dash takes a property away."""
ANYWAY = "anyway"
"""The value of `--public` where its person was told that others read the channel."""
REFUSAL_S = 60.0
"""Seconds in which the same refusal is recorded once."""
log = logging.getLogger(__name__)


class Dispatcher:
    """Answers whatever one of the routes answers."""

    def __init__(self, routes: Routes) -> None:
        self.routes = routes
        self._verbs = {name: verb for verb in routes.verbs for name in verb.names}

    def answer(self, request: Request, services: Services) -> Reply:
        """
        Return the reply to a request. Never raises.

        A known error is explained; any other is our fault, and is logged under a
        reference that the person can pass on. A click that failed changes no message:
        its reply is a note. A form that failed stays open. Nor does a click change a message that
        others read, unless its reply is public.
        """
        try:
            reply = _resume_notices(self._answer(request, services), request.person, services)
            return _for_presser_alone(request, reply)
        except Exception:
            log.exception("reference %s: %s broke", reference.short(), self._describe(request))
            return _as_failure(request, views.internal_error(reference.short()))

    def carry_out(self, request: Request, services: Services) -> tuple[Reply, bool]:
        """
        Carry out a request that was confirmed or approved; return the reply, and whether it was
        answered without an error.

        Args:
            services: with a context that holds the clearances.
        """
        try:
            return self._perform_or_ask(request, services), True
        except (UserError, CloudError, Unreachable) as error:
            log.info("%s: %s", self._describe(request), type(error).__name__)
            _record_refusal(request, self._asked(request), error, services)
            return views.explain(error), False
        except Exception:
            log.exception("reference %s: %s broke", reference.short(), self._describe(request))
            return views.internal_error(reference.short()), False

    def opens(self, request: Command | Click) -> bool:
        """Whether the request is answered with a form. Asks no store or cloud, and never raises."""
        if isinstance(request, Click):
            known = self.routes.buttons.get(request.action_id)
            return known.opens if known else self._repeat_opens(request)
        verb = self._verbs.get(request.verb)
        if verb is None or request.unreadable:
            return False
        command = reasons.split(request)[0] if verb.takes_reason else request
        return verb.opens(command) or pick_image.wanted(verb, command)

    def stays(self, submission: Submission) -> bool:
        """Whether the outcome of a form is sent as a message, too."""
        form = self.routes.forms.get(submission.view)
        return form is not None and form.stays

    def asks_cloud(self, request: Request | Search) -> bool:
        """
        Whether answering the request may ask a cloud, as its row says. Asks nobody, and never
        raises. A request without a row is answered with an error.
        """
        match request:
            case Command():
                row: Verb | Button | Form | Menu | None = self._verbs.get(request.verb)
            case Submission():
                if request.view in self.routes.resubmits:
                    return True
                row = self.routes.forms.get(request.view)
            case Search():
                row = self.routes.menus.get(request.action_id)
            case Click():
                if repeat := self.routes.repeats.get(request.action_id):
                    return self._repeat_asks_cloud(repeat, request)
                row = self.routes.buttons.get(request.action_id)
        return row is not None and row.asks_cloud

    def answer_after_linking(self, person: Person, text: str, services: Services) -> Message | None:
        """
        Answer a command that was postponed until the person had linked an account.

        None if it has to be given again, because it changes something or needs a form.
        """
        command = parse(person, text)
        verb = self._verbs.get(command.verb)
        if verb and (verb.changes or self.opens(command)):
            return None
        reply = self.answer(command, services)
        return reply if isinstance(reply, Message) else None

    def find_options(self, search: Search, services: Services) -> Sequence[Option]:
        """The options of a menu for the words typed so far. Never raises: trouble finds none."""
        try:
            context = RequestContext(search.person, search.channel_id, Role.VIEWER)
            menu = _route(self.routes.menus, search.action_id)
            return menu.function(search, services.for_request(context))
        except (UserError, CloudError, Unreachable) as error:
            log.info("%r by %s: %s", search.action_id, search.person.actor, type(error).__name__)
        except Exception:
            log.exception("%r by %s broke", search.action_id, search.person.actor)
        return ()

    def _answer(self, request: Request, services: Services) -> Reply:
        try:
            return self._perform(request, services)
        except tuple(self.routes.recoveries) as error:
            return self._recover(request, error, services)
        except (UserError, CloudError, Unreachable) as error:
            _record_refusal(request, self._asked(request), error, services)
            return self._explain(request, error)

    def _recover(self, request: Request, error: Exception, services: Services) -> Reply:
        """What a topic does about an error for which it has more than words."""
        try:
            return self._recovery(error)(request, error, services)
        except (UserError, CloudError, Unreachable) as raised:
            return self._explain(request, raised)

    def _recovery(self, error: Exception) -> Recovery:
        kinds = type(error).__mro__
        return next(r for kind, r in self.routes.recoveries.items() if kind in kinds)

    def _explain(self, request: Request, error: Exception) -> Reply:
        log.info("%s: %s", self._describe(request), type(error).__name__)
        message = views.explain(error)
        if isinstance(request, Submission) and isinstance(error, LooksLikeKey):
            return FieldErrors({_field_with_key(request): unformatted(message.text)})
        return _as_failure(request, message)

    def _perform_or_ask(self, request: Request, services: Services) -> Reply:
        """What a page has confirmed may still need a second person, who is then asked."""
        try:
            return self._perform(request, services)
        except NeedsApproval as needs:
            if services.context and services.context.clearances.approved:
                raise
            return self._recovery(needs)(request, needs, services)

    def _perform(self, request: Request, services: Services) -> Reply:
        """
        Raises:
            UserError, cloud.errors.CloudError, storage.errors.Unreachable: why it is not done.
        """
        match request:
            case Command():
                return self._run(request, services)
            case Submission():
                if resubmit := self.routes.resubmits.get(request.view):
                    context = _context(request, Role.VIEWER, services)
                    return self._perform(resubmit(request, services.for_request(context)), services)
                form = _route(self.routes.forms, request.view)
                return form.function(
                    request, services.for_request(_context(request, form.needs, services))
                )
        if repeat := self.routes.repeats.get(request.action_id):
            context = _context(request, repeat.needs, services)
            return self._perform(repeat.request(request, services.for_request(context)), services)
        button = _route(self.routes.buttons, request.action_id)
        return button.function(
            request, services.for_request(_context(request, button.needs, services))
        )

    def _run(self, command: Command, services: Services) -> Reply:
        verb = self._checked_verb(command)
        context = _context(command, verb.needs, services)
        if verb.takes_reason:
            command, because = reasons.split(command)
            context = replace(context, because=reasons.tidy(because))
        _check_readers(command, services)
        if pick_image.wanted(verb, command):
            form = pick_image.open_form(verb, command, services.for_request(context))
            return form_fields.with_reason(form, context.because)
        try:
            reply = verb.answer(command, services.for_request(context))
        except Usage as error:
            error.options = verb.usage
            raise
        if isinstance(reply, Message):
            return replace(reply, public="public" in command.options)
        return form_fields.with_reason(reply, context.because)

    def _checked_verb(self, command: Command) -> Verb:
        """The verb of a command that can be read."""
        if len(command.text) > MAX_TEXT:
            raise TooLong
        if looks_like_key(command.text or " ".join(command.words)):
            raise LooksLikeKey
        verb = find_verb(command.verb, self.routes.verbs)
        if command.unreadable:
            raise Unreadable
        _refuse_one_dash(command, verb)
        for option, values in command.options.items():
            if option not in verb.options:
                raise UnknownOption(
                    option, verb.form, closest(option, sorted(verb.options)), verb.usage
                )
            if option in VALUED and not all(values or ("",)):
                raise NoValue(option, VALUED[option])
        return verb

    def _repeat_opens(self, click: Click) -> bool:
        repeat = self.routes.repeats.get(click.action_id)
        try:
            command = repeat.command(click) if repeat else None
        except BadButton:
            return False
        return command is not None and self.opens(command)

    def _repeat_asks_cloud(self, repeat: Repeat, click: Click) -> bool:
        """A request that is not in the button's value may be any."""
        try:
            command = repeat.command(click)
        except BadButton:
            return False
        return command is None or self.asks_cloud(command)

    def _describe(self, request: Request) -> str:
        """Return the request's name for the log, without anything that somebody typed."""
        return f"{self._asked(request)!r} by {request.person.actor}"

    def _asked(self, request: Request) -> str:
        match request:
            case Click():
                return request.action_id if request.action_id in self.routes.buttons else UNKNOWN
            case Submission():
                known = {*self.routes.forms, *self.routes.resubmits}
                return request.view if request.view in known else UNKNOWN
            case Command():
                return request.verb if request.verb in self._verbs else UNKNOWN


def _refuse_one_dash(command: Command, verb: Verb) -> None:
    for word in command.words if verb.name != UPDATE else ():
        if word[:1] == "-" and word[1:] in verb.options:
            raise OneDash(word[1:])


def _check_readers(command: Command, services: Services) -> None:
    """
    Ask before people of another organisation are shown what an account has.

    Raises:
        ReadByOthers: they read the channel, and nobody has said that they may.
    """
    if "public" not in command.options or ANYWAY in command.options["public"]:
        return
    if services.directory.read_by_others(command.person.team_id, command.channel_id):
        plain = command.text or " ".join((command.verb, *command.words))
        raise ReadByOthers(command.channel_id, f"{plain} --public={ANYWAY}")


def _context(request: Request, needs: Role | None, services: Services) -> RequestContext:
    """
    Return the context of a request, with the clearances it already has.

    Raises:
        OutsideWorkspace: what concerns an account is for people of the bot's own workspace.
    """
    if needs and request.team_id not in ("", request.person.team_id):
        raise OutsideWorkspace
    clearances = services.context.clearances if services.context else Clearances()
    why = request.text(reasons.FIELD) if isinstance(request, Submission) else ""
    because = reasons.tidy(why) if why else ""
    return RequestContext(request.person, request.channel_id, needs, clearances, because)


def _record_refusal(request: Request, asked: str, error: Exception, services: Services) -> None:
    """
    Put on record that somebody tried what they may not do.

    The same is recorded once a minute, so that nobody fills the record.
    """
    if not isinstance(error, OnRecord) or error.key is None:
        return
    person, key = request.person, error.key
    with suppress(OnRecord, Unreachable):
        if services.store.once.claim(f"refused {person.actor} {asked} {vars(key)}", REFUSAL_S):
            with services.audited(
                person.actor, "access.refuse", asked, account=key, detail=error.on_record
            ):
                raise error


def _route(table: Mapping[str, T], name: str) -> T:
    try:
        return table[name]
    except KeyError as error:
        raise BadButton from error


def _resume_notices(reply: Reply, person: Person, services: Services) -> Reply:
    """Resume the person's notifications if they had been stopped, and say so."""
    if not isinstance(reply, Message):
        return reply
    try:
        reason = services.store.people.resume(person.team_id, person.user_id)
    except Unreachable as error:
        log.warning("%s: %s", person.actor, error)
        return reply
    return notices_resumed.resumed(reply, reason) if reason else reply


def _for_presser_alone(request: Request, reply: Reply) -> Reply:
    """
    Keep what a click brings out of a message that others read: it may show more than was shown.

    Such a message is redrawn as a display or a card if what it shows changes.
    """
    if isinstance(request, Click) and request.read_by_others and isinstance(reply, Message):
        return reply if reply.public else reply.as_note()
    return reply


def _field_with_key(form: Submission) -> str:
    """The field into which what looks like a secret was typed; "" if there is none."""
    typed = ((name, text) for name, text in form.fields.items() if isinstance(text, str))
    return next((name for name, text in typed if looks_like_key(text)), "")


def _as_failure(request: Request, message: Message) -> Reply:
    match request:
        case Click():
            return message.as_note()
        case Submission():
            return FieldErrors({"": unformatted(message.text)})
    return message
