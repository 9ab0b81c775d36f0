"""No secret is in the log, whoever writes it."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest

from bot import logs
from bot.logs import FORMAT, JSON, TEXT, Json, Redacting, Refer
from cloud import reference

SECRETS = (
    "xoxb-1234-abcDEF",
    "xoxe.xoxp-1-abc",
    "xapp-1-A1-2-abc",
    "https://hooks.slack.com/commands/T1/22/abcdef",
    "http://127.0.0.1:4000/actions/T1/33/abcdef",
    "https://hooks.slack.com/app/T1/44/abcdef",
    "wss://wss-primary.slack.com/link/?ticket=abc&app_id=2",
)


def line(text: str, *args: object, error: BaseException | None = None) -> str:
    """What the log shows of a record."""
    trace = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("bot.test", logging.INFO, __file__, 1, text, args, trace)
    assert Refer().filter(record)
    return Redacting(FORMAT).format(record)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_in_the_text_is_kept_out(secret: str) -> None:
    assert secret not in line(f"posted to {secret}, and then")


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_among_the_arguments_is_kept_out(secret: str) -> None:
    assert line("posted to %s, and then %d", secret, 7).endswith("and then 7")
    assert secret not in line("posted to %s, and then %d", secret, 7)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_in_a_traceback_is_kept_out(secret: str) -> None:
    try:
        raise ValueError(f"cannot open {secret}")
    except ValueError as error:
        shown = line("broke", error=error)

    assert "ValueError: cannot open (secret)" in shown
    assert secret not in shown


def test_one_time_words_in_an_address_are_kept_out() -> None:
    shown = line("GET /slack/oauth_redirect?code=made-up&state=made-up-too&x=1")

    assert "made-up" not in shown
    assert shown.endswith("&x=1")


def test_the_password_of_a_database_is_kept_out() -> None:
    shown = line("cannot open %s", "postgresql://bot:made-up@db:5432/bot")

    assert shown.endswith("cannot open postgresql://(secret)@db:5432/bot")


@pytest.mark.parametrize(
    "forged", ["\n", "\r", "\x0b", "\x1c", "\x85", "\u2028", "\x1b[2J", "\u202e"]
)
def test_a_stranger_s_text_begins_no_line_and_steers_no_terminal(forged: str) -> None:
    entry = f"{forged}2026-03-02 08:00:00,000 INFO    - bot: forged"

    for shown in (line(f"looked for {entry}"), line("looked for %s", entry)):
        assert forged not in shown
        assert shown.splitlines() == [shown]
        assert "bot: forged" in shown


def test_nor_does_it_in_a_traceback() -> None:
    try:
        raise ValueError("no image\n2026-03-02 08:00:00,000 INFO    - bot: forged\r\x1b[2J\u2028x")
    except ValueError as error:
        first, *others = line("broke", error=error).splitlines()

    assert first.endswith("bot.test: broke")
    assert all(each.startswith("  ") and each.isprintable() for each in others)
    assert any("bot: forged" in each for each in others)


def test_a_line_without_secrets_is_left_as_it_is() -> None:
    assert line("took %.2f s", 1.5).endswith("bot.test: took 1.50 s")


def test_lines_of_one_request_have_one_reference() -> None:
    reference.begin()
    first, second = line("one"), line("two")
    reference.begin()
    third = line("three")

    references = [shown.split(" bot.test")[0].split()[-1] for shown in (first, second, third)]
    assert references[0] == references[1] != references[2]


def as_json(text: str, *args: object, error: BaseException | None = None, **fields: object) -> Any:
    """What the log shows of a record as JSON; it has to be one line."""
    trace = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("bot.test", logging.INFO, __file__, 1, text, args, trace)
    record.fields = fields
    Refer().filter(record)
    [line] = Json().format(record).splitlines()
    return json.loads(line)


def test_json_has_an_object_a_line_with_reference_and_fields() -> None:
    with reference.referring("0123abcd-0000-4000-8000-000000000000"):
        shown = as_json("shared %s", "web", service="image", status=200)

    assert (shown["level"], shown["logger"], shown["message"]) == ("INFO", "bot.test", "shared web")
    assert (shown["reference"], shown["service"], shown["status"]) == ("0123abcd", "image", 200)
    assert shown["time"].endswith("+00:00")


@pytest.mark.parametrize("secret", SECRETS)
def test_json_keeps_secrets_out_of_each_of_its_values(secret: str) -> None:
    try:
        raise ValueError(f"cannot open {secret}")
    except ValueError as error:
        shown = as_json("posted to %s\nthen", secret, error=error, request=secret)

    assert secret not in json.dumps(shown)
    assert "ValueError: cannot open (secret)" in shown["traceback"]
    assert shown["message"] == r"posted to (secret)\nthen"


def test_the_setting_chooses_the_form() -> None:
    forms = [type(logs.handler(each).formatter) for each in (TEXT, JSON)]

    assert forms == [Redacting, Json]


def test_the_handler_writes_to_standard_error() -> None:
    assert logs.handler().stream is sys.stderr


@pytest.mark.parametrize("page", ["link", "confirm"])
def test_the_token_of_a_page_is_kept_out(page: str) -> None:
    shown = line(f"sent https://bot.example/{page}/abcdefghijklmnopqrstuvwxyz to them")

    assert shown.endswith(f"sent https://bot.example/{page}/(secret) to them")
