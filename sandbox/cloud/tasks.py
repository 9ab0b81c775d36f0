"""
Tasks: what is asked for now and done later. Rackspace's `export` and `import`.

Source: api-reference, the pages of tasks; for the words of failures Rackspace's own tests.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

from werkzeug.wrappers import Response

from sandbox.cloud.access import may
from sandbox.cloud.answers import as_json
from sandbox.cloud.calls import Call
from sandbox.cloud.errors import Refusal, not_allowed
from sandbox.cloud.object_state import ObjectAccount, tenant_of
from sandbox.cloud.object_store import add_dynamic_object
from sandbox.cloud.state import Json, Provider, Region, State, Task, TaskFailed, stamp

KEPT = timedelta(hours=48)
"""For how long a task is remembered after its end."""
OPTIONS = "com.rackspace__1__options"
PAGE = 1000


def settle(region: Region, state: State) -> None:
    """Do what has become due since, and forget what ended long ago."""
    now = state.clock()
    with state.lock:
        for task in list(region.tasks.values()):
            if task.ended_at is None and now - task.created_at >= state.task_time:
                _end(task, now=now)
            elif task.ended_at is not None and now - task.ended_at >= KEPT:
                del region.tasks[task.id]


def add(call: Call, kind: str, wanted: Json, run: Callable[[Task], Json]) -> Task:
    task = Task(str(uuid.uuid4()), kind, call.user, wanted, call.state.clock(), run)
    call.region.tasks[task.id] = task
    return task


def create_task(call: Call) -> Response:
    """It is taken whatever it asks for, and fails later."""
    _must_have_tasks(call)
    body = call.body()
    if not isinstance(body, dict) or body.get("type") not in _RUNS:
        raise Refusal(400, f"{body.get('type')!r} is not one of {sorted(_RUNS)}")
    if not may(call.user.roles, "add_task"):
        raise not_allowed("add_task")
    region, state = call.region, call.state
    run = _RUNS[body["type"]]
    task = add(call, body["type"], body.get("input") or {}, lambda t: run(region, state, t))
    return as_json(shown(task, call.state), 201)


def list_tasks(call: Call) -> Response:
    _must_have_tasks(call)
    args = call.request.args
    mine = [t for t in call.region.tasks.values() if t.user.number == call.user.number]
    rows = [shown(t, call.state) for t in reversed(mine)]
    rows = [r for r in rows if all(args.get(k, r[k]) == r[k] for k in ("type", "status"))]
    ids = [row["id"] for row in rows]
    if (marker := args.get("marker")) in ids:
        rows = rows[ids.index(marker) + 1 :]
    limit = min(int(args.get("limit", 25)), PAGE)
    few = [{k: v for k, v in row.items() if k not in _ONLY_ALONE} for row in rows[:limit]]
    return as_json({"tasks": few, "first": "/v2/tasks", "schema": "/v2/schemas/tasks"})


def get_task(call: Call, task_id: str) -> Response:
    _must_have_tasks(call)
    task = call.region.tasks.get(task_id)
    if task is None or task.user.number != call.user.number:
        raise Refusal(404, f"Task not found with ID {task_id}")
    return as_json(shown(task, call.state))


def tasks_of_image(call: Call, image_id: str) -> Response:
    """What was done to import an image; today's Glance only."""
    call.image(image_id)
    rows = [
        {**shown(task, call.state), "image_id": image_id}
        for task in call.region.tasks.values()
        if task.input.get("image_id") == image_id
    ]
    return as_json({"tasks": rows})


def shown(task: Task, state: State) -> Json:
    """A task as the API shows it."""
    body: Json = {
        "id": task.id,
        "type": task.type,
        "status": _status(task, state),
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


_ONLY_ALONE = frozenset({"input", "result", "message"})
"""What a list does not tell."""


def _status(task: Task, state: State) -> str:
    if task.ended_at is not None:
        return "failure" if task.result is None else "success"
    half = state.clock() - task.created_at >= state.task_time / 2
    return "processing" if half and state.task_time else "pending"


def _end(task: Task, *, now: object) -> None:
    task.ended_at = now  # type: ignore[assignment] # a datetime
    try:
        task.result = task.run(task)
    except TaskFailed as failed:
        task.message = str(failed)


def _must_have_tasks(call: Call) -> None:
    if call.state.provider is Provider.GLANCE and "admin" not in call.user.roles:
        raise not_allowed("tasks_api_access")


def _export(region: Region, state: State, task: Task) -> Json:
    image = region.images.get(task.input.get("image_uuid", ""))
    container = str(task.input.get("receiving_swift_container", ""))
    if image is None or image["owner"] != task.user.number:
        raise TaskFailed("An image may only be exported by the image owner.")
    options = image.get(OPTIONS, "0")
    if options != "0":
        raise TaskFailed(
            "Image cannot be exported due to licensing or billing restrictions "
            f"({OPTIONS}: '{options}')"
        )
    held = _account(region, task).containers.get(container)
    if held is None or set(container) & set("/?."):
        raise TaskFailed(f"Container not found. Container: {container}")
    name = f"{image['id']}.vhd"
    if name in held.objects:
        raise TaskFailed(
            f"Object already exists in user's container. Container/Object: {container}/{name}"
        )
    content = region.contents[image["id"]]
    add_dynamic_object(region, state, task.user.number, container, name, content)
    return {"export_location": f"{container}/{name}"}


def _import(region: Region, state: State, task: Task) -> Json:
    properties = task.input.get("image_properties") or {}
    if properties.keys() - {"name"}:
        raise TaskFailed(
            "Unsupported element in image_properties, please consult the documentation."
        )
    container, _, name = str(task.input.get("import_from", "")).partition("/")
    account = _account(region, task)
    found = account.find(container, name, state.clock())
    if found is None:
        raise TaskFailed(f"Error: Swift could not find object {name}.")
    content = account.whole(found, state.clock())
    fields = {
        "name": properties.get("name"),
        "status": "active",
        "size": content.size,
        "disk_format": "vhd",
        "container_format": "ovf",
        "image_type": "import",
        OPTIONS: "0",
    }
    image = state.add_image(region, task.user.number, fields)
    region.contents[image["id"]] = content
    return {"image_id": image["id"]}


def _account(region: Region, task: Task) -> ObjectAccount:
    return region.stores.get(tenant_of(task.user.number), ObjectAccount())


_RUNS: dict[str, Callable[[Region, State, Task], Json]] = {"export": _export, "import": _import}
