"""Capabilities that differ by provider: ways to export and import, and services."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cloud.images import Images
from cloud.tasks import Tasks

WEB_DOWNLOAD = "web-download"


class Way(StrEnum):
    """How an image becomes an object, or an object an image."""

    TASK = "task"
    """The provider does it, as a task."""
    STREAM = "stream"
    """Export: its bytes are read from the image service and written to the object store."""
    DOWNLOAD = "download"
    """Import: the image service downloads the object by a temporary URL."""
    NONE = "none"


@dataclass(frozen=True)
class Capabilities:
    """What one region can do, for one account."""

    exports: Way
    imports: Way
    object_store: bool
    compute: bool
    import_methods: tuple[str, ...] = ()


def discover(images: Images, tasks: Tasks, *, object_store: bool, compute: bool) -> Capabilities:
    """
    Ask the services what they can do. Three small requests.

    Some Glances name `import` among their tasks and keep them for administrators; and some
    providers' schema does not tell the types of tasks at all, and then all are there.
    """
    types = tasks.types()
    allowed = (not types or "export" in types) and tasks.allowed()
    methods = images.import_methods()
    downloads = WEB_DOWNLOAD in methods and object_store
    return Capabilities(
        exports=Way.TASK if allowed else Way.STREAM if object_store else Way.NONE,
        imports=Way.TASK if allowed else Way.DOWNLOAD if downloads else Way.NONE,
        object_store=object_store,
        compute=compute,
        import_methods=methods,
    )
