"""
Buttons and forms in messages that version 0.1 has sent still work.

`data/version_0_1.json` was collected from that version's own gallery: by action id the values of
its buttons, by the name of each form what it carries.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handlers import ROUTES, Click, Message, Person, Services, Submission, answer
from handlers.core.errors import BadButton
from handlers.ui.error_words import explain

SENT = json.loads((Path(__file__).parent / "data" / "version_0_1.json").read_text())
PERSON = Person("T1", "U1")
CLICKS = [(name, value) for name, values in SENT["actions"].items() for value in values]
VALUELESS = {"home.images", "home.invitations", "home.link", "images.lookup"}
"""All that these say is in their name; what they carry is checked when a form is opened for it."""
FORMS = [(name, value) for name, values in SENT["views"].items() for value in values]


def words(reply: object) -> str:
    assert reply is not None
    return json.dumps(reply.blocks) + reply.text if isinstance(reply, Message) else str(reply)


UNREADABLE = explain(BadButton()).text


def test_every_button_that_was_sent_has_an_answer() -> None:
    known = ROUTES.buttons.keys() | ROUTES.repeats.keys() | ROUTES.menus.keys()

    assert {name for name, values in SENT["actions"].items() if values} - known == set()
    assert SENT["views"].keys() <= ROUTES.forms.keys()


@pytest.mark.parametrize(("name", "value"), CLICKS)
def test_a_value_that_was_sent_is_read(services: Services, name: str, value: str) -> None:
    reply = words(answer(Click(PERSON, name, value), services))

    assert UNREADABLE not in reply
    assert "broke on our side" not in reply


@pytest.mark.parametrize("name", sorted({name for name, _ in CLICKS} - VALUELESS))
def test_what_was_never_sent_is_not_read(services: Services, name: str) -> None:
    """So the test above comes as far as the readers."""
    assert UNREADABLE in words(answer(Click(PERSON, name, "{"), services))


@pytest.mark.parametrize(("name", "value"), FORMS)
def test_a_form_that_was_open_is_read(services: Services, name: str, value: str) -> None:
    reply = words(answer(Submission(PERSON, name, value), services))

    assert UNREADABLE not in reply
    assert "broke on our side" not in reply
