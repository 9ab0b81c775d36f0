"""Moving one transfer as far as it goes now."""

from __future__ import annotations

import logging
from datetime import timedelta

from bot import logs
from bot.wiring import Runtime
from bot.work.transfers import finish as endings
from bot.work.transfers import handle_error as troubles
from bot.work.transfers.attempt import Attempt, Stopped, Wait
from bot.work.transfers.steps import steps_of
from storage import Transfer
from storage.errors import LostClaim, StorageError

log = logging.getLogger(__name__)

FIRST_LOOK_S, LONGEST_LOOK_S = 30.0, 300.0
"""How often the cloud is asked how far it is: seldom enough for hours of it."""
SLOWER = 1.3


def move(runtime: Runtime, transfer: Transfer) -> None:
    """
    One turn of a transfer that is claimed. Its troubles are its own: nothing is raised.

    A claim that is lost, or a database that does not answer, ends the turn where it is. Every
    step is made for that.
    """
    logs.begin()
    turn = Attempt(runtime, transfer)
    try:
        _move(turn)
    except LostClaim:
        log.warning("transfer %s: another process has it now", transfer.id)
    except StorageError as error:
        log.warning("transfer %s: %s", transfer.id, error)
    except Exception:
        log.exception("transfer %s broke", transfer.id)


def _move(turn: Attempt) -> None:
    try:
        turn.must_go_on()
        turn.hold()
        if endings.failing(turn):
            endings.fail(turn)
        else:
            _go(turn)
    except Stopped:
        turn.save(look_at=turn.runtime.clock(), release=True)
    except (LostClaim, StorageError):
        raise
    except Exception as error:  # noqa: BLE001 - told, and logged if it has no name
        troubles.handle_error(turn, error)


def _go(turn: Attempt) -> None:
    """Step after step, until one has to wait or none is left."""
    steps = steps_of(turn)
    names = [*steps, ""]
    if not turn.transfer.step:
        _enter(turn, names[0])
    while True:
        turn.must_go_on()
        turn.must_be_allowed()
        name = turn.transfer.step
        outcome = steps[name](turn)
        following = names[names.index(name) + 1]
        if outcome is not None:
            return _wait(turn, outcome, following if outcome.onward else name)
        if not following:
            return endings.succeed(turn)
        _enter(turn, following)


def _enter(turn: Attempt, step: str) -> None:
    """Keep that the steps before are done, and show it."""
    _save(turn, step, looks=0)
    turn.draw()


def _wait(turn: Attempt, wait: Wait, step: str) -> None:
    """Let go of the transfer until its next look is due."""
    looks = turn.recall("looks", 0)
    pace = min(LONGEST_LOOK_S, FIRST_LOOK_S * SLOWER**looks)
    look_at = turn.runtime.clock() + timedelta(seconds=wait.seconds or pace)
    looks = 0 if step != turn.transfer.step else looks + 1
    # Saved before it is drawn and let go of after: another process may claim it at once.
    _save(turn, step, looks=looks)
    turn.draw()
    turn.save(look_at=look_at, release=True)


def _save(turn: Attempt, step: str, *, looks: int) -> None:
    """What troubled is over, once a step has answered."""
    memory = {**turn.transfer.memory, "looks": looks}
    memory.pop("trouble", None)
    if step.partition(".")[0] != turn.phase:
        memory.pop("progress", None)
    turn.save(step=step, memory=memory, attempts=0)
