"""Runs of workflow steps are work like all other: by lanes, later and later, and told once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import pytest

from bot.settings import Settings
from bot.slack import step_outcomes
from bot.wiring import Runtime
from bot.work import jobs, workflow_steps
from bot.work.engine import Engine
from bot.work.workflow_steps import WORKFLOW_STEPS
from handlers.workflows.steps import SHARE
from sandbox.slack import TEAM_ID, Loss, SlackStandIn
from storage import LEASE, Account
from tests.bot import expiring, killed
from tests.bot.people import PRODUCER
from tests.storage.fixtures import HandClock
from tests.waiting import until

OUTPUTS = {"status": "pending", "image": "i1", "account": "777", "link": "https://example.com"}


def end(runtime: Runtime, slack: SlackStandIn, run_id: str, team_id: str = TEAM_ID) -> None:
    """A run that has ended: it has outputs in our workspace, and an error in others."""
    slack.workspace.step_runs[run_id] = SHARE
    runtime.store.step_runs.begin(run_id, SHARE, team_id, PRODUCER, "")
    outputs = OUTPUTS if team_id == TEAM_ID else None
    assert runtime.store.step_runs.end(run_id, outputs, "" if outputs else "nobody confirmed")


@pytest.fixture
def patient(environ: Mapping[str, str], clock: HandClock) -> Iterator[Runtime]:
    """A process that waits for Slack for as long as this test."""
    more = {"SLACK_TIMEOUT_S": "1000", "DUE_HANDS": "4"}
    runtime = Runtime.build(Settings.from_env({**environ, **more}), clock=clock)
    yield runtime
    runtime.close()


def test_a_workspace_in_which_slack_hangs_holds_up_no_other(
    runtime: Runtime, patient: Runtime, slack: SlackStandIn
) -> None:
    for n in range(6):
        end(runtime, slack, f"FxOurs{n}")
    slack.lose_next("functions.completeSuccess", Loss.SILENCE, 1000)
    engine = Engine(patient, {"workflow_steps": WORKFLOW_STEPS})
    engine.start()
    until(lambda: runtime.store.step_runs.claims.under_way() == 2, "nobody tells Slack")

    for n in range(6):
        end(runtime, slack, f"FxTheirs{n}", "T0OTHER")
    until(
        lambda: not any(runtime.store.step_runs.get(f"FxTheirs{n}") for n in range(6)),
        "they wait for another workspace",
    )

    assert runtime.store.step_runs.claims.under_way() == 2
    engine.close()


def test_killed_while_it_tells_slack_it_is_told_once(
    runtime: Runtime, environ: Mapping[str, str], slack: SlackStandIn, clock: HandClock
) -> None:
    """The next process tells it again: Slack knows that the step is over, and says so."""
    end(runtime, slack, "Fx1")
    slack.lose_next("functions.completeSuccess", Loss.SILENCE)
    environ = {**environ, "SLACK_TIMEOUT_S": "1000"}
    victim = expiring.begin(environ, clock(), job="workflow_steps")
    until(lambda: "Fx1" in slack.workspace.step_outcomes, "it does not tell Slack")
    killed.kill(victim)

    jobs.workflow_steps(runtime)
    too_early = runtime.store.step_runs.get("Fx1")
    clock.advance(seconds=LEASE.total_seconds() + 1)
    jobs.workflow_steps(runtime)

    assert too_early
    assert runtime.store.step_runs.get("Fx1") is None
    assert slack.workspace.step_outcomes == {"Fx1": {"outputs": OUTPUTS}}


def test_a_run_that_waits_is_looked_at_ever_more_seldom(
    runtime: Runtime, link: Callable[..., Account], clock: HandClock
) -> None:
    account = link(PRODUCER)
    runtime.store.step_runs.begin("Fx1", SHARE, TEAM_ID, PRODUCER, "")
    image = {"region": "DFW", "image_id": "i1", "image_name": "web"}
    runtime.store.step_runs.wait_for(
        "Fx1", account_id=account.id, cloud=account.cloud, number="777", **image
    )
    pauses = []

    for _ in range(3):
        jobs.workflow_steps(runtime)
        run = runtime.store.step_runs.get("Fx1")
        assert run
        pauses.append(run.due_at - clock())
        clock.advance(minutes=6)

    assert pauses == [timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=1)]


def test_slack_is_asked_again_later_and_later_or_when_it_says(
    runtime: Runtime, slack: SlackStandIn, clock: HandClock
) -> None:
    end(runtime, slack, "Fx1")
    pauses = []

    for error in ["internal_error"] * 5 + ["ratelimited"]:
        slack.fail_next("functions.completeSuccess", error)
        jobs.workflow_steps(runtime)
        run = runtime.store.step_runs.get("Fx1")
        assert run
        pauses.append((run.due_at - clock()).total_seconds())
        clock.now = run.due_at

    assert pauses[:5] == [5, 10, 20, 40, 60]
    assert 1 <= pauses[5] <= step_outcomes.LONGEST_REST_S
    assert workflow_steps.LONGEST_LOOK == step_outcomes.LONGEST_PAUSE
