"""
What is done for a transfer, in order.

Each step is `phase.step`; people see the phases. Every one may be begun anew after a process
died anywhere in it, and then does nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.work.transfers import copying, exporting, importing, servers, tasks
from bot.work.transfers.attempt import Attempt, Wait
from cloud import Way
from handlers.transfers.plans import CopyPlan, ExportPlan, ImportPlan, SnapshotPlan

Step = Callable[[Attempt], Wait | None]
"""None: it is done, and the next one follows."""
Steps = Mapping[str, Step]

_EXPORT: Mapping[str, Steps] = {
    Way.TASK: {"export.ask": tasks.ask_export, "export.watch": tasks.watch_export},
    Way.STREAM: {
        "export.container": exporting.prepare,
        "export.stream": exporting.upload_segments,
        "export.seal": exporting.write_manifest,
        "export.verify": exporting.verify,
    },
}
_IMPORT: Mapping[str, Steps] = {
    Way.TASK: {"import.ask": tasks.ask_import, "import.watch": tasks.watch_import},
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
    "snapshot.ask": servers.ask_snapshot,
    "snapshot.watch": servers.watch_snapshot,
}
_LAUNCH: Steps = {"launch.ask": servers.ask_launch, "launch.watch": servers.watch_launch}


def steps_of(turn: Attempt) -> Steps:
    match turn.plan:
        case ExportPlan() as plan:
            return _EXPORT[plan.way]
        case ImportPlan() as plan:
            return _IMPORT[plan.way]
        case CopyPlan() as plan:
            return _copy(turn, plan)
        case SnapshotPlan():
            return _SNAPSHOT
    return _LAUNCH


def discard(turn: Attempt) -> None:
    """Remove what a transfer that failed has left half done."""
    match turn.plan:
        case ExportPlan(way=Way.STREAM):
            exporting.discard(turn)
        case ImportPlan(way=Way.DOWNLOAD):
            importing.discard(turn)
        case CopyPlan() as plan:
            copying.discard(turn)
            if plan.imports == Way.DOWNLOAD and turn.phase in ("", "export", "carry", "import"):
                importing.discard(turn)


def _copy(turn: Attempt, plan: CopyPlan) -> Steps:
    steps = dict(_EXPORT[plan.exports])
    if plan.exports == Way.TASK:
        steps = {"export.container": copying.have_container, **steps}
    if plan.imports == Way.TASK and copying.carries(turn):
        steps |= _CARRY
    steps |= {**_IMPORT[plan.imports], "fields": copying.set_fields}
    if plan.shares:
        steps["shares"] = copying.share
    return {**steps, "cleanup": copying.clean_up}
