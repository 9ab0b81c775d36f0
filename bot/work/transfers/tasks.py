"""Exports and imports that the provider does itself, as tasks: asked for once, and watched."""

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
"""Tasks looked through for one that was asked for and never heard of again."""
FIRST_LOOK_S = 30.0
"""Tasks are not to be asked about more often. Source: cloud-images, transferring-images-…md"""


def ask_export(turn: Attempt) -> Wait | None:
    """Have the image exported, unless that was asked for already."""
    export = Export.of(turn)

    def ours(task: Task) -> bool:
        container = task.input.get("receiving_swift_container")
        return (task.input.get("image_uuid"), container) == (export.image_id, export.container)

    tasks = turn.tasks(export.region)
    return _ask_once(
        turn, tasks, "export", ours, lambda: tasks.export(export.image_id, export.container)
    )


def watch_export(turn: Attempt) -> Wait | None:
    """Until the object is there. Its place is kept: the cloud forgets the task after 48 hours."""
    export = Export.of(turn)
    task = _watched(turn, turn.tasks(export.region))
    if task is None:
        return Wait()
    container, _, name = str(task.result.get("export_location", "")).partition("/")
    container, name = (container, name) if name else (export.container, export.object)
    size = export.size
    with suppress(NotFound):
        size = turn.object_store(export.region).object(container, name).size
    turn.remember(result={"container": container, "object": name, "size": size}, exported=name)
    return None


def ask_import(turn: Attempt) -> Wait | None:
    """Have the object made an image, unless that was asked for already."""
    wanted = Import.of(turn)
    location = f"{wanted.container}/{wanted.object}"

    def ours(task: Task) -> bool:
        properties = task.input.get("image_properties") or {}
        made = (task.input.get("import_from"), properties.get("name"))
        return made == (location, wanted.name)

    tasks = turn.tasks(wanted.region)
    return _ask_once(turn, tasks, "import", ours, lambda: tasks.import_(location, wanted.name))


def watch_import(turn: Attempt) -> Wait | None:
    """Until the image is there; the task's result names it."""
    wanted = Import.of(turn)
    task = _watched(turn, turn.tasks(wanted.region))
    if task is None:
        return Wait()
    turn.remember(result=wanted.result(str(task.result.get("image_id", ""))))
    return None


def _ask_once(
    turn: Attempt,
    tasks: Tasks,
    kind: str,
    ours: Callable[[Task], bool],
    ask: Callable[[], Task],
) -> Wait:
    """
    Ask for a task exactly once, though the process may die before, within and after.

    Which tasks there were is kept before asking. Resumed, a task that is not among them and has
    our input is ours. (Not by its time: the cloud's clock is not ours.)
    """
    before = turn.recall(f"{kind}_before")
    if before is None:
        turn.remember(**{f"{kind}_before": [task.id for task in _latest(tasks, kind)]})
        task = None
    else:
        task = _asked_for(turn, tasks, kind, ours)
    if task is None:
        with turn.on_record():
            task = ask()
    turn.remember(task_id=task.id)
    return Wait(FIRST_LOOK_S, onward=True)


def _asked_for(turn: Attempt, tasks: Tasks, kind: str, ours: Callable[[Task], bool]) -> Task | None:
    """A list shows no input: each task that is new is asked about."""
    others = {each.memory.get("task_id") for each in turn.runtime.store.transfers.running()}
    known = others.union(turn.recall(f"{kind}_before"))
    for listed in _latest(tasks, kind):
        if listed.id in known:
            continue
        task = tasks.get(listed.id)
        if ours(task):
            return task
    return None


def _latest(tasks: Tasks, kind: str) -> list[Task]:
    """Sorted out here: a Glance with added types refuses to list by them."""
    return [task for task in islice(tasks.list(), RECENT) if task.type == kind]


def _watched(turn: Attempt, tasks: Tasks) -> Task | None:
    """
    The task if it has ended well; None while it runs.

    Raises:
        Failed: it has ended badly.

        handlers.core.errors.TaskForgotten: it ended more than 48 hours ago.
    """
    task_id = turn.recall("task_id")
    try:
        task = tasks.get(task_id)
    except NotFound as error:
        raise TaskForgotten(task_id) from error
    if task.status == TaskStatus.FAILURE:
        raise Failed(task.message)
    return task if task.status == TaskStatus.SUCCESS else None
