"""Every view, as the gallery shows it, is something Slack takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from handlers.message import split
from sandbox.gallery import SAMPLES
from sandbox.slack import limits
from tests.slack_checks import models
from tests.slack_checks.declarations import Typed, blocks

PARTS = {
    f"{name} {number}": part
    for name, message in SAMPLES.items()
    for number, part in enumerate(split(message), 1)
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
