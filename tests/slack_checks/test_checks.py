"""The checks themselves can fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from slack_sdk.models.blocks import Block

from tests.slack_checks import models
from tests.slack_checks.declarations import Typed, blocks, record

GOOD = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}


@pytest.mark.node
def test_declarations_accept_what_slack_accepts_and_name_what_it_does_not(
    slack_declarations: Callable[[Sequence[Typed]], list[str]],
) -> None:
    typed = [
        blocks("good", [GOOD]),
        blocks("bad", [{**GOOD, "text": {"type": "markdown", "text": "hello"}}]),
        record({"kind": "request", "method": "chat.postMessage", "args": {"channel": "D1"}}),
    ]

    found = slack_declarations(typed)

    assert {line.split(":")[0] for line in found} == {"bad", "request chat.postMessage"}


def test_models_name_an_unknown_block_and_a_lost_field() -> None:
    found = models.complaints("view", [GOOD, {"type": "marquee"}, {**GOOD, "blink": "yes"}])

    assert found == [
        "view: /1: no block of type 'marquee'",
        "view: /2/blink: slack_sdk drops or changes this",
    ]


@pytest.mark.parametrize("kind", models.UNKNOWN)
def test_models_still_do_not_know_a_block_that_they_pass_over(kind: str) -> None:
    """When slack_sdk knows it, take it from `models.UNKNOWN`."""
    assert Block.parse({"type": kind}) is None
