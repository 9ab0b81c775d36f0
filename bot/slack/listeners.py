"""
Bolt's listeners: acknowledge at once, and hand the work on.

They run in the thread of the request (`process_before_response`): Bolt would otherwise look
for the acknowledgement every 10 ms. So nothing here may wait for a database or a network, but
for two things that Slack takes only in the acknowledgement: errors of a form beside its fields,
and the options of a menu. These are waited for a moment.
"""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from slack_bolt import Ack, App, BoltResponse

import handlers
from bot.metrics import Metrics
from bot.pool import Handover, Pool
from bot.request_pool import RequestPool
from bot.settings import Settings
from bot.slack import answers, modals, payloads
from bot.slack.answers import Answers
from bot.slack.command_name import CommandName
from bot.slack.homes import Homes
from bot.slack.late import LateNotes
from bot.slack.modals import Modals
from bot.slack.payloads import Body, Incoming, Posted, UnreadablePayload
from bot.slack.pictures import Pictures
from bot.slack.unfurls import Unfurls
from bot.slack.workspaces import Workspaces
from handlers import (
    Command,
    Dispatcher,
    FieldErrors,
    Message,
    Modal,
    Option,
    Person,
    Reply,
    Search,
    Services,
    Submission,
)
from handlers.core import presence
from handlers.core.interactions import Request
from handlers.help import spoken
from handlers.home import home
from handlers.home.views.home import INVITATIONS
from handlers.images import unfurl
from handlers.images.find import FIND
from handlers.images.views.message_shortcut import LOOKUP
from handlers.ui import form_fields, kept_forms
from handlers.ui.image_buttons import OPEN_SHARE
from handlers.workflows import steps
from handlers.workflows.steps import Start
from storage.errors import Unreachable

log = logging.getLogger(__name__)

COMMAND = "/images"
ACTION = re.compile(r"^[a-z_]+\.[a-z_-]+$")
GLOBAL_SHORTCUTS = (OPEN_SHARE, FIND, INVITATIONS)
"""Each is a button without a value, which opens a window."""
UNREADABLE = (
    "Slack sent something that I can't read, so nothing was done. Try again; if it keeps "
    "happening, tell the people who run this bot."
)
BUSY = "Too many requests are waiting right now. Nothing was done. Try again in a minute."
NOT_INSTALLED = (
    "This app is no longer installed in your workspace. Nothing was done. Ask an owner of the "
    "workspace to install it again."
)
TWICE = "This form was sent before, and is in progress. The result appears in Slack."
REPLAY_S = 600.0
"""How long what was answered is remembered: longer than Slack's signature is good for."""
FORM_S = 2.0
OPTIONS_S = 2.5
"""How long a form's outcome and a menu's options are waited for. Slack gives up after 3 s."""
SETTLE_S = 0.5
"""Time after which Slack shows what a late acknowledgement said, and takes the outcome."""
LATE_S = 600.0
"""Older messages are not answered: nobody waits any more, and they may change something."""
EVENT_S = 3600.0
"""How long an event is remembered; Slack repeats one for up to an hour if it doubts our answer."""


class Listeners:
    """Connect Slack's requests and events to the handlers."""

    def __init__(
        self,
        services: Services,
        workspaces: Workspaces,
        request_pool: RequestPool,
        busy_replies: Pool,
        metrics: Metrics,
        settings: Settings,
        dispatcher: Dispatcher = handlers.DISPATCHER,
    ) -> None:
        self._name = CommandName(settings.slack_command)
        self._services = services
        self._workspaces = workspaces
        self._answers = Answers(settings, workspaces, services.store, services.clock)
        self._modals = Modals(workspaces)
        self._homes = Homes(workspaces, services.store)
        self._pictures = Pictures(workspaces)
        self._unfurls = Unfurls(workspaces)
        self._request_pool = request_pool
        self._busy_replies = busy_replies
        self._metrics = metrics
        self._dispatcher = dispatcher
        self._late = LateNotes(self._answers.say_late, busy_replies, settings.late_answer_s)

    def register(self, app: App) -> None:
        app.command(self._name.name)(self._command)
        app.action(ACTION)(self._click)
        app.message_shortcut(LOOKUP)(self._shortcut)
        for shortcut in GLOBAL_SHORTCUTS:
            app.global_shortcut(shortcut)(self._shortcut)
        app.view(ACTION)(self._form)
        app.options(ACTION)(self._menu)
        for event, listener in (
            ("app_home_opened", self._home_opened),
            ("link_shared", self._links_posted),
            ("function_executed", self._step_begun),
            ("message", self._spoken_to),
            (payloads.MENTION, self._spoken_to),
            ("user_change", self._person_changed),
            ("app_uninstalled", self._uninstalled),
            ("tokens_revoked", self._uninstalled),
        ):
            app.event(event)(_readable(listener))

    def _command(self, ack: Ack, body: dict[str, Any]) -> None:
        try:
            incoming = payloads.command(body)
        except UnreadablePayload as error:
            log.warning("a command cannot be read: %s", error)
            ack(UNREADABLE)
        else:
            self._take("command", incoming, ack)

    def _click(self, ack: Ack, body: dict[str, Any]) -> None:
        self._interaction("click", payloads.click, ack, body)

    def _shortcut(self, ack: Ack, body: dict[str, Any]) -> None:
        self._interaction("shortcut", payloads.shortcut, ack, body)

    def _interaction(
        self, kind: str, read: Callable[[Body], Incoming], ack: Ack, body: dict[str, Any]
    ) -> None:
        try:
            incoming = read(body)
        except UnreadablePayload as error:
            log.warning("a %s cannot be read: %s", kind, error)
            ack()
            if url := payloads.response_url(body):
                self._busy_replies.take(lambda: self._answers.say_unreadable(url, UNREADABLE))
        else:
            self._take(kind, incoming, ack)

    def _form(self, ack: Ack, body: dict[str, Any]) -> None:
        """A form sent: its errors go beside its fields, if they are known in time."""
        self._metrics.requests.labels("form").inc()
        try:
            incoming = payloads.submission(body)
        except UnreadablePayload as error:
            log.warning("a form cannot be read: %s", error)
            ack(response_action="update", view=modals.as_json(modals.refused(UNREADABLE)))
        else:
            self._send_form(incoming, body, ack)

    def _send_form(self, incoming: Incoming, body: dict[str, Any], ack: Ack) -> None:
        outcome: Handover[Reply] = Handover()
        reply: Reply | None
        if self._pool(incoming.request, lambda: self._submit(incoming, body, outcome)):
            reply = outcome.wait(FORM_S)
        else:
            self._metrics.refused.inc()
            reply = FieldErrors({"": BUSY})
        if reply is None:
            ack(response_action="update", view=modals.waiting(body))
        else:
            ack(**self._named(modals.acknowledgement(body, reply)))

    def _named(self, answer: dict[str, Any]) -> dict[str, Any]:
        """What Slack takes in an acknowledgement, with the command's name as it is here."""
        if errors := answer.get("errors"):
            return {**answer, "errors": self._name.errors(errors)}
        return {**answer, "view": self._name.of(answer["view"])}

    def _menu(self, ack: Ack, body: dict[str, Any]) -> None:
        """The options of a menu; none if they are not found in time."""
        self._metrics.requests.labels("menu").inc()
        found: Handover[Sequence[Option]] = Handover()
        try:
            search = payloads.search(body)
        except UnreadablePayload as error:
            log.warning("a menu's words cannot be read: %s", error)
            ack(options=[])
            return
        if not self._pool(search, lambda: self._find(search, found)):
            self._metrics.refused.inc()
        options = found.wait(OPTIONS_S) or ()
        ack(options=[form_fields.option_json(option) for option in options])

    def _home_opened(self, body: dict[str, Any]) -> BoltResponse:
        """Not acknowledged when full: then Slack sends the event again."""
        self._metrics.requests.labels("home").inc()
        person = payloads.home_opened(body)
        taken = person is None or self._request_pool.take(
            lambda: self._draw_home(person), person, asks_cloud=False
        )
        return BoltResponse(status=200 if taken else 503)

    def _draw_home(self, person: Person, said: str = "") -> None:
        self._homes.show(person, home.home(person, self._services, said))

    def _links_posted(self, body: dict[str, Any]) -> BoltResponse:
        """Not acknowledged when full: then Slack sends the event again."""
        self._metrics.requests.labels("links").inc()
        posted = payloads.links_posted(body)
        taken = posted is None or self._request_pool.take(
            lambda: self._unfurl(posted), posted.links.person
        )
        return BoltResponse(status=200 if taken else 503)

    def _unfurl(self, posted: Posted) -> None:
        first = self._services.store.once.claim(f"event:{posted.event_id}", EVENT_S)
        if not first or not self._is_installed(posted.links.person.team_id):
            return
        shown = unfurl.unfurl(posted.links, self._services)
        if shown:
            self._unfurls.show(posted, shown)

    def _step_begun(self, body: dict[str, Any]) -> BoltResponse:
        """Not acknowledged when full: then Slack sends the event again."""
        self._metrics.requests.labels("step").inc()
        start = payloads.step_begun(body)
        taken = start is None or self._request_pool.take(
            lambda: self._begin_step(start), start.person
        )
        return BoltResponse(status=200 if taken else 503)

    def _begin_step(self, start: Start) -> None:
        if self._is_installed(start.person.team_id):
            steps.begin(start, self._services)

    def _spoken_to(self, body: dict[str, Any]) -> BoltResponse:
        """Not acknowledged when full: then Slack sends the event again."""
        incoming = payloads.spoken(body)
        if incoming is None:
            return BoltResponse(status=200)
        self._metrics.requests.labels("message").inc()
        late = self._services.clock().timestamp() - payloads.said_at(body) > LATE_S
        taken = late or self._begin(incoming, lambda: self._converse(incoming))
        return BoltResponse(status=200 if taken else 503)

    def _converse(self, incoming: Incoming) -> None:
        """Answer a message, once."""
        if not isinstance(incoming.request, Command) or not self._may_answer(incoming):
            return
        with self._timed(incoming):
            reply = spoken.answer(incoming.request, self._dispatcher, self._services)
            if isinstance(reply, Message):
                self._tell(incoming, reply)
                self._picture(incoming, reply)

    def _person_changed(self, body: dict[str, Any]) -> BoltResponse:
        """Not acknowledged when full: then Slack sends the event again."""
        now = payloads.person_changed(body)
        taken = self._request_pool.take(
            lambda: presence.note_change(now.person, now.left, now.time_zone, self._services),
            asks_cloud=False,
        )
        return BoltResponse(status=200 if taken else 503)

    def _uninstalled(self, body: dict[str, Any]) -> BoltResponse:
        """Not acknowledged when full: then Slack sends the event again."""
        taken = self._request_pool.take(lambda: self._forget(body), asks_cloud=False)
        return BoltResponse(status=200 if taken else 503)

    def _forget(self, body: dict[str, Any]) -> None:
        event = f"event:{payloads.event_id(body)}"
        if payloads.bot_was_removed(body) and self._services.store.once.claim(event, EVENT_S):
            self._workspaces.forget(payloads.removal(body))

    def _take(self, kind: str, incoming: Incoming, ack: Ack) -> None:
        """
        Acknowledge, if there is room for the work. The acknowledgement of a click has no text, so
        a person who clicks while the pool is full gets a note.
        """
        self._metrics.requests.labels(kind).inc()
        if self._accept(incoming):
            ack()
            return
        self._metrics.refused.inc()
        if kind == "command":
            ack(BUSY)
        else:
            ack()
            self._busy_replies.take(lambda: self._note(incoming, BUSY))

    def _accept(self, incoming: Incoming) -> bool:
        """Have it answered. A window is opened at once, whatever its content waits for."""
        if self._opens(incoming):
            return self._request_pool.take(
                lambda: self._open(incoming), incoming.request.person, asks_cloud=False
            )
        if incoming.view_id or not incoming.response_url:  # a modal shows that it is in progress
            return self._pool(incoming.request, lambda: self._answer(incoming, incoming.view_id))
        return self._begin(incoming, lambda: self._answer(incoming))

    def _begin(self, incoming: Incoming, task: Callable[[], None]) -> bool:
        """Have it done, and said if it is late."""

        def answered() -> None:
            try:
                task()
            finally:
                self._late.end(incoming)

        self._late.begin(incoming)
        taken = self._pool(incoming.request, answered)
        if not taken:
            self._late.end(incoming)
        return taken

    def _pool(self, request: Request | Search, task: Callable[[], None]) -> bool:
        """Have it done in the lane of the request."""
        asks_cloud = self._dispatcher.asks_cloud(request)
        return self._request_pool.take(task, request.person, asks_cloud=asks_cloud)

    def _open(self, incoming: Incoming) -> None:
        """Open the window for an answer, and have it filled in. One that is late says so."""
        if not self._may_answer(incoming):
            return
        view_id = self._modals.open(incoming)
        if not view_id:
            self._note(incoming, modals.LATE)
        elif not self._dispatcher.asks_cloud(incoming.request):
            self._fill(incoming, view_id)
        elif not self._pool(incoming.request, lambda: self._fill(incoming, view_id)):
            self._metrics.refused.inc()
            self._show(incoming, view_id, Message(BUSY))

    def _answer(self, incoming: Incoming, view_id: str = "") -> None:
        if self._may_answer(incoming):
            self._fill(incoming, view_id)

    def _fill(self, incoming: Incoming, view_id: str) -> None:
        with self._timed(incoming):
            self._say(incoming, view_id)
            if incoming.in_home and view_id:
                self._draw_home(incoming.request.person)

    def _may_answer(self, incoming: Incoming) -> bool:
        """Return whether to answer this; if the app is not installed, say so."""
        if not self._is_first(incoming):
            return False
        if self._is_installed(incoming.team_id):
            return True
        if incoming.response_url:
            self._note(incoming, NOT_INSTALLED)
        return False

    def _is_installed(self, team_id: str) -> bool:
        try:
            return self._workspaces.installed(team_id)
        except Unreachable:
            return True  # as below

    def _is_first(self, incoming: Incoming) -> bool:
        """
        Whether this was not taken before: a signed request could be sent again by someone else.

        Slack gives each thing that a person does an id of its own, and signs nothing older than
        five minutes.
        """
        if incoming.trigger_id:
            mark = hashlib.sha256(incoming.trigger_id.encode()).hexdigest()
            name, life = f"trigger:{mark}", REPLAY_S
        elif incoming.event_id:
            name, life = f"event:{incoming.event_id}", EVENT_S
        else:
            return True
        try:
            first = self._services.store.once.claim(name, life)
        except Unreachable:
            return True  # nothing can be changed without the database, and the answer says so
        if not first:
            log.warning("%s was sent twice: the second is not answered", _known(incoming))
        return first

    def _opens(self, incoming: Incoming) -> bool:
        """Whether a window is to be opened for the answer, which was asked from none."""
        request = incoming.request
        if incoming.view_id or isinstance(request, Submission):
            return False
        return self._dispatcher.opens(request)

    def _say(self, incoming: Incoming, view_id: str) -> None:
        reply = self._dispatcher.answer(incoming.request, self._services)
        if view_id:
            self._show(incoming, view_id, reply)
        elif isinstance(reply, Message):
            self._tell(incoming, reply)
            self._picture(incoming, reply)
        elif not isinstance(reply, Modal) or not self._modals.open(incoming, reply):
            self._note(incoming, modals.LATE)
        if isinstance(reply, Modal):
            self._answers.keep_below(incoming, reply.below)

    def _note(self, incoming: Incoming, text: str) -> None:
        self._tell(incoming, Message(text, note=True))

    def _tell(self, incoming: Incoming, message: Message) -> None:
        """Where it was asked; of a home, which keeps nothing, also in the person's messages."""
        noted = self._late.end(incoming)
        if incoming.spoken or incoming.response_url or not incoming.in_home:
            self._answers.say(incoming, message, used=int(noted))
            return
        person = incoming.request.person
        try:
            home.send_message(person, message, self._services.store)
        except Unreachable as error:
            log.warning("the result of %s is only in the home tab: %s", _known(incoming), error)
        self._draw_home(person, message.text)

    def _picture(self, incoming: Incoming, message: Message) -> None:
        if message.picture is None:
            return
        trouble = self._pictures.show(incoming, message.picture, public=message.public)
        if trouble:
            self._note(incoming, trouble)

    def _show(self, incoming: Incoming, view_id: str, reply: Reply) -> None:
        """Show a reply in a modal. A note is put on top, and the page below does not change."""
        if isinstance(reply, FieldErrors):
            raise TypeError("only a form that was sent has errors")
        view = modals.page(reply) if isinstance(reply, Message) else reply
        if isinstance(reply, Message) and reply.note and incoming.view_id:
            self._modals.push(incoming, view)
        elif not self._modals.redraw(incoming, view_id, view) and isinstance(reply, Message):
            self._tell(incoming, reply)

    def _find(self, search: Search, found: Handover[Sequence[Option]]) -> None:
        known = self._is_installed(search.person.team_id)
        found.give(self._dispatcher.find_options(search, self._services) if known else ())

    def _submit(self, incoming: Incoming, body: dict[str, Any], outcome: Handover[Reply]) -> None:
        with self._timed(incoming):
            reply = self._reply_to_form(incoming)
            reply = self._modals.spelled(incoming, reply)
            if outcome.give(reply):
                self._keep_outcome(incoming, reply)
            else:
                time.sleep(SETTLE_S)
                view = modals.afterwards(body, reply)
                if self._modals.redraw(incoming, incoming.view_id, view):
                    self._keep_outcome(incoming, reply)
                else:
                    self._send_outcome(incoming, body, reply)
            if incoming.in_home:
                self._draw_home(incoming.request.person)

    def _reply_to_form(self, incoming: Incoming) -> Reply:
        if not self._is_first(incoming):
            return FieldErrors({"": TWICE})
        if not self._is_installed(incoming.team_id):
            return FieldErrors({"": NOT_INSTALLED})
        return self._dispatcher.answer(incoming.request, self._services)

    def _keep_outcome(self, incoming: Incoming, reply: Reply) -> None:
        """Send the outcome of a form as a message, too: with its window its buttons are gone."""
        request = incoming.request
        if not (isinstance(reply, Message) and isinstance(request, Submission)):
            return
        if self._dispatcher.stays(request):
            self._answers.send_directly(incoming, reply, answers.FROM_FORM)

    def _send_outcome(self, incoming: Incoming, body: dict[str, Any], reply: Reply) -> None:
        """The window was closed meanwhile: its outcome is sent, and what was typed is kept."""
        store, person = self._services.store, incoming.request.person
        try:
            match reply:
                case Message():
                    message = reply
                case FieldErrors():
                    form = payloads.form_to_keep(body)
                    form_id = kept_forms.keep(form, person, store)
                    message = kept_forms.not_accepted(form, reply, form_id)
                case Modal():
                    message = kept_forms.next_step(reply, kept_forms.keep(reply, person, store))
        except Unreachable as error:
            log.warning("the outcome of %s was not sent: %s", _known(incoming), error)
            return
        self._answers.send_directly(incoming, message)

    @contextmanager
    def _timed(self, incoming: Incoming) -> Iterator[None]:
        started = time.monotonic()
        yield
        self._seen(incoming.request.person)
        seconds = time.monotonic() - started
        self._metrics.seconds.labels(_known(incoming)).observe(seconds)
        log.info("%s by %s took %.2f s", _known(incoming), incoming.request.person.actor, seconds)

    def _seen(self, person: Person) -> None:
        try:
            self._services.store.people.seen(person.team_id, person.user_id)
        except Unreachable as error:
            log.warning("%s was not recorded as seen: %s", person.actor, error)


def _readable(listener: Callable[[dict[str, Any]], BoltResponse]) -> Callable[..., BoltResponse]:
    """Acknowledge an event that cannot be read: nobody waits for an answer to it."""

    def listen(body: dict[str, Any]) -> BoltResponse:
        try:
            return listener(body)
        except UnreadablePayload as error:
            log.warning("an event cannot be read: %s", error)
            return BoltResponse(status=200)

    return listen


def _known(incoming: Incoming) -> str:
    """Its name, if we gave it: what people invent would make a metric of each."""
    return incoming.what if incoming.what in _NAMES else "unknown"


_NAMES: Mapping[str, None] = dict.fromkeys(
    [
        *(f"{COMMAND} {verb.name}" for verb in handlers.ROUTES.verbs),
        *(*handlers.ROUTES.repeats, *handlers.ROUTES.buttons, *handlers.ROUTES.forms),
        *handlers.ROUTES.resubmits,
    ]
)
