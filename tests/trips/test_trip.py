"""
The main job, end to end: the whole bot over signed HTTP, on the stand-in and on a real Glance.

A producer shares an image, the scheduler tells the consumer, who accepts with a button, and
the image is in the consumer's list.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from handlers import Message
from sandbox.demo import Demo
from sandbox.gallery import aloud
from sandbox.scene import CONSUMER_A, CONSUMER_B, PRODUCER
from sandbox.slack import Message as Shown
from sandbox.slack import SlackStandIn
from tests.trips.stages import Stage

pytestmark = pytest.mark.in_order


@pytest.fixture
def name() -> str:
    """An image name that nothing else has."""
    return f"trip-{uuid.uuid4().hex[:8]}"


def test_shared_told_accepted_listed_and_unshared(
    demo: Demo, slack: SlackStandIn, stage: Stage, name: str
) -> None:
    consumer = stage.number(CONSUMER_B)
    stage.image(name)

    card = slack.ask(PRODUCER, f"share {name} {consumer}")
    question = card.blocks[0]["elements"][0]["elements"]
    assert [part["text"] for part in question if part.get("style", {}).get("code")] == [consumer]
    shared = slack.press(PRODUCER, card, "sharing.confirm")
    assert f"Shared `{name}`" in said(shared)

    before = slack.workspace.version
    demo.deliver()
    digest = slack.wait_for(CONSUMER_B, lambda m: name in said(m), newer_than=before)
    assert not digest.ephemeral
    assert name not in "".join(said(m) for m in slack.messages(CONSUMER_A))

    answered = press_card(slack, CONSUMER_B, digest, name, "invitations.accept")
    assert answered.ts == digest.ts
    assert f"<@{CONSUMER_B}>" in said(answered)
    assert "accepted" in said(answered).lower()

    assert name in said(slack.ask(CONSUMER_B, f"list {name} --shared"))
    assert "accepted" in said(slack.ask(PRODUCER, f"members {name}")).lower()

    question = slack.ask(PRODUCER, f"unshare {name} {consumer}")
    slack.press(PRODUCER, question, "sharing.unshare")
    assert name not in said(slack.ask(CONSUMER_B, "list --shared"))


def test_a_rejected_image_stays_out_of_the_list_until_it_is_accepted_after_all(
    slack: SlackStandIn, stage: Stage, name: str
) -> None:
    stage.image(name)
    share(slack, stage, name, CONSUMER_A)

    rejected = slack.ask(CONSUMER_A, f"reject {name}")
    assert "rejected" in said(rejected).lower()
    assert name not in said(slack.ask(CONSUMER_A, "list --shared"))

    slack.ask(CONSUMER_A, f"accept {name}")
    assert name in said(slack.ask(CONSUMER_A, "list --shared"))


def test_a_person_who_is_mentioned_is_told_at_once_and_accepts(
    slack: SlackStandIn, stage: Stage, name: str
) -> None:
    """As people type it: Slack makes a mention of the handle."""
    stage.image(name)
    handle = slack.person(CONSUMER_B).handle
    before = slack.workspace.version

    card = slack.ask(PRODUCER, f'share {name} @{handle} for 2w because "R&D <asks>"')
    shared = slack.press(PRODUCER, card, "sharing.confirm")
    told = slack.wait_for(CONSUMER_B, lambda m: name in said(m), 30, newer_than=before)
    slack.press(CONSUMER_B, told, "invitations.accept")

    assert f"<@{CONSUMER_B}> can accept or reject it now." in said(shared)
    assert f"<@{PRODUCER}> has shared `{name}`" in said(told)
    assert "Because: `R&amp;D &lt;asks&gt;`." in said(told)
    assert "accepted" in said(slack.ask(PRODUCER, f"members {name}"))
    assert name in said(slack.ask(CONSUMER_B, f"list {name} --shared"))


def test_sharing_twice_tells_since_when_and_undo_takes_it_back(
    slack: SlackStandIn, stage: Stage, name: str
) -> None:
    stage.image(name)
    done = share(slack, stage, name, CONSUMER_A)

    again = slack.ask(PRODUCER, f"share {name} {stage.number(CONSUMER_A)}")
    assert "already shared" in said(again)
    assert "pending since" in said(again)

    undone = slack.press(PRODUCER, done, "sharing.undo")
    assert "no longer" in said(undone).lower()
    assert stage.number(CONSUMER_A) not in said(slack.ask(PRODUCER, f"members {name}"))


def test_foreign_image_is_refused(slack: SlackStandIn, stage: Stage, name: str) -> None:
    stage.image(name)
    share(slack, stage, name, CONSUMER_A)

    refused = slack.ask(CONSUMER_A, f"share {name} {stage.number(CONSUMER_B)}")

    assert "belongs to" in said(refused)


def test_private_image_is_refused(slack: SlackStandIn, stage: Stage, name: str) -> None:
    stage.image(name, visibility="private")

    refused = slack.ask(PRODUCER, f"share {name} {stage.number(CONSUMER_A)}")

    assert "is private" in said(refused)


def test_unknown_id_is_refused(slack: SlackStandIn) -> None:
    refused = slack.ask(PRODUCER, f"show {uuid.uuid4()}")

    assert "No image" in said(refused)


def test_an_expired_token_is_renewed_without_a_word(
    slack: SlackStandIn, stage: Stage, name: str
) -> None:
    stage.image(name)
    slack.ask(PRODUCER, "list")

    stage.end_tokens(PRODUCER)

    assert name in said(slack.ask(PRODUCER, f"list {name}"))


def test_credentials_that_no_longer_work_are_said_to_be_so(
    slack: SlackStandIn, stage: Stage
) -> None:
    with stage.locked_out(CONSUMER_A):
        refused = slack.ask(CONSUMER_A, "list")

    assert "link" in said(refused)
    assert "`/images link`" in said(slack.ask(CONSUMER_A, "help all"))


@pytest.mark.node
def test_slack_would_take_all_that_was_said(
    slack: SlackStandIn, slack_accepts: Callable[[Sequence[Mapping[str, Any]]], None]
) -> None:
    """Runs last in this file: all traffic of the trips, in both directions."""
    slack_accepts(slack.calls)


def share(slack: SlackStandIn, stage: Stage, name: str, with_: str) -> Shown:
    card = slack.ask(PRODUCER, f"share {name} {stage.number(with_)}")
    return slack.press(PRODUCER, card, "sharing.confirm")


def press_card(slack: SlackStandIn, who: str, shown: Shown, name: str, action_id: str) -> Shown:
    """Press the button of the card that names this image, among several."""
    above = ""
    for block in shown.blocks:
        if block["type"] in ("section", "rich_text"):
            above = str(block)
        for element in block.get("elements", ()):
            if element.get("action_id") == action_id and name in above:
                ack = slack.send_click(who, shown, {**element, "block_id": block["block_id"]})
                return slack.wait_for(who, newer_than=ack.version)
    raise LookupError(name)


def said(shown: Shown) -> str:
    """All that a person reads in a message."""
    return "\n".join(aloud(Message(shown.text, shown.blocks)))
