"""
A canary in every test: no secret that the test uses may come to light.

Secrets are known where they are made: sealed by the vault, issued as a token, given by a
stand-in, read as a setting. Texts are seen where they leave: a line of the log as the program
would write it, a row of a store that is closed, a message or a call at the Slack stand-in, an
answer of the conversation, an error that has a name. After each test all texts are searched for
all its secrets, and a test in which one is found fails, without showing it.

What other processes write is not seen. What a mark `shows_secret(kind, reason)` names may be
shown by that test.
"""

from __future__ import annotations

import copy
import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot import logs
from bot.settings import BadSettings, Settings
from cloud.errors import CloudError
from cloud.object_store import ObjectStore
from handlers.core.errors import UserError
from handlers.dispatcher import Dispatcher
from handlers.editing import undo
from sandbox.cloud.state import State, User
from sandbox.slack import SlackStandIn
from sandbox.slack.api import WebApi
from sandbox.slack.state import HUMAN, Workspace
from sandbox.slack.state import Message as SlackMessage
from sandbox.slack.tickets import Tickets
from storage import Store
from storage.db.database import SqliteDatabase
from storage.db.locks_and_tokens import Once
from storage.db.vault import Vault
from storage.errors import StorageError

Watch = Callable[..., None]
"""Is given what a method returned, and what it was given."""

OURS = ("bot", "handlers", "storage", "cloud")
"""Whose finest lines are looked at."""
SHORTEST = 6
"""Characters: what is shorter stands in many a word."""
LINK, DOWNLOAD = "one-time link", "signed address"
BY_ONE = frozenset({LINK, DOWNLOAD})
"""
Their own person is shown them, and nobody else. The token of an Undo button is none of them: it
opens no page, and the presser is checked as for any button.
"""
SEALED = frozenset(
    {
        *("api_key", "password", "application_credential_secret", "key", "incoming_webhook_url"),
        *("bot_token", "bot_refresh_token", "user_token", "user_refresh_token"),
    }
)
"""Of what the vault seals: the rest are names and places, which may be seen."""
_CANARY = pytest.StashKey["Canary"]()
RENEWAL = "oauth.v2.access"
"""A call that carries a refresh token and the client's secret, for it is what they are for."""
SETTINGS = ("slack_signing_secret", "slack_bot_token", "slack_client_secret", "slack_app_token")


@dataclass(frozen=True)
class Seen:
    where: str
    text: str
    by_one: bool = False
    """Whether a single person sees it."""


@dataclass
class Canary:
    """What one test hides, and what it shows."""

    secrets: dict[str, str] = field(default_factory=dict)
    """What kind each secret is of."""
    texts: list[Seen] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hide(self, kind: str, secret: Any) -> None:
        if isinstance(secret, str) and len(secret) >= SHORTEST:
            with self._lock:
                self.secrets.setdefault(secret, kind)

    def see(self, where: str, text: str, *, by_one: bool = False) -> None:
        with self._lock:
            self.texts.append(Seen(where, text, by_one))

    def leaks(self) -> list[tuple[str, str]]:
        """The kind of each secret that was seen, and where; and begins anew."""
        with self._lock:
            secrets, texts = self.secrets, self.texts
            self.secrets, self.texts = {}, []
        found = {
            (kind, seen.where)
            for seen in texts
            for secret, kind in secrets.items()
            if secret in seen.text and not (seen.by_one and kind in BY_ONE)
        }
        return sorted(found)


class Lines(logging.Handler):
    """Sees each line as the program's own handler would write it."""

    def __init__(self, canary: Canary) -> None:
        super().__init__()
        self._canary = canary
        self._program = logs.handler()

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(logs.LOUD) and record.levelno < logging.WARNING:
            return
        line = copy.copy(record)
        line.exc_text = None  # another handler's, who redacts nothing
        self._program.filter(line)
        with suppress(TypeError, ValueError):  # a line badly written: logging says so itself
            self._canary.see(f"the log, a line of {record.name}", self._program.format(line))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "shows_secret(kind, reason): this secret may be seen here")
    canary, patch = Canary(), pytest.MonkeyPatch()
    lines = Lines(canary)
    _hide_what_the_bot_keeps(canary.hide, patch)
    _hide_its_addresses(canary.hide, patch)
    _hide_what_it_is_given(canary.hide, patch)
    _see_what_it_says(canary.see, patch)
    _see_what_it_writes(canary.see, patch)
    logging.getLogger().addHandler(lines)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    if config.option.log_level is None:
        config.option.log_level = "WARNING"  # for caplog, which is to see what it always saw
    config.stash[_CANARY] = canary
    config.add_cleanup(patch.undo)
    config.add_cleanup(lambda: logging.getLogger().removeHandler(lines))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Last of all, for fixtures close what they opened: stores and stand-ins."""
    try:
        return (yield)
    finally:
        meant = {mark.args[0] for mark in item.iter_markers("shows_secret")}
        found = [leak for leak in item.config.stash[_CANARY].leaks() if leak[0] not in meant]
        if found:
            said = "; ".join(f"{kind} in {where}" for kind, where in found)
            pytest.fail(f"a secret came to light: {said}", pytrace=False)


def _hide_what_the_bot_keeps(hide: Callable[..., None], patch: pytest.MonkeyPatch) -> None:
    def sealed(_: str, __: Vault, secret: Mapping[str, Any]) -> None:
        for name, value in _leaves(secret):
            if name in SEALED:
                hide(f"sealed {name}", value)

    def settings(_: None, settings: Settings, *__: Any, **___: Any) -> None:
        for name in SETTINGS:
            hide(name, getattr(settings, name))

    def keys(_: None, __: Vault, keys: Sequence[str]) -> None:
        list(map(partial(hide, "SECRET_KEYS"), keys))

    _after(patch, Vault, "seal", sealed)
    _after(patch, Vault, "__init__", keys)
    _after(patch, Settings, "__init__", settings)


def _hide_its_addresses(hide: Callable[..., None], patch: pytest.MonkeyPatch) -> None:
    def issued(token: str, _: Once, kind: str, *__: Any, **___: Any) -> None:
        if kind != undo.PURPOSE:
            hide(LINK, token)

    def signed(url: str) -> None:
        [signature] = parse_qs(urlsplit(url).query)["temp_url_sig"]
        hide(DOWNLOAD, signature)

    _after(patch, Once, "issue", issued)
    _after(patch, ObjectStore, "temporary_url", lambda url, *_, **__: signed(url))


def _hide_what_it_is_given(hide: Callable[..., None], patch: pytest.MonkeyPatch) -> None:
    def user(user: User, *_: Any) -> None:
        hide("API key", user.api_key)
        hide("password", user.password)
        hide("application credential", user.application_credential[1])

    def slack(_: None, slack: SlackStandIn, *__: Any, **___: Any) -> None:
        hide("slack_signing_secret", slack.signing_secret)
        hide("slack_bot_token", slack.bot_token)

    _after(patch, State, "add_user", user)
    _after(patch, State, "log_in", lambda token, *_: hide("token of the cloud", token.id))
    _after(patch, SlackStandIn, "__init__", slack)
    _after(patch, Tickets, "response_url", lambda url, *_, **__: hide("response URL", url))


def _see_what_it_says(see: Callable[..., None], patch: pytest.MonkeyPatch) -> None:
    def kept(_: Any, workspace: Workspace, message: SlackMessage) -> None:
        if message.author != HUMAN:
            by_one = message.ephemeral or message.channel_id.startswith("D")
            see("a message in Slack", repr(message), by_one=by_one)

    def called(_: Any, api: WebApi, method: str, args: Mapping[str, Any], token: Any) -> None:
        channel = str(args.get("channel", ""))
        if method == RENEWAL:
            return
        by_one = method.startswith("views.") or "user" in args or channel.startswith("D")
        see(f"a call of {method}", json.dumps(args, default=repr), by_one=by_one)

    def answered(reply: Any, *_: Any) -> None:
        see("an answer", repr(reply), by_one=not getattr(reply, "public", False))

    _after(patch, Workspace, "_keep", kept)
    _after(patch, WebApi, "call", called)
    _after(patch, Dispatcher, "answer", answered)


def _see_what_it_writes(see: Callable[..., None], patch: pytest.MonkeyPatch) -> None:
    def failed(_: None, error: Exception, *__: Any, **___: Any) -> None:
        see(f"{type(error).__name__}'s text", f"{error} {error!r}")

    close = Store.close

    def closed(store: Store) -> None:
        for table, row in _rows(store):
            see(f"table {table}", row)
        close(store)

    for root in (UserError, CloudError, StorageError, BadSettings):
        _after(patch, root, "__init__", failed)
    patch.setattr(Store, "close", closed)


def _rows(store: Store) -> Iterator[tuple[str, str]]:
    """All that is in it, with what is sealed: there it cannot be read."""
    rows = store._db.rows
    listed = (
        "select name from sqlite_master where type = 'table'"
        if isinstance(store._db, SqliteDatabase)
        else "select table_name as name from information_schema.tables"
        " where table_schema = current_schema()"
    )
    with suppress(Exception):  # tests break databases, too
        for table in rows(listed):
            name = table["name"]
            yield name, repr(rows(f'select * from "{name}"'))  # noqa: S608 - our own names


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in it, with the name of its field."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(each, key)
    elif isinstance(value, str):
        yield name, value


def _after(patch: pytest.MonkeyPatch, owner: type, name: str, watch: Watch) -> None:
    """Have *watch* see each call of a method, which goes on as it did."""
    method = getattr(owner, name)

    @wraps(method)
    def watched(*args: Any, **kwargs: Any) -> Any:
        result = method(*args, **kwargs)
        watch(result, *args, **kwargs)
        return result

    patch.setattr(owner, name, watched)
