"""Exports and imports that the provider runs as tasks: requested once, then polled."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import islice

from bot.work.transfers.attempt import Attempt, Failed, Wait
from bot.work.transfers.plan_parts import Export, Import
from cloud import Task, Tasks, TaskStatus
from cloud.errors import NotFound
from handlers.transfers.errors import TaskForgotten

RECENT = 100
"""Latest tasks searched for one whose id was lost."""
FIRST_LOOK_S = 30.0
"""Tasks are not to be asked about more often. Source: cloud-images, transferring-images-…md"""


def request_export(attempt: Attempt) -> Wait | None:
    """Request the export of the image, unless an earlier attempt did."""
    export = Export.of(attempt)

    def ours(task: Task) -> bool:
        container = task.input.get("receiving_swift_container")
        return (task.input.get("image_uuid"), container) == (export.image_id, export.container)

    tasks = attempt.tasks(export.region)
    return _request_once(
        attempt, tasks, "export", ours, lambda: tasks.export(export.image_id, export.container)
    )


def poll_export(attempt: Attempt) -> Wait | None:
    """Poll until the object is there, and keep where: the cloud forgets the task after 48 hours."""
    export = Export.of(attempt)
    task = _poll(attempt, attempt.tasks(export.region))
    if task is None:
        return Wait()
    container, _, name = str(task.result.get("export_location", "")).partition("/")
    container, name = (container, name) if name else (export.container, export.object)
    size = export.size
    with suppress(NotFound):
        size = attempt.object_store(export.region).object(container, name).size
    attempt.remember(result={"container": container, "object": name, "size": size}, exported=name)
    return None


def request_import(attempt: Attempt) -> Wait | None:
    """Request the import of the object, unless an earlier attempt did."""
    wanted = Import.of(attempt)
    location = f"{wanted.container}/{wanted.object}"

    def ours(task: Task) -> bool:
        properties = task.input.get("image_properties") or {}
        made = (task.input.get("import_from"), properties.get("name"))
        return made == (location, wanted.name)

    tasks = attempt.tasks(wanted.region)
    return _request_once(
        attempt, tasks, "import", ours, lambda: tasks.import_(location, wanted.name)
    )


def poll_import(attempt: Attempt) -> Wait | None:
    """Poll until the image is there; the task's result names it."""
    wanted = Import.of(attempt)
    task = _poll(attempt, attempt.tasks(wanted.region))
    if task is None:
        return Wait()
    attempt.remember(result=wanted.result(str(task.result.get("image_id", ""))))
    return None


def _request_once(
    attempt: Attempt,
    tasks: Tasks,
    kind: str,
    ours: Callable[[Task], bool],
    ask: Callable[[], Task],
) -> Wait:
    """
    Create a task exactly once, though the process may die before, during or after.

    The ids of existing tasks are kept first. In a later attempt, a task that is not among them
    and has our input is ours. (Its time does not tell: the cloud's clock is not ours.)
    """
    before = attempt.recall(f"{kind}_before")
    if before is None:
        attempt.remember(**{f"{kind}_before": [task.id for task in _latest(tasks, kind)]})
        task = None
    else:
        task = _requested_before(attempt, tasks, kind, ours)
    if task is None:
        with attempt.audited():
            task = ask()
    attempt.remember(task_id=task.id)
    return Wait(FIRST_LOOK_S, next_step=True)


def _requested_before(
    attempt: Attempt, tasks: Tasks, kind: str, ours: Callable[[Task], bool]
) -> Task | None:
    """Find our task among the new ones. A listing shows no input, so each is fetched."""
    others = {each.memory.get("task_id") for each in attempt.runtime.store.transfers.running()}
    known = others.union(attempt.recall(f"{kind}_before"))
    for listed in _latest(tasks, kind):
        if listed.id in known:
            continue
        task = tasks.get(listed.id)
        if ours(task):
            return task
    return None


def _latest(tasks: Tasks, kind: str) -> list[Task]:
    """Filtered here: a Glance with added types refuses to filter by them."""
    return [task for task in islice(tasks.list(), RECENT) if task.type == kind]


def _poll(attempt: Attempt, tasks: Tasks) -> Task | None:
    """
    Fetch the task: the task if it succeeded, None while it runs.

    Raises:
        Failed: it failed.

        handlers.transfers.errors.TaskForgotten: it ended more than 48 hours ago.
    """
    task_id = attempt.recall("task_id")
    try:
        task = tasks.get(task_id)
    except NotFound as error:
        raise TaskForgotten(task_id) from error
    if task.status == TaskStatus.FAILURE:
        raise Failed(task.message)
    return task if task.status == TaskStatus.SUCCESS else None
