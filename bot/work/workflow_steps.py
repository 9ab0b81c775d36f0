"""End the runs of workflow steps whose share was made or answered, and report them to Slack."""

from __future__ import annotations

from datetime import timedelta

from bot.settings import Settings
from bot.slack import step_outcomes
from bot.wiring import Runtime
from bot.work.kinds import Kind, TableRows
from bot.work.regions import share_of
from handlers.workflows import steps
from storage import StepRun

FIRST_LOOK, LONGEST_LOOK = timedelta(seconds=5), timedelta(minutes=1)
"""Between two checks whether a run can end, if it is not made due before."""
SLOWER = 12
"""The pause is this part of a run's age."""


def _rows(runtime: Runtime) -> TableRows[StepRun]:
    """A workspace in which Slack hangs has its share of the hands, and no more."""
    settings = runtime.settings
    share = share_of(settings.due_hands, settings)
    return TableRows(runtime.store.step_runs.claims, timedelta(hours=1), share=share)


def do(runtime: Runtime, run: StepRun) -> None:
    """End a run if it can end, and report its outcome to Slack; otherwise look again later."""
    claims, now = runtime.store.step_runs.claims, runtime.clock()
    ended = run if run.ended_at else steps.look(run, runtime.services)
    if ended is None:
        pause = min(LONGEST_LOOK, max(FIRST_LOOK, (now - run.created_at) / SLOWER))
        claims.release(run, now + pause, attempts=0)
    elif again := step_outcomes.send(ended, runtime.workspaces, runtime.store):
        claims.release(ended, runtime.clock() + again)
    else:
        claims.finish(ended)


def _hands(settings: Settings) -> int:
    return settings.due_hands


WORKFLOW_STEPS = Kind(_rows, do, _hands, topics=frozenset({"step_runs"}))
