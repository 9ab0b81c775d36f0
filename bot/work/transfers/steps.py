"""
The steps of a transfer, in order.

A step is named `phase.step`, which is stored; people see the phases. Each is idempotent: it may
be begun again after a process died anywhere in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.work.transfers import copying, exporting, importing, servers, tasks
from bot.work.transfers.attempt import Attempt, Wait
from cloud import Way
from handlers.transfers.plans import CopyPlan, ExportPlan, ImportPlan, SnapshotPlan

Step = Callable[[Attempt], Wait | None]
"""Returns None when done; the next step follows at once."""
Steps = Mapping[str, Step]

_EXPORT: Mapping[str, Steps] = {
    Way.TASK: {"export.ask": tasks.request_export, "export.watch": tasks.poll_export},
    Way.STREAM: {
        "export.container": exporting.prepare,
        "export.stream": exporting.upload_segments,
        "export.seal": exporting.write_manifest,
        "export.verify": exporting.verify,
    },
}
_IMPORT: Mapping[str, Steps] = {
    Way.TASK: {"import.ask": tasks.request_import, "import.watch": tasks.poll_import},
    Way.DOWNLOAD: {
        "import.create": importing.create,
        "import.fetch": importing.fetch,
        "import.watch": importing.watch,
    },
}
_CARRY: Steps = {
    "carry.container": copying.prepare,
    "carry.stream": copying.upload_segments,
    "carry.seal": copying.write_manifest,
}
_SNAPSHOT: Steps = {
    "snapshot.ask": servers.request_snapshot,
    "snapshot.watch": servers.poll_snapshot,
}
_LAUNCH: Steps = {"launch.ask": servers.request_launch, "launch.watch": servers.poll_launch}


def steps_of(attempt: Attempt) -> Steps:
    match attempt.plan:
        case ExportPlan() as plan:
            return _EXPORT[plan.way]
        case ImportPlan() as plan:
            return _IMPORT[plan.way]
        case CopyPlan() as plan:
            return _copy(attempt, plan)
        case SnapshotPlan():
            return _SNAPSHOT
    return _LAUNCH


def discard(attempt: Attempt) -> None:
    """Delete what a failed transfer has left half done."""
    match attempt.plan:
        case ExportPlan(way=Way.STREAM):
            exporting.discard(attempt)
        case ImportPlan(way=Way.DOWNLOAD):
            importing.discard(attempt)
        case CopyPlan() as plan:
            copying.discard(attempt)
            if plan.imports == Way.DOWNLOAD and attempt.phase in ("", "export", "carry", "import"):
                importing.discard(attempt)


def _copy(attempt: Attempt, plan: CopyPlan) -> Steps:
    steps = dict(_EXPORT[plan.exports])
    if plan.exports == Way.TASK:
        steps = {"export.container": copying.have_container, **steps}
    if plan.imports == Way.TASK and copying.carries(attempt):
        steps |= _CARRY
    steps |= {**_IMPORT[plan.imports], "fields": copying.set_fields}
    if plan.shares:
        steps["shares"] = copying.share
    return {**steps, "cleanup": copying.clean_up}
