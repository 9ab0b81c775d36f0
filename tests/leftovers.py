"""Which processes still run that have to do with a folder: Linux tells by /proc."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def processes_of(folder: Path) -> list[str]:
    """What was started with it in its command, its environment or as its working directory."""
    running = [(process, list(_told(process))) for process in Path("/proc").glob("[0-9]*")]
    return [
        f"{process.name} {' '.join(told[:1])}"
        for process, told in running
        if any(str(folder) in each for each in told)
    ]


def _told(process: Path) -> Iterator[str]:
    """Its command, environment and working directory, unless it has ended or is not ours."""
    with suppress(OSError):
        for name in ("cmdline", "environ"):
            yield (process / name).read_bytes().decode(errors="replace").replace("\0", " ")
        yield str((process / "cwd").readlink())
