"""Warnings and errors are alerts in windows, and what messages take elsewhere."""

from __future__ import annotations

from bot.slack.modals import as_json, page
from handlers.core.replies import Message
from handlers.ui.alerts import Level, alert, callout, field_error, is_error, small_warning
from handlers.ui.blocks import section
from handlers.ui.error_words import explain, words


class TookTooLong(Exception):
    """An error of this test."""


@words.register
def _(_: TookTooLong) -> str:
    return "It took too long."


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def test_a_warning_is_an_alert_in_a_window_and_a_section_elsewhere() -> None:
    message = Message("Check it.", (callout(Level.WARNING, "Check it."),))

    assert message.blocks == (section(":warning: Check it."),)
    assert as_json(page(message))["blocks"] == [
        {"type": "alert", "level": "warning", "text": mrkdwn("Check it.")}
    ]


def test_an_error_is_an_alert_in_a_window_and_plain_elsewhere() -> None:
    message = explain(TookTooLong())

    assert message.blocks == (section("It took too long."),)
    assert as_json(page(message))["blocks"] == [
        {"type": "alert", "level": "error", "text": mrkdwn("It took too long.")}
    ]


def test_text_that_slack_does_not_take_in_an_alert_keeps_the_sign_of_its_level() -> None:
    assert alert(Level.ERROR, "x" * 200)["type"] == "alert"
    assert alert(Level.ERROR, "x" * 201) == section(f":x: {'x' * 201}")


def test_a_small_warning_stays_small_print_in_messages() -> None:
    warning = small_warning("ORD could not be checked.")

    assert warning["elements"] == [mrkdwn(":warning: ORD could not be checked.")]
    assert as_json(page(Message("x", (warning,))))["blocks"][0]["level"] == "warning"


def test_nothing_is_parsed_in_an_error_below_a_field() -> None:
    for text in ("*No* <!channel>", "*No* <!channel> " * 20):
        error = field_error(text)
        shown = error.get("text") or error["elements"][0]
        assert shown["type"] == "plain_text"
        assert text in shown["text"]


def test_a_warning_of_the_form_is_no_error_of_a_field() -> None:
    assert is_error(field_error("No."))
    assert not is_error(alert(Level.WARNING, "Check it."))
    assert not is_error(section("Check it."))
