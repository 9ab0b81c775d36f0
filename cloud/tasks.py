"""
The tasks of one region: exports and imports that the provider runs.

They are Rackspace's. Today's Glance keeps tasks for administrators, and exports nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import Any, Self

from cloud import bodies, paths
from cloud.errors import Forbidden, Invalid, NotFound
from cloud.models import Open
from cloud.transport import Transport
from cloud.walk import Params, walk

PAGE = 100
_NO_MESSAGE = ("", "None")
"""What a task says that has nothing to say."""


class TaskStatus(Open):
    """Where a task is in its life."""

    PENDING = "pending"
    PROCESSING = "processing"
    SUCCESS = "success"
    FAILURE = "failure"


@dataclass(frozen=True)
class Task:
    """One task. Those of a list have neither input, result nor message. Times are aware UTC."""

    id: str
    type: str
    """`export`, `import`, or another."""
    status: TaskStatus
    owner: str
    message: str
    """Why it failed; "" if there is nothing to say."""
    input: Mapping[str, Any] = field(repr=False)
    """What was asked; of an interoperable import it holds the address, which may be a secret."""
    result: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    """When the cloud forgets it: 48 hours after its end. None while it is not ended."""

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        message, expires_at = bodies.text(body.get("message")), body.get("expires_at")
        return cls(
            id=str(body["id"]),
            type=bodies.text(body.get("type")),
            status=TaskStatus(bodies.text(body.get("status")) or bodies.UNKNOWN),
            owner=bodies.text(body.get("owner")),
            message="" if message in _NO_MESSAGE else message,
            input=MappingProxyType(bodies.fields(body.get("input"))),
            result=MappingProxyType(bodies.fields(body.get("result"))),
            created_at=bodies.moment(body.get("created_at")),
            updated_at=bodies.moment(body.get("updated_at") or body.get("created_at")),
            expires_at=bodies.moment(expires_at) if expires_at else None,
        )

    @property
    def ended(self) -> bool:
        return self.status in (TaskStatus.SUCCESS, TaskStatus.FAILURE)


@dataclass(frozen=True)
class Tasks:
    """The tasks of the account whose token it is."""

    region: str
    transport: Transport = field(repr=False)

    def types(self) -> frozenset[str]:
        """
        The types of tasks that this cloud knows; empty if it does not tell, or has none.

        Source: api-reference/methods/get-get-task-schema-schemas-task.rst
        """
        try:
            body = self.transport.call("GET", "/schemas/task")
        except (NotFound, Forbidden):
            return frozenset()
        told = bodies.fields(bodies.part(body, "properties")).get("type")
        return frozenset(bodies.texts(bodies.fields(told).get("enum")))

    def allowed(self) -> bool:
        """Whether this account may have tasks at all."""
        try:
            self.transport.call("GET", "/tasks", params=[("limit", "1")])
        except (NotFound, Forbidden, Invalid):
            return False
        return True

    def list(self, *, type: str | None = None, limit: int | None = None) -> Iterator[Task]:
        """
        Tasks that the cloud still remembers, the newest first.

        Types are filtered here: not every service accepts every type as a filter.

        Source: api-reference/methods/get-list-tasks-tasks.rst
        """
        fitting = (
            row for row in walk(self._page, "id", "tasks") if type in (None, row.get("type"))
        )
        for row in islice(fitting, limit):
            yield Task.from_json(row)

    def get(self, task_id: str) -> Task:
        """
        Raises:
            cloud.errors.NotFound: no such task, or it ended more than 48 hours ago.

        Source: api-reference/methods/get-get-task-details-tasks-taskid.rst
        """
        return self._task(self.transport.call("GET", f"/tasks/{paths.segment(task_id)}"))

    def export(self, image_id: str, container: str) -> Task:
        """
        Have an image exported to a container of the same region, as `<image id>.vhd`.

        The answer says nothing of whether it will work: look at the task.

        Source: api-reference/methods/post-task-to-export-image-tasks.rst
        """
        wanted = {"image_uuid": image_id, "receiving_swift_container": container}
        return self._begun("export", wanted)

    def import_(self, location: str, name: str) -> Task:
        """
        Have an object, `container/object`, imported as a new image of that name.

        Twice the same makes two images. The name is all that can be given to it.

        Source: api-reference/methods/post-task-to-import-image-tasks.rst
        """
        return self._begun("import", {"import_from": location, "image_properties": {"name": name}})

    def _begun(self, kind: str, wanted: Mapping[str, Any]) -> Task:
        body = {"type": kind, "input": wanted}
        return self._task(self.transport.call("POST", "/tasks", body=body))

    def _page(self, more: Params) -> Sequence[Mapping[str, Any]]:
        body = self.transport.call("GET", "/tasks", params=[("limit", str(PAGE)), *more])
        return bodies.rows(bodies.part(body, "tasks"), "tasks")

    def _task(self, body: Any) -> Task:
        return Task.from_json(bodies.one(body, "a task"))
