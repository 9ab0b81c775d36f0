"""
A workflow that people start on the page: the app's steps, one after another, as Slack runs them.

It is the one of docs/workflows.md. A step begins with what the one before gave, and a step that
fails ends the workflow.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.slack import workflows
from sandbox.slack.conversation import Conversation
from sandbox.slack.state import Json

SHARE, WAIT = "share_image", "wait_for_answer"
STEPS = (SHARE, WAIT)
NOT_TAKEN = "The app did not take the step."


class StepState(StrEnum):
    LATER = "later"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass
class Step:
    callback_id: str
    state: StepState = StepState.LATER
    told: Mapping[str, str] = field(default_factory=dict)
    """What it gave, by the titles that the manifest has for it, or why it failed."""


@dataclass
class Run:
    """A workflow that *user_id* has started."""

    id: str
    user_id: str
    inputs: Mapping[str, str]
    steps: list[Step] = field(default_factory=lambda: [Step(each) for each in STEPS])

    def shown(self) -> Json:
        titles = {each: workflows.manifest_step(each)["title"] for each in STEPS}
        steps = [
            {"title": titles[each.callback_id], "state": each.state, "told": dict(each.told)}
            for each in self.steps
        ]
        return {"id": self.id, "steps": steps, **self.inputs}


class WorkflowRuns:
    def __init__(self, slack: Conversation) -> None:
        self._slack = slack
        self._workspace = slack.workspace
        self._runs: list[Run] = []

    def start(self, user_id: str, inputs: Mapping[str, str]) -> None:
        """
        Start the workflow as *user_id*.

        Args:
            inputs: `image` and `account`; `duration` and `reason` if they were filled in.

        Raises:
            MethodRefused: an input is missing.
        """
        given = {name: value.strip() for name, value in inputs.items() if value.strip()}
        workflows.checked(SHARE, {"person": user_id, **given})
        run = Run(self._workspace.new_id("Wf"), user_id, given)
        with self._workspace.changed:
            self._runs.append(run)
        threading.Thread(target=self._advance, args=(run,), daemon=True).start()

    def dismiss(self, run_id: str) -> None:
        """Show a run no more. What its steps have started continues."""
        with self._workspace.changed:
            self._runs = [each for each in self._runs if each.id != run_id]
        self._workspace.touch()

    def clear(self) -> None:
        with self._workspace.changed:
            self._runs.clear()

    def of(self, user_id: str) -> list[Json]:
        """What the page shows of a person's runs."""
        return [each.shown() for each in self._runs if each.user_id == user_id]

    def _advance(self, run: Run) -> None:
        """Have the steps done, one after another, until one fails or nobody looks any more."""
        inputs: Mapping[str, str] = run.inputs
        for step in run.steps:
            outputs = self._do(run, step, inputs)
            if outputs is None:
                return
            inputs = {name: outputs[name] for name in ("image", "account")}

    def _do(self, run: Run, step: Step, inputs: Mapping[str, str]) -> Mapping[str, str] | None:
        self._set(step, StepState.RUNNING, {})
        run_id, ack = self._slack.run_step(step.callback_id, {"person": run.user_id, **inputs})
        if not ack.ok:
            self._set(step, StepState.FAILED, {"Error": NOT_TAKEN})
            return None
        outcome = self._outcome(run, run_id)
        if outcome is None:
            return None
        if "error" in outcome:
            self._set(step, StepState.FAILED, {"Error": outcome["error"]})
            return None
        outputs: Mapping[str, str] = outcome["outputs"]
        titles = workflows.manifest_step(step.callback_id)["output_parameters"]
        told = {titles[name]["title"]: value for name, value in outputs.items()}
        self._set(step, StepState.DONE, told)
        return outputs

    def _outcome(self, run: Run, run_id: str) -> Json | None:
        """What the app ends the step with, whenever that is; None if nobody waits any more."""
        workspace = self._workspace
        with workspace.changed:
            workspace.changed.wait_for(
                lambda: (
                    run_id in workspace.step_outcomes or workspace.closed or run not in self._runs
                )
            )
            return workspace.step_outcomes.get(run_id)

    def _set(self, step: Step, state: StepState, told: Mapping[str, str]) -> None:
        with self._workspace.changed:
            step.state, step.told = state, told
        self._workspace.touch()
