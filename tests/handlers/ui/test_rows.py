"""Rows of lists: two lines, two buttons, and a menu whose options are buttons, too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers import Person
from handlers.core.button_values import pack
from handlers.core.replies import Block
from handlers.ui import rows
from handlers.ui.blocks import button, confirm, mono, strong
from handlers.ui.rows import MORE, facts
from sandbox.cloud import CloudStandIn
from storage import Account
from tests.handlers.conftest import CONSUMER_A, PRODUCER
from tests.handlers.talk import Talk, labels, options, read

DO = button("Do", "things.do", pack("a", 'b"c'))
LONG = button("Long", "things.long", pack("x" * 140))
ODD = "*web* <@U1> `x` &amp; \u202egnp.exe"


def test_what_finds_no_place_beside_two_buttons_is_the_same_button_in_a_menu() -> None:
    _, actions = rows.row(["web"], ["DFW"], [DO, DO], [DO])

    *shown, menu = actions["elements"]
    [option] = menu["options"]
    assert shown == [DO, DO]
    assert (menu["type"], menu["action_id"], option["text"]) == ("overflow", MORE, DO["text"])
    assert rows.pressed(MORE, option["value"]) == (DO["action_id"], DO["value"])


def test_a_row_with_which_nothing_can_be_done_is_its_two_lines() -> None:
    [lines] = rows.row(["web"], ["DFW"])

    assert [each["text"] for each in lines["elements"][0]["elements"]] == ["web\nDFW"]


@pytest.mark.parametrize(
    ("shown", "more"),
    [
        ([DO] * 3, []),
        ([], [DO] * 6),
        ([], [button("Do", "things.do", pack(), confirm=confirm("Do?", "Sure?", "Do"))]),
    ],
)
def test_a_row_has_no_more_than_slack_takes_and_asks_about_nothing_in_its_menu(
    shown: list[Block], more: list[Block]
) -> None:
    with pytest.raises(ValueError, match="row"):
        rows.controls(shown, more)


def test_an_option_that_slack_would_not_take_is_left_out() -> None:
    [both] = rows.controls([], [LONG, DO])

    assert [each["text"]["text"] for each in both["elements"][0]["options"]] == ["Do"]
    assert rows.controls([], [LONG]) == []


@pytest.mark.parametrize("value", ["", "[]", "no list", '[["things.do"]]'])
def test_a_forged_option_presses_nothing(value: str) -> None:
    assert rows.pressed(MORE, value) == (MORE, value)


def test_any_other_button_is_as_it_was() -> None:
    assert rows.pressed("things.do", '["things.undo"]') == ("things.do", '["things.undo"]')


def test_what_is_not_known_leaves_no_dot() -> None:
    parts = facts(strong("web"), "", ["from ", mono("1")], ())

    assert [part if isinstance(part, str) else part["text"] for part in parts] == [
        *("web", " · ", "from ", "1")
    ]


def test_a_name_is_bold_and_as_it_was_typed() -> None:
    [lines] = rows.row(facts(strong(ODD)), [])

    first = lines["elements"][0]["elements"][0]
    assert first["text"] == "*web* <@U1> `x` &amp; gnp.exe"
    assert first["style"] == {"bold": True}


def test_ones_own_image_has_its_other_forms_in_the_menu(
    talk: Talk, cloud: CloudStandIn, producer: Person
) -> None:
    cloud.add_image(PRODUCER, name="web", region="DFW", visibility="shared")

    listed = talk.say(producer, "list web")

    assert labels(listed) == ["Details", "Share…"]
    assert [each["text"]["text"] for each in options(listed)] == [
        *("Members", "Update…", "Export…", "Copy…")
    ]
    assert read(talk.press(producer, listed, "Members")).startswith("`web`")
    forms = [talk.open(producer, listed, label).name for label in ("Update…", "Export…", "Copy…")]
    assert forms == ["updates.form", "exports.form", "copies.form"]


def test_somebody_elses_image_has_details_alone(
    talk: Talk,
    cloud: CloudStandIn,
    consumer: Person,
    invite: Callable[..., None],
    link: Callable[..., Account],
) -> None:
    invite(cloud.add_image(PRODUCER, name="web", region="DFW"), CONSUMER_A)

    listed = talk.say(consumer, "list --pending")

    assert labels(listed) == ["Details"]
    assert list(options(listed)) == []
