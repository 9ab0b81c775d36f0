"""Steps of Slack's Workflow Builder, from the event to what the workflow goes on with."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

from bot.wiring import Runtime
from bot.work import deliver, jobs
from handlers import Person
from handlers.workflows import steps
from handlers.workflows.steps import SHARE, WAIT
from sandbox.cloud import CloudStandIn
from sandbox.slack import TEAM_ID, Message, SlackStandIn
from sandbox.slack.refusals import MethodRefused
from storage import Account
from tests.bot.people import CONSUMER_A, CONSUMER_B, NUMBERS, PRODUCER
from tests.storage.fixtures import HandClock
from tests.waiting import until

Start = Callable[..., str]


@pytest.fixture
def golden(cloud: CloudStandIn, link: Callable[..., Account]) -> str:
    for person in (PRODUCER, CONSUMER_A, CONSUMER_B):
        link(person)
    return cloud.add_image(NUMBERS[PRODUCER], name="golden", region="DFW")


@pytest.fixture
def start(served: Runtime, slack: SlackStandIn) -> Start:
    """Run a step as the producer, and have the bot begin it."""

    def _start(step: str = SHARE, **inputs: str) -> str:
        given = {"person": PRODUCER, "image": "golden", "account": NUMBERS[CONSUMER_A], **inputs}
        run_id, ack = slack.run_step(step, given)
        assert (ack.status, ack.body) == (200, "")
        until(lambda: (run := served.store.step_runs.get(run_id)) and (run.image_id or run.error))
        return run_id

    return _start


def proposal(served: Runtime, slack: SlackStandIn, person: str = PRODUCER) -> Message:
    """What the person is asked, which nobody else sees."""
    deliver.run(served)
    return slack.wait_for(person, lambda m: "proposes to share" in m.text)


def outcome(served: Runtime, slack: SlackStandIn, run_id: str) -> Mapping[str, Any]:
    jobs.workflow_steps(served)
    found: Mapping[str, Any] = slack.workspace.step_outcomes.get(run_id, {})
    return found


def share(slack: SlackStandIn, asked: Message) -> None:
    """Review what is proposed, and share it."""
    version = slack.workspace.version
    slack.click(PRODUCER, asked, "accounts.run")
    question = slack.wait_for(
        PRODUCER, lambda m: "sharing.confirm" in str(m.blocks), newer_than=version
    )
    slack.press(PRODUCER, question, "sharing.confirm")


def test_a_step_shares_only_once_its_person_has_confirmed(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, golden: str, start: Start
) -> None:
    run_id = start(duration="7d", reason='for the "load" test')
    asked = proposal(served, slack)
    assert NUMBERS[CONSUMER_A] in str(asked.blocks)
    assert "7 days" in asked.text
    assert "for the 'load' test" in str(asked.blocks)
    assert (cloud.members(golden), outcome(served, slack, run_id)) == ({}, {})

    share(slack, asked)

    until(lambda: cloud.members(golden) == {NUMBERS[CONSUMER_A]: "pending"})
    outputs = outcome(served, slack, run_id)["outputs"]
    assert outputs["link"].startswith("https://slack.com/app_redirect?app=A")
    assert {**outputs, "link": ""} == {
        "status": "pending",
        "image": golden,
        "account": NUMBERS[CONSUMER_A],
        "link": "",
    }
    assert served.store.step_runs.get(run_id) is None


@pytest.mark.parametrize(
    "reason", ["it\u2019s \u201dload test", "a < b && c", "--for 1h", "`x` *y* for 2d"]
)
def test_the_reason_of_a_step_changes_nothing_else(
    served: Runtime,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    golden: str,
    start: Start,
    reason: str,
) -> None:
    start(reason=reason)
    share(slack, proposal(served, slack))

    until(lambda: cloud.members(golden) == {NUMBERS[CONSUMER_A]: "pending"})
    assert served.store.expiries.claims.next_due() is None


def test_a_secret_in_the_reason_ends_the_step(
    served: Runtime, slack: SlackStandIn, golden: str, start: Start
) -> None:
    run_id = start(reason="password=hunter2")

    ended = outcome(served, slack, run_id)

    assert "looks like a password or a key" in ended["error"]
    deliver.run(served)
    assert "hunter2" not in str(slack.messages(PRODUCER))


def test_a_workflow_waits_for_the_answer(
    served: Runtime,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    golden: str,
    start: Start,
    clock: HandClock,
) -> None:
    run_id = start()
    share(slack, proposal(served, slack))
    until(lambda: outcome(served, slack, run_id))
    waiting = start(WAIT, image=golden)
    assert outcome(served, slack, waiting) == {}

    jobs.look_everywhere(served)
    slack.ask(CONSUMER_A, "accept golden")
    clock.advance(minutes=10)
    jobs.shares(served)

    assert outcome(served, slack, waiting)["outputs"] == {
        "status": "accepted",
        "by": f"<@{CONSUMER_A}>",
        "image": golden,
        "account": NUMBERS[CONSUMER_A],
    }


def test_whoever_is_asked_may_decline(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, golden: str, start: Start
) -> None:
    run_id = start()

    said = slack.press(PRODUCER, proposal(served, slack), "workflows.decline")

    assert "Not shared" in said.text
    assert f"<@{PRODUCER}>" in outcome(served, slack, run_id)["error"]
    assert cloud.members(golden) == {}


def test_what_was_shared_is_not_said_to_be_declined(
    served: Runtime, slack: SlackStandIn, golden: str, start: Start
) -> None:
    run_id = start()
    asked = proposal(served, slack)
    share(slack, asked)
    until(lambda: outcome(served, slack, run_id))
    version = slack.workspace.version

    slack.click(PRODUCER, asked, "workflows.decline")

    said = slack.wait_for(PRODUCER, lambda m: "nothing to decline" in m.text, newer_than=version)
    assert said.ts != asked.ts


def test_what_was_shared_a_moment_ago_is_not_declined(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, golden: str, start: Start
) -> None:
    """No worker has seen yet that it was shared."""
    run_id = start()
    asked = proposal(served, slack)
    share(slack, asked)
    until(lambda: cloud.members(golden) == {NUMBERS[CONSUMER_A]: "pending"})
    until(lambda: served.store.shares.waiting(TEAM_ID, PRODUCER, served.clock(), served.clock()))

    slack.click(PRODUCER, asked, "workflows.decline")

    slack.wait_for(PRODUCER, lambda m: "nothing to decline" in m.text)
    assert outcome(served, slack, run_id)["outputs"]["status"] == "pending"


def test_whoever_declines_what_they_have_asked_for_is_told_of_the_request(
    served: Runtime, slack: SlackStandIn, golden: str, start: Start
) -> None:
    slack.ask(PRODUCER, "allow @consumer.b approver")
    slack.ask(PRODUCER, "policy share always")
    start()
    asked = proposal(served, slack)
    share(slack, asked)
    until(lambda: served.store.approvals.waiting(TEAM_ID))

    said = slack.press(PRODUCER, asked, "workflows.decline")

    assert "request for approval is still open" in said.text


def test_nobody_else_ends_a_step(
    served: Runtime, slack: SlackStandIn, golden: str, start: Start
) -> None:
    run_id = start()
    asked = proposal(served, slack)

    slack.click(CONSUMER_B, asked, "workflows.decline")

    assert outcome(served, slack, run_id) == {}


@pytest.mark.parametrize(
    ("inputs", "why"),
    [
        ({"image": "no-such-image"}, "no-such-image"),
        ({"account": "2200222 3300333"}, "not one account"),
        ({"account": "nobody-knows"}, "nobody-knows"),
        ({"account": " "}, "not one account"),
        ({"account": NUMBERS[PRODUCER]}, NUMBERS[PRODUCER]),
        ({"image": " "}, "image"),
        ({"duration": "soon"}, "soon"),
        ({"reason": "why " * 60}, "200"),
        ({"person": CONSUMER_A}, "golden"),
    ],
    ids=lambda given: str(given)[:40],
)
def test_what_a_step_cannot_do_fails_it_with_words(
    served: Runtime,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    golden: str,
    start: Start,
    inputs: Mapping[str, str],
    why: str,
) -> None:
    run_id = start(**inputs)

    assert why in outcome(served, slack, run_id)["error"]
    assert cloud.members(golden) == {}


def test_a_failure_names_no_other_image_to_those_who_manage_the_workflow(
    served: Runtime, slack: SlackStandIn, golden: str, start: Start
) -> None:
    error = outcome(served, slack, start(image="goldem"))["error"]

    assert "goldem" in error
    assert "golden" not in error


def test_somebody_without_an_account_is_told_to_link_one(
    served: Runtime, slack: SlackStandIn, start: Start
) -> None:
    assert "not linked a cloud account" in outcome(served, slack, start())["error"]


def test_a_step_that_slack_tells_of_twice_runs_once(
    served: Runtime, slack: SlackStandIn, golden: str, start: Start
) -> None:
    start()
    [event] = [c["body"] for c in slack.calls if c["kind"] == "event" and "function" in str(c)]

    slack.sender.event(event, slack.workspace.version)

    proposal(served, slack)
    deliver.run(served)
    assert len([m for m in slack.messages(PRODUCER) if "proposes to share" in m.text]) == 1


def test_a_step_that_slack_tells_of_again_after_its_end_does_not_begin_anew(
    served: Runtime, slack: SlackStandIn, golden: str, start: Start
) -> None:
    run_id = start()
    [event] = [c["body"] for c in slack.calls if c["kind"] == "event" and "function" in str(c)]
    slack.press(PRODUCER, proposal(served, slack), "workflows.decline")
    until(lambda: outcome(served, slack, run_id))

    slack.sender.event(event, slack.workspace.version)
    slack.ask(PRODUCER, "help")

    assert served.store.step_runs.get(run_id) is None


def test_what_is_shared_already_goes_on_at_once(
    served: Runtime, slack: SlackStandIn, golden: str, start: Start
) -> None:
    first = start()
    share(slack, proposal(served, slack))
    until(lambda: outcome(served, slack, first))

    assert outcome(served, slack, start())["outputs"]["status"] == "pending"


def test_what_was_shared_without_the_bot_goes_on_at_once(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, golden: str, start: Start
) -> None:
    """The person could not share it once more, so nobody could have ended the step."""
    cloud.add_member(golden, NUMBERS[CONSUMER_A])

    assert outcome(served, slack, start())["outputs"]["status"] == "pending"


def test_a_share_that_is_gone_is_not_taken_for_one(
    served: Runtime,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    golden: str,
    start: Start,
    clock: HandClock,
) -> None:
    """The cloud says who is a member, not what was noted once."""
    first = start()
    share(slack, proposal(served, slack))
    until(lambda: outcome(served, slack, first))
    cloud.remove_member(golden, NUMBERS[CONSUMER_A])
    clock.advance(seconds=1)

    assert outcome(served, slack, start()) == {}


def test_an_answer_that_nobody_gave_mentions_nobody(
    served: Runtime, slack: SlackStandIn, golden: str, start: Start, clock: HandClock
) -> None:
    first = start()
    share(slack, proposal(served, slack))
    until(lambda: outcome(served, slack, first))
    waiting = start(WAIT, image=golden)
    jobs.look_everywhere(served)
    [link] = served.store.accounts.of(TEAM_ID, CONSUMER_A)
    served.store.trusted.put(link.key, NUMBERS[PRODUCER], link.id, CONSUMER_A)

    clock.advance(minutes=20)
    jobs.look_everywhere(served)
    clock.advance(minutes=10)
    jobs.shares(served)

    outputs = outcome(served, slack, waiting)["outputs"]
    assert (outputs["status"], outputs["by"]) == ("accepted", "")


def test_a_consumer_does_not_learn_what_another_one_has_answered(
    served: Runtime, slack: SlackStandIn, golden: str, start: Start
) -> None:
    for each in (CONSUMER_A, CONSUMER_B):
        first = start(account=NUMBERS[each])
        share(slack, proposal(served, slack))
        until(partial(outcome, served, slack, first))
    slack.ask(CONSUMER_B, "accept golden")

    theirs = start(WAIT, person=CONSUMER_A, image=golden, account=NUMBERS[CONSUMER_B])

    assert "Only its owner" in outcome(served, slack, theirs)["error"]


def test_a_step_of_an_account_that_was_unlinked_says_so(
    served: Runtime, slack: SlackStandIn, golden: str, start: Start
) -> None:
    run_id = start()
    [link] = served.store.accounts.of(TEAM_ID, PRODUCER)

    served.store.accounts.unlink(link.id)

    assert "no longer linked" in outcome(served, slack, run_id)["error"]


def test_a_policy_holds_for_a_step_as_for_the_command(
    served: Runtime,
    slack: SlackStandIn,
    cloud: CloudStandIn,
    golden: str,
    start: Start,
) -> None:
    slack.ask(PRODUCER, "allow @consumer.b approver")
    slack.ask(PRODUCER, "policy share always")
    run_id = start()
    share(slack, proposal(served, slack))
    assert (cloud.members(golden), outcome(served, slack, run_id)) == ({}, {})

    [request] = served.store.approvals.waiting(TEAM_ID)
    slack.ask(CONSUMER_B, f"deny {request.id}")

    assert "not approved" in outcome(served, slack, run_id)["error"]


def test_a_step_whose_approved_share_fails_ends_at_once(
    served: Runtime, slack: SlackStandIn, cloud: CloudStandIn, golden: str, start: Start
) -> None:
    slack.ask(PRODUCER, "allow @consumer.b approver")
    slack.ask(PRODUCER, "policy share always")
    run_id = start()
    share(slack, proposal(served, slack))
    [request] = served.store.approvals.waiting(TEAM_ID)
    cloud.delete_image(golden)

    slack.ask(CONSUMER_B, f"approve {request.id}")
    jobs.approvals(served)

    assert "approved, but sharing failed" in outcome(served, slack, run_id)["error"]


def test_a_step_of_a_person_who_is_forgotten_fails_at_slack(
    served: Runtime, slack: SlackStandIn, golden: str, start: Start
) -> None:
    run_id = start()

    served.store.forget(TEAM_ID, PRODUCER)

    assert "deleted the data" in outcome(served, slack, run_id)["error"]
    assert served.store.step_runs.get(run_id) is None


def test_a_step_without_an_end_fails_in_time(
    served: Runtime, slack: SlackStandIn, golden: str, start: Start, clock: HandClock
) -> None:
    run_id = start()
    clock.advance(days=7, minutes=1)

    assert "7 days" in outcome(served, slack, run_id)["error"]


def test_a_step_whose_process_died_ends(
    served: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    run_id = "Fx1"
    slack.workspace.step_runs[run_id] = SHARE
    served.store.step_runs.begin(run_id, SHARE, TEAM_ID, PRODUCER, "")
    assert outcome(served, slack, run_id) == {}

    clock.advance(minutes=6)

    assert "interrupted" in outcome(served, slack, run_id)["error"]


def test_a_step_waits_for_nobody_who_was_not_asked(
    runtime: Runtime, slack: SlackStandIn, golden: str, clock: HandClock
) -> None:
    """Its process dies, or the database goes away, before the question is on its way."""
    slack.workspace.step_runs["Fx1"] = SHARE
    inputs = {"image": "golden", "account": NUMBERS[CONSUMER_A]}
    runtime.store._db.execute("alter table outbox rename to gone")
    with pytest.raises(sqlite3.OperationalError):
        steps.begin(
            steps.Start("Fx1", SHARE, Person(TEAM_ID, PRODUCER), inputs, ""), runtime.services
        )
    runtime.store._db.execute("alter table gone rename to outbox")

    clock.advance(minutes=6)

    assert "interrupted" in outcome(runtime, slack, "Fx1")["error"]


def test_there_is_nothing_to_wait_for_where_nothing_was_shared(
    served: Runtime, slack: SlackStandIn, golden: str, start: Start
) -> None:
    run_id = start(WAIT)

    assert "was not shared" in outcome(served, slack, run_id)["error"]


def test_an_outcome_that_slack_does_not_take_is_sent_again(
    served: Runtime, slack: SlackStandIn, golden: str, start: Start, clock: HandClock
) -> None:
    run_id = start(WAIT)
    slack.fail_next("functions.completeError", "internal_error")

    assert outcome(served, slack, run_id) == {}
    assert outcome(served, slack, run_id) == {}
    clock.advance(seconds=61)

    assert outcome(served, slack, run_id)


def test_the_stand_in_refuses_what_slack_refuses(slack: SlackStandIn) -> None:
    with pytest.raises(MethodRefused, match="function_not_found"):
        slack.run_step("no_such_step", {})
    with pytest.raises(MethodRefused, match="parameter_validation_failed"):
        slack.run_step(SHARE, {"person": PRODUCER})
