"""Run a claimed transfer's steps until one has to wait."""

from __future__ import annotations

import logging
from datetime import timedelta

from bot.wiring import Runtime
from bot.work.transfers import finish
from bot.work.transfers.attempt import Attempt, Failed, Stopped, Wait
from bot.work.transfers.handle_error import handle_error
from bot.work.transfers.steps import steps_of
from cloud import reference
from handlers.transfers import transfers
from storage import Transfer
from storage.errors import LostClaim, StorageError

log = logging.getLogger(__name__)

FIRST_LOOK_S, LONGEST_LOOK_S = 30.0, 300.0
"""Pause between two polls: it grows by BACKOFF, so that hours cost few requests."""
BACKOFF = 1.3
STUCK_AFTER, GIVE_UP_AFTER = timedelta(hours=6), timedelta(days=3)
"""Time in one step after which people are told that nothing happens, and until it is given up."""


def advance(runtime: Runtime, transfer: Transfer) -> None:
    """
    Run one attempt at a claimed transfer. Raises nothing: errors end in the transfer or the log.

    A lost claim or a database that does not answer ends the attempt where it is. Every step may
    be begun again.
    """
    reference.begin(transfer.reference)
    attempt = Attempt(runtime, transfer)
    try:
        _advance(attempt)
    except LostClaim:
        log.warning("transfer %s: another process has claimed it", transfer.id)
    except StorageError as error:
        log.warning("transfer %s: %s", transfer.id, error)
    except Exception:
        log.exception("transfer %s broke", transfer.id)


def _advance(attempt: Attempt) -> None:
    try:
        attempt.raise_if_stopping()
        attempt.renew_claim()
        if finish.is_failing(attempt):
            finish.fail(attempt)
        elif attempt.transfer.stopped_by:
            finish.stop(attempt)
        else:
            _run_steps(attempt)
    except Stopped:
        attempts = attempt.transfer.attempts - 1
        attempt.save(due_at=attempt.runtime.clock(), attempts=attempts, release=True)
    except (LostClaim, StorageError):
        raise
    except Exception as error:  # noqa: BLE001 - told, and logged if it has no name
        handle_error(attempt, error)


def _run_steps(attempt: Attempt) -> None:
    """Run step after step, until one has to wait or none is left."""
    steps = steps_of(attempt)
    names = [*steps, ""]
    if not attempt.transfer.step:
        _start_step(attempt, names[0])
    while True:
        attempt.raise_if_stopping()
        attempt.raise_if_not_allowed()
        name = attempt.transfer.step
        outcome = steps[name](attempt)
        following = names[names.index(name) + 1]
        if outcome is not None:
            return _release(attempt, outcome, following if outcome.next_step else name)
        if not following:
            return finish.succeed(attempt)
        _start_step(attempt, following)


def _start_step(attempt: Attempt, step: str) -> None:
    """Save that the steps before are done, and redraw the card."""
    _save(attempt, step, looks=0)
    attempt.redraw_card()


def _release(attempt: Attempt, wait: Wait, step: str) -> None:
    """Release the transfer until it is due again. If it is stuck, people are told once."""
    if step == attempt.transfer.step and _stuck(attempt) and not attempt.recall("stuck"):
        attempt.remember(stuck=True)
        transfers.notify_stuck(attempt.transfer, attempt.runtime.services)
    looks = attempt.recall("looks", 0)
    pace = min(LONGEST_LOOK_S, FIRST_LOOK_S * BACKOFF**looks)
    due_at = attempt.runtime.clock() + timedelta(seconds=wait.seconds or pace)
    looks = 0 if step != attempt.transfer.step else looks + 1
    # Saved before it is drawn, and released after: another process may claim it at once.
    _save(attempt, step, looks=looks)
    attempt.redraw_card()
    attempt.save(due_at=due_at, attempts=0, release=True)


def _stuck(attempt: Attempt) -> bool:
    """
    Whether the cloud has been at this step for longer than any that ended.

    Raises:
        Failed: for so long that it cannot be expected to end.
    """
    waited = attempt.runtime.clock() - attempt.transfer.step_at
    if waited >= GIVE_UP_AFTER:
        raise Failed(f"nothing happened for {GIVE_UP_AFTER.days} days")
    return waited >= STUCK_AFTER


def _save(attempt: Attempt, step: str, *, looks: int) -> None:
    """Save the step. A step that has returned ends the trouble shown, a new phase its progress."""
    memory = {**attempt.transfer.memory, "looks": looks}
    memory.pop("trouble", None)
    if step.partition(".")[0] != attempt.phase:
        memory.pop("progress", None)
    attempt.save(step=step, memory=memory, attempts=1)
