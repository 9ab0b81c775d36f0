"""Slack on a loopback port: the Web API, the response URLs and the page."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from sandbox.serving import serving
from sandbox.slack import files
from sandbox.slack.api import Reply, Trouble, WebApi
from sandbox.slack.conversation import Conversation
from sandbox.slack.losing import Losing, Loss, lost
from sandbox.slack.pages import Pages
from sandbox.slack.sender import Sender
from sandbox.slack.state import PEOPLE, Json, Person, Workspace
from sandbox.slack.switches import SlackSwitches
from sandbox.slack.tickets import Clock

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class SlackStandIn(Conversation):
    """
    A workspace with three people and the bot, served while the `with` block runs.

    The bot is told `api_url` as its SLACK_API_URL. Its own address may be set later, as
    `bot_url`, since it often starts second. No clock but *clock* ages trigger ids and
    response URLs; signatures carry the real time, because the bot checks it.
    """

    def __init__(
        self,
        bot_url: str = "",
        signing_secret: str = "made-up-signing-secret",  # noqa: S107
        bot_token: str = "xoxb-made-up-token",  # noqa: S107
        *,
        people: Sequence[Person] = PEOPLE,
        clock: Clock = time.time,
        port: int = 0,
    ) -> None:
        super().__init__(Workspace(people, clock), Sender(bot_url, signing_secret))
        self.api = WebApi(self.workspace, bot_token)
        self.pages = Pages(self)
        self.signing_secret = signing_secret
        self.bot_token = bot_token
        self._server = make_server(
            "127.0.0.1", port, self._wsgi, threaded=True, request_handler=_Quiet
        )
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        self.api.base_url = self.base_url
        self.switches = SlackSwitches()
        """Trouble that lasts until it is switched off."""
        self._losing: list[Losing] = []
        self._refusing: list[tuple[int, str | None]] = []
        self._over = threading.Event()
        self._serving = serving(self._server)

    @property
    def bot_url(self) -> str:
        """The bot's address; `/slack/events` is added if it has no path."""
        return self.sender.bot_url

    @bot_url.setter
    def bot_url(self, url: str) -> None:
        self.sender.bot_url = url

    @property
    def people(self) -> tuple[Person, ...]:
        return tuple(self.workspace.people.values())

    @property
    def api_url(self) -> str:
        return f"{self.base_url}/api/"

    @property
    def page_url(self) -> str:
        return f"{self.base_url}/"

    def rate_limit_next(
        self, n: int = 1, retry_after_s: int = 1, method: str | None = None
    ) -> None:
        """Answer the next *n* calls (of one method, if given) with 429."""
        reply = Reply({"ok": False, "error": "ratelimited"}, 429, retry_after_s)
        self.api.troubles.append(Trouble(n, reply, method))

    def fail_next(self, method: str, error: str, n: int = 1, *, channel: str | None = None) -> None:
        """Refuse the next *n* calls of *method* (about one channel, if given) with this code."""
        reply = Reply({"ok": False, "error": error})
        self.api.troubles.append(Trouble(n, reply, method, channel))

    def refuse_response_url(
        self, status: int, n: int = 1, *, retry_after: str | None = None
    ) -> None:
        """Answer the next *n* uses of response URLs so, and do nothing."""
        self._refusing += [(status, retry_after)] * n

    def lose_next(self, where: str, how: Loss, n: int = 1) -> None:
        """
        Do what is asked next, *n* times, and lose the answer.

        Args:
            where: a method of the Web API, `response_url`, or `upload` for the bytes of a file.
        """
        self._losing.append(Losing(where, how, n))

    def __enter__(self) -> Self:
        self._serving.__enter__()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self.workspace.close()
        self._serving.__exit__(None, None, None)

    def _wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._serve(Request(environ))(environ, start_response)

    def _serve(self, request: Request) -> WSGIApplication:
        try:
            endpoint, values = _URLS.bind_to_environ(request.environ).match()
            answer: Callable[..., Response] = getattr(self, f"_{endpoint}")
            return self._arriving(
                values.get("method", endpoint), request, answer(request, **values)
            )
        except HTTPException as error:
            return error.get_response(request.environ)

    def _arriving(self, where: str, request: Request, answer: Response) -> Response:
        with self.workspace.changed:
            losing = next(
                (each for each in self._losing if each.left and each.where == where), None
            )
            if losing:
                losing.left -= 1
        how = losing.how if losing else self.switches.loss(where)
        return lost(how, request, answer, self._over) if how else answer

    def _web_api(self, request: Request, method: str) -> Response:
        args = _arguments(request)
        token = _token(request, args)
        self.calls.append({"kind": "request", "method": method, "args": args})
        reply = self.switches.refusal(method) or self.api.call(method, args, token)
        self.calls.append({"kind": "response", "method": method, "body": reply.body})
        response = _json(reply.body, reply.status)
        if self.api.scopes is not None:
            response.headers["X-OAuth-Scopes"] = ",".join(sorted(self.api.scopes))
        if reply.retry_after_s is not None:
            response.headers["Retry-After"] = str(reply.retry_after_s)
        return response

    def _response_url(self, request: Request, token: str) -> Response:
        if self._refusing:
            status, retry_after = self._refusing.pop(0)
            headers = {"Retry-After": retry_after} if retry_after else {}
            return Response("refused", status, headers, mimetype="text/plain")
        if away := self.switches.refusal("response_url"):
            return _json(away.body, away.status)
        status, refusal = self.answers.through_url(token, request.get_json(force=True))
        return _json(refusal, status) if refusal else Response("ok", mimetype="text/plain")

    def _upload(self, request: Request, file_id: str) -> Response:
        """Bytes of a file, at the address that was given for it."""
        taken = files.receive(self.workspace, file_id, request.get_data())
        return Response("OK" if taken else "refused", 200 if taken else 400)

    def _file(self, _: Request, file_id: str) -> Response:
        """A file, as people see it."""
        upload = self.workspace.files.get(file_id)
        if upload is None:
            raise NotFound
        return Response(upload.data, mimetype="image/png")

    def _page(self, request: Request, path: str = "") -> Response:
        response = self.pages.answer(request, path)
        if response is None:
            raise NotFound
        return response


class _Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: what matters is in `calls`."""


_URLS = Map(
    [
        Rule("/api/<method>", endpoint="web_api", methods=["GET", "POST"]),
        Rule("/commands/<token>", endpoint="response_url", methods=["POST"]),
        Rule("/actions/<token>", endpoint="response_url", methods=["POST"]),
        Rule("/upload/<file_id>", endpoint="upload", methods=["POST"]),
        Rule("/files/<file_id>", endpoint="file", methods=["GET"]),
        Rule("/", endpoint="page"),
        Rule("/<path:path>", endpoint="page"),
    ]
)
_STRUCTURED = {"blocks", "view", "attachments", "metadata", "files"}
_NUMBERS = {"length", "limit"}
_FLAGS = {"unfurl_links", "unfurl_media", "include_locale", "return_im", "mrkdwn", "link_names"}
_FLAGS |= {"include_all_metadata", "inclusive"}


def _arguments(request: Request) -> Json:
    """A call's arguments: of a JSON body, of a form, of the address; all but JSON's are text."""
    body = json.loads(request.get_data() or "{}") if request.is_json else {}
    return {name: _value(name, given) for name, given in request.values.items()} | body


def _value(name: str, given: str) -> Any:
    """Parse text to its type: lists and objects are JSON, flags 0 or 1."""
    if name in _STRUCTURED:
        return json.loads(given)
    if name in _FLAGS:
        return given in ("1", "true", "True")
    return int(given) if name in _NUMBERS and given.isdigit() else given


def _token(request: Request, args: Json) -> str | None:
    """The token, from the header or the arguments; it does not stay in the record of calls."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        client_id, _, _ = base64.b64decode(credentials).decode().partition(":")
        args |= {"client_id": client_id, "client_secret": "(kept out)"}
    given = args.pop("token", None)
    return credentials if scheme.lower() == "bearer" else given


def _json(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")
