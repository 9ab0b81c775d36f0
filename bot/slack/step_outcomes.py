"""Tells Slack what steps of workflows have come to."""

from __future__ import annotations

import logging
from datetime import timedelta

from bot.slack.refusals import Fault, SlackRefusal
from bot.slack.workspaces import Workspaces
from storage import StepRun, Store

log = logging.getLogger(__name__)

OVER = {
    "execution_not_in_running_state",
    "function_execution_not_found",
    "parameter_validation_failed",
}
"""With these no later attempt changes anything. Source: functions.completeSuccess's own page."""
AGAIN = timedelta(minutes=1)
GIVE_UP = timedelta(days=1)


def send(run: StepRun, workspaces: Workspaces, store: Store) -> None:
    """
    Complete a run of a step, or fail it, as the bot of its workspace.

    To complete one twice does no harm: Slack then says that it is not running.
    """
    try:
        client = workspaces.client(run.team_id)
        if run.outputs is not None:
            client.functions_completeSuccess(
                function_execution_id=run.id, outputs=dict(run.outputs)
            )
        else:
            client.functions_completeError(function_execution_id=run.id, error=run.error)
    except SlackRefusal as refused:
        log.warning("the outcome of step %s was not taken: %s", run.id, refused.error)
        if not _is_over(run, refused, store):
            store.step_runs.put_off(run.id, AGAIN)
            return
    store.step_runs.forget(run.id)


def _is_over(run: StepRun, refused: SlackRefusal, store: Store) -> bool:
    tried_for = store.step_runs.since_end(run)
    return refused.error in OVER or refused.fault is Fault.MESSAGE or tried_for > GIVE_UP
