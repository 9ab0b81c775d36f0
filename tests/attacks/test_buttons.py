"""Buttons and forms are claims: whoever writes or keeps one gains nothing by it."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

import handlers
from bot.wiring import Runtime
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID, SlackStandIn
from storage import Account
from tests.attacks.door import Door
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS, PRODUCER

FORGED = ("", " ", "x", "1 2 3 4 5 6 7 8", "{}", "null", "-1", "\x00", "../..", "é" * 500)
OTHER_TEAM = "T0ELSEWHERE"


@pytest.mark.parametrize("name", handlers.ROUTES.buttons)
def test_a_button_with_any_value_breaks_nothing_and_changes_nothing(
    name: str,
    door: Door,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    caplog: pytest.LogCaptureFixture,
) -> None:
    link(PRODUCER)
    caplog.set_level(logging.INFO)
    for value in FORGED:
        door.press(PRODUCER, name, value)

    assert caplog.text.count(f"{name} by {TEAM_ID}/{PRODUCER} took") == len(FORGED)
    assert "broke" not in caplog.text
    assert {method for method, path, _ in cloud.requests if "/v2/" in path} <= {"GET"}


@pytest.mark.parametrize("name", handlers.ROUTES.forms)
def test_a_form_with_any_value_breaks_nothing_and_changes_nothing(
    name: str,
    door: Door,
    cloud: CloudStandIn,
    link: Callable[..., Account],
    caplog: pytest.LogCaptureFixture,
) -> None:
    link(PRODUCER)
    caplog.set_level(logging.INFO)
    for value in FORGED:
        door.submit(PRODUCER, name, f"C1|{value}", {"x": value})

    assert caplog.text.count(f"{name} by {TEAM_ID}/{PRODUCER} took") == len(FORGED)
    assert "broke" not in caplog.text
    assert {method for method, path, _ in cloud.requests if "/v2/" in path} <= {"GET"}


@pytest.fixture
def asked(
    served: Runtime, slack: SlackStandIn, link: Callable[..., Account], invite: Callable[..., str]
) -> tuple[str, str]:
    """The producer was asked whether to share: the image, and the value of the button."""
    link(PRODUCER)
    link(CONSUMER_A)
    image = invite("web")
    message = slack.ask(PRODUCER, f"share web {NUMBERS[CONSUMER_A]}")
    return image, str(message.element("sharing.confirm")["value"])


@pytest.mark.parametrize("who", [CONSUMER_A, CONSUMER_B])
def test_the_button_of_somebody_else_does_nothing(
    who: str, asked: tuple[str, str], door: Door, cloud: CloudStandIn
) -> None:
    """Whether they have linked an account of their own, or none."""
    image, value = asked

    door.press(who, "sharing.confirm", value)

    assert cloud.members(image) == {}


def test_the_button_pressed_by_the_same_id_of_another_workspace_does_nothing(
    asked: tuple[str, str], door: Door, cloud: CloudStandIn
) -> None:
    """Ids of people are unique within a workspace only."""
    image, value = asked

    door.press(PRODUCER, "sharing.confirm", value, team_id=OTHER_TEAM)
    assert cloud.members(image) == {}

    door.press(PRODUCER, "sharing.confirm", value)
    assert cloud.members(image) == {NUMBERS[CONSUMER_A]: "pending"}


def test_the_same_id_of_another_workspace_has_no_account(
    asked: tuple[str, str], door: Door
) -> None:
    [said] = door.command(PRODUCER, "show web", team_id=OTHER_TEAM)

    assert NUMBERS[PRODUCER] not in said
    assert "active" not in said


def test_a_button_of_an_account_that_was_unlinked_since_does_nothing(
    asked: tuple[str, str], door: Door, runtime: Runtime, cloud: CloudStandIn
) -> None:
    image, value = asked
    [account] = runtime.store.accounts.of(TEAM_ID, PRODUCER)
    runtime.store.accounts.unlink(account.id)

    door.press(PRODUCER, "sharing.confirm", value)

    assert cloud.members(image) == {}


def test_a_button_of_an_image_that_is_gone_says_so(
    asked: tuple[str, str], door: Door, cloud: CloudStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    image, value = asked
    door.command(PRODUCER, "help")
    cloud.delete_image(image)

    said = door.press(PRODUCER, "sharing.confirm", value)

    assert said
    assert "broke" not in caplog.text
