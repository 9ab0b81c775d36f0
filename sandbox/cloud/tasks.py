"""
Tasks: what is asked for now and done later.

Source: api-reference, the pages of tasks; a Glance of today, measured, for its refusals.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from werkzeug.wrappers import Response

from sandbox.cloud import listing, schema
from sandbox.cloud.access import may, must_operate
from sandbox.cloud.answers import as_json
from sandbox.cloud.calls import Call
from sandbox.cloud.errors import Refusal, not_allowed
from sandbox.cloud.rackspace_tasks import RUNS
from sandbox.cloud.state import Json, Provider, Region, State, Task, TaskFailed, stamp

KEPT = timedelta(hours=48)
"""For how long a task is remembered after its end."""
STATUSES = ("pending", "processing", "success", "failure")
NO_DELETING = (
    "This operation is currently not permitted on Glance Tasks. They are auto deleted after "
    "reaching the time based on their expires_at property."
)
_ONLY_ALONE = frozenset({"input", "result", "message"})
"""What a list does not tell."""


def settle(region: Region, state: State) -> None:
    """
    Do what has become due since, and forget what ended long ago.

    The lock is not held while a task runs, which may have gigabytes to read. Readers
    meanwhile see it as running.
    """
    now = state.clock()
    with state.lock:
        due = [task for task in region.tasks.values() if _due(task, now, state)]
        for task in due:
            task.begun = True
        for task in list(region.tasks.values()):
            if task.ended_at is not None and now - task.ended_at >= KEPT:
                del region.tasks[task.id]
    for task in due:
        _run(task, now, state)


def add(call: Call, kind: str, wanted: Json, run: Callable[[Task], Json]) -> Task:
    task = Task(str(uuid.uuid4()), kind, call.user, wanted, call.state.clock(), run)
    call.region.tasks[task.id] = task
    return task


def create_task(call: Call) -> Response:
    """If it has a type and an input it is taken whatever it asks for, and fails later."""
    _must_have_tasks(call)
    body = call.body()
    wanted = body if isinstance(body, dict) else {}
    for key in ("type", "input"):
        if key not in wanted:
            raise Refusal(400, f"Task '{key}' is required")
    kind, known = wanted["type"], schema.task_types(call.state.provider)
    if kind not in known:
        said = f"Provided object does not match schema 'task': {kind!r} is not one of {known}"
        raise Refusal(400, said)
    if kind not in RUNS or call.state.provider is Provider.GLANCE:
        raise Refusal(501, "An operator's tasks are not stood in for")
    if not may(call.user.roles, "add_task"):
        raise not_allowed("add_task")
    region, state, run = call.region, call.state, RUNS[kind]
    task = add(call, kind, wanted["input"] or {}, lambda task: run(region, state, task))
    return as_json(shown(task, call.state), 201)


def list_tasks(call: Call) -> Response:
    """Newest first."""
    _must_have_tasks(call)
    args = call.request.args
    limit, newest_first = listing.limit(args), _newest_first(args)
    _check("status", args, STATUSES)
    _check("type", args, schema.task_types(call.state.provider))
    mine = [task for task in call.region.tasks.values() if _sees(call, task)]
    rows = [shown(task, call.state) for task in (reversed(mine) if newest_first else mine)]
    rows = _after(args.get("marker"), rows)
    rows = [row for row in rows if all(args.get(k, row[k]) == row[k] for k in ("type", "status"))]
    few = [{k: v for k, v in row.items() if k not in _ONLY_ALONE} for row in rows[:limit]]
    body = {"tasks": few, "first": listing.link("tasks", args), "schema": "/v2/schemas/tasks"}
    if few and len(few) == limit:
        body["next"] = listing.link("tasks", args, few[-1]["id"])
    return as_json(body)


def get_task(call: Call, task_id: str) -> Response:
    _must_have_tasks(call)
    task = call.region.tasks.get(task_id)
    if task is None or not _sees(call, task):
        raise Refusal(404, f"Could not find task {task_id}")
    return as_json(shown(task, call.state))


def delete_task(call: Call, **_: str) -> Response:
    """Nobody may; there is no cancelling either."""
    _must_have_tasks(call)
    raise Refusal(405, NO_DELETING, headers={"Allow": "GET"})


def shown(task: Task, state: State) -> Json:
    """A task as the API shows it."""
    body: Json = {
        "id": task.id,
        "type": task.type,
        "status": status(task, state),
        "owner": task.user.number,
        "message": task.message or "None",
        "input": task.input,
        "created_at": stamp(task.created_at),
        "updated_at": stamp(task.ended_at or task.created_at),
        "self": f"/v2/tasks/{task.id}",
        "schema": "/v2/schemas/task",
    }
    if task.ended_at is not None:
        body |= {"result": task.result, "expires_at": stamp(task.ended_at + KEPT)}
    return body


def status(task: Task, state: State) -> str:
    """Half of its time a task is pending, the other half under way."""
    if task.ended_at is not None:
        return "failure" if task.result is None else "success"
    half = bool(state.task_time) and state.clock() - task.created_at >= state.task_time / 2
    return "processing" if task.begun or half else "pending"


def _sees(call: Call, task: Task) -> bool:
    return call.user.operator or task.user.number == call.user.number


def _due(task: Task, now: datetime, state: State) -> bool:
    return not task.begun and now - task.created_at >= state.task_time


def _run(task: Task, now: datetime, state: State) -> None:
    result, message = None, ""
    try:
        result = task.run(task)
    except TaskFailed as failed:
        message = str(failed)
    with state.lock:
        task.result, task.message, task.ended_at = result, message or task.message, now


def _must_have_tasks(call: Call) -> None:
    if call.state.provider is Provider.GLANCE:
        must_operate(call.user, "tasks_api_access")


def _check(key: str, args: listing.Args, known: Sequence[str]) -> None:
    if args.get(key, known[0]) not in known:
        raise Refusal(400, f"Invalid {key} value: {args[key]}")


def _newest_first(args: listing.Args) -> bool:
    direction = args.get("sort_dir", "desc")
    if direction not in ("asc", "desc"):
        raise Refusal(400, f"Invalid sort direction: {direction}")
    return direction == "desc"


def _after(marker: str | None, rows: list[Json]) -> list[Json]:
    if marker is None:
        return rows
    ids = [row["id"] for row in rows]
    if marker not in ids:
        raise Refusal(400, f"Task with the given id {marker} was not found")
    return rows[ids.index(marker) + 1 :]
