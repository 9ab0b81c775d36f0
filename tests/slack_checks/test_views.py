"""Every view, as the gallery shows it, is something Slack takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from bot.slack.modals import as_json, page
from handlers.core.replies import split
from sandbox.gallery import FORMS, HOMES, SAMPLES
from sandbox.slack import limits
from tests.slack_checks import models
from tests.slack_checks.declarations import Typed, blocks

PARTS = {
    f"{name} {number}": part
    for name, message in SAMPLES.items()
    for number, part in enumerate(split(message), 1)
}

WINDOWS = {name: as_json(form) for name, form in FORMS.items()} | {
    f"{name} in a window": as_json(page(message)) for name, message in SAMPLES.items()
}
"""Every form, and every message as a page of a modal: a button in one is answered there."""

TABS: Mapping[str, dict[str, Any]] = {
    name: {"type": "home", "blocks": [*home.blocks]} for name, home in HOMES.items()
}


@pytest.mark.node
def test_every_view_satisfies_slacks_declarations(
    slack_declarations: Callable[[Sequence[Typed]], list[str]],
) -> None:
    assert slack_declarations([blocks(n, p.blocks) for n, p in PARTS.items()]) == []


@pytest.mark.parametrize("name", PARTS)
def test_view_satisfies_slacks_models_and_limits(name: str) -> None:
    part = PARTS[name]

    assert models.complaints(name, part.blocks) == []
    assert limits.complaints({"text": part.text, "blocks": list(part.blocks)}) == []
    assert part.text


@pytest.mark.parametrize("name", WINDOWS)
def test_window_satisfies_slacks_models_and_limits(name: str) -> None:
    window = WINDOWS[name]

    assert models.complaints(name, window["blocks"]) == []
    assert limits.check_view(window) == []


@pytest.mark.node
def test_every_window_satisfies_slacks_declarations(
    slack_declarations: Callable[[Sequence[Typed]], list[str]],
) -> None:
    assert slack_declarations([Typed(n, "Modal", w) for n, w in WINDOWS.items()]) == []


@pytest.mark.parametrize("name", TABS)
def test_home_satisfies_slacks_models_and_limits(name: str) -> None:
    tab = TABS[name]

    assert models.complaints(name, tab["blocks"]) == []
    assert limits.check_view(tab) == []


@pytest.mark.node
def test_every_home_satisfies_slacks_declarations(
    slack_declarations: Callable[[Sequence[Typed]], list[str]],
) -> None:
    assert slack_declarations([Typed(n, "Home", tab) for n, tab in TABS.items()]) == []
