"""A workflow shares an image and waits for the answer, on the stand-in and on a real Glance."""

from __future__ import annotations

import uuid

import pytest

from handlers.workflows.steps import SHARE, WAIT
from sandbox.scene import CONSUMER_B, PRODUCER
from sandbox.slack import SlackStandIn
from tests.trips.stages import Stage
from tests.waiting import until

pytestmark = pytest.mark.in_order


def test_a_workflow_shares_an_image_and_goes_on_once_it_is_accepted(
    slack: SlackStandIn, stage: Stage
) -> None:
    name = f"flow-{uuid.uuid4().hex[:8]}"
    image_id, consumer = stage.image(name), stage.number(CONSUMER_B)
    inputs = {"person": PRODUCER, "image": name, "account": consumer}
    outcomes = slack.workspace.step_outcomes

    shares, _ = slack.run_step(SHARE, {**inputs, "reason": "load test"})
    proposal = slack.wait_for(PRODUCER, lambda m: "proposes to share" in m.text and name in m.text)
    version = slack.workspace.version
    slack.click(PRODUCER, proposal, "accounts.run")
    question = slack.wait_for(
        PRODUCER, lambda m: "sharing.confirm" in str(m.blocks), newer_than=version
    )
    slack.press(PRODUCER, question, "sharing.confirm")
    shared = until(lambda: outcomes.get(shares))["outputs"]

    waits, _ = slack.run_step(WAIT, inputs)
    slack.ask(CONSUMER_B, f"accept {name}")
    answered = until(lambda: outcomes.get(waits))["outputs"]

    assert (shared["status"], shared["image"]) == ("pending", image_id)
    assert (answered["status"], answered["by"]) == ("accepted", f"<@{CONSUMER_B}>")
