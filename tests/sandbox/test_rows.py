"""Rows of lists, and what screen readers hear of their buttons, in every sample of the gallery."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from handlers.core.replies import Block, Message
from handlers.invitations.views import inbox
from handlers.ui.rows import MORE
from sandbox import gallery
from sandbox.gallery.values import NOW, card

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DRAWN: Mapping[str, tuple[Block, ...]] = {
    **{name: message.blocks for name, message in gallery.SAMPLES.items()},
    **{name: home.blocks for name, home in gallery.HOMES.items()},
}
ROWS = (
    *("digest", "invitations", "which invitation", "snoozed", "muted", "requests", "home"),
    *("list", "look up", "choice", "almost a name", "member", "share card", "shares waiting"),
    *("servers", "which server", "tasks", "accounts", "which account", "named", "renamed"),
)
"""Beginnings of the names of lists whose rows have buttons of their own."""


def controls(part: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(part, Mapping):
        if "action_id" in part:
            yield part
        for value in part.values():
            yield from controls(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from controls(each)


@pytest.mark.parametrize("name", [*DRAWN, *gallery.FORMS])
def test_a_message_or_a_form_has_one_primary_button_at_most(name: str) -> None:
    """Slack draws the button that sends a form as a primary one."""
    form = gallery.FORMS.get(name)
    blocks = form.blocks if form else DRAWN[name]
    primary = [each["text"]["text"] for each in controls(blocks) if each.get("style") == "primary"]
    primary += [form.submit] if form and form.submit else []

    assert len(primary) <= 1, primary


@pytest.mark.parametrize("name", [name for name in DRAWN if name.startswith(ROWS)])
def test_a_row_has_two_buttons_at_most_and_one_menu(name: str) -> None:
    rows = [each["elements"] for each in DRAWN[name] if each["type"] == "actions"]
    buttons = [sum(each["type"] == "button" for each in row) for row in rows]

    assert max(buttons, default=0) <= 2
    assert all(len(row) - of_them <= 1 for row, of_them in zip(rows, buttons, strict=True))
    assert {each["type"] for row in rows for each in row} <= {"button", "overflow"}


@pytest.mark.parametrize("name", [name for name in DRAWN if name.startswith(ROWS)])
def test_a_row_has_two_lines_and_a_name_in_bold(name: str) -> None:
    for row in (each for each in DRAWN[name] if each["type"] == "rich_text"):
        [line] = row["elements"]
        texts = [each["text"] for each in line["elements"] if each["type"] == "text"]

        assert "".join(texts).count("\n") == 1
        assert [each for each in line["elements"] if each.get("style") == {"bold": True}]


@pytest.mark.parametrize("name", [name for name in DRAWN if name.startswith(ROWS)])
def test_no_row_shows_a_whole_uuid(name: str) -> None:
    shown = " ".join(gallery.aloud(Message("", DRAWN[name])))

    assert not UUID.search(shown)


@pytest.mark.parametrize("name", DRAWN)
def test_no_button_is_named_by_an_id_that_nobody_can_tell_from_another(name: str) -> None:
    labels = [each.get("accessibility_label", "") for each in controls(DRAWN[name])]

    assert not [label for label in labels if UUID.search(label)]


def test_twelve_invitations_carry_as_few_controls_as_can_be() -> None:
    """There were four beside each, and as many that were primary as there were invitations."""
    listed = inbox.pending([card(n) for n in range(1, 13)], "U2", NOW)

    assert [each["action_id"] for each in controls(listed.blocks)] == [
        *["invitations.accept", "invitations.reject", MORE] * 5,
        "invitations.accept_all",
        "invitations.answer",
        "invitations.page",
    ]
