"""
A process that ends what another one started, once that one has died, even by `kill -9`.

Nothing can be done in a process that is killed. This one reads from a pipe of which only the other
holds the other end, so that the pipe ends with it. Until then it reads commands, one JSON object
per line: `{"end": PID, "by": SIGNAL}` of a session, or a process, that is to be ended,
`{"run": [WORD, ...], "id": N}` of a command to be run afterwards, and `{"forget": N}` of one that
is no longer needed.

Linux could do it (PR_SET_PDEATHSIG), but does so when the thread ends that started the
program, and tells its children nothing. It is run by file, alone: it imports none of our packages.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

RUN_S = 120.0
"""Seconds that a command may take."""
PATIENCE_S = 10.0
"""Seconds after which what has not ended is killed."""


def main(lines: Iterable[str]) -> None:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    sessions: list[tuple[int, str, int]] = []
    commands: dict[int, list[str]] = {}
    for line in lines:
        match json.loads(line):
            case {"end": pid, "by": number}:
                sessions.append((pid, _started(pid), number))
            case {"run": command, "id": number}:
                commands[number] = command
            case {"forget": number}:
                del commands[number]
    for session in sessions:
        _end(*session)
    for command in reversed(commands.values()):
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(command, cwd="/", timeout=RUN_S, check=False)  # noqa: S603 - ours


def _end(pid: int, started: str, number: int) -> None:
    """
    End a session by the number of its leader, and see that it is gone.

    The leader may have ended before the rest; but not if its number is another's by now: then
    nothing of the session is left, and who has the number is none of ours.
    """
    if _started(pid) not in ("", started):
        return
    _signal(pid, number)
    deadline = time.monotonic() + PATIENCE_S
    while started and _started(pid) == started and time.monotonic() < deadline:
        time.sleep(0.02)
    if _started(pid) in ("", started):
        _signal(pid, signal.SIGKILL)


def _signal(pid: int, number: int) -> None:
    for send in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            send(pid, number)


def _started(pid: int) -> str:
    """When a process began, in clock ticks since the machine did; empty if it has ended."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state == "Z" else fields[18]


if __name__ == "__main__":
    main(sys.stdin)
