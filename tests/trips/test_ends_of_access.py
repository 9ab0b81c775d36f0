"""Who had accepted an image is notified once of its end, on the stand-in and on a real Glance."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from sandbox.demo import Demo
from sandbox.scene import CONSUMER_B, PRODUCER
from sandbox.slack import Message, SlackStandIn
from tests.trips.stages import Stage

pytestmark = pytest.mark.in_order


@pytest.fixture
def accepted(slack: SlackStandIn, stage: Stage) -> str:
    """Name of an image that Consumer B has accepted."""
    name = f"end-{uuid.uuid4().hex[:8]}"
    stage.image(name)
    question = slack.ask(PRODUCER, f"share {name} {stage.number(CONSUMER_B)}")
    slack.press(PRODUCER, question, "sharing.confirm")
    assert "accepted" in said(slack.ask(CONSUMER_B, f"accept {name}"))
    return name


def unshare(slack: SlackStandIn, stage: Stage, name: str) -> None:
    question = slack.ask(PRODUCER, f"unshare {name} {stage.number(CONSUMER_B)}")
    slack.press(PRODUCER, question, "sharing.unshare")


def delete(slack: SlackStandIn, stage: Stage, name: str) -> None:
    question = slack.ask(PRODUCER, f"delete {name}")
    slack.press(PRODUCER, question, "deletion.confirm")


def make_private(slack: SlackStandIn, stage: Stage, name: str) -> None:
    changed = slack.ask(PRODUCER, f"update {name} visibility=private")
    assert f"{stage.number(CONSUMER_B)}` can't boot it any more" in said(changed)


@pytest.mark.parametrize("end", [unshare, delete, make_private])
def test_the_end_of_access_is_told_once(
    demo: Demo,
    slack: SlackStandIn,
    stage: Stage,
    accepted: str,
    end: Callable[[SlackStandIn, Stage, str], None],
) -> None:
    end(slack, stage, accepted)
    for _ in range(2):
        demo.deliver()

    assert len(ends(slack, accepted)) == 1
    assert stage.number(PRODUCER) in said(slack.ask(CONSUMER_B, f"show {accepted}"))


def ends(slack: SlackStandIn, name: str) -> list[str]:
    """What Consumer B was told of it without asking."""
    told = [
        each for each in slack.messages(CONSUMER_B) if not each.ephemeral and name in said(each)
    ]
    return [said(each) for each in told if "no longer" in said(each)]


def said(message: Message) -> str:
    return f"{message.text} {message.blocks}"
