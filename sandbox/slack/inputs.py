"""Slack's rules for what people fill in: text, numbers, addresses, menus, boxes."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from sandbox.slack import block_kit as limit
from sandbox.slack.check import Check, Json

Look = Callable[[Check, Json, str], None]


def choice(least: int, most: int, *, plain: bool = False) -> Look:
    """Looks at a list of options; *plain* for those that take no markup."""

    def look(check: Check, element: Json, pointer: str) -> None:
        options = check.items(element, "options", pointer, least, most)
        for i, each in enumerate(options):
            option(check, each, f"{pointer}/options/{i}", plain=plain)
        chosen = element.get("initial_options") or [element.get("initial_option")]
        if any(each and each not in options for each in chosen):
            check.wrong(pointer, "initial option must be one of options")

    return look


def option(check: Check, each: Json, pointer: str, *, plain: bool) -> None:
    check.only(each, pointer, frozenset({"text", "value", "description", "url"}))
    check.text(each, "text", pointer, limit.OPTION_TEXT_MAX_LENGTH, plain=plain, required=True)
    check.string(each, "value", pointer, limit.OPTION_VALUE_MAX_LENGTH, needed=True)
    check.text(each, "description", pointer, limit.OPTION_DESCRIPTION_MAX_LENGTH, plain=plain)


def select(check: Check, element: Json, pointer: str) -> None:
    _menu(check, element, pointer, frozenset({"options", "option_groups"}))
    _listed(check, element, pointer, least=limit.SELECT_OPTIONS_MIN_ITEMS)


def external_select(check: Check, element: Json, pointer: str) -> None:
    _menu(check, element, pointer, frozenset({"min_query_length"}))
    least = element.get("min_query_length", 0)
    if not isinstance(least, int) or least < limit.SELECT_MIN_QUERY_LENGTH_MIN:
        check.wrong(f"{pointer}/min_query_length", "must be a whole number of 0 or more")
    for key in ("initial_option", "initial_options"):
        given = element.get(key) or []
        for i, each in enumerate(given if isinstance(given, list) else [given]):
            option(check, each, f"{pointer}/{key}/{i}", plain=True)


def conversations(check: Check, element: Json, pointer: str) -> None:
    """A menu of Slack's own: the app says which kinds it lists."""
    own = {"default_to_current_conversation", "filter"}
    _own_menu(check, element, pointer, "conversation", own | {"response_url_enabled"})
    chosen = element.get("filter", {"include": ["public"]})
    check.only(chosen, f"{pointer}/filter", _FILTER)
    kinds = chosen.get("include", ["public"])
    if not kinds or not set(kinds) <= {"im", "mpim", "private", "public"}:
        check.wrong(f"{pointer}/filter/include", "must be of im, mpim, private, public")


def users(check: Check, element: Json, pointer: str) -> None:
    """A menu of the people of the workspace."""
    _own_menu(check, element, pointer, "user", set())


def date(check: Check, element: Json, pointer: str) -> None:
    check.only(element, pointer, _SHARED | {"initial_date", "confirm"})
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", element.get("initial_date", "2026-01-01")):
        check.wrong(f"{pointer}/initial_date", "must be YYYY-MM-DD")


def suggested(check: Check, answer: Json) -> None:
    """An app's answer to what was typed into a menu: no options are an answer too."""
    if "options" not in answer and "option_groups" not in answer:
        check.wrong("", "missing required field: options")
    else:
        _listed(check, answer, "", least=0)


def plain_text_input(check: Check, element: Json, pointer: str) -> None:
    keys = {"initial_value", "multiline", "min_length", "max_length"}
    _typed(check, element, pointer, frozenset(keys))
    for key, least, most in (
        (
            "min_length",
            limit.PLAIN_TEXT_INPUT_MIN_LENGTH_MIN,
            limit.PLAIN_TEXT_INPUT_MIN_LENGTH_MAX,
        ),
        (
            "max_length",
            limit.PLAIN_TEXT_INPUT_MAX_LENGTH_MIN,
            limit.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX,
        ),
    ):
        if not least <= element.get(key, least) <= most:
            check.wrong(f"{pointer}/{key}", f"must be at least {least} and at most {most}")
    longest = element.get("max_length", limit.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX)
    check.string(element, "initial_value", pointer, longest)


def number_input(check: Check, element: Json, pointer: str) -> None:
    bounds = ("min_value", "max_value", "initial_value")
    _typed(check, element, pointer, frozenset({"is_decimal_allowed", *bounds}))
    if not isinstance(element.get("is_decimal_allowed"), bool):
        check.wrong(pointer, "missing required field: is_decimal_allowed")
    numbers = {key: number(element[key]) for key in bounds if key in element}
    for key, value in numbers.items():
        if value is None:
            check.wrong(f"{pointer}/{key}", "must be a number in a string")
    least, most = numbers.get("min_value"), numbers.get("max_value")
    if least is not None and most is not None and least > most:
        check.wrong(f"{pointer}/min_value", "must be at most max_value")


def address_input(check: Check, element: Json, pointer: str) -> None:
    """A `url_text_input` or an `email_text_input`."""
    _typed(check, element, pointer, frozenset({"initial_value"}))
    check.string(element, "initial_value", pointer, limit.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX)


def number(text: object) -> Decimal | None:
    """Return the number in a string, as Slack sends and takes numbers."""
    if not isinstance(text, str):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _listed(check: Check, of: Json, pointer: str, *, least: int) -> None:
    if "option_groups" not in of:
        choice(least, limit.SELECT_OPTIONS_MAX_ITEMS, plain=True)(check, of, pointer)
        return
    if "options" in of:
        check.wrong(pointer, "must define exactly one of `options` and `option_groups`")
    most = limit.SELECT_OPTION_GROUPS_MAX_ITEMS
    look = choice(1, limit.OPTION_GROUP_OPTIONS_MAX_ITEMS, plain=True)
    for i, group in enumerate(check.items(of, "option_groups", pointer, least, most)):
        inner = f"{pointer}/option_groups/{i}"
        longest = limit.OPTION_GROUP_LABEL_MAX_LENGTH
        check.text(group, "label", inner, longest, plain=True, required=True)
        look(check, group, inner)


def _menu(check: Check, element: Json, pointer: str, own: frozenset[str]) -> None:
    several = str(element["type"]).startswith("multi_")
    one = {"initial_options", "max_selected_items"} if several else {"initial_option"}
    check.only(element, pointer, own | one | _SHARED | {"confirm"})
    if element.get("max_selected_items", 1) < limit.MULTI_SELECT_MAX_SELECTED_ITEMS_MIN:
        check.wrong(f"{pointer}/max_selected_items", "must be at least 1")


def _own_menu(check: Check, element: Json, pointer: str, of: str, own: set[str]) -> None:
    """Of Slack's own ids; one may be chosen, or several."""
    several = str(element["type"]).startswith("multi_")
    initial = f"initial_{of}s" if several else f"initial_{of}"
    if several:
        own = own - {"response_url_enabled"} | {"max_selected_items"}
    check.only(element, pointer, _SHARED | own | {"confirm", initial})
    given = element.get(initial, [] if several else "")
    for each in given if several else [given]:
        check.string({initial: each}, initial, pointer, limit.OPTION_VALUE_MAX_LENGTH)


def _typed(check: Check, element: Json, pointer: str, own: frozenset[str]) -> None:
    check.only(element, pointer, own | _SHARED | {"dispatch_action_config"})


_FILTER = frozenset({"include", "exclude_external_shared_channels", "exclude_bot_users"})
_SHARED = frozenset({"type", "action_id", "placeholder", "focus_on_load"})
