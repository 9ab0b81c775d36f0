"""
Create clients of Slack: the only place that does.

They never retry a call. slack_sdk would: after a lost connection it sends `chat.postMessage`
twice. The caller knows whether a call may be repeated, or its message has to be looked for first.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.settings import Settings
from bot.slack import refusals
from bot.slack.command_name import CommandName
from bot.slack.refusals import SlackRefusal

RESPONSE_URL = "response_url"
Heard = Callable[[str, SlackRefusal | None], None]
Observe = Callable[[str, str, float], None]
"""Called after each call with the method, the outcome in a word of ours, and seconds."""


def ignore(method: str, outcome: str, seconds: float) -> None:
    """Count nothing."""


@contextmanager
def observed(observe: Observe, method: str) -> Iterator[None]:
    started, outcome = time.monotonic(), "ok"
    try:
        yield
    except SlackRefusal as refused:
        outcome = refused.kind
        raise
    finally:
        observe(method, outcome, time.monotonic() - started)


class SlackClient(WebClient):
    """
    Slack's client for the bot's own calls.

    It says the command's name as it is here, and each call raises SlackRefusal and nothing else.
    """

    def __init__(
        self, command: CommandName, heard: Heard, observe: Observe, **options: Any
    ) -> None:
        super().__init__(**options)
        self._observe = observe
        self._command = command
        self._heard = heard

    def api_call(self, api_method: str, **asked: Any) -> Any:
        if asked.get("json"):
            asked["json"] = self._command.of(asked["json"])
        try:
            with observed(self._observe, api_method), refusals.named():
                answer = super().api_call(api_method, **asked)
        except SlackRefusal as refused:
            self._heard(api_method, refused)
            raise
        self._heard(api_method, None)
        return answer

    def files_upload_v2(self, **asked: Any) -> Any:
        """Upload a file, whose bytes are sent past `api_call`."""
        with refusals.named():
            return super().files_upload_v2(**asked)


def client(
    settings: Settings,
    token: str | None,
    heard: Heard = lambda _, __: None,
    *,
    team_id: str | None = None,
    observe: Observe = ignore,
) -> SlackClient:
    """
    Make a client for calls of our own.

    Args:
        heard: called after each call with the method, and the refusal if there was one.

        team_id: sent with each call, as an organisation's token needs it.

        observe: called after each call, for metrics.
    """
    command = CommandName(settings.slack_command)
    return SlackClient(command, heard, observe, token=token, team_id=team_id, **_options(settings))


def for_library(settings: Settings, token: str | None = None) -> WebClient:
    """Make a client for a library that handles slack_sdk's errors itself."""
    return WebClient(token=token, **_options(settings))


def respond(url: str, body: dict[str, Any], settings: Settings, observe: Observe = ignore) -> None:
    """
    Send a body to a response URL, once.

    Raises:
        SlackRefusal: Slack said no, or nothing. Its text never holds the URL, which is a secret.
    """
    sender = WebhookClient(url, timeout=settings.slack_timeout_s, ssl=_tls(), retry_handlers=[])
    with observed(observe, RESPONSE_URL):
        with refusals.named():
            answer = sender.send_dict(body)
        if answer.status_code != 200:
            raise refusals.of_response_url(answer.status_code, answer.body, answer.headers)


@cache
def _tls() -> ssl.SSLContext:
    """One for all: reading the authorities again for each call costs more than the call itself."""
    return ssl.create_default_context()


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "base_url": settings.slack_api_url,
        "timeout": settings.slack_timeout_s,
        "ssl": _tls(),
        "retry_handlers": [],
    }
