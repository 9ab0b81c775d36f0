"""
Custom steps in workflows: what an app's manifest says of them, and how the app ends one.

Source: docs.slack.dev/reference/events/function_executed, and the pages of
functions.completeSuccess and functions.completeError.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox.slack.refusals import MethodRefused, needed
from sandbox.slack.state import APP_ID, Json, Workspace

MANIFEST = Path(__file__).parents[2] / "manifest.json"
TYPES: Mapping[str, type] = {"string": str, "slack#/types/user_id": str}


def manifest_step(callback_id: str) -> Json:
    """
    A step as the manifest has it.

    Raises:
        MethodRefused: there is no such step.
    """
    steps: Json = json.loads(MANIFEST.read_text())["functions"]
    if callback_id not in steps:
        raise MethodRefused("function_not_found")
    step: Json = steps[callback_id]
    return step


def checked(callback_id: str, inputs: Mapping[str, Any]) -> Json:
    """
    The step as its event describes it.

    Raises:
        MethodRefused: there is no such step, or it is not given what it needs.
    """
    step = manifest_step(callback_id)
    if problems := _problems(step["input_parameters"], inputs):
        raise MethodRefused("parameter_validation_failed", *problems)
    return {
        "id": f"Fn{callback_id.upper()}"[:12],
        "callback_id": callback_id,
        "title": step["title"],
        "description": step["description"],
        "type": "app",
        "input_parameters": list(step["input_parameters"].values()),
        "output_parameters": list(step["output_parameters"].values()),
        "app_id": APP_ID,
    }


def complete_success(workspace: Workspace, args: Json) -> Json:
    """functions.completeSuccess"""
    run_id = _running(workspace, args)
    outputs = needed(args, "outputs")
    outputs = json.loads(outputs) if isinstance(outputs, str) else outputs
    step = manifest_step(workspace.step_runs[run_id])
    if problems := _problems(step["output_parameters"], outputs):
        raise MethodRefused("parameter_validation_failed", *problems)
    return _end(workspace, run_id, {"outputs": outputs})


def complete_error(workspace: Workspace, args: Json) -> Json:
    """functions.completeError"""
    return _end(workspace, _running(workspace, args), {"error": needed(args, "error")})


def _running(workspace: Workspace, args: Json) -> str:
    run_id = str(needed(args, "function_execution_id"))
    if run_id not in workspace.step_runs:
        raise MethodRefused("function_execution_not_found")
    if run_id in workspace.step_outcomes:
        raise MethodRefused("execution_not_in_running_state")
    return run_id


def _end(workspace: Workspace, run_id: str, outcome: Json) -> Json:
    with workspace.changed:
        workspace.step_outcomes[run_id] = outcome
        workspace.changed.notify_all()
    return {}


def _problems(parameters: Mapping[str, Json], given: Mapping[str, Any]) -> list[str]:
    missing = [f"missing {n}" for n, p in parameters.items() if p["is_required"] and n not in given]
    unknown = [f"unknown {name}" for name in given if name not in parameters]
    wrong = [
        f"{name} is no {parameters[name]['type']}"
        for name, value in given.items()
        if name in parameters and not isinstance(value, TYPES[parameters[name]["type"]])
    ]
    return missing + unknown + wrong
