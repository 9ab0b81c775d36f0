"""Report the outcomes of workflow steps to Slack."""

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
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=1)
LONGEST_REST_S = 900.0
GIVE_UP = timedelta(days=1)


def send(run: StepRun, workspaces: Workspaces, store: Store) -> timedelta | None:
    """
    Complete a run of a step that has ended, or fail it, as the bot of its workspace.

    To complete one twice does no harm: Slack then says that it is not running. So it is done again
    where nobody knows whether it was done.

    Returns:
        After which time to send it again; None if Slack has it, or never takes it.
    """
    try:
        _tell(run, workspaces)
    except SlackRefusal as refused:
        log.warning("the outcome of step %s was not taken: %s", run.id, refused.error)
        return None if _is_over(run, refused, store) else _pause(run, refused)
    return None


def _tell(run: StepRun, workspaces: Workspaces) -> None:
    client, run_id = workspaces.client(run.team_id), run.id
    if run.outputs is not None:
        outputs = dict(run.outputs)
        client.functions_completeSuccess(function_execution_id=run_id, outputs=outputs)
    else:
        client.functions_completeError(function_execution_id=run_id, error=run.error)


def _pause(run: StepRun, refused: SlackRefusal) -> timedelta:
    """Longer each time, or as long as Slack asks."""
    if refused.retry_after_s is not None:
        return timedelta(seconds=min(max(1.0, refused.retry_after_s), LONGEST_REST_S))
    doubled: timedelta = FIRST_PAUSE * 2 ** min(run.attempts - 1, 10)
    return min(LONGEST_PAUSE, doubled)


def _is_over(run: StepRun, refused: SlackRefusal, store: Store) -> bool:
    tried_for = store.step_runs.since_end(run)
    return refused.error in OVER or refused.fault is Fault.MESSAGE or tried_for > GIVE_UP
