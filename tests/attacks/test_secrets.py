"""Secrets do not show themselves, and the bot goes nowhere that a stranger names."""

from __future__ import annotations

import hmac
import json
import secrets
import socket
import sqlite3
import traceback
from collections.abc import Callable, Iterator, Mapping

import pytest

from bot.settings import Settings
from bot.slack import payloads
from bot.wiring import Runtime
from cloud import AuthType, Credentials
from sandbox.cloud import CloudStandIn
from storage import Account
from storage.db.vault import Vault
from storage.errors import BadKeys
from tests.attacks.door import Door
from tests.bot.people import NUMBERS, PASSWORD, PRODUCER

TYPED = "Zq8" + "aB3" * 25


@pytest.mark.parametrize(
    "text",
    [
        f"list --api-key={TYPED}",
        f"link password={TYPED}",
        f"show {TYPED}",
        f"name 1100111 xoxb-{TYPED}",
        f"update web secret: {TYPED}",
    ],
)
def test_a_key_that_is_typed_is_neither_kept_nor_said_again(
    text: str,
    door: Door,
    link: Callable[..., Account],
    sqlite_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    link(PRODUCER)

    [said] = door.command(PRODUCER, text)

    assert "looks like a key" in said.lower() or "password" in said.lower()
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as database:
        kept = "\n".join(database.iterdump())
    database.close()
    assert TYPED not in said + kept + caplog.text


def test_values_that_hold_secrets_do_not_show_them(
    environ: Mapping[str, str], runtime: Runtime, link: Callable[..., Account]
) -> None:
    settings = Settings.from_env(environ)
    credentials = Credentials(AuthType.V3_PASSWORD, "https://a.example/v3", {"password": PASSWORD})
    runtime.store.signing_keys.put("https://files.example", 1, "made-up-signing-key")
    body = {
        "team_id": "T1",
        "user_id": "U1",
        "channel_id": "C1",
        "text": "help",
        "response_url": "https://hooks.example/made-up-way-back",
        "trigger_id": "made-up-1",
    }
    values = (
        *(settings, credentials, link(PRODUCER), runtime, runtime.services),
        *(runtime.store.signing_keys.get("https://files.example"), payloads.command(body)),
    )
    hidden = [
        *(environ["SLACK_SIGNING_SECRET"], environ["SLACK_BOT_TOKEN"], environ["SECRET_KEYS"]),
        *(PASSWORD, "made-up-signing-key", "made-up-way-back"),
    ]

    shown = f"{values!r} {[str(value) for value in values]}"

    assert [secret for secret in hidden if secret in shown] == []


def test_a_key_that_is_none_is_not_shown_in_its_error() -> None:
    key = secrets.token_hex(20)
    with pytest.raises(BadKeys) as caught:
        Vault([key])

    assert key not in "".join(traceback.format_exception(caught.value))


def test_a_secret_is_compared_in_a_time_that_tells_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A clock would be too coarse to show it, so it is seen that the right function compares."""
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append(other)
        return digest(one, other)

    digest = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", compare)
    login = Credentials(AuthType.V3_PASSWORD, "https://a.example/v3", {"password": "pässword"})
    wrong = ("", "p", "pässwor", "pässword ", "passwörd")

    assert login.knows("pässword")
    assert not any(map(login.knows, wrong))
    assert compared == [each.encode() for each in ("pässword", *wrong)]


@pytest.fixture
def elsewhere() -> Iterator[socket.socket]:
    """A place inside the network that nobody asked the bot to visit."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        yield listening


def test_a_next_link_that_points_elsewhere_is_not_followed(
    elsewhere: socket.socket,
    runtime: Runtime,
    cloud: CloudStandIn,
    link: Callable[..., Account],
) -> None:
    account = link(PRODUCER)
    image = cloud.add_image(NUMBERS[PRODUCER], name="web", region="DFW")
    images = runtime.services.images(account, "DFW")
    shown = images.get(image)
    there = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/v2/images?marker=x"
    row = {"id": shown.id, "name": "web", "status": "active", "visibility": "private"}
    body = json.dumps({"images": [row], "next": there, "first": there, "schema": there})
    cloud.fail_next(1, 200, headers={"Content-Type": "application/json"}, body=body)

    listed = list(images.list())

    assert [each.id for each in listed][:1] == [image]
    with pytest.raises(TimeoutError):
        elsewhere.accept()


@pytest.mark.parametrize("word", ["http://127.0.0.1:{port}/x", "//127.0.0.1:{port}/x"])
def test_an_address_that_is_typed_is_never_visited(
    word: str, elsewhere: socket.socket, door: Door, link: Callable[..., Account]
) -> None:
    """The bot stands inside a network, and would see what its people may not."""
    link(PRODUCER)
    address = word.format(port=elsewhere.getsockname()[1])

    for text in (f"import {address} web", f"show {address}", f"link {address}", f"copy {address}"):
        door.command(PRODUCER, text)

    with pytest.raises(TimeoutError):
        elsewhere.accept()
