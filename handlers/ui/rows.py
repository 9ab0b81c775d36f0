"""
A row of a list: two lines, at most two buttons, and a ⋮ menu of the others.

An option of the menu is a button that found no place: it carries that button's action id and
value, and `pressed` gives both back, so that whatever answers the button answers the option.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.core.button_values import pack, unpack
from handlers.core.errors import BadButton, TooLong
from handlers.core.replies import Block
from handlers.ui.blocks import Part, buttons, overflow, rich_text

MORE = "rows.more"
"""Action id of the ⋮ menu of every row."""
MAX_BUTTONS = 2
MAX_OPTIONS = 5
MAX_OPTION_VALUE = 150
"""Options that Slack takes in a ⋮ menu, and characters in the value of one."""

Fact = Part | Sequence[Part]


def row(
    first: Sequence[Part],
    second: Sequence[Part],
    buttons: Sequence[Block] = (),
    more: Sequence[Block] = (),
) -> list[Block]:
    """
    Draw an item of a list.

    Args:
        first, second: the lines: a name and what matters most, then the rest.

        buttons, more: as of `controls`.
    """
    return [rich_text(first, second), *controls(buttons, more)]


def controls(shown: Sequence[Block], more: Sequence[Block] = ()) -> list[Block]:
    """
    Return the block below the lines of a row; nothing if nothing can be done with it.

    Args:
        shown: at most MAX_BUTTONS buttons.

        more: at most MAX_OPTIONS buttons that become options of the ⋮ menu. None may ask first:
            a menu asks once for all of its options.

    Raises:
        ValueError: there are more than that, or one in the menu asks first.
    """
    if len(shown) > MAX_BUTTONS or len(more) > MAX_OPTIONS or any("confirm" in b for b in more):
        raise ValueError("too many buttons for a row, or one in its menu that asks first")
    options = [option for each in more for option in _option(each)]
    elements = [*shown, *([overflow(MORE, *options)] if options else [])]
    return [buttons(*elements)] if elements else []


def pressed(action_id: str, value: str) -> tuple[str, str]:
    """Return the action id and value of the button that became this option of a ⋮ menu."""
    if action_id != MORE:
        return action_id, value
    try:
        chosen, *parts = unpack(value, 1)
    except BadButton:
        return action_id, value
    return chosen, pack(*parts)


def facts(*known: Fact) -> list[Part]:
    """Join what is known with dots between; what is empty is left out."""
    parts: list[Part] = []
    for each in known:
        if each:
            parts += [" · "] if parts else []
            parts += [each] if isinstance(each, str | Mapping) else each
    return parts


def _option(button: Block) -> Sequence[tuple[str, str]]:
    """Its label and value; nothing if Slack would not take the value."""
    try:
        value = pack(button["action_id"], *unpack(button["value"]), most=MAX_OPTION_VALUE)
    except TooLong:
        return ()
    return ((button["text"]["text"], value),)
