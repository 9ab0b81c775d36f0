"""Exports, imports and copies: what begins them, their cards, and how they end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from cloud import ImageStatus, Task, Way
from handlers.core.button_values import pack
from handlers.core.places import ImageRef
from handlers.core.replies import Message, Modal
from handlers.transfers.errors import (
    BadContainer,
    CopiedWithoutSharing,
    EmptyObject,
    InSeveralPlaces,
    KeysTaken,
    NoContainer,
    NoSuchObject,
    NoSuchTransfer,
    NotActive,
    NotALocation,
    NotExportable,
    NothingChosen,
    NoWay,
    ObjectExists,
    SameRegion,
    TaskForgotten,
    UnknownFormat,
    Vanished,
    VolumeBacked,
)
from handlers.transfers.plans import CopyPlan, ExportPlan, ImportPlan, Plan, UnreadablePlan
from handlers.transfers.views import (
    copy as copies,
)
from handlers.transfers.views import (
    download as downloads,
)
from handlers.transfers.views import (
    export as exports,
)
from handlers.transfers.views import (
    failures,
    tasks,
    transfers,
)
from handlers.transfers.views import (
    import_ as imports,
)
from handlers.transfers.views.copy import Copy
from handlers.transfers.views.download import Stored
from handlers.transfers.views.tasks import FoundTask
from sandbox.gallery.values import CONSUMER, NOW, ODD, OWN, PRODUCER, TROUBLE, image
from storage import Kind, Transfer, TransferState

CLICK = "0123456789abcdef"
GB = 10**9

EXPORT = ExportPlan(image().id, "web-server-1", 2 * GB, "exports", Way.TASK, f"{image().id}.vhd")
IMPORT = ImportPlan("exports", "web.vhd", "web-2", Way.TASK, "")
COPY = CopyPlan(
    image_id=image().id,
    image_name="web-server-1",
    size=2 * GB,
    source_region="DFW",
    target_region="ORD",
    container="imagebot-to-ord",
    exports=Way.TASK,
    imports=Way.TASK,
    new_image_id="",
    object=f"{image().id}.vhd",
    fields={"os_distro": "debian"},
    disk_format="vhd",
    container_format="ovf",
    shares=(CONSUMER,),
)
_RESULTS: dict[Kind, dict[str, Any]] = {
    Kind.EXPORT: {"container": "exports", "object": EXPORT.object, "size": 2 * GB},
    Kind.IMPORT: {"image_id": image(2).id, "region": "DFW", "name": "web-2"},
    Kind.COPY: {
        "image_id": image(2).id,
        "region": "ORD",
        "source_image_id": image().id,
        "source_region": "DFW",
        "shared_with": [CONSUMER],
    },
}


def transfer(kind: Kind, plan: Plan, **fields: Any) -> Transfer:
    values: dict[str, Any] = {
        "id": "ab2cd3ef",
        "kind": kind,
        "team_id": "T1",
        "user_id": "U2",
        "account_id": OWN.id,
        "account": OWN.project_id,
        "region": "DFW",
        "title": "web-server-1",
        "step": "",
        "plan": plan.to_json(),
        "memory": {},
        "result": {},
        "state": TransferState.RUNNING,
        "error": "",
        "words": "",
        "created_at": NOW - timedelta(minutes=12),
        "step_at": NOW - timedelta(minutes=2),
        "due_at": NOW,
        "ended_at": None,
        "attempts": 0,
        "claim": "",
    }
    return Transfer(**{**values, **fields})


def done(kind: Kind, plan: Plan) -> Transfer:
    return transfer(
        kind, plan, state=TransferState.DONE, ended_at=NOW, step="cleanup", result=_RESULTS[kind]
    )


def failed(kind: Kind, plan: Plan, step: str, message: str) -> Transfer:
    return transfer(
        kind,
        plan,
        state=TransferState.FAILED,
        ended_at=NOW,
        step=step,
        words=failures.failure("ab2cd3ef", message),
    )


def task(n: int = 1, /, **fields: Any) -> FoundTask:
    """A task of the cloud."""
    values = {
        "id": f"{n:08x}-3333-4333-8444-555566667777",
        "type": "export",
        "status": "processing",
        "owner": OWN.project_id,
        "message": "None",
        "input": {"image_uuid": image().id, "receiving_swift_container": "exports"},
        "created_at": (NOW - timedelta(hours=n)).isoformat(),
        "updated_at": NOW.isoformat(),
        **fields,
    }
    return FoundTask(OWN, "DFW", Task.from_json(values))


def samples() -> Iterator[tuple[str, Message | Modal]]:
    yield "export, the form", exports.form(image(name=ODD), OWN, CLICK)
    yield "import, the form", imports.form(OWN, "DFW", CLICK, formats=False)
    yield "import, the form with formats", imports.form(OWN, "DFW", CLICK, formats=True)
    for new in (True, False):
        yield f"export begun, {new}", exports.begun(image(), "exports", "ab2cd3ef", new=new)
        yield f"import begun, {new}", imports.begun(ODD, "DFW", ODD, "ab2cd3ef", new=new)
    yield from _copies()
    for name, each in _transfers():
        yield f"card, {name}", transfers.card(each, NOW)
        if each.ended_at:
            yield f"notice, {name}", transfers.ended(each)
    yield from _tasks()
    words = "The cloud no longer accepts this account's password or key."
    yield "transfer locked out", transfers.locked_out(transfer(Kind.EXPORT, EXPORT), words)
    stuck = transfer(
        Kind.IMPORT,
        IMPORT,
        step="import.watch",
        step_at=NOW - timedelta(hours=6),
        memory={"stuck": True},
    )
    yield "transfer stuck", transfers.stuck(stuck, NOW)
    yield "card, stuck", transfers.card(stuck, NOW)
    yield "transfer stopping", transfers.stopping(stuck)
    let_go = replace(stuck, state=TransferState.FAILED, words=transfers.let_go("U1"), ended_at=NOW)
    yield "transfer let go", transfers.ended(let_go)
    stored = Stored(OWN.id, "DFW", "exports", EXPORT.object)
    url = "https://storage.example/v1/a/exports/x.vhd?temp_url_sig=0123&temp_url_expires=1"
    yield "download link", downloads.link(stored, url, NOW, 2 * GB)
    odd = replace(stored, object=ODD)
    yield "download link, odd", downloads.link(odd, url, NOW, 0)


def _copies() -> Iterator[tuple[str, Message | Modal]]:
    asked = Copy.of(ImageRef.of(OWN, image()), CLICK, "ORD")
    many = [f"{CONSUMER}{n}" for n in range(14)]
    alone = replace(COPY, shares=())
    yield "copy, the form", copies.form(image(), OWN, many, CLICK)
    yield "copy, the form for one's own", copies.form(image(name=ODD), OWN, [], CLICK)
    yield "copy?", copies.confirm(image(), OWN, alone, asked, [CONSUMER], [])
    shared = Copy.of(asked.place, asked.click, asked.target, [CONSUMER], "a test of both regions")
    left_out = [f"{ODD} {n}" for n in range(14)]
    yield "copy, shared?", copies.confirm(image(name=ODD), OWN, COPY, shared, many, left_out)
    for new in (True, False):
        yield f"copy begun, {new}", copies.begun(image(), "ORD", "ab2cd3ef", new=new)
    yield "no copy after all", copies.cancelled(pack(ODD))


def _tasks() -> Iterator[tuple[str, Message]]:
    every = [each for _, each in _transfers()]
    yield "tasks", tasks.tasks(every[:3], [task()], NOW)
    yield "tasks, many", tasks.tasks(every, [task(n) for n in range(1, 14)], NOW, [TROUBLE])
    yield "tasks, none", tasks.tasks([], [], NOW)
    yield "task", tasks.task(task())
    over = {"expires_at": (NOW + timedelta(hours=48)).isoformat()}
    for name, fields in _ENDED_TASKS.items():
        yield f"task, {name}", tasks.task(task(**over, **fields))


_ENDED_TASKS: dict[str, Any] = {
    "exported": {
        "status": "success",
        "result": {"export_location": f"exports/{image().id}.vhd"},
    },
    "imported": {
        "type": "import",
        "status": "success",
        "input": {"import_from": "exports/web.vhd", "image_properties": {"name": ODD}},
        "result": {"image_id": image(2).id},
    },
    "failed": {"status": "failure", "message": "Container not found. Container: exports"},
    "odd": {"type": ODD, "status": ODD, "input": {"import_from": "https://storage.example/?sig=1"}},
}


def _transfers() -> Iterator[tuple[str, Transfer]]:
    progress = {"progress": {"done": GB, "total": 2 * GB}}
    trouble = {"trouble": {"words": "The cloud does not answer."}}
    yield "export begun", transfer(Kind.EXPORT, EXPORT, title=ODD)
    yield (
        "export with bytes",
        transfer(Kind.EXPORT, EXPORT, step="export.stream", memory=progress | trouble),
    )
    yield "export done", done(Kind.EXPORT, EXPORT)
    yield "export failed", failed(Kind.EXPORT, EXPORT, "export.watch", ODD)
    yield "import", transfer(Kind.IMPORT, IMPORT, step="import.watch")
    yield "import done", done(Kind.IMPORT, IMPORT)
    yield "import failed", failed(Kind.IMPORT, IMPORT, "import.watch", "Error code: 396")
    yield "copy begun", transfer(Kind.COPY, COPY)
    yield (
        "copy on its way",
        transfer(Kind.COPY, COPY, step="carry.stream", memory=progress | {"carry_stream": {}}),
    )
    yield "copy done", done(Kind.COPY, COPY)
    yield "copy failed", failed(Kind.COPY, COPY, "import.watch", "")


ERRORS: tuple[Exception, ...] = (
    NoWay("export", "DFW"),
    NotExportable("web-server-1", "4"),
    VolumeBacked("web-server-1"),
    NotActive("web-server-1", image().id, ImageStatus.QUEUED),
    NotActive("web-server-1", image().id, ImageStatus.DEACTIVATED),
    BadContainer("my.exports", by_task=True),
    BadContainer(ODD, by_task=False),
    NoContainer(ImageRef("a-1", "DFW", image().id), "exports", "0123456789abcdef"),
    NotALocation("web.vhd"),
    NoSuchObject("exports/web.vhd", ["DFW", "ORD"]),
    InSeveralPlaces("exports/web.vhd", [(PRODUCER, "DFW"), (PRODUCER, "ORD")]),
    EmptyObject("exports/web.vhd"),
    UnknownFormat("exports/web", ["qcow2", "raw", "vhd"]),
    CopiedWithoutSharing("web-server-1", "ORD", ["554433"]),
    NothingChosen("a container"),
    SameRegion("web-server-1", "DFW"),
    KeysTaken("DFW"),
    NoSuchTransfer("ab2cd3ef"),
    ObjectExists("exports", f"{image().id}.vhd"),
    UnreadablePlan(),
    Vanished("image", image().id),
    TaskForgotten(image().id),
)
