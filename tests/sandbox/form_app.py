"""A small app with one form, for the page's own tests: no Bolt, only Slack's JSON over HTTP."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from sandbox.serving import serving as in_a_thread
from sandbox.slack import SlackStandIn
from tests.sandbox.talk import Json, plain

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

IMAGES = ("golden-2026", "golden-2025", "db-2026", "web-2026", "web-2025")


def option(text: str, about: str = "") -> Json:
    shown = {"text": plain(text), "value": f"id-{text}"}
    return {**shown, "description": plain(about)} if about else shown


def field_of(name: str, label: str, kind: str, *, optional: bool = False, **more: object) -> Json:
    hint = more.pop("hint", None)
    block = {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "optional": optional,
        "element": {"type": kind, "action_id": name, **more},
    }
    return {**block, "hint": plain(str(hint))} if hint else block


FORM: list[Json] = [
    field_of("name", "Name", "plain_text_input", hint="What people will call it."),
    field_of("notes", "Notes", "plain_text_input", optional=True, multiline=True),
    field_of(
        "disk", "Disk", "number_input", is_decimal_allowed=False, min_value="0", optional=True
    ),
    field_of("home", "Home page", "url_text_input", optional=True),
    field_of(
        "size",
        "Size",
        "static_select",
        optional=True,
        placeholder=plain("Choose a size"),
        options=[option("Small"), option("Large")],
    ),
    field_of("image", "Image", "external_select", min_query_length=2, optional=True),
    field_of("others", "More images", "multi_external_select", min_query_length=0, optional=True),
    field_of(
        "flags",
        "Flags",
        "checkboxes",
        optional=True,
        options=[option("Protected", "Nobody deletes it."), option("Hidden")],
    ),
    field_of(
        "who",
        "Who sees it",
        "radio_buttons",
        options=[option("Only us"), option("Everyone")],
        initial_option=option("Only us"),
    ),
]
CHECK: Json = {
    "type": "actions",
    "block_id": "row",
    "elements": [
        {"type": "button", "action_id": action_id, "text": plain(label)}
        for action_id, label in (("form.check", "Check the name"), ("form.more", "More"))
    ],
}


def modal(blocks: list[Json], title: str = "Update image", submit: str = "Save") -> Json:
    view = {"type": "modal", "callback_id": "form", "title": plain(title), "blocks": blocks}
    return {**view, "submit": plain(submit), "close": plain("Cancel")}


@dataclass
class FormApp:
    """Opens its form for a command, and says `taken` of the name `golden`."""

    slack: SlackStandIn
    queries: list[str] = field(default_factory=list)
    sent: list[Json] = field(default_factory=list)
    """`state.values` of the forms sent and taken."""
    late: dict[str, threading.Event] = field(default_factory=dict)
    """Queries whose answer waits for an event."""
    ready: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        form = Request(environ).form
        if "payload" in form:
            answer = self._interaction(json.loads(form["payload"]))
        else:
            self._command(form["text"], form["trigger_id"])
            answer = None
        body = json.dumps(answer) if answer else ""
        return Response(body, mimetype="application/json")(environ, start_response)

    def _command(self, text: str, trigger_id: str) -> None:
        """`slow` shows a page without fields until `ready` is set."""
        whole = modal([*FORM, CHECK])
        if text != "slow":
            self._call("views.open", trigger_id=trigger_id, view=whole)
            return
        wait = {"type": "section", "text": plain("One moment…")}
        view = {**whole, "title": plain("Wait"), "blocks": [wait]}
        opened = self._call("views.open", trigger_id=trigger_id, view=view)["view"]
        self.ready.wait(2)
        self._call("views.update", view_id=opened["id"], hash=opened["hash"], view=whole)

    def _interaction(self, body: Json) -> Json | None:
        match body["type"]:
            case "block_suggestion":
                return self._options(body["value"])
            case "block_actions" if "view" in body:
                self._pressed(body)
            case "view_submission":
                return self._submitted(body["view"]["state"]["values"])
        return None

    def _options(self, words: str) -> Json:
        self.queries.append(words)
        if words in self.late:
            self.late[words].wait(2)
        found = [option(name, f"{name} in DFW") for name in IMAGES if words in name]
        return {"options": found} if words != "broken" else {"oops": True}

    def _pressed(self, body: Json) -> None:
        view = body["view"]
        if body["actions"][0]["action_id"] == "form.more":
            more = modal([field_of("why", "Why", "plain_text_input")], "More", "Done")
            self._call("views.push", trigger_id=body["trigger_id"], view=more)
        else:
            name = view["state"]["values"]["name"]["name"]["value"]
            said = {"type": "section", "text": plain(f"{name} is free.")}
            blocks = [said, *FORM, CHECK]
            self._call("views.update", view_id=view["id"], hash=view["hash"], view=modal(blocks))

    def _submitted(self, values: Json) -> Json | None:
        if values.get("name", {}).get("name", {}).get("value") == "golden":
            return {"response_action": "errors", "errors": {"name": "That name is taken."}}
        self.sent.append(values)
        return None

    def _call(self, method: str, **args: object) -> Json:
        headers = {
            "Authorization": f"Bearer {self.slack.bot_token}",
            "Content-Type": "application/json",
        }
        url = f"{self.slack.api_url}{method}"
        request = urllib.request.Request(url, json.dumps(args).encode(), headers)  # noqa: S310 - our own
        with urllib.request.urlopen(request) as response:  # noqa: S310
            answer: Json = json.load(response)
        assert answer["ok"], answer
        return answer


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Writes no line for each request."""


@contextmanager
def serving(slack: SlackStandIn) -> Iterator[FormApp]:
    """The app, answering that Slack's requests."""
    app = FormApp(slack)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    slack.bot_url = f"http://127.0.0.1:{server.server_port}"
    with in_a_thread(server):
        yield app
