"""The page's own requests: what a person sees, and what they do, as JSON."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from werkzeug.exceptions import BadRequest, Forbidden
from werkzeug.wrappers import Request, Response

from sandbox.slack.controls import controls
from sandbox.slack.conversation import Conversation
from sandbox.slack.refusals import MethodRefused
from sandbox.slack.state import CHANNEL_ID, CHANNEL_NAME, Json, Message, Person, View
from sandbox.slack.workflow_runs import WorkflowRuns

FILES = Path(__file__).parent / "page"
WAIT_S = 20.0
"""How long a request for news is held open."""
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' https: data:; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
Deliver = Callable[[], str]
"""Runs what the scheduler would; returns a sentence about how it went."""


@dataclass(frozen=True)
class About:
    """What the page says of a person."""

    account: str = ""
    welcome: str = ""
    tries: tuple[str, ...] = ()
    """Commands that are worth a try, as this person."""


@dataclass(frozen=True)
class Act:
    """What a step of the tour offers to do: type *command* as *user*, or press a control."""

    words: str
    user: str = ""
    command: str = ""
    press: str = ""


@dataclass(frozen=True)
class TourStep:
    title: str
    words: str
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class ClockOfPage:
    """A clock that is shown beside the conversation, and that people move."""

    ahead: Callable[[], timedelta]
    """By how much it is ahead of the real time."""
    jumps: Mapping[str, str]
    """Words of each jump, by its name."""
    jump: Callable[[str, str], None]
    """Given the name of a jump and of a time zone."""


@dataclass(frozen=True)
class Switch:
    """Something that may go wrong, and does while it is switched on."""

    name: str
    words: str
    note: str
    is_on: Callable[[], bool]
    turn: Callable[..., None]
    """Given `on`."""
    turned_off: Callable[[], None] = lambda: None
    """Called afterwards."""


class Pages:
    """Serves the page. Only this machine's own page may act: others cannot send its JSON."""

    def __init__(self, slack: Conversation) -> None:
        self._slack = slack
        self.deliver: Deliver | None = None
        self.clock: ClockOfPage | None = None
        self.switches: Sequence[Switch] = ()
        self.reset: Callable[[], None] | None = None
        """Has everything be as at the start."""
        self.samples: Callable[[str], Sequence[Json]] | None = None
        """
        The gallery, each with a `name` and its `text` and `blocks`, its `view` or an `error`.

        Given how what they show is to be named: `usual`, `short`, `long`, `hostile` or `empty`.
        """
        self.about: Mapping[str, About] = {}
        self.shortcuts: Mapping[str, str] = {}
        """What the menu of each message offers: its words by callback id."""
        self.global_shortcuts: Mapping[str, str] = {}
        """What belongs to no message, likewise."""
        self.commands: Mapping[str, str] = {}
        """What may be typed, and what it does: completed in the composer."""
        self.tour: Sequence[TourStep] = ()
        self.workflow = ""
        """What the workflow is called that people may start; "" if there is none."""
        self.workflow_runs = WorkflowRuns(slack)

    def answer(self, request: Request, path: str) -> Response | None:
        """The answer to a request for *path*, or None if there is no such thing."""
        if request.method == "POST":
            response = self._act(request, path)
        elif path == "state":
            since = request.args.get("since", -1, type=int)
            response = _json(self._state(since))
        elif path == "samples" and self.samples:
            response = _json(self.samples(request.args.get("names", "usual")))
        else:
            response = self._file(path or "index")
        if response:
            response.headers.update(SECURITY_HEADERS)
        return response

    def _act(self, request: Request, path: str) -> Response | None:
        if request.mimetype != "application/json" or not _from_here(request):
            raise Forbidden("only the sandbox's own page may do this")
        act = _ACTS.get(path)
        if act is None:
            return None
        try:
            return _json(act(self, request.get_json()))
        except (LookupError, MethodRefused) as wrong:
            raise BadRequest(str(wrong)) from wrong

    def _command(self, given: Json) -> Json:
        ack = self._slack.command(given["user"], given["text"])
        return {"ok": ack.ok, "ms": round(ack.ms)}

    def _say(self, given: Json) -> Json:
        """A message to the bot, or in the channel, where everyone reads it."""
        private = given.get("where") == "bot"
        self._slack.say(given["user"], given["text"], "" if private else CHANNEL_ID)
        return {"ok": True, "channel": "" if private else CHANNEL_NAME}

    def _home(self, given: Json) -> Json:
        return {"ok": self._slack.open_home(given["user"]).ok}

    def _shortcut(self, given: Json) -> Json:
        message = self._message(given)
        if given["name"] not in self.shortcuts:
            raise LookupError("there is no such shortcut")
        return {"ok": self._slack.shortcut(given["user"], message, given["name"]).ok}

    def _global_shortcut(self, given: Json) -> Json:
        if given["name"] not in self.global_shortcuts:
            raise LookupError("there is no such shortcut")
        return {"ok": self._slack.global_shortcut(given["user"], given["name"]).ok}

    def _click(self, given: Json) -> Json:
        slack, user_id, value = self._slack, given["user"], given.get("value")
        if given.get("view"):
            self._must_be_on_top(given)
            ack = slack.modals.click(user_id, given["action"], value, given["values"])
        elif given.get("home"):
            element = _element(self._slack.workspace.homes[user_id].body["blocks"], given)
            ack = slack.send_home_click(user_id, element, value)
        else:
            message = self._message(given)
            ack = slack.send_click(user_id, message, _element(message.shown, given), value)
        return {"ok": ack.ok}

    def _suggest(self, given: Json) -> Json:
        """The options for the words typed into a menu; a refusal of Slack's is a 400."""
        place = self._modal(given) if given.get("view") else self._message(given)
        values = given.get("values")
        found = self._slack.suggest(given["user"], place, given["action"], given["words"], values)
        return {"options": found}

    def _submit(self, given: Json) -> Json:
        self._must_be_on_top(given)
        return {"ok": self._slack.modals.submit(given["user"], given["values"]).ok}

    def _close(self, given: Json) -> Json:
        self._slack.modals.close(given["user"], everything=given["everything"])
        return {"ok": True}

    def _must_be_on_top(self, given: Json) -> None:
        """A person with two pages open can fill in a form that is gone in the other."""
        top = self._slack.modals.top(given["user"])
        if top is None or top.id != given["view"]:
            raise LookupError("that form is closed")

    def _message(self, given: Json) -> Message:
        message = self._slack.workspace.find(given["channel"], given["ts"])
        if message is None:
            raise LookupError("that message is gone")
        return message

    def _modal(self, given: Json) -> View:
        view = self._slack.workspace.modal(given["view"])
        if view is None:
            raise LookupError("that form is closed")
        return view

    def _deliver(self, _given: Json) -> Json:
        if self.deliver is None:
            raise LookupError("no scheduler to run here")
        return {"said": self.deliver()}

    def _clock(self, given: Json) -> Json:
        if self.clock is None:
            raise LookupError("no clock to move here")
        if given["jump"] not in self.clock.jumps:
            raise LookupError("there is no such jump")
        self.clock.jump(given["jump"], self._slack.person(given["user"]).time_zone)
        return {"ok": True}

    def _switch(self, given: Json) -> Json:
        found = [each for each in self.switches if each.name == given["name"]]
        if not found:
            raise LookupError("there is no such switch")
        found[0].turn(on=bool(given["on"]))
        if not given["on"]:
            found[0].turned_off()
        self._slack.workspace.touch()
        return {"ok": True}

    def _workflow(self, given: Json) -> Json:
        if not self.workflow:
            raise LookupError("no workflow to start here")
        self.workflow_runs.start(given["user"], given["inputs"])
        return {"ok": True}

    def _dismiss(self, given: Json) -> Json:
        self.workflow_runs.dismiss(given["run"])
        return {"ok": True}

    def _reset(self, _given: Json) -> Json:
        if self.reset is None:
            raise LookupError("nothing to reset here")
        self.workflow_runs.clear()
        self.reset()
        return {"ok": True}

    def _state(self, since: int) -> Json:
        """Everything to draw, as soon as it is newer than *since*."""
        workspace = self._slack.workspace
        with workspace.changed:
            workspace.changed.wait_for(
                lambda: workspace.version > since or workspace.closed, timeout=WAIT_S
            )
            return {
                "version": workspace.version,
                "shortcuts": dict(self.shortcuts),
                "global_shortcuts": dict(self.global_shortcuts),
                "commands": [_offer(each, about) for each, about in self.commands.items()],
                "handles": [
                    _offer(f"@{each.handle}", each.name) for each in workspace.people.values()
                ],
                "workflow": self.workflow,
                "tour": [asdict(step) for step in self.tour],
                "gallery": self.samples is not None,
                "digest": self.deliver is not None,
                "clock": _clock_json(self.clock) if self.clock else None,
                "switches": [_switch_json(each) for each in self.switches],
                "reset": self.reset is not None,
                "channels": {CHANNEL_ID: CHANNEL_NAME},
                "people": [self._person(person) for person in workspace.people.values()],
            }

    def _person(self, person: Person) -> Json:
        about = self.about.get(person.user_id, About())
        return {
            "id": person.user_id,
            "name": person.name,
            "about": about.account,
            "welcome": about.welcome,
            "tries": about.tries,
            "time_zone": person.time_zone,
            "messages": [
                _message(message, person)
                for message in self._slack.workspace.seen_by(person.user_id)
            ],
            "runs": self.workflow_runs.of(person.user_id),
            "home": _tab(self._slack.home(person.user_id)),
            "modals": [_modal(v) for v in self._slack.workspace.modals[person.user_id]],
        }

    def _file(self, name: str) -> Response | None:
        path = FILES / (name if "." in name else f"{name}.html")
        if path.parent != FILES or not path.is_file():
            return None
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return Response(path.read_bytes(), mimetype=kind)


def _element(blocks: Iterable[Json], given: Json) -> Json:
    """
    The button or menu that was pressed.

    Raises:
        LookupError: it is not there any more.
    """
    for each in controls(blocks):
        if (each["block_id"], each["action_id"]) == (given["block"], given["action"]):
            return each
    raise LookupError("that button is gone")


def _clock_json(clock: ClockOfPage) -> Json:
    return {"ahead_ms": clock.ahead() / timedelta(milliseconds=1), "jumps": dict(clock.jumps)}


def _offer(insert: str, about: str) -> Json:
    """What completes a word."""
    return {"insert": insert, "words": insert, "about": about}


def _switch_json(switch: Switch) -> Json:
    told = {"name": switch.name, "words": switch.words, "note": switch.note}
    return {**told, "on": switch.is_on()}


def _tab(view: View | None) -> Json | None:
    return {"hash": view.hash, "blocks": view.body["blocks"]} if view else None


def _message(message: Message, person: Person) -> Json:
    return {
        "ts": message.ts,
        "channel": message.channel_id,
        "author": message.author,
        "user": message.user_id,
        "unfurls": [list(each["blocks"]) for each in message.unfurls.values()],
        "text": message.text,
        "blocks": message.blocks,
        "ephemeral": message.ephemeral,
        "edited": message.edited,
        "version": message.version,
        "warning": message.warnings.get(person.user_id, ""),
    }


def _modal(view: View) -> Json:
    return {
        "id": view.id,
        "hash": view.hash,
        "previous": view.previous_view_id,
        "body": view.body,
        "errors": dict(view.errors),
    }


def _from_here(request: Request) -> bool:
    """Whether the request was made to a loopback name, not to one that was pointed at us."""
    return request.host.partition(":")[0] in ("127.0.0.1", "localhost")


def _json(body: Any) -> Response:
    return Response(json.dumps(body), mimetype="application/json")


class _Act(Protocol):
    def __call__(self, pages: Pages, given: Json, /) -> Json: ...


_ACTS: dict[str, _Act] = {
    "command": Pages._command,
    "say": Pages._say,
    "home": Pages._home,
    "shortcut": Pages._shortcut,
    "global-shortcut": Pages._global_shortcut,
    "click": Pages._click,
    "suggest": Pages._suggest,
    "submit": Pages._submit,
    "close": Pages._close,
    "deliver": Pages._deliver,
    "clock": Pages._clock,
    "switch": Pages._switch,
    "workflow": Pages._workflow,
    "dismiss": Pages._dismiss,
    "reset": Pages._reset,
}
